using System.Security.Cryptography;
using System.Text;

namespace BoxPortal.Box;

/// <summary>Names a token without revealing it.</summary>
internal static class TokenFingerprint
{
    /// <summary>First 16 hex digits of the SHA-256: too few to find the token by, enough to tell tokens apart.</summary>
    public static string Of(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)).AsSpan(0, 8));
}
