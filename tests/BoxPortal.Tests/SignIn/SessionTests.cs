using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Tests.SignIn;

/// <summary>A session ends where it is kept, in the portal: what a browser has kept of it opens nothing any more.</summary>
public sealed class SessionTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private Sessions Sessions => host.Portal.Services.GetRequiredService<Sessions>();

    [Fact]
    public async Task A_cookie_from_before_the_sign_out_opens_nothing_wherever_it_is_shown()
    {
        using var browser = await host.Portal.SignInAsync(People.Maya);
        await browser.TakeTokenAsync();
        using var copy = CopyOf(browser);
        using var otherDevice = await host.Portal.SignInAsync(People.Maya);

        await SignOutAsync(browser);

        await AssertDeadAsync(browser);
        await AssertDeadAsync(copy);
        await AssertLiveAsync(otherDevice);
        var entry = (await host.Portal.ReadRecordAsync(People.Maya.Name))[0];
        Assert.Equal((AuditKind.SignedOut, People.Maya.UserName, "Signed out."), (entry.Kind, entry.Actor, entry.Detail));
    }

    [Fact]
    public async Task Signing_out_twice_is_no_fault()
    {
        using var browser = await host.Portal.SignInAsync(People.Maya);
        using var secondTab = CopyOf(browser);
        var form = new Dictionary<string, string> { ["__RequestVerificationToken"] = await browser.ReadAntiforgeryAsync() };
        await SignOutAsync(browser);

        using var again = await secondTab.PostAsync("/authentication/logout", form);

        Assert.True((int)again.StatusCode < 500);
        await AssertDeadAsync(secondTab);
    }

    [Fact]
    public async Task Signing_in_again_in_the_same_browser_ends_the_session_before()
    {
        using var browser = await host.Portal.SignInAsync(People.Administrator);
        using var copy = CopyOf(browser);

        await browser.SignInAsync(People.Maya);

        await AssertDeadAsync(copy);
        await AssertLiveAsync(browser);
    }

    [Fact]
    public async Task A_restart_of_the_portal_keeps_who_is_signed_in_and_brings_nobody_back()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("boxportal-sessions-").FullName;
        try
        {
            var first = await PortalHost.StartAsync(beside: host.Portal, dataFolder: folder);
            using var maya = await first.SignInAsync(People.Maya);
            using var auditor = await first.SignInAsync(People.Auditor);
            using var signedOut = await first.SignInAsync(People.Tomas);
            using var replayed = CopyOf(signedOut);
            using var suspended = await first.SignInAsync(People.HelpDesk);
            await SignOutAsync(signedOut);
            await first.Services.GetRequiredService<Sessions>().EndAllOfAsync(People.HelpDesk.Id(), "Suspended by a test.");
            await first.DisposeAsync();

            await using var second = await PortalHost.StartAsync(beside: host.Portal, dataFolder: folder, port: first.Address.Port);

            await AssertLiveAsync(maya);
            await AssertDeadAsync(replayed);
            await AssertDeadAsync(suspended);
            using var record = await auditor.GetAsync("/record");
            Assert.Equal(HttpStatusCode.OK, record.StatusCode); // with its roles
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Suspension_ends_every_session_of_that_person_and_no_other()
    {
        using var browser = await host.Portal.SignInAsync(People.HelpDesk);
        using var otherDevice = await host.Portal.SignInAsync(People.HelpDesk);
        using var other = await host.Portal.SignInAsync(People.Auditor);
        var acting = await host.Portal.SessionOfAsync(People.HelpDesk);

        await Sessions.EndAllOfAsync(People.HelpDesk.Id(), "Suspended by Priya Raman: left.");

        await AssertDeadAsync(browser);
        await AssertDeadAsync(otherDevice);
        await AssertLiveAsync(other);
        Assert.Null(Sessions.Find(acting));
        var record = await host.Portal.ReadRecordAsync(People.HelpDesk.Name);
        Assert.All(record.Take(3), entry => Assert.Equal((AuditKind.SignedOut, "Suspended by Priya Raman: left."), (entry.Kind, entry.Detail)));
    }

    [Fact]
    public async Task Whoever_is_suspended_while_signing_in_gets_no_session_out_of_it()
    {
        var employee = People.Administrator.AsEmployee();

        var id = await Sessions.StartAsync(
            employee,
            async _ =>
            {
                await Sessions.EndAllOfAsync(employee.Id, "Suspended by a test.");
                return employee.Roles; // as they were looked up a moment before
            },
            replacedKey: null,
            PortalHost.Cancellation);

        Assert.Null(Sessions.Find(new ClaimsPrincipal(new ClaimsIdentity([new Claim(Sessions.ClaimType, id)]))));
        Assert.DoesNotContain(KeyOf(id), await ReadKeysAsync());
    }

    [Fact]
    public async Task Signing_in_with_fewer_roles_ends_the_sessions_that_have_more()
    {
        var person = BoxPortal.Sandbox.Directory.Named("marek.kowal");
        host.Portal.SetRoles(person, Policies.Roles.Administrator, Policies.Roles.Auditor);
        using var both = await host.Portal.SignInAsync(person);
        host.Portal.SetRoles(person, Policies.Roles.Auditor);
        using var auditor = await host.Portal.SignInAsync(person);
        await AssertDeadAsync(both);

        host.Portal.SetRoles(person, Policies.Roles.HelpDesk, Policies.Roles.Auditor);
        using var more = await host.Portal.SignInAsync(person);

        await AssertLiveAsync(auditor);
        await AssertLiveAsync(more);
        var entry = (await host.Portal.ReadRecordAsync(person.Name)).Single(entry => entry.Kind == AuditKind.SignedOut);
        Assert.Equal((AuditTrail.Portal, "Signed in again with fewer roles."), (entry.Actor, entry.Detail));
    }

    [Fact]
    public async Task The_powers_of_a_principal_end_with_its_session()
    {
        var actor = await host.Portal.SessionOfAsync(People.Administrator);
        var authorization = host.Portal.Services.GetRequiredService<IAuthorizationService>();
        string[] policies = [Policies.Administrator, Policies.ReadPeople, Policies.ReadRecord, Policies.SuggestMatches, Policies.ProveMapping];
        foreach (var policy in policies)
        {
            Assert.True((await authorization.AuthorizeAsync(actor, policy)).Succeeded);
        }

        await Sessions.EndAsync(actor);

        foreach (var policy in policies)
        {
            Assert.False((await authorization.AuthorizeAsync(actor, policy)).Succeeded);
        }

        var act = await host.Portal.Services.GetRequiredService<AppUserChanges>().AskAsync(actor, AppUserAct.Unmap, People.Tomas.Id(), "");
        Assert.IsType<MappingResult.NotAllowed>(act);
    }

    [Fact]
    public async Task Components_learn_that_their_session_has_ended()
    {
        var actor = await host.Portal.SessionOfAsync(People.Administrator);
        await using var circuit = host.Portal.Services.CreateAsyncScope();
        var provider = circuit.ServiceProvider.GetRequiredService<AuthenticationStateProvider>();
        ((IHostEnvironmentAuthenticationStateProvider)provider).SetAuthenticationState(Task.FromResult(new AuthenticationState(actor)));
        var changed = new TaskCompletionSource<Task<AuthenticationState>>();
        provider.AuthenticationStateChanged += changed.SetResult;
        Assert.Same(actor, (await provider.GetAuthenticationStateAsync()).User);

        await Sessions.EndAsync(actor);

        var state = await changed.Task.WaitAsync(TimeSpan.FromSeconds(5), PortalHost.Cancellation);
        Assert.Null((await state).User.Identity);
    }

    [Fact]
    public async Task A_session_ends_eight_hours_after_the_last_thing_its_person_did()
    {
        var clock = PassingTime.StoppedClock();
        await using var portal = await PortalHost.StartAsync(clock: clock);
        using var browser = await portal.SignInAsync(People.Maya);
        await browser.ReadAntiforgeryAsync();
        clock.Advance(TimeSpan.FromHours(3));
        await AssertLiveAsync(browser);

        clock.Advance(TimeSpan.FromHours(7));
        await AssertStreamOpensAsync(browser);
        clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        await AssertStreamOpensAsync(browser);
        clock.Advance(TimeSpan.FromSeconds(1));

        await AssertDeadAsync(browser);
        await ExpectInRecordAsync(portal, "Nothing was done for 8 hours.", clock);
    }

    [Fact]
    public async Task A_session_ends_at_its_longest_life_whatever_its_person_does()
    {
        var clock = PassingTime.StoppedClock();
        await using var portal = await PortalHost.StartAsync(new Dictionary<string, string> { ["Sessions:Lifetime"] = "02:30:00" }, clock);
        using var browser = await portal.SignInAsync(People.Maya);
        for (var hour = 0; hour < 2; hour++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            await AssertLiveAsync(browser);
        }

        clock.Advance(TimeSpan.FromMinutes(30));

        await AssertDeadAsync(browser);
        await ExpectInRecordAsync(portal, "The session reached its longest life (Sessions:Lifetime).", clock);
    }

    [Fact]
    public async Task A_restart_does_not_wake_who_has_left()
    {
        var clock = PassingTime.StoppedClock();
        var folder = System.IO.Directory.CreateTempSubdirectory("boxportal-idle-").FullName;
        try
        {
            var first = await PortalHost.StartAsync(beside: host.Portal, dataFolder: folder, clock: clock);
            using var browser = await first.SignInAsync(People.Maya);
            clock.Advance(TimeSpan.FromHours(3));
            await AssertLiveAsync(browser);
            clock.Advance(TimeSpan.FromMinutes(6));
            await PassingTime.UntilAsync(async () => (await ReadSessionsAsync(first)).Single().ActiveAt > clock.GetUtcNow().AddHours(-1));
            await first.DisposeAsync();

            await using var second = await PortalHost.StartAsync(beside: host.Portal, dataFolder: folder, clock: clock, port: first.Address.Port);
            clock.Advance(TimeSpan.FromHours(7));
            await AssertStreamOpensAsync(browser);
            clock.Advance(TimeSpan.FromHours(1));
            await AssertDeadAsync(browser);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_session_is_over_even_if_the_database_does_not_take_its_end()
    {
        await using var portal = await PortalHost.StartAsync(beside: host.Portal);
        using var browser = await portal.SignInAsync(People.Maya);
        await using (var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation))
        {
            await db.Database.ExecuteSqlRawAsync("DROP TABLE AuditEntries", PortalHost.Cancellation);
        }

        await Assert.ThrowsAsync<DbUpdateException>(() => portal.Services.GetRequiredService<Sessions>().EndAllOfAsync(People.Maya.Id(), "Suspended by a test."));

        await AssertDeadAsync(browser);
    }

    [Fact]
    public async Task The_database_holds_no_session_id()
    {
        var id = (await host.Portal.SessionOfAsync(People.Maya)).FindFirstValue(Sessions.ClaimType)!;

        Assert.Equal(43, id.Length); // 32 random bytes
        Assert.Contains(KeyOf(id), await ReadKeysAsync());
        Assert.DoesNotContain(id, await ReadKeysAsync());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/people")]
    [InlineData("/record")]
    [InlineData("/about")]
    [InlineData("/nowhere")]
    [InlineData("/signed-out")]
    [InlineData("/explorer/changes")]
    [InlineData("/_blazor/initializers")]
    public async Task No_answer_to_somebody_signed_in_is_kept_by_the_browser(string path)
    {
        using var browser = await host.Portal.SignInAsync(People.Administrator);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/html, text/event-stream");

        using var answer = await browser.SendAsync(request, wholeAnswer: false);

        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
    }

    [Fact]
    public async Task Files_that_are_everybodys_are_kept_by_the_browser()
    {
        using var browser = await host.Portal.SignInAsync(People.Administrator);

        using var answer = await browser.GetAsync("/favicon.svg");

        Assert.True(answer is { StatusCode: HttpStatusCode.OK, Headers.CacheControl.NoStore: false });
    }

    [Fact]
    public async Task Signing_out_leaves_the_browsers_cache_alone()
    {
        using var browser = await host.Portal.SignInAsync(People.Maya);

        using var answer = await SignOutAsync(browser);

        // Chromium would hold the next page back for seconds, and everything of a person is no-store anyway.
        Assert.False(answer.Headers.Contains("Clear-Site-Data"));
    }

    /// <summary>Another device, or a thief, with everything that this browser has now.</summary>
    private static Browser CopyOf(Browser browser)
    {
        var copy = new Browser(browser.Address);
        foreach (var (key, value) in browser.Cookies.Jar)
        {
            copy.Cookies.Jar[key] = value;
        }

        return copy;
    }

    private static async Task<HttpResponseMessage> SignOutAsync(Browser browser) =>
        await browser.PostAsync("/authentication/logout", new() { ["__RequestVerificationToken"] = await browser.ReadAntiforgeryAsync() });

    private static async Task AssertLiveAsync(Browser browser)
    {
        using var page = await browser.GetAsync("/");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
    }

    private static async Task AssertDeadAsync(Browser browser)
    {
        using var page = await browser.GetAsync("/");
        using var stream = await OpenStreamAsync(browser);
        using var token = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/explorer/token"));
        using var circuit = await browser.GetAsync("/_blazor/initializers");
        Assert.Equal(
            (HttpStatusCode.Redirect, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized),
            (page.StatusCode, stream.StatusCode, token.StatusCode, circuit.StatusCode));
    }

    /// <summary>An open page asks for it by itself, again and again, whether anybody is there or not.</summary>
    private static async Task AssertStreamOpensAsync(Browser browser)
    {
        using var stream = await OpenStreamAsync(browser);
        Assert.Equal(HttpStatusCode.OK, stream.StatusCode);
    }

    private static Task<HttpResponseMessage> OpenStreamAsync(Browser browser) =>
        browser.SendAsync(new HttpRequestMessage(HttpMethod.Get, "/explorer/changes"), wholeAnswer: false);

    /// <summary>The portal itself goes round now and then and closes what is over.</summary>
    private static Task ExpectInRecordAsync(PortalHost portal, string detail, FakeTimeProvider clock) => PassingTime.UntilAsync(async () =>
    {
        clock.Advance(TimeSpan.FromSeconds(10));
        return (await portal.ReadRecordAsync(People.Maya.Name)).Any(entry => entry.Kind == AuditKind.SignedOut && entry.Detail == detail);
    });

    private static string KeyOf(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private async Task<List<string>> ReadKeysAsync() => [.. (await ReadSessionsAsync(host.Portal)).Select(session => session.Key)];

    private static async Task<List<Session>> ReadSessionsAsync(PortalHost portal)
    {
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation);
        return await db.Set<Session>().AsNoTracking().ToListAsync(PortalHost.Cancellation);
    }
}
