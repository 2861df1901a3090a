namespace BoxPortal.Box.Tests.Health;

public sealed class BoxHealthTests
{
    [Fact]
    public async Task A_Box_that_knows_us_is_reachable()
    {
        await using var box = await CannedBox.StartWithTokensAsync(
            (request, context) => request.Path == "/2.0/users/me" ? context.UserAsync("99") : context.ErrorAsync(404, "not_found"));
        await using var client = new BoxClient(box.Address);

        Assert.Equal(new BoxReachability.Reachable("99"), await CheckAsync(client));
    }

    [Fact]
    public async Task A_Box_that_does_not_accept_our_key_refuses_us()
    {
        await using var box = await CannedBox.StartAsync((_, context) => context.OAuthErrorAsync("invalid_grant", "OpenSSL unable to verify data: "));
        await using var client = new BoxClient(box.Address);

        var refused = Assert.IsType<BoxReachability.Refused>(await CheckAsync(client));

        Assert.Equal("invalid_grant", refused.Fault.Code);
    }

    [Fact]
    public async Task A_Box_that_is_not_there_is_unreachable()
    {
        var clock = FakeTime.Clock();
        await using var client = new BoxClient(new("http://127.0.0.1:1"), clock);

        Assert.IsType<BoxReachability.Unreachable>(await clock.PassAsync(CheckAsync(client)));
    }

    [Fact]
    public async Task A_token_from_before_does_not_hide_that_Box_is_gone()
    {
        var clock = FakeTime.Clock();
        var box = await CannedBox.StartWithTokensAsync((_, context) => context.UserAsync());
        await using var client = new BoxClient(box.Address, clock);
        await CheckAsync(client);
        await box.DisposeAsync();

        Assert.IsType<BoxReachability.Unreachable>(await clock.PassAsync(CheckAsync(client)));
    }

    private static Task<BoxReachability> CheckAsync(BoxClient client) => client.Get<BoxHealth>().CheckAsync(TestContext.Current.CancellationToken);
}
