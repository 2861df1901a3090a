using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Tokens;

/// <summary>A good assertion for the service account, each part of which a test may spoil.</summary>
internal sealed class Assertion
{
    private static readonly RSA s_key = ImportKey();

    public Assertion(RunningSandbox sandbox)
    {
        var now = sandbox.Clock.GetUtcNow().ToUnixTimeSeconds();
        Header = new JsonObject { ["alg"] = "RS512", ["kid"] = BoxApp.Credentials().KeyId, ["typ"] = "JWT" };
        Claims = new JsonObject
        {
            ["iss"] = sandbox.Enterprise.App.ClientId,
            ["sub"] = Enterprise.Id,
            ["box_sub_type"] = "enterprise",
            ["aud"] = "https://api.box.com/oauth2/token",
            ["jti"] = Guid.NewGuid().ToString(),
            ["exp"] = now + 45,
        };
    }

    public JsonObject Header { get; }
    public JsonObject Claims { get; }
    public RSA Key { get; set; } = s_key;

    public Assertion With(string claim, JsonNode? value)
    {
        Claims[claim] = value;
        return this;
    }

    public Assertion Without(string claim)
    {
        Claims.Remove(claim);
        return this;
    }

    public Assertion For(User user) => With("sub", user.Id).With("box_sub_type", "user");

    public override string ToString()
    {
        var signed = $"{Encode(Header)}.{Encode(Claims)}";
        var hash = Header["alg"]?.ToString() switch { "RS256" => HashAlgorithmName.SHA256, "RS384" => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 };
        return $"{signed}.{Base64Url.EncodeToString(Key.SignData(Encoding.ASCII.GetBytes(signed), hash, RSASignaturePadding.Pkcs1))}";
    }

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    private static RSA ImportKey()
    {
        var (_, privateKey, passphrase) = BoxApp.Credentials();
        var key = RSA.Create();
        key.ImportFromEncryptedPem(privateKey, passphrase);
        return key;
    }
}
