using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace BoxPortal.Sandbox;

/// <summary>
/// Every secret the sandbox gives away starts with <c>sbx</c> and is long: a scan of everything written in a run
/// finds any that leaked, and the request log can black them out wherever they stand.
/// </summary>
public static partial class Secret
{
    /// <summary>A new one, of 238 random bits.</summary>
    public static string New() =>
        "sbx" + RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 40);

    /// <summary>First 16 hex digits of the SHA-256: names a secret without revealing it.</summary>
    public static string Fingerprint(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..16];

    /// <summary>The text with every secret and every JWT in it blacked out.</summary>
    public static string Redact(string text) => Secrets().Replace(text, "[secret]");

    [GeneratedRegex(@"sbx[A-Za-z0-9]{20,}|eyJ[\w-]+\.[\w.-]+")]
    private static partial Regex Secrets();
}
