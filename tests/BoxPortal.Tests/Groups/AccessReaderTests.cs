using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Groups;

public sealed class AccessReaderTests
{
    [Fact]
    public async Task One_person_and_one_folder_cost_a_call_for_each_folder_and_two_more()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var (maya, standards) = (portal.AppUserOf(People.Maya), FolderAt(portal, "Engineering/Standards"));
        var before = portal.Requests.Count;

        var reading = await Reader(portal).ReadAsync(maya.Id, standards.Id, PortalHost.Cancellation);

        Assert.Equal(4, CallsSince(portal, before));
        var path = Assert.IsType<AccessPath.ThroughGroup>(Assert.Single(reading.Map.PathsTo(maya.Id, standards.Id)));
        Assert.Equal(("Engineering", "Engineering", CollaborationRole.Editor), (path.Group.Name, path.On.Name, path.Role));
        Assert.Equal(maya.Memberships.Single(membership => membership.Group.Name == "Engineering").Id, path.Membership.Id);
        Assert.NotNull(path.Grant.CreatedAt);
        Assert.Empty(reading.Gaps);
    }

    [Fact]
    public async Task All_of_a_person_is_what_their_root_lists()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var maya = portal.AppUserOf(People.Maya);

        var reading = await Reader(portal).ReadPersonAsync(maya.Id, PortalHost.Cancellation);

        Assert.Equal(["Company", "Engineering", "Expense claims", "Heron", "Manuals", "Tenders"], reading.Map.RootOf(maya.Id).Select(folder => folder.Name).Order());
    }

    [Fact]
    public async Task A_folder_is_read_with_everybody_who_comes_to_it_and_their_names()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var buildings = FolderAt(portal, "Company/Buildings");

        var reading = await Reader(portal).ReadFolderAsync(buildings.Id, PortalHost.Cancellation);

        var who = reading.Map.WhoComesTo(buildings.Id);
        Assert.Equal(portal.Enterprise.GroupsByName["Everyone at Larkfield"].Memberships.Count + 1, who.Count); // and the service account, whose it is
        var gwen = portal.Enterprise.UsersByExternalId[BoxPortal.Sandbox.Directory.Named("gwen.achterberg").ExternalAppUserId];
        Assert.Equal(["their own access", "Everyone at Larkfield", "People & Culture"], who[gwen.Id].Select(path => path.Words));
        Assert.Equal(gwen.Name, reading.Names[gwen.Id]);
    }

    [Fact]
    public async Task A_rehearsal_reads_other_ways_to_the_same_folders_and_says_whom_it_is_about()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var (maya, gwen) = (portal.AppUserOf(People.Maya), portal.Enterprise.UsersByExternalId[BoxPortal.Sandbox.Directory.Named("gwen.achterberg").ExternalAppUserId]);
        var everyone = portal.Enterprise.GroupsByName["Everyone at Larkfield"];
        GroupEdit[] edits = [new(GroupAct.RemoveMember, everyone.Id, gwen.Id), new(GroupAct.RemoveMember, everyone.Id, maya.Id), new(GroupAct.DeleteGroup, "12345")];

        var reading = await Reader(portal).ReadForAsync(edits, PortalHost.Cancellation);

        Assert.Equal([gwen.Id, maya.Id], reading.AppUserIds);
        Assert.Equal(["Box has no group 12345."], reading.Gaps);
        var rehearsal = Rehearsal.Of(reading.Map, reading.Map.After(edits), reading.AppUserIds);
        Assert.Contains("1 stays in Company (editor) through People & Culture.", rehearsal.Summary);
        Assert.Contains("1 loses Company.", rehearsal.Summary);
        Assert.Equal(everyone.Collaborations.Select(collaboration => collaboration.Item.Name).Order(), rehearsal.Changes.Where(change => change.AppUserId == maya.Id && change.Kind == FolderChangeKind.Loses).Select(change => change.Folder.Name).Order());
    }

    [Theory]
    [InlineData("nothing else", true)]
    [InlineData("a folder of their own", false)]
    [InlineData("a folder given to them alone", false)]
    [InlineData("a folder below, given to them alone", false)]
    [InlineData("a file of their own", false)]
    [InlineData("a folder given to them alone that is not listed", true)]
    [InlineData("a folder of their own, and nobody can act as them", true)]
    public async Task Who_ends_with_nothing_is_asked_what_else_they_have(string has, bool isTold)
    {
        await using var portal = await PortalHost.StartAsync();
        var enterprise = portal.Enterprise;
        var (person, group, root) = (enterprise.AddAppUser("Somebody", null), enterprise.AddGroup("Visitors"), enterprise.ServiceAccount.Root);
        var (given, other) = (enterprise.AddFolder(root, "Given"), enterprise.AddFolder(root, "Other"));
        enterprise.AddMembership(person, group);
        enterprise.AddCollaboration(given, group, "viewer");
        switch (has)
        {
            case "a folder given to them alone":
                enterprise.AddCollaboration(other, person, "viewer");
                break;
            case "a folder below, given to them alone":
                enterprise.AddCollaboration(enterprise.AddFolder(enterprise.AddFolder(given, "Between"), "Below"), person, "editor");
                break;
            case "a folder given to them alone that is not listed":
                enterprise.AddCollaboration(other, person, "viewer", isAccessOnly: true);
                break;
            case "a file of their own":
                enterprise.AddFile(person.Root, "Notes.txt", "mine"u8.ToArray(), person);
                break;
            case "a folder of their own, and nobody can act as them":
                enterprise.AddFolder(person.Root, "Own", person);
                person.Status = "inactive";
                break;
            case "a folder of their own":
                enterprise.AddFolder(person.Root, "Own", person);
                break;
        }

        GroupEdit[] edits = [new(GroupAct.RemoveMember, group.Id, person.Id)];
        var (rehearsal, reading) = await Reader(portal).RehearseAsync(edits, map => (map, map.After(edits)), PortalHost.Cancellation);

        Assert.Equal(isTold ? [person.Id] : [], rehearsal.WithNothing);
        Assert.Equal(isTold, reading.Gaps.Any(gap => gap.English.StartsWith("Whoever ends with nothing may still reach", StringComparison.Ordinal)));
        Assert.Equal(has.EndsWith("act as them", StringComparison.Ordinal), reading.Gaps.Any(gap => gap.English.EndsWith("where nobody can act as them now.", StringComparison.Ordinal)));
        Assert.Equal(has.StartsWith("a folder below", StringComparison.Ordinal), rehearsal.Changes.Any(change => change.Folder.Name == "Below"));
    }

    [Fact]
    public async Task A_folder_that_belongs_to_somebody_is_read_as_the_app_user_who_is_shown_it_and_for_no_other()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var enterprise = portal.Enterprise;
        var (maya, tomas) = (portal.AppUserOf(People.Maya), portal.AppUserOf(People.Tomas));
        var (shared, own) = (enterprise.AddFolder(tomas.Root, "Shared", tomas), enterprise.AddFolder(maya.Root, "Own", maya));
        enterprise.AddCollaboration(shared, maya, "viewer");

        var direct = await Reader(portal).ReadAsync(maya.Id, shared.Id, PortalHost.Cancellation);
        var owned = await Reader(portal).ReadAsync(maya.Id, own.Id, PortalHost.Cancellation);

        Assert.IsType<AccessPath.Direct>(Assert.Single(direct.Map.PathsTo(maya.Id, shared.Id)));
        Assert.IsType<AccessPath.Ownership>(Assert.Single(owned.Map.PathsTo(maya.Id, own.Id)));
        Assert.Equal(["Box does not show Own to the service account: what is said of it is what this person's app user is shown."], owned.Gaps);
        await Assert.ThrowsAsync<BoxApiException>(() => Reader(portal).ReadAsync(tomas.Id, own.Id, PortalHost.Cancellation));
    }

    [Fact]
    public async Task Of_a_group_too_large_for_Box_to_list_the_first_are_known_and_the_rest_is_said_to_be_missing()
    {
        await using var portal = await PortalHost.StartAsync();
        var enterprise = portal.Enterprise;
        var group = enterprise.AddGroup("All staff");
        lock (enterprise.Gate)
        {
            for (var number = 0; number < BoxGroups.MostListed + 500; number++)
            {
                enterprise.AddMembership(enterprise.AddAppUser($"Somebody {number}", null), group);
            }
        }

        var folder = FolderAt(portal, "Company");
        enterprise.AddCollaboration(folder, group, "viewer");

        var reading = await Reader(portal).ReadFolderAsync(folder.Id, PortalHost.Cancellation);

        Assert.Equal(["Members of All staff beyond 11,000 are not listed by Box."], reading.Gaps);
        Assert.InRange(reading.Map.WhoComesTo(folder.Id).Count, BoxGroups.MostListed, BoxGroups.MostListed + 200);
    }

    private static AccessReader Reader(PortalHost portal) => portal.Services.GetRequiredService<AccessReader>();

    private static int CallsSince(PortalHost portal, int before) => portal.Requests.Skip(before).Count(request => request.Path.StartsWith("/2.0/", StringComparison.Ordinal));

    private static Folder FolderAt(PortalHost portal, string path) =>
        path.Split('/').Aggregate(portal.Enterprise.ServiceAccount.Root, (folder, name) => (Folder)folder.Child(name)!);
}
