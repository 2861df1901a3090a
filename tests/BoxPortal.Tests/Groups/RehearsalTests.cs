using BoxPortal.Box;
using BoxPortal.Groups;

namespace BoxPortal.Tests.Groups;

public sealed class RehearsalTests
{
    private static readonly AccessMap s_map = new(
        new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero),
        [new("sales", "Sales"), new("emea", "Sales EMEA"), new("all", "Everyone")],
        [new("ana", "sales"), new("ben", "sales"), new("cem", "sales"), new("ana", "all"), new("dana", "emea"), new("ben", "emea")],
        [
            Given("sales", "1", CollaborationRole.Editor), Given("emea", "2", CollaborationRole.Viewer), Given("all", "1", CollaborationRole.Editor),
            Given("emea", "3", CollaborationRole.Uploader),
        ],
        [new("1", "Tenders", null), new("2", "HR", null), new("3", "Drop", "4"), new("4", "Inbox", null)]);

    [Fact]
    public void A_move_is_told_in_folders_per_person()
    {
        var rehearsal = Rehearse(
            new(GroupAct.AddMember, "emea", "ana"), new(GroupAct.AddMember, "emea", "ben"), new(GroupAct.AddMember, "emea", "cem"),
            new(GroupAct.RemoveMember, "sales", "ana"), new(GroupAct.RemoveMember, "sales", "ben"), new(GroupAct.RemoveMember, "sales", "cem"));

        Assert.Equal(
            ["3 people change.", "2 gain Drop (uploader).", "2 gain HR (viewer).", "1 stays in Tenders (editor) through Everyone.", "2 lose Tenders."],
            rehearsal.Summary);
        Assert.Equal(
            [("ana", "Tenders", FolderChangeKind.Stays), ("ana", "HR", FolderChangeKind.Gains), ("ana", "Drop", FolderChangeKind.Gains),
             ("ben", "Tenders", FolderChangeKind.Loses), ("cem", "Tenders", FolderChangeKind.Loses), ("cem", "HR", FolderChangeKind.Gains), ("cem", "Drop", FolderChangeKind.Gains)],
            rehearsal.Changes.Select(change => (change.AppUserId, change.Folder.Name, change.Kind)));
        Assert.Equal(3, rehearsal.PeopleChanged);
    }

    [Fact]
    public void Whoever_ends_with_nothing_is_named()
    {
        var rehearsal = Rehearse(new(GroupAct.RemoveMember, "sales", "cem"), new(GroupAct.RemoveMember, "sales", "ben"), new(GroupAct.RemoveMember, "sales", "ana"));

        Assert.Equal(["cem"], rehearsal.WithNothing);
        Assert.Equal(["2 people change.", "1 stays in Tenders (editor) through Everyone.", "2 lose Tenders.", "1 ends with nothing at all."], rehearsal.Summary);
    }

    [Theory]
    [InlineData(CollaborationRole.Editor, FolderChangeKind.Raised, "2 rise in HR from viewer to editor.")]
    [InlineData(CollaborationRole.Previewer, FolderChangeKind.Lowered, "2 fall in HR from viewer to previewer.")]
    [InlineData(CollaborationRole.Uploader, FolderChangeKind.Changed, "2 change in HR from viewer to uploader.")]
    public void Roles_are_compared_by_what_they_allow(CollaborationRole role, FolderChangeKind kind, string words)
    {
        var rehearsal = Rehearse(new GroupEdit(GroupAct.ChangeFolderRole, "emea", FolderId: "2", FolderRole: role));

        Assert.All(rehearsal.Changes, change => Assert.Equal(kind, change.Kind));
        Assert.Equal(["2 people change.", words], rehearsal.Summary);
    }

    [Fact]
    public void A_folder_below_one_that_stays_is_not_lost_and_one_below_what_is_gained_is_not_told()
    {
        var map = s_map.After([new(GroupAct.AddFolder, "sales", FolderId: "4", FolderRole: CollaborationRole.Viewer)]);

        var lost = Rehearsal.Of(map, map.After([new(GroupAct.RemoveFolder, "emea", FolderId: "3")]), ["ana", "ben", "cem", "dana"]);
        var gained = Rehearsal.Of(s_map, map, ["ana"]);

        Assert.Equal([("ben", FolderChangeKind.Lowered), ("dana", FolderChangeKind.Loses)], lost.Changes.Select(change => (change.AppUserId, change.Kind)).Order());
        Assert.Equal(["Inbox"], gained.Changes.Select(change => change.Folder.Name));
    }

    [Fact]
    public void What_changes_nothing_says_so() => Assert.Equal(["Nobody's folders change."], Rehearse(new GroupEdit(GroupAct.AddMember, "all", "ana")).Summary);

    [Fact]
    public void Folders_of_the_same_name_are_told_with_where_they_lie()
    {
        var map = new AccessMap(s_map.At, [], [], [], [new("1", "Drop", null), new("2", "Drop", "3"), new("3", "Inbox", null)]);
        var after = map.After(
        [
            new(GroupAct.CreateGroup, "", Name: "New"), new(GroupAct.AddMember, "", "ana"),
            new(GroupAct.AddFolder, "", FolderId: "1", FolderRole: CollaborationRole.Viewer), new(GroupAct.AddFolder, "", FolderId: "2", FolderRole: CollaborationRole.Viewer),
        ]);

        Assert.Equal(["1 person changes.", "1 gains Drop (viewer).", "1 gains Inbox / Drop (viewer)."], Rehearsal.Of(map, after, ["ana"]).Summary);
    }

    private static Rehearsal Rehearse(params GroupEdit[] edits) => Rehearsal.Of(s_map, s_map.After(edits), ["ana", "ben", "cem", "dana"]);

    private static AccessGrant Given(string groupId, string folderId, CollaborationRole role) => new($"{groupId}{folderId}", folderId, groupId, IsToGroup: true, role);
}
