using System.Net;
using System.Text.Json.Nodes;

namespace BoxPortal.Box.Tests.Users;

public sealed class BoxUsersTests
{
    [Fact]
    public async Task A_user_is_read_with_all_we_asked_for()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.UserAsync());
        await using var client = new BoxClient(box.Address);

        var user = await client.Users.GetAsync("11", TestContext.Current.CancellationToken);

        Assert.Equal(
            new BoxUser(
                "11", "Ada", "AppUser_1_a@boxdevedition.com", BoxUserStatus.Active, "key", true, "en", 10_737_418_240,
                new DateTimeOffset(2018, 4, 25, 13, 11, 51, TimeSpan.FromHours(-7))),
            user);
        Assert.Contains("notification_email", box.ApiRequests[0].Query["fields"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"email":"ada@larkfield.example","is_confirmed":true}""", "ada@larkfield.example", true)]
    [InlineData("""{"email":"ada@larkfield.example","is_confirmed":false}""", "ada@larkfield.example", false)]
    [InlineData("""{"email":"ada@larkfield.example"}""", "ada@larkfield.example", false)]
    [InlineData("{}", null, false)]
    [InlineData("[]", null, false)]
    [InlineData("null", null, false)]
    public async Task A_notification_email_is_read_in_every_form_that_Box_has_given_it(string json, string? email, bool isConfirmed)
    {
        var user = JsonNode.Parse(CannedAnswers.User("11"))!.AsObject();
        user["notification_email"] = JsonNode.Parse(json);
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(200, user.ToJsonString()));
        await using var client = new BoxClient(box.Address);

        var read = await client.Users.GetAsync("11", TestContext.Current.CancellationToken);

        Assert.Equal((email, isConfirmed), (read.NotificationEmail?.Email, read.NotificationEmail?.IsConfirmed ?? false));
        Assert.Equal("Ada", read.Name);
    }

    [Fact]
    public async Task An_app_user_is_made_as_one()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.UserAsync());
        await using var client = new BoxClient(box.Address);

        await client.Users.CreateAppUserAsync(new NewAppUser("Ada", "key", "en", 5), TestContext.Current.CancellationToken);
        await client.Users.CreateAppUserAsync(new NewAppUser("Ada", "key"), TestContext.Current.CancellationToken);

        AssertJson("""{"is_platform_access_only":true,"name":"Ada","external_app_user_id":"key","language":"en","space_amount":5}""", box.ApiRequests[0].Body);
        AssertJson("""{"is_platform_access_only":true,"name":"Ada","external_app_user_id":"key"}""", box.ApiRequests[1].Body);
    }

    [Fact]
    public async Task A_change_names_only_what_changes()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.UserAsync());
        await using var client = new BoxClient(box.Address);

        await client.Users.UpdateAsync("11", new() { Status = BoxUserStatus.CannotDeleteEditUpload }, TestContext.Current.CancellationToken);

        AssertJson("""{"status":"cannot_delete_edit_upload"}""", box.ApiRequests[0].Body);
    }

    [Fact]
    public async Task Only_the_very_same_external_id_is_found()
    {
        var pages = new Queue<string>(
        [
            $$"""{"entries":[{{CannedAnswers.User("1", "someone else")}},{{CannedAnswers.User("2", "a key & more")}}],"next_marker":null}""",
            $$"""{"entries":[{{CannedAnswers.User("1", "someone else")}}]}""",
        ]);
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(200, pages.Dequeue()));
        await using var client = new BoxClient(box.Address);

        Assert.Equal("2", (await client.Users.FindByExternalIdAsync("a key & more", TestContext.Current.CancellationToken))?.Id);
        Assert.Null(await client.Users.FindByExternalIdAsync("a key & more", TestContext.Current.CancellationToken));
        Assert.Equal("a key & more", box.ApiRequests[0].Query["external_app_user_id"]);
    }

    [Fact]
    public async Task A_user_that_is_gone_is_no_user()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.ErrorAsync(404, "not_found"));
        await using var client = new BoxClient(box.Address);

        Assert.Null(await client.Users.FindAsync("11", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_login_that_is_taken_is_a_conflict()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.ErrorAsync(409, "user_login_already_used"));
        await using var client = new BoxClient(box.Address);

        var fault = await Assert.ThrowsAsync<BoxApiException>(
            () => client.Users.CreateAppUserAsync(new NewAppUser("Ada", "key"), TestContext.Current.CancellationToken));

        Assert.Equal((HttpStatusCode.Conflict, "user_login_already_used"), (fault.Status, fault.Code));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("name")]
    [InlineData("login")]
    [InlineData("status")]
    public async Task A_user_without_what_makes_it_one_is_a_fault(string field)
    {
        var clock = FakeTime.Clock();
        var user = JsonNode.Parse(CannedAnswers.User("11"))!.AsObject();
        user.Remove(field);
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(200, user.ToJsonString()));
        await using var client = new BoxClient(box.Address, clock);

        await Assert.ThrowsAsync<BoxApiException>(() => clock.PassAsync(client.Users.GetAsync("11", TestContext.Current.CancellationToken)));
    }

    private static void AssertJson(string expected, string actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(actual)), actual);
}
