using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace BoxPortal.Box.Tests;

/// <summary>App configs as Box's console gives them, with a key made for this run.</summary>
internal static class AppConfigs
{
    public const string ClientId = "canned-client-id-0000000000000001";
    public const string ClientSecret = "canned-client-secret-Zx81Qw";
    public const string Passphrase = "canned-passphrase-Pq47Rt";
    public const string PublicKeyId = "canned01";
    public const string EnterpriseId = "1234567";

    public static RSA Key { get; } = RSA.Create(2048);

    public static string EncryptedKey { get; } = Encrypt(Key);

    /// <summary>A good config.</summary>
    public static JsonObject Good() => new()
    {
        ["boxAppSettings"] = new JsonObject
        {
            ["clientID"] = ClientId,
            ["clientSecret"] = ClientSecret,
            ["appAuth"] = new JsonObject
            {
                ["publicKeyID"] = PublicKeyId,
                ["privateKey"] = EncryptedKey,
                ["passphrase"] = Passphrase,
            },
        },
        ["enterpriseID"] = EnterpriseId,
    };

    /// <summary>A good config but for one value; <c>null</c> takes the field away.</summary>
    public static string With(string path, JsonNode? value)
    {
        var config = Good();
        var names = path.Split('.');
        var parent = names[..^1].Aggregate<string, JsonNode>(config, (at, name) => at[name]!).AsObject();
        if (value is null)
        {
            parent.Remove(names[^1]);
        }
        else
        {
            parent[names[^1]] = value;
        }

        return config.ToJsonString();
    }

    public static string Encrypt(AsymmetricAlgorithm key) => key.ExportEncryptedPkcs8PrivateKeyPem(
        Passphrase, new PbeParameters(PbeEncryptionAlgorithm.TripleDes3KeyPkcs12, HashAlgorithmName.SHA1, 2048));
}
