using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Sandbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Tests.Tokens;

public sealed class TokenRefusalTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task Somebody_who_waits_is_told_so_and_Box_is_not_asked()
    {
        using var browser = await host.Portal.SignInAsync(People.Newcomer);
        await browser.ReadAntiforgeryAsync();
        var before = host.Portal.Requests.Count;

        var refusal = await browser.TakeRefusalAsync();

        Assert.Equal((403, "not-mapped"), (refusal.Status, refusal.State));
        Assert.Empty(host.Portal.Requests.Skip(before));
        await AssertRecordedAsync(refusal, People.Newcomer, AuditKind.TokenRefused, AuditKind.Waiting);
    }

    [Fact]
    public async Task Somebody_suspended_is_told_so_and_Box_is_not_asked()
    {
        using var browser = await host.Portal.SignInAsync(People.Suspended);
        await browser.ReadAntiforgeryAsync();
        var before = host.Portal.Requests.Count;

        var refusal = await browser.TakeRefusalAsync();

        Assert.Equal((403, "suspended"), (refusal.Status, refusal.State));
        Assert.Empty(host.Portal.Requests.Skip(before));
        await AssertRecordedAsync(refusal, People.Suspended, AuditKind.TokenRefused);
    }

    [Theory]
    [InlineData("andrei.popescu", "suspended", MappingState.Suspended)]
    [InlineData("rosa.delgado", "app-user-gone", MappingState.Orphaned)]
    [InlineData("emeka.nwosu", "foreign", MappingState.Foreign)]
    public async Task What_Box_says_of_the_app_user_is_found_out_once_and_kept(string userName, string state, MappingState kept)
    {
        var person = BoxPortal.Sandbox.Directory.Named(userName);
        using var browser = await host.Portal.SignInAsync(person);
        await browser.ReadAntiforgeryAsync();
        var user = host.Portal.AppUserOf(person);
        switch (kept)
        {
            case MappingState.Suspended: user.Status = "inactive"; break;
            case MappingState.Orphaned: host.Portal.Enterprise.Remove(user); break;
            default: user.IsOfAnotherApp = true; break;
        }

        var first = await browser.TakeRefusalAsync();
        var before = host.Portal.Requests.Count;
        var second = await browser.TakeRefusalAsync();

        Assert.Equal((403, state), (first.Status, first.State));
        Assert.Equal(first, second);
        Assert.Empty(host.Portal.Requests.Skip(before));
        Assert.Equal(kept, (await host.Portal.Services.GetRequiredService<AppUserDirectory>().FindAsync(person.Id(), PortalHost.Cancellation))!.State);
        await AssertRecordedAsync(first, person, AuditKind.TokenRefused, AuditKind.MappingBroken);
        var broken = (await host.Portal.ReadRecordAsync(first.Reference)).First(entry => entry.Kind == AuditKind.MappingBroken);
        Assert.Equal("invalid_grant", broken.BoxCode);
        Assert.Equal(user.Id, broken.AppUserId);
    }

    [Fact]
    public async Task An_app_that_Box_refuses_altogether_marks_nobody()
    {
        var person = BoxPortal.Sandbox.Directory.Named("kirsten.moller");
        using var browser = await host.Portal.SignInAsync(person);
        await browser.ReadAntiforgeryAsync();

        host.Portal.Enterprise.App.UserAccessTokensEnabled = false;
        Browser.Refusal refusal;
        try
        {
            refusal = await browser.TakeRefusalAsync();
        }
        finally
        {
            host.Portal.Enterprise.App.UserAccessTokensEnabled = true;
        }

        Assert.Equal((503, "box-unavailable"), (refusal.Status, refusal.State));
        await AssertRecordedAsync(refusal, person, AuditKind.TokenRefused);
        Assert.Equal(host.Portal.AppUserOf(person).Id, await host.Portal.WhoActsWithAsync(await browser.TakeTokenAsync()));
    }

    private async Task AssertRecordedAsync(Browser.Refusal refusal, Person person, params AuditKind[] kinds)
    {
        var entries = await host.Portal.ReadRecordAsync(refusal.Reference);
        Assert.All(entries, entry => Assert.Equal(person.ObjectId, entry.ObjectId));
        Assert.Superset(kinds.ToHashSet(), entries.Select(entry => entry.Kind).ToHashSet());
        Assert.All(entries, entry => Assert.Null(entry.TokenFingerprint));
    }
}

