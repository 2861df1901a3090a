namespace BoxPortal.Box.Tests.Collaborations;

public sealed class BoxCollaborationsTests
{
    private const string Collaboration = """
        {"type":"collaboration","id":"3","role":"previewer uploader","status":"accepted","accessible_by":{"type":"group","id":"5","name":"Tenders"},
         "item":{"type":"folder","id":"20","name":"Bids"},"is_access_only":false,"expires_at":null,"created_at":"2026-01-02T03:04:05Z"}
        """;

    [Fact]
    public async Task A_group_is_let_into_a_folder_without_a_mail()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(201, Collaboration));
        await using var client = new BoxClient(box.Address);

        var made = await client.Get<BoxCollaborations>().CreateForGroupAsync(
            "20", "5", CollaborationRole.PreviewerUploader, TestContext.Current.CancellationToken);

        var request = box.ApiRequests[0];
        Assert.Equal("""{"role":"previewer uploader","item":{"id":"20","type":"folder"},"accessible_by":{"id":"5","type":"group"}}""", request.Body);
        Assert.Equal("false", request.Query["notify"]);
        Assert.Equal(
            new Collaboration(
                "3", CollaborationRole.PreviewerUploader, "accepted", new("5", "group", "Tenders"), new("20", "folder", "Bids"), false, null,
                new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)),
            made);
    }

    [Theory]
    [InlineData(CollaborationRole.Owner, "owner")]
    [InlineData(CollaborationRole.CoOwner, "co-owner")]
    [InlineData(CollaborationRole.Editor, "editor")]
    [InlineData(CollaborationRole.ViewerUploader, "viewer uploader")]
    [InlineData(CollaborationRole.PreviewerUploader, "previewer uploader")]
    [InlineData(CollaborationRole.Viewer, "viewer")]
    [InlineData(CollaborationRole.Previewer, "previewer")]
    [InlineData(CollaborationRole.Uploader, "uploader")]
    public async Task Every_role_goes_by_the_name_Box_gave_it(CollaborationRole role, string name)
    {
        await using var box = await CannedBox.StartWithTokensAsync(
            (_, context) => context.JsonAsync(200, $$"""{"type":"collaboration","id":"3","role":"{{name}}","status":"accepted"}"""));
        await using var client = new BoxClient(box.Address);

        var changed = await client.Get<BoxCollaborations>().UpdateRoleAsync("3", role, TestContext.Current.CancellationToken);

        Assert.Equal(role, changed.Role);
        Assert.Equal($$"""{"role":"{{name}}"}""", box.ApiRequests[0].Body);
    }

    [Fact]
    public async Task Those_of_a_folder_come_by_marker_and_those_of_a_group_by_offset()
    {
        await using var box = await CannedBox.StartWithTokensAsync((request, context) => context.JsonAsync(
            200,
            request.Query.ContainsKey("offset")
                ? $$"""{"entries":[{{Collaboration}}],"limit":1000,"offset":0,"total_count":1}"""
                : $$"""{"entries":[{{Collaboration}}],"limit":1000,"next_marker":null}"""));
        await using var client = new BoxClient(box.Address);

        var ofFolder = await client.Get<BoxCollaborations>().ListOfFolderAsync("20", subject: null, TestContext.Current.CancellationToken)
            .SingleAsync(TestContext.Current.CancellationToken);
        var ofGroup = await client.Get<BoxGroups>().ListCollaborationsAsync("5", TestContext.Current.CancellationToken)
            .SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ofFolder, ofGroup);
        Assert.Equal(["/2.0/folders/20/collaborations", "/2.0/groups/5/collaborations"], box.ApiRequests.Select(request => request.Path));
    }

    [Fact]
    public async Task An_invitation_of_somebody_unknown_has_neither_person_nor_item()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(
            200, """{"entries":[{"type":"collaboration","id":"3","role":"viewer","status":"pending","accessible_by":null,"item":null}],"next_marker":null}"""));
        await using var client = new BoxClient(box.Address);

        var pending = await client.Get<BoxCollaborations>().ListOfFolderAsync("20", subject: null, TestContext.Current.CancellationToken)
            .SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(("pending", null, null), (pending.Status, pending.AccessibleBy, pending.Item));
    }
}
