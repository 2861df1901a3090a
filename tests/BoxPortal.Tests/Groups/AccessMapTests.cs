using BoxPortal.Box;
using BoxPortal.Groups;

namespace BoxPortal.Tests.Groups;

/// <summary>Projects / Heron / Minutes, and HR beside them; Ana and Ben are in Sales, Ana in Tender team too.</summary>
public sealed class AccessMapTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 24, 9, 0, 0, TimeSpan.Zero);

    private readonly List<AccessGroup> _groups = [new("sales", "Sales"), new("team", "Tender team")];
    private readonly List<AccessMembership> _memberships = [new("ana", "sales"), new("ben", "sales", GroupRole.Admin), new("ana", "team")];
    private readonly List<AccessGrant> _grants = [];
    private readonly List<AccessFolder> _folders =
        [new("1", "Projects", "0", "service"), new("2", "Heron", "1", "service"), new("3", "Minutes", "2", "service"), new("9", "HR", null, "service"), new("7", "Own", "0", "ana")];

    private AccessMap Map => new(s_now, _groups, _memberships, _grants, _folders);

    [Fact]
    public void Every_way_is_found_nearest_first()
    {
        Give("team", "1", CollaborationRole.Viewer);
        Give("sales", "2", CollaborationRole.Editor);
        _grants.Add(new AccessGrant("own", "3", "ana", IsToGroup: false, CollaborationRole.Uploader));
        Give("sales", "9", CollaborationRole.Viewer);

        var paths = Map.PathsTo("ana", "3");

        Assert.Equal(["their own access on Minutes: Uploader", "Sales on Heron: Editor", "Tender team on Projects: Viewer"], paths.Select(path => $"{path.Words} on {path.On.Name}: {path.Role}"));
        Assert.Equal(["Heron"], Map.PathsTo("ben", "3").Select(path => path.On.Name));
        Assert.Empty(Map.PathsTo("ben", "1"));
        Assert.Equal(["Own"], Map.PathsTo("ana", "7").Select(path => Assert.IsType<AccessPath.Ownership>(path).On.Name));
    }

    [Theory]
    [InlineData(CollaborationRole.Viewer, CollaborationRole.Uploader, "viewer and uploader")]
    [InlineData(CollaborationRole.Previewer, CollaborationRole.Uploader, "previewer and uploader")]
    [InlineData(CollaborationRole.Viewer, CollaborationRole.Editor, "editor")]
    [InlineData(CollaborationRole.Previewer, CollaborationRole.Viewer, "viewer")]
    [InlineData(CollaborationRole.ViewerUploader, CollaborationRole.PreviewerUploader, "viewer uploader")]
    [InlineData(CollaborationRole.CoOwner, CollaborationRole.Editor, "co-owner")]
    public void Rights_add_up_and_a_lower_role_below_takes_nothing_away(CollaborationRole one, CollaborationRole other, string words)
    {
        foreach (var (above, below) in new[] { (one, other), (other, one) })
        {
            _grants.Clear();
            Give("sales", "1", above);
            Give("team", "2", below);

            var access = Map.AccessTo("ana", "2");

            Assert.Equal((words, one.Rights() | other.Rights()), (access.Words, access.Rights));
        }
    }

    [Fact]
    public void The_root_lists_what_no_listed_folder_holds_and_nothing_hidden_pending_rejected_or_ended()
    {
        Give("sales", "2", CollaborationRole.Viewer);
        Give("team", "3", CollaborationRole.Editor);
        Give("team", "1", CollaborationRole.Editor, grant => grant with { IsAccessOnly = true });
        Give("team", "9", CollaborationRole.Editor, grant => grant with { Status = "pending" });

        Assert.Equal(["Own", "Heron"], Map.RootOf("ana").Select(folder => folder.Name));
        Assert.Equal(["Heron"], Map.RootOf("ben").Select(folder => folder.Name));
        Assert.Equal(GrantFault.Pending, Assert.Single(Map.AllPathsTo("ana", "9")).Fault);
        Assert.False(Assert.Single(Map.PathsTo("ana", "1")).IsListed);

        Give("team", "9", CollaborationRole.Editor, grant => grant with { ExpiresAt = s_now });
        Assert.Equal(GrantFault.Ended, Assert.Single(Map.AllPathsTo("ana", "9")).Fault);
        Give("team", "9", CollaborationRole.Editor, grant => grant with { ExpiresAt = s_now.AddSeconds(1) });
        Assert.Contains("HR", Map.RootOf("ana").Select(folder => folder.Name));
    }

    [Fact]
    public void A_shared_folder_itself_is_not_its_editors_to_delete_or_move()
    {
        Give("sales", "1", CollaborationRole.Editor);

        Assert.False(Map.RightsOn("ana", "1").HasFlag(FolderRights.Delete));
        Assert.True(Map.RightsOn("ana", "2").HasFlag(FolderRights.Delete | FolderRights.Move));
        Assert.True(Map.AccessTo("ana", "1").Rights.HasFlag(FolderRights.Delete)); // of what is in it
    }

    [Fact]
    public void Who_comes_to_a_folder_is_told_to_individuals_with_every_way()
    {
        Give("team", "1", CollaborationRole.Viewer);
        Give("sales", "2", CollaborationRole.Editor);
        _grants.Add(new AccessGrant("own", "2", "cem", IsToGroup: false, CollaborationRole.Viewer));

        var who = Map.WhoComesTo("3");

        Assert.Equal(["ana: Sales, Tender team", "ben: Sales", "cem: their own access", "service: ownership"],
            who.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}: {string.Join(", ", one.Value.Select(path => path.Words))}"));
    }

    [Fact]
    public void Without_one_way_the_others_remain()
    {
        Give("team", "1", CollaborationRole.Viewer);
        Give("sales", "2", CollaborationRole.Editor);
        var map = Map;

        Assert.Equal(["viewer", "editor"], map.PathsTo("ana", "3").Select(path => map.Without(path).AccessTo("ana", "3").Words));
        Assert.Equal("nothing", map.Without(map.PathsTo("ben", "3").Single()).AccessTo("ben", "3").Words);
    }

    [Fact]
    public void After_edits_it_is_as_they_say_and_doing_them_twice_is_doing_them_once()
    {
        Give("sales", "1", CollaborationRole.Viewer);
        Give("team", "9", CollaborationRole.Viewer);
        GroupEdit[] edits =
        [
            new(GroupAct.CreateGroup, "", Name: "Bid desk"),
            new(GroupAct.AddMember, "", "ben", MemberRole: GroupRole.Member),
            new(GroupAct.AddFolder, "", FolderId: "9", FolderRole: CollaborationRole.Editor),
            new(GroupAct.ChangeFolderRole, "sales", FolderId: "1", FolderRole: CollaborationRole.Editor),
            new(GroupAct.ChangeMemberRole, "sales", "ana", MemberRole: GroupRole.Admin),
            new(GroupAct.RemoveMember, "sales", "ben"),
            new(GroupAct.RemoveMember, "sales", "nobody"),
            new(GroupAct.DescribeGroup, "sales", Name: "Sales EMEA"),
            new(GroupAct.DeleteGroup, "team"),
        ];

        foreach (var after in new[] { Map.After(edits), Map.After(edits[..^1]).After(edits[3..]) })
        {
            Assert.Equal(("Bid desk", "editor"), (after.PathsTo("ben", "9").Single().Words, after.AccessTo("ben", "9").Words));
            Assert.Equal(("nothing", "editor", "nothing"), (after.AccessTo("ben", "1").Words, after.AccessTo("ana", "1").Words, after.AccessTo("ana", "9").Words));
            Assert.Equal(("Sales EMEA", GroupRole.Admin), (after.Group("sales").Name, after.MembershipsOf("ana").Single().Role));
        }

        Assert.Equal("viewer", Map.AccessTo("ana", "1").Words); // the map itself is as it was
    }

    [Fact]
    public void Two_groups_that_are_to_be_made_are_told_apart_by_their_names()
    {
        var after = Map.After(
        [
            new(GroupAct.CreateGroup, "", Name: "North"), new(GroupAct.CreateGroup, "", Name: "South"),
            new(GroupAct.AddFolder, "", FolderId: "9", FolderRole: CollaborationRole.Viewer, Name: "north"),
            new(GroupAct.AddMember, "", "cem", Name: "North"), new(GroupAct.AddMember, "", "dana"),
        ]);

        Assert.Equal(("viewer", "nothing"), (after.AccessTo("cem", "9").Words, after.AccessTo("dana", "9").Words));
    }

    [Fact]
    public void Folders_that_lie_in_each_other_are_walked_once()
    {
        _folders.AddRange([new("20", "A", "21"), new("21", "B", "20")]);
        Give("sales", "21", CollaborationRole.Viewer);

        Assert.Equal("viewer", Map.AccessTo("ana", "20").Words);
    }

    private void Give(string groupId, string folderId, CollaborationRole role, Func<AccessGrant, AccessGrant>? alter = null)
    {
        var grant = new AccessGrant($"{groupId} {folderId}", folderId, groupId, IsToGroup: true, role);
        _grants.Add(alter?.Invoke(grant) ?? grant);
    }
}
