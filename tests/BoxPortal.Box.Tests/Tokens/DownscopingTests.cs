namespace BoxPortal.Box.Tests.Tokens;

public sealed class DownscopingTests
{
    private static readonly string[] s_scopes = ["base_explorer", "item_preview"];

    [Fact]
    public async Task A_token_is_narrowed_without_naming_a_resource()
    {
        var clock = FakeTime.Clock();
        await using var box = await CannedBox.StartAsync((_, context) => context.TokenAsync());
        await using var client = new BoxClient(box.Address, clock);
        var parent = new AccessToken(Secrets.NewToken(), clock.GetUtcNow().AddMinutes(1));

        var child = await client.Tokens.DownscopeAsync(parent, s_scopes, TestContext.Current.CancellationToken);

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
                ["subject_token"] = parent.Value,
                ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
                ["scope"] = "base_explorer item_preview",
            },
            box.Requests[0].Form);
        Assert.Equal(s_scopes, child.Scopes);
        Assert.Equal(clock.GetUtcNow().AddSeconds(4123), child.ExpiresAt);
    }

    [Fact]
    public async Task A_token_given_back_as_it_was_is_a_fault()
    {
        var parent = new AccessToken(Secrets.NewToken(), DateTimeOffset.MaxValue);
        await using var box = await CannedBox.StartAsync((_, context) => context.TokenAsync(parent.Value));
        await using var client = new BoxClient(box.Address);

        await Assert.ThrowsAsync<BoxApiException>(
            () => client.Tokens.DownscopeAsync(parent, s_scopes, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData]
    [InlineData("")]
    [InlineData("base_explorer", " ")]
    public async Task No_scope_is_never_asked_for(params string[] scopes)
    {
        await using var box = await CannedBox.StartAsync((_, context) => context.TokenAsync());
        await using var client = new BoxClient(box.Address);
        var parent = new AccessToken(Secrets.NewToken(), DateTimeOffset.MaxValue);

        await Assert.ThrowsAsync<ArgumentException>(
            () => client.Tokens.DownscopeAsync(parent, scopes, TestContext.Current.CancellationToken));

        Assert.Empty(box.Requests);
    }

    [Fact]
    public async Task Revoking_proves_who_we_are_and_needs_no_body()
    {
        await using var box = await CannedBox.StartAsync((_, _) => Task.CompletedTask);
        await using var client = new BoxClient(box.Address);
        var token = Secrets.NewToken();

        await client.Tokens.RevokeAsync(token, TestContext.Current.CancellationToken);

        var request = Assert.Single(box.Requests);
        Assert.Equal("/oauth2/revoke", request.Path);
        Assert.Equal((AppConfigs.ClientId, AppConfigs.ClientSecret, token), (request.Form["client_id"], request.Form["client_secret"], request.Form["token"]));
    }

    [Fact]
    public void Tokens_print_as_fingerprints()
    {
        var value = Secrets.NewToken();

        var full = new AccessToken(value, DateTimeOffset.UnixEpoch);
        var narrowed = new DownscopedToken(value, DateTimeOffset.UnixEpoch, s_scopes);

        Assert.Equal($"AccessToken {full.Fingerprint}, expires 1970-01-01 00:00:00Z", $"{full}");
        Assert.Equal($"DownscopedToken {full.Fingerprint}, expires 1970-01-01 00:00:00Z", $"{narrowed}");
        Assert.Matches("^[0-9a-f]{16}$", full.Fingerprint);
        Assert.Equal("ba7816bf8f01cfea", new AccessToken("abc", default).Fingerprint); // SHA-256's own test vector
    }
}
