namespace BoxPortal.Box.Tests.Groups;

public sealed class BoxGroupsTests
{
    private const string Group = """
        {"type":"group","id":"5","name":"Tenders","description":"Who bids","provenance":"BoxPortal","external_sync_identifier":null,
         "invitability_level":"admins_only","member_viewability_level":"admins_and_members","created_at":"2026-01-02T03:04:05-08:00"}
        """;

    private const string Membership =
        """{"type":"group_membership","id":"9","user":{"type":"user","id":"7","name":"Ada","login":"a@b"},"group":{"type":"group","id":"5","name":"Tenders"},"role":"member"}""";

    [Fact]
    public async Task A_group_is_made_changed_and_read()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(200, Group));
        await using var client = new BoxClient(box.Address);
        var groups = client.Get<BoxGroups>();

        await groups.CreateAsync(new() { Name = "Tenders", InvitabilityLevel = GroupAudience.AdminsOnly }, TestContext.Current.CancellationToken);
        await groups.UpdateAsync("5", new() { Description = "" }, TestContext.Current.CancellationToken);
        var group = await groups.GetAsync("5", TestContext.Current.CancellationToken);

        Assert.Equal("""{"name":"Tenders","invitability_level":"admins_only"}""", box.ApiRequests[0].Body);
        Assert.Equal("""{"description":""}""", box.ApiRequests[1].Body);
        Assert.Equal(
            new BoxGroup(
                "5", "Tenders", "Who bids", "BoxPortal", null, GroupAudience.AdminsOnly, GroupAudience.AdminsAndMembers,
                new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(-8))),
            group);
    }

    [Fact]
    public async Task Members_are_listed_from_both_sides()
    {
        await using var box = await CannedBox.StartWithTokensAsync(
            (_, context) => context.JsonAsync(200, $$"""{"entries":[{{Membership}}],"limit":1000,"offset":0,"total_count":1}"""));
        await using var client = new BoxClient(box.Address);

        var ofGroup = await client.Get<BoxGroups>().ListMembershipsAsync("5", TestContext.Current.CancellationToken)
            .SingleAsync(TestContext.Current.CancellationToken);
        var ofUser = await client.Get<BoxGroupMemberships>().ListOfUserAsync("7", TestContext.Current.CancellationToken)
            .SingleAsync(TestContext.Current.CancellationToken);

        Assert.Equal(new GroupMembership("9", new("7", "user", "Ada", "a@b"), new("5", "group", "Tenders"), GroupRole.Member), ofGroup);
        Assert.Equal(ofGroup, ofUser);
        Assert.Equal(["/2.0/groups/5/memberships", "/2.0/users/7/memberships"], box.ApiRequests.Select(request => request.Path));
    }

    [Fact]
    public async Task A_membership_is_made_changed_and_removed()
    {
        await using var box = await CannedBox.StartWithTokensAsync((request, context) =>
        {
            context.Response.StatusCode = 204;
            return request.Method == "DELETE" ? Task.CompletedTask : context.JsonAsync(200, Membership);
        });
        await using var client = new BoxClient(box.Address);
        var memberships = client.Get<BoxGroupMemberships>();

        await memberships.CreateAsync("7", "5", GroupRole.Member, TestContext.Current.CancellationToken);
        await memberships.UpdateRoleAsync("9", GroupRole.Admin, TestContext.Current.CancellationToken);
        await memberships.DeleteAsync("9", TestContext.Current.CancellationToken);

        Assert.Equal(
            [("POST", """{"user":{"id":"7"},"group":{"id":"5"},"role":"member"}"""), ("PUT", """{"role":"admin"}"""), ("DELETE", "")],
            box.ApiRequests.Select(request => (request.Method, request.Body)));
    }
}
