using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.Sync;
using BoxPortal.Tests.Imports;
using BoxPortal.Tests.Sync;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Groups;

/// <summary>A group of 12,000, of which Box lists 11,000: nothing is concluded from half a list, and the page says what is missing.</summary>
public sealed class LargeGroupTests(LargeGroupTests.Host host) : IClassFixture<LargeGroupTests.Host>
{
    private const int Size = 12_000;

    private PortalHost Portal => host.Portal;

    private Group Large => host.Large;

    [Theory]
    [InlineData(1, 1, 50)]
    [InlineData(220, 220, 50)]
    [InlineData(9_999, 220, 50)]
    public async Task Members_are_leafed_through_as_far_as_Box_lists_them_one_call_a_page(int asked, int page, int rows)
    {
        var before = CallsAbout(Large);

        var shown = await Members.ReadAsync(Large.Id, search: null, asked, PortalHost.Cancellation);

        Assert.Equal((page, rows, BoxGroups.MostListed, Size), (shown.Page, shown.Rows.Count, shown.Total, shown.Members));
        Assert.Equal(1, CallsAbout(Large) - before);
    }

    [Theory]
    [InlineData("Crowd 00007", 1, false)]
    [InlineData("Crowd 11990", 1, false)] // beyond what Box lists
    [InlineData("Crowd 1199", 10, false)]
    [InlineData("Nobody of that name", 0, false)]
    [InlineData("Maya Okafor", 0, false)] // somebody, but no member
    [InlineData("Crowd", 25, true)]
    public async Task A_member_is_found_by_name_wherever_they_are_in_the_list(string search, int found, bool isPartial)
    {
        var before = Portal.Requests.Count;

        var shown = await Members.ReadAsync(Large.Id, search, page: 1, PortalHost.Cancellation);

        Assert.Equal((found, isPartial, Size), (shown.Rows.Count, shown.IsPartial, shown.Members));
        Assert.All(shown.Rows, row => Assert.Contains(search, row.Person.Name, StringComparison.Ordinal));
        Assert.InRange(Portal.Requests.Count - before, 1, 27);
    }

