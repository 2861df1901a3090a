using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace BoxPortal.Sandbox.Tests.SignIn;

public sealed class SignInServerTests(Application application) : IClassFixture<Application>
{
    private static readonly Person s_maya = Directory.Named("maya.okafor");

    [Fact]
    public async Task Discovery_names_Entras_endpoints_at_the_address_listened_on()
    {
        var discovery = JsonElement.Parse(await application.Http.GetStringAsync(
            $"{application.Tenant}/v2.0/.well-known/openid-configuration", TestContext.Current.CancellationToken));

        Assert.Equal($"{application.Tenant}/v2.0", discovery.GetProperty("issuer").GetString());
        Assert.Equal($"{application.Tenant}/oauth2/v2.0/authorize", discovery.GetProperty("authorization_endpoint").GetString());
        Assert.Equal($"{application.Tenant}/oauth2/v2.0/token", discovery.GetProperty("token_endpoint").GetString());
        Assert.Equal($"{application.Tenant}/oauth2/v2.0/logout", discovery.GetProperty("end_session_endpoint").GetString());
        Assert.Equal($"{application.Tenant}/discovery/v2.0/keys", discovery.GetProperty("jwks_uri").GetString());
        Assert.Equal(["S256"], discovery.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(method => method.GetString()));
    }

    [Fact]
    public async Task Whoever_is_chosen_is_described_as_Entra_does()
    {
        var claims = await application.SignInAsync(s_maya);

        Assert.Equal(s_maya.ObjectId.ToString("D"), claims.GetProperty("oid").GetString());
        Assert.Equal(Directory.TenantId, claims.GetProperty("tid").GetString());
        Assert.Equal("Maya Okafor", claims.GetProperty("name").GetString());
        Assert.Equal("maya.okafor@larkfield.example", claims.GetProperty("preferred_username").GetString());
        Assert.Equal("maya.okafor@larkfield.example", claims.GetProperty("email").GetString());
        Assert.Equal("2.0", claims.GetProperty("ver").GetString());
        Assert.Equal("the nonce", claims.GetProperty("nonce").GetString());
        Assert.Equal(s_maya.DirectoryGroups, claims.GetProperty("groups").EnumerateArray().Select(group => group.GetGuid()));
        Assert.False(claims.TryGetProperty("roles", out _));
        Assert.False(claims.TryGetProperty("code_id", out _));
    }

    [Theory]
    [InlineData("priya.raman", "Administrator")]
    [InlineData("andrei.popescu", "Administrator")]
    [InlineData("kenji.watanabe", "HelpDesk")]
    [InlineData("charlotte.mbeki", "Auditor")]
    public async Task An_app_role_comes_as_a_list_even_when_alone(string userName, string role)
    {
        var claims = await application.SignInAsync(Directory.Named(userName));

        Assert.Equal([role], claims.GetProperty("roles").EnumerateArray().Select(value => value.GetString()));
    }

    [Fact]
    public async Task The_subject_stays_the_same_and_is_not_the_object_id()
    {
        var first = await application.SignInAsync(s_maya);
        var second = await application.SignInAsync(s_maya);

        Assert.Equal(first.GetProperty("sub").GetString(), second.GetProperty("sub").GetString());
        Assert.NotEqual(first.GetProperty("oid").GetString(), first.GetProperty("sub").GetString());
    }

    [Fact]
    public async Task More_than_two_hundred_groups_are_replaced_by_where_to_ask_for_them()
    {
        var claims = await application.SignInAsync(Directory.Named("gwen.achterberg"));

        Assert.False(claims.TryGetProperty("groups", out _));
        Assert.Equal("src1", claims.GetProperty("_claim_names").GetProperty("groups").GetString());
        Assert.EndsWith("/getMemberObjects", claims.GetProperty("_claim_sources").GetProperty("src1").GetProperty("endpoint").GetString());
    }

    [Fact]
    public async Task The_state_comes_back_with_the_code()
    {
        var answer = await application.ChooseAsync(s_maya.ObjectId);

        Assert.Equal("the state", QueryHelpers.ParseQuery(answer.Headers.Location!.Query)["state"]);
    }

