using BoxPortal.Access;
using BoxPortal.Audit;
using BoxPortal.Groups;
using BoxPortal.Sandbox;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using BoxPortal.Tests.SignIn;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Tests.Access;

/// <summary>Who sees a folder: leafed through and taken away as Box said once, and kept in no circuit.</summary>
public sealed class AudienceTests(RunningPortal host) : IClassFixture<RunningPortal>, IAsyncLifetime
{
    public async ValueTask InitializeAsync() => await Portal.MeetAsync(People.Administrator);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private PortalHost Portal => host.Portal;

    [Fact]
    public async Task The_portals_own_account_is_nobody_on_the_page_and_in_the_file()
    {
        var (folder, _) = Seen(members: 3);
        using var auditor = await Portal.SignInAsync(People.Auditor);

        var audience = await ListAsync(folder, at: null);
        var lines = await ReadFileAsync(auditor, audience);

        Assert.Equal(["Member 1", "Member 2", "Member 3"], audience.People.Select(one => one.Name));
        Assert.Equal((Portal.Enterprise.ServiceAccount.Id, "owner"), (audience.Account?.AppUserId, audience.Account?.Access.Words));
        Assert.Equal(4, lines.Count);
        Assert.Contains($"{Portal.Enterprise.ServiceAccount.Id},the portal's own account,yes,owner", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suspended_people_are_marked_and_listed_last_and_not_counted()
    {
        var (folder, group) = Seen(members: 1);
        Portal.Enterprise.AddMembership(Portal.AppUserOf(People.Suspended), group);
        await Portal.DoAsync(await Portal.SessionOfAsync(People.Administrator), Portal.NewUser().Add(group));
        using var auditor = await Portal.SignInAsync(People.Auditor);

        var audience = await ListAsync(folder, at: null);
        var lines = await ReadFileAsync(auditor, audience);
        await using var circuit = await CircuitClient.ConnectAsync(auditor);
        await circuit.StartCircuitAsync($"/access?folder={folder.Id}");

        Assert.Equal((3, 1, People.Suspended.Name), (audience.People.Count, audience.Suspended, audience.People[^1].Name));
        Assert.Contains(",Suspended,no,viewer,", Assert.Single(lines, line => line.Contains(People.Suspended.Name, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Matches(@",yes,viewer,.*Z,,20\d\d-[^,]*Z$", Assert.Single(lines, line => line.Contains("Member 1", StringComparison.Ordinal))); // in it before that moment
        Assert.Matches(@",yes,viewer,.*Z,20\d\d-[^,]*Z,$", Assert.Single(lines, line => line.Contains("Somebody", StringComparison.Ordinal))); // since that moment
        await circuit.ExpectAsync("Not counted: 1 person suspended");
    }

    [Fact]
    public async Task Another_page_and_the_file_are_of_what_Box_said_first_and_the_same_look()
    {
        var (folder, group) = Seen(members: 60);
        using var auditor = await Portal.SignInAsync(People.Auditor);
        await using var circuit = await CircuitClient.ConnectAsync(auditor);
        await circuit.StartCircuitAsync($"/access?folder={folder.Id}&page=2");
        await circuit.ExpectAsync(">Member 9<"); // the last by name
        var first = await ListAsync(folder, at: null);
        lock (Portal.Enterprise.Gate)
        {
            Portal.Enterprise.AddMembership(Portal.NewUser(), group);
        }

        var asked = Portal.Requests.Count;
        var again = await ListAsync(folder, first.At);
        var lines = await ReadFileAsync(auditor, first);

        Assert.Equal(asked, Portal.Requests.Count);
        Assert.Equal((first.People, 60), (again.People, again.People.Count));
        Assert.Equal(61, lines.Count); // and the portal's own account
        Assert.Equal(2, (await Portal.ReadRecordAsync("charlotte")).Count(entry => entry.Kind == AuditKind.AccessExplained && entry.Detail.Contains($"folder {folder.Id}.", StringComparison.Ordinal)));
        Assert.Equal(61, (await ListAsync(folder, at: null)).People.Count);
    }

    [Fact]
    public void What_is_kept_is_bounded_in_time_and_in_people()
    {
        var clock = new FakeTimeProvider();
        var kept = new KeptAudiences(clock);
        var (small, large) = (Of("1", 10), Of("2", KeptAudiences.MostPeople));

        kept.Keep(small);
        Assert.Same(small, kept.Find("1", small.At));
        Assert.Null(kept.Find("1", small.At.AddTicks(1)));
        kept.Keep(large);

        Assert.Null(kept.Find("1", small.At));
        Assert.Same(large, kept.Find("2", large.At));
        clock.Advance(KeptAudiences.For + TimeSpan.FromTicks(1));
        Assert.Null(kept.Find("2", large.At));

        FolderAudience Of(string folderId, int people) => new(
            new AccessFolder(folderId, "Folder", null), [], [.. Enumerable.Repeat(new FolderReader("1", "Somebody", FolderAccess.None, []), people)], null, [], clock.GetUtcNow());
    }

    private (Folder Folder, Group Group) Seen(int members)
    {
        var ((group, _), folder) = (Portal.NewGroup(members), Portal.NewFolder());
        Portal.Enterprise.AddCollaboration(folder, group, "viewer");
        return (folder, group);
    }

    private async Task<FolderAudience> ListAsync(Folder folder, DateTimeOffset? at) => Assert.IsType<AccessResult.Listed>(
        await Portal.Services.GetRequiredService<AccessExplainer>().ListAsync(await Portal.SessionOfAsync(People.Auditor), folder.Id, at, PortalHost.Cancellation)).Audience;

    /// <summary>Its lines without the heading.</summary>
    private static async Task<IReadOnlyList<string>> ReadFileAsync(Browser browser, FolderAudience audience)
    {
        using var answer = await browser.GetAsync(AccessExport.Address(audience.Page(1)));
        return [.. (await answer.Content.ReadAsStringAsync(PortalHost.Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1)];
    }
}
