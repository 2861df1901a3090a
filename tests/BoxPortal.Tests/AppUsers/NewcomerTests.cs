using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

public sealed class NewcomerTests
{
    private static readonly Dictionary<string, string> s_automatic = new()
    {
        ["AppUsers:Newcomers"] = "Automatic",
        ["AppUsers:SpaceInBytes"] = "5368709120",
        ["AppUsers:Language"] = "de",
    };

    [Fact]
    public async Task Where_the_policy_is_off_a_newcomer_is_unmapped_and_nobody_is_told()
    {
        await using var portal = await PortalHost.StartRecoveredAsync(new Dictionary<string, string> { ["AppUsers:Newcomers"] = "Off" });
        using var browser = await portal.SignInAsync(People.Newcomer);

        var refusal = await browser.TakeRefusalAsync();

        Assert.Equal("not-mapped", refusal.State);
        var mapping = await FindAsync(portal, People.Newcomer);
        Assert.Equal((MappingState.Unmapped, null), (mapping.State, mapping.WaitingSince));
        Assert.DoesNotContain(People.Newcomer.ExternalAppUserId, portal.Enterprise.UsersByExternalId.Keys);
    }

    [Fact]
    public async Task Where_the_policy_is_to_ask_a_newcomer_waits_and_no_app_user_is_made()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        using var browser = await portal.SignInAsync(People.Newcomer);

        var refusal = await browser.TakeRefusalAsync();

        Assert.Equal("not-mapped", refusal.State);
        var mapping = await FindAsync(portal, People.Newcomer);
        Assert.Equal(MappingState.Waiting, mapping.State);
        Assert.NotNull(mapping.WaitingSince);
        Assert.Equal(refusal.Reference, mapping.Reference);
        Assert.Equal("/2.0/users", Assert.Single(portal.Requests.Where(request => request.Path.StartsWith("/2.0/users", StringComparison.Ordinal)).Select(request => request.Path.Split('?')[0]).Distinct()));
        Assert.DoesNotContain(portal.Requests, request => request.Method == "POST" && request.Path.StartsWith("/2.0/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_the_policy_is_automatic_racing_tabs_make_one_app_user_as_configured()
    {
        await using var portal = await PortalHost.StartRecoveredAsync(s_automatic);
        var tabs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => portal.SignInAsync(People.Newcomer)));
        await Task.WhenAll(tabs.Select(tab => tab.ReadAntiforgeryAsync()));

        var tokens = await Task.WhenAll(Enumerable.Range(0, 40).Select(ask => tabs[ask % tabs.Length].TakeTokenAsync()));

        Assert.Single(tokens.Distinct());
        var user = portal.AppUserOf(People.Newcomer);
        Assert.Equal((People.Newcomer.Name, "de", 5368709120, true, "active"), (user.Name, user.Language, user.SpaceAmount, user.IsPlatformAccessOnly, user.Status));
        Assert.Equal(user.Id, await portal.WhoActsWithAsync(tokens[0]));
        Assert.Single(Creations(portal));
        Assert.Single(portal.Enterprise.Users.Values, other => other.Name == People.Newcomer.Name);
        Assert.Single(await portal.ReadRecordAsync(user.Id), entry => entry.Kind == AuditKind.AppUserCreated);
    }

    [Fact]
    public async Task An_app_user_whose_making_was_not_acknowledged_is_found_again_and_not_made_twice()
    {
        await using var portal = await PortalHost.StartRecoveredAsync(s_automatic);
        using var browser = await portal.SignInAsync(People.Newcomer);
        await portal.SpoilAsync(new { path = "/2.0/users", method = "POST", mode = "applyThenReset" });

        var token = await browser.TakeTokenAsync();

        Assert.Equal(portal.AppUserOf(People.Newcomer).Id, await portal.WhoActsWithAsync(token));
        Assert.Single(portal.Enterprise.Users.Values, other => other.Name == People.Newcomer.Name);
        Assert.Single(Creations(portal));
    }

