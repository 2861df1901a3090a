using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Tokens;

public sealed class JwtBearerGrantTests : IAsyncLifetime
{
    private RunningSandbox _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await RunningSandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task The_service_account_gets_a_token_that_works_for_as_long_as_it_says()
    {
        using var answer = await AskAsync(new Assertion(_sandbox));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var body = await RunningSandbox.JsonAsync(answer);
        Assert.Equal("bearer", body["token_type"]!.GetValue<string>());
        Assert.Empty(body["restricted_to"]!.AsArray());
        Assert.False(body.ContainsKey("refresh_token"));
        Assert.False(body.ContainsKey("issued_token_type"));
        Assert.InRange(body["expires_in"]!.GetValue<int>(), 3600, 4247);
        Assert.StartsWith("sbx", body["access_token"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("RS384")]
    [InlineData("RS512")]
    public async Task Each_of_the_three_algorithms_is_taken(string algorithm)
    {
        Assertion assertion = new(_sandbox) { Header = { ["alg"] = algorithm } };

        using var answer = await AskAsync(assertion);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256")]
    [InlineData("PS256")]
    [InlineData("rs256")]
    public async Task Any_other_algorithm_is_refused(string algorithm) =>
        await RefusedAsync(new Assertion(_sandbox) { Header = { ["alg"] = algorithm } }, "invalid_grant", "Algorithm not allowed");

    [Fact]
    public async Task Without_a_kid_every_registered_key_is_tried()
    {
        using var second = RSA.Create(2048);
        _sandbox.Enterprise.App.AddPublicKey("second", second);
        Assertion assertion = new(_sandbox) { Key = second };
        assertion.Header.Remove("kid");

        using var answer = await AskAsync(assertion);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_kid_that_is_not_registered_is_refused() =>
        await RefusedAsync(new Assertion(_sandbox) { Header = { ["kid"] = "unknown1" } }, "invalid_grant", "OpenSSL unable to verify data: ");

    [Fact]
    public async Task A_signature_by_another_key_is_refused()
    {
        using var other = RSA.Create(2048);

        await RefusedAsync(new Assertion(_sandbox) { Key = other }, "invalid_grant", "OpenSSL unable to verify data: ");
    }

    [Fact]
    public async Task A_key_that_was_removed_no_longer_counts()
    {
        _sandbox.Enterprise.App.RemovePublicKey(BoxApp.Credentials().KeyId);

        await RefusedAsync(new Assertion(_sandbox), "invalid_grant", "OpenSSL unable to verify data: ");
    }

    [Fact]
    public async Task Claims_altered_after_signing_are_refused()
    {
        var parts = new Assertion(_sandbox).ToString().Split('.');
        parts[1] = new Assertion(_sandbox).With("sub", "1").ToString().Split('.')[1];

        await RefusedAsync(string.Join('.', parts), "invalid_grant", "OpenSSL unable to verify data: ");
    }

    [Fact]
    public async Task The_secret_must_be_right()
    {
        using var answer = await AskAsync(new Assertion(_sandbox).ToString(), secret: "wrong");

        await RefusalAsync(answer, "invalid_client", "The client credentials are invalid");
    }

    [Fact]
    public async Task The_issuer_must_be_the_client() =>
        await RefusedAsync(new Assertion(_sandbox).With("iss", "somebody"), "invalid_grant", "Please check the 'iss' claim.");

    [Theory]
    [InlineData("https://api.box.com/oauth2/token/")]
    [InlineData("http://127.0.0.1/oauth2/token")]
    public async Task The_audience_is_Box_whatever_address_was_called(string audience) =>
        await RefusedAsync(new Assertion(_sandbox).With("aud", audience), "invalid_grant", "Please check the 'aud' claim.");

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-3600)]
    public async Task An_assertion_that_has_expired_tells_to_look_at_the_clock(int seconds) =>
        await RefusedAsync(
            new Assertion(_sandbox).With("exp", Now + seconds),
            "invalid_grant",
            "Current date/time MUST be before the expiration date/time listed in the 'exp' claim");

    [Theory]
    [InlineData(90)]
    [InlineData(3600)]
    public async Task An_assertion_may_not_live_longer_than_a_minute(int seconds) =>
        await RefusedAsync(new Assertion(_sandbox).With("exp", Now + seconds), "invalid_grant", "Please check the 'exp' claim.");

    [Fact]
    public async Task Rubbish_for_an_expiry_is_refused()
    {
        JsonNode?[] rubbish = ["soon", null, -1, 1e300, 99999999999999999L, new JsonObject()];
        foreach (var expiry in rubbish)
        {
            await RefusedAsync(new Assertion(_sandbox).With("exp", expiry), "invalid_grant", "Please check the 'exp' claim.");
        }
        await RefusedAsync(new Assertion(_sandbox).Without("exp"), "invalid_grant", "Please check the 'exp' claim.");
    }

    [Fact]
    public async Task After_the_clock_was_moved_the_Date_header_tells_what_expiry_is_right()
    {
        _sandbox.Clock.Advance(TimeSpan.FromMinutes(-10));
        var now = _sandbox.Clock.GetUtcNow();
        using var refused = await AskAsync(new Assertion(_sandbox).With("exp", now.AddMinutes(10).ToUnixTimeSeconds()));
        await RefusalAsync(refused, "invalid_grant", "Please check the 'exp' claim.");

        var date = refused.Headers.Date!.Value;
        Assert.InRange(date, now.AddSeconds(-1), now.AddSeconds(10));
        using var answer = await AskAsync(new Assertion(_sandbox).With("exp", date.AddSeconds(45).ToUnixTimeSeconds()));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("nbf")]
    [InlineData("iat")]
    public async Task An_assertion_from_the_future_is_refused(string claim)
    {
        await RefusedAsync(new Assertion(_sandbox).With(claim, Now + 30), "invalid_grant", $"Please check the '{claim}' claim.");

        using var answer = await AskAsync(new Assertion(_sandbox).With(claim, Now - 5));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task An_assertion_is_used_once()
    {
        var assertion = new Assertion(_sandbox).ToString();
        (await AskAsync(assertion)).Dispose();

        await RefusedAsync(assertion, "invalid_grant", "Please check the 'jti' claim. A unique 'jti' value is required.");
    }

    [Theory]
    [InlineData(15)]
    [InlineData(129)]
    public async Task A_jti_has_16_to_128_characters(int length) =>
        await RefusedAsync(new Assertion(_sandbox).With("jti", new string('j', length)), "invalid_grant", "Please check the 'jti' claim.");

    [Fact]
    public async Task An_app_user_gets_a_token_of_their_own()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);

        using var answer = await AskAsync(new Assertion(_sandbox).For(user));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(user.Id, _sandbox.Log.Requests[^1].UserId);
    }

    [Fact]
    public async Task A_subject_that_does_not_exist_is_refused()
    {
        const string Text = "Please check the 'sub' claim. The 'sub' specified is invalid.";
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);
        var inactive = _sandbox.Enterprise.AddAppUser("Ina", null);
        inactive.Status = "inactive";

        await RefusedAsync(new Assertion(_sandbox).With("sub", "1").With("box_sub_type", "user"), "invalid_grant", Text);
        await RefusedAsync(new Assertion(_sandbox).With("sub", "1"), "invalid_grant", Text);
        await RefusedAsync(new Assertion(_sandbox).With("sub", user.Id), "invalid_grant", Text);
        await RefusedAsync(new Assertion(_sandbox).With("box_sub_type", "user"), "invalid_grant", Text);
        await RefusedAsync(new Assertion(_sandbox).For(inactive), "invalid_grant", Text);
        await RefusedAsync(new Assertion(_sandbox).With("sub", long.Parse(Enterprise.Id, null)), "invalid_grant", Text);
        await RefusedAsync(new Assertion(_sandbox).For(user).With("sub", long.Parse(user.Id, null)), "invalid_grant", Text);
    }