    [Fact]
    public async Task A_code_is_good_once()
    {
        var code = await application.CodeForAsync(s_maya);
        await application.RedeemAsync(code);

        var (status, body) = await application.RedeemAsync(code);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("invalid_grant", body.GetProperty("error").GetString());
        Assert.StartsWith("AADSTS54005", body.GetProperty("error_description").GetString());
    }

    [Theory]
    [InlineData("client_secret", "wrong", "invalid_client")]
    [InlineData("client_secret", null, "invalid_client")]
    [InlineData("client_id", "6731de76-14a6-49ae-97bc-6eba6914391e", "invalid_grant")]
    [InlineData("code_verifier", "another-verifier-of-at-least-forty-three-characters", "invalid_grant")]
    [InlineData("code_verifier", null, "invalid_request")]
    [InlineData("redirect_uri", "http://localhost:5080/elsewhere", "invalid_grant")]
    [InlineData("code", "made up", "invalid_grant")]
    [InlineData("grant_type", "password", "unsupported_grant_type")]
    public async Task A_code_with_anything_wrong_about_it_is_refused(string name, string? value, string error)
    {
        var code = await application.CodeForAsync(s_maya);

        var (_, body) = await application.RedeemAsync(code, (name, value));

        Assert.Equal(error, body.GetProperty("error").GetString());
        Assert.False(body.TryGetProperty("id_token", out _));
    }

    [Theory]
    [InlineData("https://evil.example/signin-oidc")]
    [InlineData("http://localhost@evil.example/signin-oidc")]
    [InlineData("http://localhost.evil.example/signin-oidc")]
    [InlineData("http://user@localhost:5080/signin-oidc")]
    [InlineData("http://localhost:5080/signin-oidc#fragment")]
    [InlineData("javascript://localhost/%0aalert(1)")]
    [InlineData("file://localhost/etc/passwd")]
    [InlineData("/signin-oidc")]
    [InlineData(null)]
    public async Task Nobody_is_sent_anywhere_but_to_this_machine(string? address)
    {
        var answer = await application.ChooseAsync(s_maya.ObjectId, ("redirect_uri", address));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
    }

    [Theory]
    [InlineData("client_id", "6731de76-14a6-49ae-97bc-6eba6914391e")]
    [InlineData("client_id", null)]
    [InlineData("code_challenge", null)]
    [InlineData("code_challenge_method", "plain")]
    [InlineData("response_type", "id_token")]
    [InlineData("response_type", "code id_token")]
    [InlineData("response_type", "token")]
    [InlineData("scope", "openid something-else")]
    public async Task A_request_with_anything_wrong_about_it_brings_no_code(string name, string? value)
    {
        var answer = await application.ChooseAsync(s_maya.ObjectId, (name, value));

        Assert.DoesNotContain("code=", answer.Headers.Location?.Query ?? "");
    }

    [Fact]
    public async Task Nobody_is_signed_in_without_being_asked()
    {
        var answer = await application.AskAsync(("prompt", "none"));

        Assert.Equal("login_required", QueryHelpers.ParseQuery(answer.Headers.Location!.Query)["error"]);
    }

    [Fact]
    public async Task Signing_out_leads_back_to_the_application()
    {
        var answer = await SignOutAsync("http://localhost:5080/signout-callback-oidc");

        Assert.Equal("http://localhost:5080/signout-callback-oidc?state=s", answer.Headers.Location!.OriginalString);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("http://localhost@evil.example/")]
    [InlineData("//evil.example/")]
    public async Task Signing_out_leads_nowhere_but_to_this_machine(string address)
    {
        var answer = await SignOutAsync(address);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Null(answer.Headers.Location);
    }

    [Fact]
    public async Task Signing_out_with_nowhere_to_go_says_so()
    {
        using var answer = await application.Http.GetAsync($"{application.Tenant}/oauth2/v2.0/logout", TestContext.Current.CancellationToken);

        Assert.Contains("You are signed out", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private Task<HttpResponseMessage> SignOutAsync(string address) => application.Http.GetAsync(
        QueryHelpers.AddQueryString($"{application.Tenant}/oauth2/v2.0/logout", new Dictionary<string, string?>
        {
            ["client_id"] = Directory.ClientId,
            ["post_logout_redirect_uri"] = address,
            ["state"] = "s",
        }),
        TestContext.Current.CancellationToken);
}