    [Fact]
    public async Task A_making_that_Box_did_not_hear_of_is_refused_and_made_up_for_at_the_next_ask()
    {
        await using var portal = await PortalHost.StartRecoveredAsync(s_automatic);
        using var browser = await portal.SignInAsync(People.Newcomer);
        await portal.SpoilAsync(new { path = "/2.0/users", method = "POST", mode = "reset" });

        var refusal = await browser.TakeRefusalAsync();
        var token = await browser.TakeTokenAsync();

        Assert.Equal("box-unavailable", refusal.State);
        Assert.Equal(portal.AppUserOf(People.Newcomer).Id, await portal.WhoActsWithAsync(token));
        Assert.Single(portal.Enterprise.Users.Values, other => other.Name == People.Newcomer.Name);
    }

    [Fact]
    public async Task A_portal_that_died_between_making_and_saving_finds_the_app_user_when_it_is_back()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("boxportal-test-").FullName;
        try
        {
            await using var sandboxKeeper = await PortalHost.StartRecoveredAsync();
            string made;
            await using (var dying = await PortalHost.StartRecoveredAsync(s_automatic, dataFolder: folder, beside: sandboxKeeper))
            {
                using var before = await dying.SignInAsync(People.Newcomer);
                await before.ReadAntiforgeryAsync();
                // What was saved up to here is all that outlives the process.
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                await CopyAsync(folder, $"{folder}-kept");
                await before.TakeTokenAsync();
                made = dying.AppUserOf(People.Newcomer).Id;
            }

            await using var back = await PortalHost.StartAsync(s_automatic, dataFolder: $"{folder}-kept", beside: sandboxKeeper);
            using var browser = await back.SignInAsync(People.Newcomer);
            var token = await browser.TakeTokenAsync();

            Assert.Equal(made, await back.WhoActsWithAsync(token));
            Assert.Single(back.Enterprise.Users.Values, other => other.Name == People.Newcomer.Name);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            System.IO.Directory.Delete(folder, recursive: true);
            System.IO.Directory.Delete($"{folder}-kept", recursive: true);
        }
    }

    [Fact]
    public async Task Two_portals_that_make_the_same_app_user_at_once_end_with_one()
    {
        await using var first = await PortalHost.StartRecoveredAsync(s_automatic);
        await using var second = await PortalHost.StartRecoveredAsync(s_automatic, beside: first);
        using var here = await first.SignInAsync(People.Newcomer);
        using var there = await second.SignInAsync(People.Newcomer);
        await Task.WhenAll(here.ReadAntiforgeryAsync(), there.ReadAntiforgeryAsync());
        // Both have looked and found nobody before either has made one.
        await first.SpoilAsync(new { path = "/2.0/users", method = "POST", delayMs = 300, times = 2 });

        var tokens = await Task.WhenAll(here.TakeTokenAsync(), there.TakeTokenAsync());

        var made = portalUser(first);
        Assert.Single(first.Enterprise.Users.Values, other => other.Name == People.Newcomer.Name);
        Assert.All(await Task.WhenAll(tokens.Select(first.WhoActsWithAsync)), id => Assert.Equal(made, id));

        static string portalUser(PortalHost portal) => portal.AppUserOf(People.Newcomer).Id;
    }

    [Fact]
    public async Task A_name_longer_than_Box_takes_is_cut_for_Box_only()
    {
        await using var portal = await PortalHost.StartRecoveredAsync(s_automatic);
        var person = People.Newcomer with { ObjectId = Guid.NewGuid(), Name = $"{new string('n', 49)}🦊{new string('n', 20)}", UserName = "long@larkfield.example" };
        portal.Directory.Replace([.. portal.Directory.Everyone, person]);
        using var browser = await portal.SignInAsync(person);

        await browser.TakeTokenAsync();

        Assert.Equal(new string('n', 49), portal.AppUserOf(person).Name);
        Assert.Equal(person.Name, (await FindAsync(portal, person)).Name);
    }

    private static IEnumerable<SeenRequest> Creations(PortalHost portal) =>
        portal.Requests.Where(request => request.Method == "POST" && request.Path.StartsWith("/2.0/users", StringComparison.Ordinal));

    private static async Task<AppUserMapping> FindAsync(PortalHost portal, Person person) =>
        (await portal.Services.GetRequiredService<AppUserDirectory>().FindAsync(person.Id(), PortalHost.Cancellation))!;

    private static async Task CopyAsync(string from, string to)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            await using var source = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            await using var copy = File.Create(target);
            await source.CopyToAsync(copy, PortalHost.Cancellation);
        }
    }
}
