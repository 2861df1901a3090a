using System.Security.Cryptography;
using System.Text.Json;

namespace BoxPortal.Box.Configuration;

/// <summary>Box's JSON app config while it is being read: gives the fields and collects what is wrong with them.</summary>
/// <param name="source">The setting it came from, for the faults.</param>
/// <param name="root">The whole JSON.</param>
internal sealed class AppConfig(string source, JsonElement root)
{
    private const string Conversion = "openssl pkcs8 -topk8 -in key.pem -out pkcs8.pem (and give its passphrase)";
    private const int SmallestKeyInBits = 2048;

    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The text at a dotted path; a missing or empty one is a fault.</summary>
    public string Text(string path)
    {
        var at = root;
        foreach (var name in path.Split('.'))
        {
            at = at.ValueKind == JsonValueKind.Object && at.TryGetProperty(name, out var below) ? below : default;
        }

        var text = at.ValueKind switch
        {
            JsonValueKind.String => at.GetString(),
            JsonValueKind.Number => at.GetRawText(), // an enterprise ID that somebody typed without quotes
            _ => null,
        };
        if (string.IsNullOrWhiteSpace(text))
        {
            Fault(path, "is missing: download the config again, after generating a key pair there for JWT.");
            return "";
        }

        return text;
    }

    /// <summary>The enterprise, which is "0" in a config downloaded by somebody outside any.</summary>
    public string EnterpriseId()
    {
        const string Path = "enterpriseID";
        var id = Text(Path);
        if (id is not "" && (id is "0" || !id.All(char.IsAsciiDigit)))
        {
            Fault(Path, "is not an enterprise's: let an administrator of the enterprise download the config.");
        }

        return id;
    }

    /// <summary>The private key, opened with its passphrase; <c>null</c> and a fault when it cannot be.</summary>
    public RSA? Key(string keyPath, string passphrasePath)
    {
        var (pem, passphrase) = (Text(keyPath), Text(passphrasePath));
        if (pem is "")
        {
            return null;
        }

        var label = Label(pem);
        switch (label)
        {
            case "ENCRYPTED PRIVATE KEY":
                return passphrase is "" ? null : Open(pem, passphrase, keyPath, passphrasePath);
            case "RSA PRIVATE KEY":
                Fault(keyPath, $"is in the traditional form (BEGIN RSA PRIVATE KEY): convert it with {Conversion}.");
                return null;
            case "PRIVATE KEY":
                Fault(keyPath, $"is not encrypted (BEGIN PRIVATE KEY): encrypt it with {Conversion}.");
                return null;
            case null:
                Fault(keyPath, "is not PEM: it must begin with -----BEGIN ENCRYPTED PRIVATE KEY-----, its line breaks written as \\n.");
                return null;
            default:
                Fault(keyPath, $"holds a {label}: put the encrypted private key there (BEGIN ENCRYPTED PRIVATE KEY).");
                return null;
        }
    }

    /// <summary>Traditional keys carry headers (DEK-Info), which .NET's PEM reader does not take for PEM: look for them by eye.</summary>
    private static string? Label(string pem)
    {
        if (pem.Contains("-----BEGIN RSA PRIVATE KEY-----", StringComparison.Ordinal))
        {
            return "RSA PRIVATE KEY";
        }

        return PemEncoding.TryFind(pem, out var found) ? pem[found.Label] : null;
    }

    private RSA? Open(string pem, string passphrase, string keyPath, string passphrasePath)
    {
        var key = RSA.Create();
        try
        {
            key.ImportFromEncryptedPem(pem, passphrase);
            if (key.KeySize >= SmallestKeyInBits)
            {
                return key;
            }

            Fault(keyPath, $"has {key.KeySize} bits: generate an RSA key of at least {SmallestKeyInBits}.");
        }
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            Fault(passphrasePath, "does not open the private key, or that is no RSA key: use the passphrase of the same download.");
        }

        key.Dispose();
        return null;
    }

    private void Fault(string path, string what) => _faults.Add($"{source}: {path} {what}");
}