    [Fact]
    public async Task The_page_says_that_the_list_is_not_whole_and_what_to_do_then()
    {
        using var browser = await Portal.SignInAsync(People.Administrator);

        using var page = await browser.GetAsync($"/groups/{Large.Id}");

        Assert.Contains($"<bdi>{Large.Name}</bdi> has 12,000 members. Box lists no more than 11,000; find a person to see whether they are in it.",
            await page.Content.ReadAsStringAsync(PortalHost.Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_explainer_knows_also_whom_Box_does_not_list()
    {
        var last = host.Crowd[^1];

        var reading = await Reader.ReadAsync(last.Id, host.Folder.Id, PortalHost.Cancellation);

        Assert.Equal(Large.Id, Assert.IsType<AccessPath.ThroughGroup>(Assert.Single(reading.Map.PathsTo(last.Id, host.Folder.Id))).Group.Id);
        Assert.Empty(reading.Gaps);
    }

    [Fact]
    public async Task Who_comes_to_a_folder_is_told_with_what_is_missing()
    {
        var reading = await Reader.ReadFolderAsync(host.Folder.Id, PortalHost.Cancellation);

        Assert.Equal([$"Members of {Large.Name} beyond 11,000 are not listed by Box."], reading.Gaps);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)] // more people than groups: these are read instead, but for whom Box does not list
    public async Task A_rehearsal_for_members_whom_Box_does_not_list_is_whole(int people)
    {
        GroupEdit[] edits = [.. host.Crowd.TakeLast(people).Select(user => user.Add(host.Other))];

        var reading = await Reader.ReadForAsync(edits, PortalHost.Cancellation);

        Assert.Empty(reading.Gaps);
        Assert.StartsWith("Nobody's folders", Assert.Single(Rehearsal.Of(reading.Map, reading.Map.After(edits), reading.AppUserIds).Summary), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_deletion_is_refused_in_words_as_nobody_could_say_what_it_means()
    {
        var result = await Portal.DraftAsync(await Portal.SessionOfAsync(People.Administrator), new GroupEdit(GroupAct.DeleteGroup, Large.Id));

        Assert.Contains("has 12,000 members, and Box lists no more than 11,000 of them", Assert.IsType<JobResult.NotNow>(result).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_brake_goes_by_how_many_there_are_and_not_by_how_many_are_listed()
    {
        var plan = await Portal.Services.GetRequiredService<GroupsOfBox>().PlanAsync([.. host.Crowd.TakeLast(5).Select(user => user.Remove(Large))], MembershipSource.Hand, PortalHost.Cancellation);

        Assert.Equal((5, Size), (plan.Changes.Count, plan.Sizes[Large.Id])); // and each is known to be in it
    }

    [Fact]
    public async Task The_sync_adds_and_removes_nobody_on_the_strength_of_half_a_list()
    {
        var people = await Portal.HireAsync(2);
        var source = Portal.NewDirectoryGroup();
        Portal.Fill(source, people);
        var rule = await Portal.RuleAsync(source, Large);
        await Portal.SaveAsync(Why(host.Crowd[0], rule), Why(host.Crowd[^1], rule)); // the directory does not name them any more
        var writes = Portal.Writes();

        Assert.Null(await Portal.SyncAsync());

        Assert.Equal(writes, Portal.Writes());
        Assert.StartsWith("The group has more than 11,000 members, and Box lists no more of them", (await Portal.FindAsync(rule))!.Stopped, StringComparison.Ordinal);
        Assert.Equal(2, (await Portal.SourcesAsync(Large)).Count);
        var report = await Portal.Services.GetRequiredService<Drift>().ReadAsync(PortalHost.Cancellation);
        Assert.Equal([$"{Large.Name} has more than 11,000 members, and Box lists no more of them: it is not compared."], report.Troubles.Select(trouble => trouble.ToString()));
        Assert.DoesNotContain(report.Findings, finding => finding.GroupId == Large.Id);

        MembershipSource Why(User user, SyncRule of) => new()
        {
            GroupId = Large.Id,
            AppUserId = user.Id,
            Source = MembershipSource.OfRule(of.Id),
            Since = DateTimeOffset.UnixEpoch,
            By = "a test",
            Reason = "a test",
        };
    }

    private GroupMembers Members => Portal.Services.GetRequiredService<GroupMembers>();

    private AccessReader Reader => Portal.Services.GetRequiredService<AccessReader>();

    private int CallsAbout(Group group) => Portal.Requests.Count(request => request.Path.StartsWith($"/2.0/groups/{group.Id}/", StringComparison.Ordinal));

    public sealed class Host : IAsyncLifetime
    {
        private readonly List<User> _crowd = [];

        public PortalHost Portal { get; private set; } = null!;

        public Group Large { get; private set; } = null!;

        public Group Other { get; private set; } = null!;

        public Folder Folder { get; private set; } = null!;

        public IReadOnlyList<User> Crowd => _crowd;

        public async ValueTask InitializeAsync() => Portal = await PortalHost.StartRecoveredAsync(new Dictionary<string, string> { ["Sync:EveryMinutes"] = "0" }, plant: Plant).WithAdministratorAsync();

        public ValueTask DisposeAsync() => Portal.DisposeAsync();

        private void Plant(Enterprise enterprise)
        {
            lock (enterprise.Gate)
            {
                Folder = enterprise.AddFolder(enterprise.ServiceAccount.Root, "For the crowd", null, DateTimeOffset.UnixEpoch);
                (Large, Other) = (enterprise.AddGroup("The whole crowd"), enterprise.AddGroup("Another way"));
                enterprise.AddCollaboration(Folder, Large, "editor");
                enterprise.AddCollaboration(Folder, Other, "editor");
                for (var number = 0; number < Size; number++)
                {
                    var user = enterprise.AddAppUser($"Crowd {number:00000}", null);
                    enterprise.AddMembership(user, Large);
                    _crowd.Add(user);
                }
            }
        }
    }
}