    [Fact]
    public async Task Without_the_switch_only_the_service_account_gets_tokens()
    {
        const string Text = "Cannot obtain user token based on the enterprise configuration for your app";
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);
        await RefusedAsync(new Assertion(_sandbox).For(_sandbox.Enterprise.ServiceAccount), "invalid_request", Text);

        _sandbox.Enterprise.App.UserAccessTokensEnabled = false;

        await RefusedAsync(new Assertion(_sandbox).For(user), "invalid_request", Text);
        using var answer = await AskAsync(new Assertion(_sandbox));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task An_app_that_the_administrator_has_not_authorised_gets_nothing()
    {
        _sandbox.Enterprise.App.Authorised = false;

        await RefusedAsync(new Assertion(_sandbox), "unauthorized_client", "This app is not authorized by the enterprise admin");
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("..")]
    [InlineData("!.!.!")]
    [InlineData("e30.W10.AAAA")]
    [InlineData("W10.e30.AAAA")]
    public async Task What_is_no_JWT_is_refused(string assertion) =>
        await RefusedAsync(assertion, "invalid_request", "Invalid assertion parameter or parameter missing");

    [Fact]
    public async Task Half_a_surrogate_pair_in_a_claim_is_refused()
    {
        var header = Base64Url.EncodeToString("{\"alg\":\"RS512\"}"u8);
        var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes("{\"iss\":\"\\ud800\"}"));

        await RefusedAsync($"{header}.{claims}.AAAA", "invalid_grant", "Please check the 'iss' claim.");
    }

    private long Now => _sandbox.Clock.GetUtcNow().ToUnixTimeSeconds();

    private Task<HttpResponseMessage> AskAsync(Assertion assertion) => AskAsync(assertion.ToString());

    private Task<HttpResponseMessage> AskAsync(string assertion, string? secret = null) =>
        _sandbox.PostFormAsync(
            "/oauth2/token",
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("client_id", _sandbox.Enterprise.App.ClientId),
            ("client_secret", secret ?? _sandbox.Enterprise.App.ClientSecret),
            ("assertion", assertion));

    private async Task RefusedAsync(object assertion, string error, string description)
    {
        using var answer = await AskAsync(assertion.ToString()!);
        await RefusalAsync(answer, error, description);
    }

    private static async Task RefusalAsync(HttpResponseMessage answer, string error, string description)
    {
        var body = await RunningSandbox.JsonAsync(answer);
        Assert.Equal((HttpStatusCode.BadRequest, error, description), (answer.StatusCode, body["error"]!.GetValue<string>(), body["error_description"]!.GetValue<string>()));
    }
}
