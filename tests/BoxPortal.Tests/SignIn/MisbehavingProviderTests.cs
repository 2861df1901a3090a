using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace BoxPortal.Tests.SignIn;

/// <summary>One provider and one portal that trusts it.</summary>
public sealed class MisbehavingProviderFixture : IAsyncLifetime
{
    public MisbehavingProvider Provider { get; private set; } = null!;
    public PortalHost Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Provider = await MisbehavingProvider.StartAsync();
        Portal = await Provider.StartPortalAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        await Provider.DisposeAsync();
    }
}

public sealed class MisbehavingProviderTests(MisbehavingProviderFixture fixture) : IClassFixture<MisbehavingProviderFixture>
{
    private static readonly RsaSecurityKey s_attackersKey = MisbehavingProvider.NewKey();

    /// <summary>Each is one fault in a sign-in that is honest otherwise.</summary>
    private static readonly Dictionary<string, Action<SignInAttempt>> s_faults = new()
    {
        // What the browser brings back
        ["no state"] = attempt => attempt.Callback.Remove("state"),
        ["an empty state"] = attempt => attempt.Callback["state"] = "",
        ["a made-up state"] = attempt => attempt.Callback["state"] = "made-up",
        ["an altered state"] = attempt => attempt.Callback["state"] = Altered(attempt.Callback["state"]),
        ["half a megabyte of state"] = attempt => attempt.Callback["state"] = new string('a', 1 << 19), // of more, the server stops reading before a client stops writing
        ["no correlation cookie"] = attempt => Forget(attempt, ".AspNetCore.Correlation."),
        ["no nonce cookie"] = attempt => Forget(attempt, ".AspNetCore.OpenIdConnect.Nonce."),
        ["no code"] = attempt => attempt.Callback.Remove("code"),
        ["an empty code"] = attempt => attempt.Callback["code"] = "",
        ["a code of no one's"] = attempt => attempt.Callback["code"] = "made-up",
        ["an error of the provider's"] = attempt => attempt.Callback["error"] = "access_denied",
        ["an access token in place of the code"] = attempt => Replace(attempt, "code", "access_token", "opaque"),
        ["an ID token in place of the code"] = attempt => Replace(attempt, "code", "id_token", attempt.Build()),
        ["a forged ID token beside the code"] = attempt =>
        {
            attempt.Sign = signed => SignInAttempt.SignWith(s_attackersKey, signed);
            attempt.Callback["id_token"] = attempt.Build();
            attempt.Sign = signed => SignInAttempt.SignWith(attempt.Provider.SigningKey, signed);
        },
        ["an ID token of another person beside the code"] = attempt =>
        {
            var own = attempt.Claims["oid"]!.DeepClone();
            (attempt.Claims["oid"], attempt.Claims["sub"]) = (Guid.NewGuid().ToString(), "another");
            attempt.Callback["id_token"] = attempt.Build();
            (attempt.Claims["oid"], attempt.Claims["sub"]) = (own, "subject");
        },
        ["a code made for another challenge"] = attempt =>
            attempt.Callback["code"] = attempt.Provider.Grant(Base64UrlEncoder.Encode(SHA256.HashData("the attacker's verifier"u8)), attempt.TokenAnswer),
        ["a code of the attacker's, from a provider that ignores PKCE"] = attempt =>
        {
            attempt.Claims["nonce"] = "the attacker's nonce";
            attempt.Callback["code"] = attempt.Provider.Grant(null, attempt.TokenAnswer);
        },

        // What the token endpoint answers
        ["a token endpoint that fails"] = attempt => attempt.TokenAnswer = () => Results.StatusCode(500),
        ["a token endpoint that is gone"] = attempt => attempt.TokenAnswer = () => Results.NotFound(),
        ["HTML for tokens"] = attempt => attempt.TokenAnswer = () => Results.Content("<html><body>Sign in to the hotel's Wi-Fi</body></html>", "text/html"),
        ["HTML for tokens, said to be JSON"] = attempt => attempt.TokenAnswer = () => Results.Content("<html></html>", "application/json"),
        ["nothing for tokens"] = attempt => attempt.TokenAnswer = () => Results.Content("", "application/json"),
        ["an empty object for tokens"] = attempt => attempt.TokenAnswer = () => Results.Json(new { }),
        ["a list for tokens"] = attempt => attempt.TokenAnswer = () => Results.Json(Array.Empty<string>()),
        ["half an answer"] = attempt => attempt.TokenAnswer = () => Results.Content($$"""{"id_token":"{{attempt.IdToken()[..100]}}""", "application/json"),
        ["an access token alone"] = attempt => attempt.TokenAnswer = () => Results.Json(new { access_token = "opaque", token_type = "Bearer" }),
        ["twelve megabytes for tokens"] = attempt => attempt.TokenAnswer = () => Results.Json(new { id_token = attempt.IdToken(), padding = new string('a', 12 << 20) }),

        // What the ID token is
        ["an ID token of one part"] = attempt => attempt.IdToken = () => "made-up",
        ["an ID token of two parts"] = attempt => attempt.IdToken = () => attempt.Build()[..attempt.Build().LastIndexOf('.')],
        ["an encrypted ID token"] = attempt => attempt.IdToken = () => $"{SignInAttempt.Encode(new JsonObject { ["alg"] = "dir", ["enc"] = "A256GCM" })}..AAAA.AAAA.AAAA",
        ["an ID token of half a megabyte"] = attempt => attempt.Claims["padding"] = new string('a', 1 << 19),
        ["an ID token that is not JSON"] = attempt => attempt.IdToken = () => $"{Base64UrlEncoder.Encode("{")}.{Base64UrlEncoder.Encode("{")}.AAAA",
        ["alg none"] = attempt => Unsigned(attempt, "none"),
        ["alg None"] = attempt => Unsigned(attempt, "None"),
        ["alg nOnE"] = attempt => Unsigned(attempt, "nOnE"),
        ["alg none with a signature"] = attempt => attempt.Header["alg"] = "none",
        ["no alg"] = attempt => attempt.Header.Remove("alg"),
        ["no signature"] = attempt => attempt.Sign = _ => [],
        ["HS256 with the public key as PEM"] = attempt => attempt.SignWithHmac(Encoding.ASCII.GetBytes(attempt.Provider.SigningKey.Rsa.ExportSubjectPublicKeyInfoPem())),
        ["HS256 with the public key as DER"] = attempt => attempt.SignWithHmac(attempt.Provider.SigningKey.Rsa.ExportSubjectPublicKeyInfo()),
        ["HS256 with the public key's modulus"] = attempt => attempt.SignWithHmac(attempt.Provider.SigningKey.Rsa.ExportParameters(false).Modulus!),
        ["HS256 with the public key as JWK"] = attempt => attempt.SignWithHmac(Encoding.UTF8.GetBytes(MisbehavingProvider.Jwk(attempt.Provider.SigningKey).ToJsonString())),
        ["HS256 with the client secret"] = attempt => attempt.SignWithHmac(Encoding.UTF8.GetBytes(MisbehavingProvider.ClientSecret)),
        ["HS256 with nothing"] = attempt => attempt.SignWithHmac(new byte[32]),
        ["another key under the published id"] = attempt => attempt.Sign = signed => SignInAttempt.SignWith(s_attackersKey, signed),
        ["another key under its own id"] = attempt => SignAsAttacker(attempt, s_attackersKey.KeyId),
        ["another key without an id"] = attempt => SignAsAttacker(attempt, null),
        ["another key, brought along as jwk"] = attempt =>
        {
            SignAsAttacker(attempt, s_attackersKey.KeyId);
            attempt.Header["jwk"] = MisbehavingProvider.Jwk(s_attackersKey);
        },
        ["another key, brought along as x5c"] = attempt =>
        {
            SignAsAttacker(attempt, null);
            var certificate = new CertificateRequest("CN=attacker", s_attackersKey.Rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
            attempt.Header["x5c"] = new JsonArray(Convert.ToBase64String(certificate.RawData));
        },
        ["another key, its address brought along as jku"] = attempt =>
        {
            SignAsAttacker(attempt, s_attackersKey.KeyId);
            attempt.Header["jku"] = "https://evil.example/keys";
        },
        ["a key id that is a path"] = attempt => SignAsAttacker(attempt, "../../../../dev/null"),
        ["claims altered after signing"] = attempt => attempt.IdToken = () => WithOtherClaims(attempt),
        ["another token's signature"] = attempt =>
        {
            var other = SignInAttempt.SignWith(attempt.Provider.SigningKey, "another.token");
            attempt.Sign = _ => other;
        },

        // What it says
        ["another issuer"] = attempt => attempt.Claims["iss"] = "https://evil.example/v2.0",
        ["the issuer of another tenant"] = attempt => attempt.Claims["iss"] = attempt.Provider.Issuer.Replace(MisbehavingProvider.TenantId, "99999999-2222-4333-8444-555555555555", StringComparison.Ordinal),
        ["the issuer of Entra's first version"] = attempt => attempt.Claims["iss"] = $"https://sts.windows.net/{MisbehavingProvider.TenantId}/",
        ["the issuer with a slash at the end"] = attempt => attempt.Claims["iss"] = attempt.Provider.Issuer + "/",
        ["the issuer in capitals"] = attempt => attempt.Claims["iss"] = attempt.Provider.Issuer.ToUpperInvariant(),
        ["the issuer as a beginning"] = attempt => attempt.Claims["iss"] = attempt.Provider.Issuer + ".evil.example",
        ["no issuer"] = attempt => attempt.Claims.Remove("iss"),
        ["another audience"] = attempt => attempt.Claims["aud"] = "00000003-0000-0000-c000-000000000000",
        ["another audience that begins like ours"] = attempt => attempt.Claims["aud"] = MisbehavingProvider.ClientId + "0",
        ["no audience"] = attempt => attempt.Claims.Remove("aud"),
        ["an empty list of audiences"] = attempt => attempt.Claims["aud"] = new JsonArray(),
        ["expired"] = attempt => attempt.Claims["exp"] = Now - 600,
        ["no expiry"] = attempt => attempt.Claims.Remove("exp"),
        ["an expiry before the beginning"] = attempt => attempt.Claims["exp"] = attempt.Claims["nbf"]!.GetValue<long>() - 1000,
        ["not valid yet"] = attempt => attempt.Claims["nbf"] = Now + 600,
        ["no time of issue"] = attempt => attempt.Claims.Remove("iat"),
        ["no nonce"] = attempt => attempt.Claims.Remove("nonce"),
        ["another nonce"] = attempt => attempt.Claims["nonce"] = Altered(attempt.Nonce),
        ["an empty nonce"] = attempt => attempt.Claims["nonce"] = "",
        ["no subject"] = attempt => attempt.Claims.Remove("sub"),
        ["no object id"] = attempt => attempt.Claims.Remove("oid"),
        ["an empty object id"] = attempt => attempt.Claims["oid"] = "",
        ["an object id that is a mail address"] = attempt => attempt.Claims["oid"] = "priya.raman@larkfield.example",
        ["two object ids"] = attempt => attempt.Claims["oid"] = new JsonArray(Guid.NewGuid().ToString(), Guid.NewGuid().ToString()),
        ["no tenant"] = attempt => attempt.Claims.Remove("tid"),
        ["another tenant"] = attempt => attempt.Claims["tid"] = "99999999-2222-4333-8444-555555555555",
        ["everybody's tenant"] = attempt => attempt.Claims["tid"] = "organizations",
        ["two tenants"] = attempt => attempt.Claims["tid"] = new JsonArray(MisbehavingProvider.TenantId, "99999999-2222-4333-8444-555555555555"),
    };

    public static TheoryData<string> Faults => [.. s_faults.Keys];

    [Fact]
    public async Task An_honest_sign_in_is_accepted()
    {
        var attempt = await BeginAsync();

        var answer = await attempt.FinishAsync();

        Assert.Equal("/about", answer.Headers.Location?.OriginalString);
        Assert.True(attempt.IsSignedIn);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_sign_in_is_refused_for(string fault)
    {
        var attempt = await BeginAsync();
        s_faults[fault](attempt);

        var answer = await attempt.FinishAsync();

        await AssertRefusedAsync(attempt, answer);
    }

    [Theory]
    [InlineData("/signin-oidc")]
    [InlineData("/signin-oidc?code=x")]
    [InlineData("/signin-oidc?code=x&state=y")]
    [InlineData("/signin-oidc?error=access_denied")]
    public async Task An_answer_to_no_sign_in_of_ours_fills_no_log(string address)
    {
        using var browser = fixture.Portal.NewBrowser();
        fixture.Portal.Logs.Clear();

        using var answer = await browser.GetAsync(address);

        Assert.Equal("/sign-in-failed", answer.Headers.Location!.OriginalString);
        Assert.DoesNotContain(fixture.Portal.Logs, line => line.StartsWith("Warning", StringComparison.Ordinal) || line.Contains("   at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_answer_to_a_sign_in_of_ours_is_a_warning()
    {
        var attempt = await BeginAsync();
        s_faults["another audience"](attempt);
        fixture.Portal.Logs.Clear();

        await attempt.FinishAsync();

        Assert.Contains(fixture.Portal.Logs, line => line.StartsWith("Warning: A sign-in was refused", StringComparison.Ordinal) && line.Contains("IDX10214", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_sign_in_begun_in_another_browser_is_refused()
    {
        var attackers = await BeginAsync();
        var victims = await BeginAsync();
        victims.Callback["state"] = attackers.Callback["state"];
        victims.Callback["code"] = attackers.Callback["code"];

        var answer = await victims.FinishAsync();

        await AssertRefusedAsync(victims, answer);
    }

    [Fact]
    public async Task A_code_from_another_browser_is_refused()
    {
        var attackers = await BeginAsync();
        var victims = await BeginAsync();
        victims.Callback["code"] = attackers.Callback["code"];

        var answer = await victims.FinishAsync();

        await AssertRefusedAsync(victims, answer);
    }

    [Fact]
    public async Task An_ID_token_from_an_earlier_sign_in_is_refused()
    {
        var earlier = await BeginAsync();
        await earlier.FinishAsync();
        var later = await BeginAsync();
        later.IdToken = earlier.Build;

        var answer = await later.FinishAsync();

        await AssertRefusedAsync(later, answer);
    }

    [Fact]
    public async Task An_answer_sent_twice_is_refused_the_second_time()
    {
        var attempt = await BeginAsync();
        await attempt.FinishAsync();
        attempt.Browser.Cookies.Jar.Clear();

        var answer = await attempt.FinishAsync();

        await AssertRefusedAsync(attempt, answer);
    }

    [Fact]
    public async Task A_code_that_was_redeemed_is_refused_in_a_sign_in_of_its_own()
    {
        var first = await BeginAsync();
        await first.FinishAsync();
        var second = await BeginAsync();
        second.Callback["code"] = first.Callback["code"];

        var answer = await second.FinishAsync();

        await AssertRefusedAsync(second, answer);
    }

    [Fact]
    public async Task A_state_sealed_by_another_portal_is_refused()
    {
        await using var otherPortal = await fixture.Provider.StartPortalAsync();
        var others = await SignInAttempt.BeginAsync(fixture.Provider, otherPortal);
        var attempt = await BeginAsync();
        attempt.Callback["state"] = others.Callback["state"];

        var answer = await attempt.FinishAsync();

        await AssertRefusedAsync(attempt, answer);
    }

    [Theory]
    [InlineData("silent")]
    [InlineData("failing")]
    [InlineData("somebody else")]
    public async Task A_provider_that_does_not_answer_is_told_plainly_until_it_does(string provider)
    {
        await using var other = await MisbehavingProvider.StartAsync();
        var honest = other.Metadata;
        other.Metadata = () => provider switch
        {
            "silent" => new Silence(),
            "failing" => Results.StatusCode(StatusCodes.Status503ServiceUnavailable),
            _ => Results.Content("<html><body>Sign in to the hotel's Wi-Fi</body></html>", "text/html"),
        };
        await using var portal = await other.StartPortalAsync();
        using var browser = portal.NewBrowser();

        foreach (var path in new[] { "/", "/people?q=x", "/authentication/login?returnUrl=/about" })
        {
            portal.Logs.Clear();
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await browser.SendAsync(request);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Contains("The sign-in page of your company does not answer", await answer.Content.ReadAsStringAsync(PortalHost.Cancellation), StringComparison.Ordinal);
            Assert.True(answer.Headers.Contains("Content-Security-Policy"));
            var line = Assert.Single(portal.Logs, line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal));
            Assert.Contains("AzureAd:Instance", line, StringComparison.Ordinal);
            Assert.DoesNotContain(portal.Logs, line => line.Contains("   at ", StringComparison.Ordinal));
        }

        using var ready = await browser.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        var health = JsonNode.Parse(await ready.Content.ReadAsStringAsync(PortalHost.Cancellation))!;
        Assert.Equal("Degraded", (string?)health["status"]);
        Assert.Contains("AzureAd:Instance", (string?)health["checks"]!["sign-in"]!["description"], StringComparison.Ordinal);

        other.Metadata = honest;
        await PassingTime.UntilAsync(async () => (await browser.GetAsync("/authentication/login")).StatusCode == HttpStatusCode.Found);
        using var healed = await browser.GetAsync("/health/ready");
        Assert.Equal("Healthy", (string?)JsonNode.Parse(await healed.Content.ReadAsStringAsync(PortalHost.Cancellation))!["checks"]!["sign-in"]!["status"]);
    }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    private Task<SignInAttempt> BeginAsync() => SignInAttempt.BeginAsync(fixture.Provider, fixture.Portal);

    private static async Task AssertRefusedAsync(SignInAttempt attempt, HttpResponseMessage answer)
    {
        Assert.False(attempt.IsSignedIn);
        Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode}: a refusal is not a fault of ours.");
        if (answer.StatusCode == HttpStatusCode.Found)
        {
            Assert.Equal("/sign-in-failed", answer.Headers.Location!.OriginalString);
        }

        // Whatever cookies there are, they open nothing.
        var page = await attempt.Browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.Found, page.StatusCode);
        Assert.StartsWith(attempt.Provider.Address.ToString(), page.Headers.Location!.ToString());
    }

    private static string Altered(string text) => (text[0] == 'a' ? 'b' : 'a') + text[1..];

    private static void Forget(SignInAttempt attempt, string cookie)
    {
        foreach (var key in attempt.Browser.Cookies.Jar.Keys.Where(key => key.Name.StartsWith(cookie, StringComparison.Ordinal)).ToList())
        {
            Assert.True(attempt.Browser.Cookies.Jar.TryRemove(key, out _));
        }
    }

    private static void Replace(SignInAttempt attempt, string name, string otherName, string value)
    {
        attempt.Callback.Remove(name);
        attempt.Callback[otherName] = value;
    }

    private static void Unsigned(SignInAttempt attempt, string algorithm)
    {
        attempt.Header["alg"] = algorithm;
        attempt.Header.Remove("kid");
        attempt.Sign = _ => [];
    }

    private static void SignAsAttacker(SignInAttempt attempt, string? keyId)
    {
        attempt.Header["kid"] = keyId;
        if (keyId is null)
        {
            attempt.Header.Remove("kid");
        }

        attempt.Sign = signed => SignInAttempt.SignWith(s_attackersKey, signed);
    }

    private static string WithOtherClaims(SignInAttempt attempt)
    {
        var parts = attempt.Build().Split('.');
        var claims = (JsonObject)attempt.Claims.DeepClone();
        claims["oid"] = Guid.NewGuid().ToString();
        return $"{parts[0]}.{SignInAttempt.Encode(claims)}.{parts[2]}";
    }

    /// <summary>A connection that ends without a word.</summary>
    private sealed class Silence : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Abort();
            return Task.CompletedTask;
        }
    }
}
