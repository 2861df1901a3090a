using System.Net;
using System.Text;

namespace BoxPortal.Sandbox.Tests.Tokens;

public sealed class TokenEndpointTests : IAsyncLifetime
{
    private RunningSandbox _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await RunningSandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Client_credentials_give_the_service_account_and_app_users_their_tokens()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);

        Assert.NotEmpty(await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount));
        Assert.NotEmpty(await _sandbox.TokenAsync(user));

        Assert.Equal(["enterprise", "user"], _sandbox.Log.Requests.Select(request => request.SubjectType));
        Assert.All(_sandbox.Log.Requests, request => Assert.Equal("client_credentials", request.GrantType));
    }

    [Theory]
    [InlineData("enterprise", Enterprise.Id, "wrong")]
    [InlineData("enterprise", "1", null)]
    [InlineData("user", "1", null)]
    [InlineData("user", Enterprise.Id, null)]
    [InlineData("", "", null)]
    public async Task Client_credentials_are_refused_in_the_same_words_whatever_is_wrong(string type, string id, string? secret)
    {
        using var answer = await _sandbox.PostFormAsync(
            "/oauth2/token",
            ("grant_type", "client_credentials"),
            ("client_id", _sandbox.Enterprise.App.ClientId),
            ("client_secret", secret ?? _sandbox.Enterprise.App.ClientSecret),
            ("box_subject_type", type),
            ("box_subject_id", id));

        await RefusalAsync(answer, "invalid_grant", "Grant credentials are invalid");
    }

    [Fact]
    public async Task An_exchange_needs_no_client_and_no_resource()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);

        using var answer = await _sandbox.ExchangeAsync(await _sandbox.TokenAsync(user), "base_explorer item_preview");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await RunningSandbox.JsonAsync(answer);
        Assert.Empty(body["restricted_to"]!.AsArray());
        Assert.Equal("bearer", body["token_type"]!.GetValue<string>());
        Assert.Equal("urn:ietf:params:oauth:token-type:access_token", body["issued_token_type"]!.GetValue<string>());
        Assert.Equal(["base_explorer", "item_preview"], _sandbox.Log.Requests[^1].IssuedScopes!);
    }

    [Theory]
    [InlineData("https://api.box.com/2.0/folders/{0}")]
    [InlineData("http://localhost:5081/2.0/folders/{0}")]
    public async Task A_resource_is_known_by_its_path_and_told_for_each_scope(string resource)
    {
        var service = _sandbox.Enterprise.ServiceAccount;
        var folder = _sandbox.Enterprise.AddFolder(service.Root, "Tenders");

        using var answer = await _sandbox.ExchangeAsync(
            await _sandbox.TokenAsync(service), "base_explorer item_preview", string.Format(null, resource, folder.Id));

        var restrictions = (await RunningSandbox.JsonAsync(answer))["restricted_to"]!.AsArray();
        Assert.Equal(["base_explorer", "item_preview"], restrictions.Select(each => each!["scope"]!.GetValue<string>()));
        Assert.All(restrictions, each => Assert.Equal((folder.Id, "Tenders"), ((string)each!["object"]!["id"]!, (string)each["object"]!["name"]!)));
    }

    [Theory]
    [InlineData("https://api.box.com/2.0/folders/0")]
    [InlineData("https://api.box.com/2.0/folders/999")]
    [InlineData("https://api.box.com/2.0/files/999")]
    [InlineData("folders/1")]
    public async Task The_root_is_nobodys_resource_nor_is_what_cannot_be_reached(string resource)
    {
        var token = await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount);

        using var answer = await _sandbox.ExchangeAsync(token, "base_explorer", resource);

        await RefusalAsync(answer, "invalid_resource", null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("base_everything")]
    [InlineData("base_explorer enterprise_content")]
    public async Task A_scope_that_is_unknown_or_not_held_is_refused(string scopes)
    {
        using var answer = await _sandbox.ExchangeAsync(await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount), scopes);

        await RefusalAsync(answer, "invalid_scope", null);
    }

    [Fact]
    public async Task A_narrowed_token_never_widens_again()
    {
        var narrow = await _sandbox.DownscopedAsync(_sandbox.Enterprise.ServiceAccount, "base_explorer item_preview");

        using var same = await _sandbox.ExchangeAsync(narrow, "base_explorer");
        using var wider = await _sandbox.ExchangeAsync(narrow, "base_explorer item_delete");

        Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        await RefusalAsync(wider, "invalid_scope", null);
    }

    [Fact]
    public async Task A_token_that_was_revoked_or_has_expired_cannot_be_exchanged()
    {
        var token = await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount);
        _sandbox.Clock.Advance(TimeSpan.FromMinutes(71));

        using var answer = await _sandbox.ExchangeAsync(token, "base_explorer");

        await RefusalAsync(answer, "invalid_grant", null);
    }

    [Fact]
    public async Task Revoking_the_parent_leaves_the_child_alive()
    {
        var parent = await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount);
        var child = (await RunningSandbox.JsonAsync(await _sandbox.ExchangeAsync(parent, "base_explorer")))["access_token"]!.GetValue<string>();

        using var revoked = await _sandbox.PostFormAsync(
            "/oauth2/revoke",
            ("client_id", _sandbox.Enterprise.App.ClientId),
            ("client_secret", _sandbox.Enterprise.App.ClientSecret),
            ("token", parent));

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        Assert.Equal("", await revoked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var again = await _sandbox.ExchangeAsync(parent, "base_explorer");
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        using var ofChild = await _sandbox.ExchangeAsync(child, "base_explorer");
        Assert.Equal(HttpStatusCode.OK, ofChild.StatusCode);
    }

    [Fact]
    public async Task Only_the_client_revokes()
    {
        using var answer = await _sandbox.PostFormAsync("/oauth2/revoke", ("client_id", "x"), ("client_secret", "y"), ("token", "z"));

        await RefusalAsync(answer, "invalid_client", "The client credentials are invalid");
    }

    [Theory]
    [InlineData("application/json", "{}")]
    [InlineData("application/x-www-form-urlencoded", "")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=password")]
    [InlineData("application/x-www-form-urlencoded", "grant_type=%00%ff&grant_type=client_credentials")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7", "grant_type=client_credentials")]
    [InlineData("multipart/form-data", "no boundary")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nbroken")]
    public async Task What_is_not_a_form_with_a_known_grant_is_refused(string type, string body)
    {
        using StringContent content = new(body, Encoding.UTF8);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await _sandbox.Http.PostAsync("/oauth2/token", content, TestContext.Current.CancellationToken);

        await RefusalAsync(answer, "invalid_request", "Invalid grant_type parameter or parameter missing");
    }

    [Fact]
    public async Task The_log_holds_fingerprints_and_never_a_token_or_a_secret()
    {
        var token = await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount);
        (await _sandbox.GetAsync($"/2.0/files/1/content?access_token={token}", null)).Dispose();
        (await _sandbox.PostFormAsync("/oauth2/token", ("grant_type", token), ("client_secret", _sandbox.Enterprise.App.ClientSecret))).Dispose();

        Assert.Equal(Secret.Fingerprint(token), _sandbox.Log.Requests[0].IssuedFingerprint);
        var written = System.Text.Json.JsonSerializer.Serialize(_sandbox.Log.Requests);
        Assert.DoesNotContain(token, written, StringComparison.Ordinal);
        Assert.DoesNotContain(_sandbox.Enterprise.App.ClientSecret, written, StringComparison.Ordinal);
    }

    private static async Task RefusalAsync(HttpResponseMessage answer, string error, string? description)
    {
        var body = await RunningSandbox.JsonAsync(answer);
        Assert.Equal((HttpStatusCode.BadRequest, error), (answer.StatusCode, body["error"]!.GetValue<string>()));
        Assert.Equal(description ?? body["error_description"]!.GetValue<string>(), body["error_description"]!.GetValue<string>());
    }
}