/// <summary>Box at its worst, with a portal whose clock the test moves: pauses between tries cost no time.</summary>
public sealed class UnavailableBoxTests(UnavailableBoxTests.Host host) : IClassFixture<UnavailableBoxTests.Host>
{
    [Theory]
    [InlineData("reset", null)]
    [InlineData("html", null)]
    [InlineData("empty", null)]
    [InlineData("truncate", null)]
    [InlineData("status", 500)]
    [InlineData("status", 503)]
    [InlineData("status", 429)]
    [InlineData("html", 502)]
    public async Task No_token_comes_of_an_answer_that_is_none_and_the_next_ask_is_served(string mode, int? status)
    {
        var person = BoxPortal.Sandbox.Directory.People.Where(person => person.SignInNote is null).ElementAt(host.Next());
        using var browser = await host.Portal.SignInAsync(person);
        await browser.ReadAntiforgeryAsync();

        await host.Portal.SpoilAsync(new { path = "/oauth2/token", mode, status, times = 500 });
        var refusal = await browser.TakeRefusalAsync(host.Clock.PassUntilAsync(browser.AskForTokenAsync()));
        await host.Portal.MendAsync();
        // Where the client leaves a failing Box alone for a while, that while passes.
        await PassingTime.UntilAsync(async () =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(6));
            using var answer = await host.Clock.PassUntilAsync(browser.AskForTokenAsync());
            return answer.IsSuccessStatusCode;
        });

        Assert.Equal((503, "box-unavailable"), (refusal.Status, refusal.State));
        var entry = Assert.Single(await host.Portal.ReadRecordAsync(refusal.Reference));
        Assert.Equal((AuditKind.TokenRefused, person.ObjectId), (entry.Kind, entry.ObjectId));
        Assert.Equal(host.Portal.AppUserOf(person).Id, await host.Portal.WhoActsWithAsync(await browser.TakeTokenAsync()));
    }

    [Fact]
    public async Task How_long_Box_wants_to_be_left_alone_reaches_the_page()
    {
        var person = BoxPortal.Sandbox.Directory.People.Where(person => person.SignInNote is null).ElementAt(host.Next());
        using var browser = await host.Portal.SignInAsync(person);
        await browser.ReadAntiforgeryAsync();

        await host.Portal.SpoilAsync(new { path = "/oauth2/token", status = 429, retryAfter = 77 });
        var refusal = await browser.TakeRefusalAsync(host.Clock.PassUntilAsync(browser.AskForTokenAsync()));
        await host.Portal.MendAsync();

        Assert.Equal((503, "box-unavailable", 77), (refusal.Status, refusal.State, refusal.RetryAfterSeconds));
    }

    [Fact]
    public async Task At_half_of_all_calls_failing_everybody_is_served_in_the_end()
    {
        var people = BoxPortal.Sandbox.Directory.People.Where(person => person.SignInNote is null).Skip(30).Take(10).ToList();
        var browsers = await Task.WhenAll(people.Select(host.Portal.SignInAsync));
        await Task.WhenAll(browsers.Select(browser => browser.ReadAntiforgeryAsync()));

        for (var fault = 0; fault < 10; fault++)
        {
            await host.Portal.SpoilAsync(new { path = "/oauth2/token", mode = (string[])["reset", "html", "status", "truncate", "empty"] is var modes ? modes[fault % 5] : "" });
        }

        var tokens = await host.Clock.PassUntilAsync(Task.WhenAll(browsers.Select(browser => browser.TakeTokenAsync())));
        await host.Portal.MendAsync();

        foreach (var (person, token) in people.Zip(tokens))
        {
            Assert.Equal(host.Portal.AppUserOf(person).Id, await host.Portal.WhoActsWithAsync(token));
        }
    }

    public sealed class Host : IAsyncLifetime
    {
        private int _next;

        public PortalHost Portal { get; private set; } = null!;

        public FakeTimeProvider Clock { get; } = PassingTime.StoppedClock();

        /// <summary>Whose turn it is: nobody twice, so that no token is in memory yet.</summary>
        public int Next() => _next++;

        public async ValueTask InitializeAsync() => Portal = await PortalHost.StartRecoveredAsync(clock: Clock);

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }
}
