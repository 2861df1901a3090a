using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace BoxPortal.Tests.SignIn;

/// <summary>One sign-in, honest in all that a test does not change: what the browser brings back, and what the provider says of the person.</summary>
public sealed class SignInAttempt
{
    private SignInAttempt(MisbehavingProvider provider, Browser browser, Uri challenge)
    {
        Provider = provider;
        Browser = browser;
        var request = QueryHelpers.ParseQuery(challenge.Query);
        Nonce = request["nonce"].ToString();
        CodeChallenge = request["code_challenge"];
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        Header = new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = provider.SigningKey.KeyId };
        Claims = new JsonObject
        {
            ["iss"] = provider.Issuer,
            ["aud"] = MisbehavingProvider.ClientId,
            ["sub"] = "subject",
            ["oid"] = Guid.NewGuid().ToString(),
            ["tid"] = MisbehavingProvider.TenantId,
            ["name"] = "Mallory Example",
            ["preferred_username"] = "mallory@larkfield.example",
            ["nonce"] = Nonce,
            ["iat"] = now,
            ["nbf"] = now,
            ["exp"] = now + 3600,
            ["ver"] = "2.0",
        };
        Sign = signed => SignWith(provider.SigningKey, signed);
        IdToken = Build;
        TokenAnswer = () => Results.Json(new { token_type = "Bearer", expires_in = 3600, access_token = "opaque", id_token = IdToken() });
        Callback = new()
        {
            ["state"] = request["state"].ToString(),
            ["code"] = provider.Grant(CodeChallenge, () => TokenAnswer()),
        };
    }

    public Browser Browser { get; }
    public MisbehavingProvider Provider { get; }
    public string Nonce { get; }
    public string? CodeChallenge { get; }

    /// <summary>The form that the browser posts to the portal.</summary>
    public Dictionary<string, string> Callback { get; }

    public JsonObject Header { get; }
    public JsonObject Claims { get; }

    /// <summary>Signs header and payload, as they stand in the token.</summary>
    public Func<string, byte[]> Sign { get; set; }

    /// <summary>The whole ID token.</summary>
    public Func<string> IdToken { get; set; }

    /// <summary>The whole answer of the token endpoint.</summary>
    public Func<IResult> TokenAnswer { get; set; }

    public static async Task<SignInAttempt> BeginAsync(MisbehavingProvider provider, PortalHost portal, string? returnUrl = null)
    {
        var browser = portal.NewBrowser();
        var challenge = await browser.GetAsync(QueryHelpers.AddQueryString("/authentication/login", "returnUrl", returnUrl ?? "/about"));
        Assert.Equal(HttpStatusCode.Found, challenge.StatusCode);
        return new SignInAttempt(provider, browser, challenge.Headers.Location!);
    }

    public Task<HttpResponseMessage> FinishAsync() => Browser.PostAsync("/signin-oidc", Callback);

    /// <summary>Whether the portal takes the browser for somebody now.</summary>
    public bool IsSignedIn => Browser.Cookies.Jar.Keys.Any(cookie =>
        cookie.Name.StartsWith("__Host-BoxPortal", StringComparison.Ordinal) && !cookie.Name.Contains("Antiforgery", StringComparison.Ordinal));

    /// <summary>The ID token as header, claims and signature make it.</summary>
    public string Build()
    {
        var signed = $"{Encode(Header)}.{Encode(Claims)}";
        return $"{signed}.{Base64UrlEncoder.Encode(Sign(signed))}";
    }

    public static byte[] SignWith(RsaSecurityKey key, string signed) =>
        key.Rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    public void SignWithHmac(byte[] key)
    {
        Header["alg"] = "HS256";
        Sign = signed => HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(signed));
    }

    public static string Encode(JsonNode json) => Base64UrlEncoder.Encode(json.ToJsonString());
}
