using System.Net;
using BoxPortal.Sandbox;

namespace BoxPortal.Box.Tests.Tokens;

public sealed class SandboxTokensTests
{
    [Theory]
    [InlineData("Jwt")]
    [InlineData("ClientCredentials")]
    public async Task Both_grants_give_tokens_for_the_service_account_and_for_an_app_user(string authentication)
    {
        await using var box = await SandboxedClient.StartAsync(null, ("Box:Authentication", authentication));
        var user = box.Enterprise.AddAppUser("Ada", "ada");

        await box.Client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);
        await box.Client.Tokens.MintAsync(new BoxSubject.AppUser(user.Id), TestContext.Current.CancellationToken);

        Assert.Equal([box.Enterprise.ServiceAccount.Id, user.Id], box.TokenRequests.Select(request => request.UserId));
    }

    [Fact]
    public async Task A_narrowed_token_has_the_scopes_asked_for_and_no_other()
    {
        await using var box = await SandboxedClient.StartAsync();
        var user = box.Enterprise.AddAppUser("Ada", "ada");
        var parent = await box.Client.Tokens.MintAsync(new BoxSubject.AppUser(user.Id), TestContext.Current.CancellationToken);

        var child = await box.Client.Tokens.DownscopeAsync(parent, ["base_explorer", "item_preview"], TestContext.Current.CancellationToken);

        var exchange = box.TokenRequests.Last();
        Assert.Equal(child.Fingerprint, exchange.IssuedFingerprint);
        Assert.Equal(user.Id, exchange.UserId);
        Assert.Equal(["base_explorer", "item_preview"], exchange.IssuedScopes!.Order());
    }

    [Fact]
    public async Task A_scope_that_the_app_lacks_is_refused()
    {
        await using var box = await SandboxedClient.StartAsync();
        var parent = await box.Client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);

        var fault = await Assert.ThrowsAsync<BoxApiException>(
            () => box.Client.Tokens.DownscopeAsync(parent, ["manage_webhook"], TestContext.Current.CancellationToken));

        Assert.Equal("invalid_scope", fault.Code);
        Assert.NotNull(fault.RequestId);
    }

    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    public async Task A_clock_an_hour_off_costs_one_request_once(int boxIsAheadBySeconds)
    {
        await using var box = await SandboxedClient.StartAsync();
        box.Clock.Advance(TimeSpan.FromSeconds(boxIsAheadBySeconds));

        for (var number = 0; number < 3; number++)
        {
            await box.Client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);
        }

        Assert.Equal([400, 200, 200, 200], box.TokenRequests.Select(request => request.Status));
    }

    [Fact]
    public async Task A_revoked_token_is_replaced_without_anybody_noticing()
    {
        await using var box = await SandboxedClient.StartAsync();
        var token = await box.Client.Get<BoxSubjectTokens>().GetAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);

        await box.Client.Tokens.RevokeAsync(token.Value, TestContext.Current.CancellationToken);
        await box.Users.GetMeAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, box.TokenRequests.Count());
    }

    [Fact]
    public async Task A_subject_that_is_not_there_or_inactive_is_said_to_be_the_reason()
    {
        await using var box = await SandboxedClient.StartAsync();
        var user = box.Enterprise.AddAppUser("Ada", "ada");
        user.Status = "inactive";

        foreach (var id in new[] { user.Id, "12345" })
        {
            var fault = await Assert.ThrowsAsync<BoxApiException>(
                () => box.Client.Tokens.MintAsync(new BoxSubject.AppUser(id), TestContext.Current.CancellationToken));
            Assert.True(fault.IsAboutSubject);
            Assert.False(fault.IsTransient);
        }
    }

    [Fact]
    public async Task An_app_that_is_not_authorised_is_refused_and_not_unreachable()
    {
        await using var box = await SandboxedClient.StartAsync();
        box.Enterprise.App.Authorised = false;

        var refused = Assert.IsType<BoxReachability.Refused>(await box.Client.Get<BoxHealth>().CheckAsync(TestContext.Current.CancellationToken));

        Assert.Equal((HttpStatusCode.BadRequest, "unauthorized_client"), (refused.Fault.Status, refused.Fault.Code));
    }

    [Fact]
    public async Task Two_hundred_first_asks_cause_one_assertion_and_an_hour_later_one_more()
    {
        var clock = new SandboxClock(); // moves with the real one, and at our word
        await using var box = await SandboxedClient.StartAsync(clock);
        var user = box.Enterprise.AddAppUser("Ada", "ada");
        var tokens = box.Client.Get<BoxSubjectTokens>();

        foreach (var mints in new[] { 1, 2, 3 })
        {
            var given = await Task.WhenAll(Enumerable.Range(0, 200).Select(
                _ => Task.Run(() => tokens.GetAsync(new BoxSubject.AppUser(user.Id), TestContext.Current.CancellationToken).AsTask())));

            Assert.Single(given.Distinct());
            Assert.Equal(mints, box.TokenRequests.Count(request => request.Status == 200));
            clock.Advance(TimeSpan.FromHours(2));
            box.Clock.Advance(TimeSpan.FromHours(2));
        }
    }
}
