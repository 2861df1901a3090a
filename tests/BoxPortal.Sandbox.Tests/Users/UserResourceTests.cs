using System.Net;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Users;

public sealed class UserResourceTests : IAsyncLifetime
{
    private RunningSandbox _sandbox = null!;
    private string _service = "";

    public async ValueTask InitializeAsync()
    {
        _sandbox = await RunningSandbox.StartAsync();
        _sandbox.Enterprise.Clear();
        _service = await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task A_new_app_user_has_the_defaults_that_Box_gives()
    {
        using var answer = await _sandbox.SendAsync(
            HttpMethod.Post, "/2.0/users", _service, new { name = "Ida Berg", is_platform_access_only = true, external_app_user_id = "ida@1", language = "da", space_amount = 5000000 });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await RunningSandbox.JsonAsync(answer);
        Assert.Matches(@"^AppUser_\d+_\w+@boxdevedition\.com$", (string)body["login"]!);
        Assert.Equal(("active", "da", 5000000), ((string)body["status"]!, (string)body["language"]!, (int)body["space_amount"]!));
        Assert.False(body.ContainsKey("external_app_user_id"));
        var user = _sandbox.Enterprise.UsersByExternalId["ida@1"];
        Assert.True(user.IsPlatformAccessOnly);
    }

    [Fact]
    public async Task Asked_for_fields_come_with_type_and_id_and_nothing_else()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", "ida@1");

        var body = await _sandbox.ReadAsync($"/2.0/users/{user.Id}?fields=external_app_user_id,is_platform_access_only,no_such_field", _service);

        Assert.Equal(["type", "id", "external_app_user_id", "is_platform_access_only"], body.Select(field => field.Key));
        Assert.Equal("ida@1", (string?)body["external_app_user_id"]);
    }

    [Fact]
    public async Task An_app_user_is_found_by_the_external_id_and_only_by_the_whole_of_it()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", "ida@1");

        var found = await _sandbox.ReadAsync("/2.0/users?external_app_user_id=ida@1", _service);
        var part = await _sandbox.ReadAsync("/2.0/users?external_app_user_id=ida", _service);

        Assert.Equal([user.Id], Ids(found));
        Assert.Equal(1, (int)found["total_count"]!);
        Assert.Empty(Ids(part));
    }

    [Fact]
    public async Task Filtering_looks_at_the_start_of_name_and_login()
    {
        _sandbox.Enterprise.AddAppUser("Ida Berg", null);
        _sandbox.Enterprise.AddAppUser("Fridtjof Ida", null);
        _sandbox.Enterprise.AddManagedUser("Zoe", "idaho@example.com");

        var found = await _sandbox.ReadAsync("/2.0/users?filter_term=ida&fields=name", _service);

        Assert.Equal(["Ida Berg", "Zoe"], found["entries"]!.AsArray().Select(user => (string)user!["name"]!));
    }

    [Theory]
    [InlineData("all", 3)]
    [InlineData("managed", 3)]
    [InlineData("external", 0)]
    public async Task App_users_count_as_managed(string type, int count)
    {
        _sandbox.Enterprise.AddAppUser("Ida", null);
        _sandbox.Enterprise.AddManagedUser("Zoe", "zoe@example.com");

        Assert.Equal(count, Ids(await _sandbox.ReadAsync($"/2.0/users?user_type={type}", _service)).Count());
    }

    [Fact]
    public async Task Markers_lead_through_everybody_once()
    {
        for (var number = 0; number < 25; number++)
        {
            _sandbox.Enterprise.AddAppUser($"User {number}", null);
        }

        List<string> seen = [];
        for (var marker = ""; marker is not null;)
        {
            var page = await _sandbox.ReadAsync($"/2.0/users?usemarker=true&limit=10&marker={marker}", _service);
            Assert.False(page.ContainsKey("total_count"));
            seen.AddRange(Ids(page));
            marker = (string?)page["next_marker"];
        }

        Assert.Equal(26, seen.Count);
        Assert.Equal(26, seen.Distinct().Count());
    }

    [Fact]
    public async Task Offsets_lead_through_everybody_once_and_end_at_ten_thousand()
    {
        for (var number = 0; number < 9; number++)
        {
            _sandbox.Enterprise.AddAppUser($"User {number}", null);
        }

        var first = await _sandbox.ReadAsync("/2.0/users?limit=6&offset=0", _service);
        var second = await _sandbox.ReadAsync("/2.0/users?limit=6&offset=6", _service);
        using var beyond = await _sandbox.GetAsync("/2.0/users?offset=10001", _service);

        Assert.Equal((10, 6, 0), ((int)first["total_count"]!, (int)first["limit"]!, (int)first["offset"]!));
        Assert.Equal(10, Ids(first).Concat(Ids(second)).Distinct().Count());
        Assert.Equal(HttpStatusCode.BadRequest, beyond.StatusCode);
    }

    [Fact]
    public async Task A_suspended_user_keeps_no_working_token()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);
        var token = await _sandbox.TokenAsync(user);

        using var changed = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/users/{user.Id}", _service, new { status = "inactive", name = "Ida B" });

        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(("inactive", "Ida B"), (user.Status, user.Name));
        using var refused = await _sandbox.GetAsync("/2.0/users/me", token);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task A_login_and_an_external_id_belong_to_one_user()
    {
        _sandbox.Enterprise.AddAppUser("Ida", "ida@1");
        var other = _sandbox.Enterprise.AddManagedUser("Zoe", "zoe@example.com");

        await RefusedAsync(HttpMethod.Post, "", new { name = "Ida", is_platform_access_only = true, external_app_user_id = "ida@1" }, 409, "conflict");
        await RefusedAsync(HttpMethod.Put, $"/{other.Id}", new { external_app_user_id = "ida@1" }, 409, "conflict");
        await RefusedAsync(HttpMethod.Post, "", new { name = "Zoe", login = "ZOE@example.com" }, 409, "user_login_already_used");
    }

    [Fact]
    public async Task A_notification_email_is_set_by_a_change_waits_to_be_confirmed_and_is_taken_away_by_null()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);

        using var set = await _sandbox.SendAsync(
            HttpMethod.Put, $"/2.0/users/{user.Id}?fields=notification_email", _service, new { notification_email = new { email = "ida@example.com" } });
        using var kept = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/users/{user.Id}", _service, new { name = "Ida Berg" });
        var body = await RunningSandbox.JsonAsync(set);
        Assert.Equal(("ida@example.com", false), ((string?)body["notification_email"]!["email"], (bool)body["notification_email"]!["is_confirmed"]!));
        Assert.Equal("ida@example.com", (string?)(await RunningSandbox.JsonAsync(kept))["notification_email"]!["email"]);

        using var removed = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/users/{user.Id}", _service, new { notification_email = (object?)null });
        Assert.Null((await RunningSandbox.JsonAsync(removed))["notification_email"]);
        Assert.Null(user.NotificationEmail);
    }

    [Fact]
    public async Task A_notification_email_that_is_none_is_refused()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);

        foreach (var email in (object[])["ida@example.com", new { }, new { email = 1 }, new { email = "ida" }, Array.Empty<string>()])
        {
            await RefusedAsync(HttpMethod.Put, $"/{user.Id}", new { notification_email = email }, 400, "bad_request");
        }
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        await RefusedAsync(HttpMethod.Post, "", new { is_platform_access_only = true }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "", new { name = "Zoe" }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "", new { name = "Zoe", login = "zoe" }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "", new { name = new string('x', 51), is_platform_access_only = true }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "", new { name = "Zoe", is_platform_access_only = true, status = "asleep" }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "", new { name = "Zoe", is_platform_access_only = true, space_amount = -2 }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "", new { name = 1 }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Get, "/1", null, 404, "not_found");
        await RefusedAsync(HttpMethod.Put, "/1", new { name = "x" }, 404, "not_found");
    }

    [Fact]
    public async Task Deleting_a_user_ends_memberships_and_needs_force_where_there_is_content()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", "ida@1");
        _sandbox.Enterprise.AddMembership(user, _sandbox.Enterprise.AddGroup("Sales"));
        _sandbox.Enterprise.AddFile(user.Root, "a.txt", [1]);

        await RefusedAsync(HttpMethod.Delete, $"/{user.Id}", null, 400, "bad_request");
        using var deleted = await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/users/{user.Id}?force=true", _service);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(_sandbox.Enterprise.Memberships);
        Assert.Empty(_sandbox.Enterprise.Files);
        Assert.Empty(Ids(await _sandbox.ReadAsync("/2.0/users?external_app_user_id=ida@1", _service)));
    }

    [Fact]
    public async Task The_service_account_cannot_delete_itself() =>
        await RefusedAsync(HttpMethod.Delete, $"/{_sandbox.Enterprise.ServiceAccount.Id}", null, 403, "access_denied_insufficient_permissions");

    [Fact]
    public async Task Memberships_are_listed_without_dates()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);
        _sandbox.Enterprise.AddMembership(user, _sandbox.Enterprise.AddGroup("Sales"));

        var list = await _sandbox.ReadAsync($"/2.0/users/{user.Id}/memberships", _service);

        var membership = Assert.Single(list["entries"]!.AsArray())!;
        Assert.Equal("Sales", (string)membership["group"]!["name"]!);
        Assert.Null(membership["created_at"]);
    }

    [Fact]
    public async Task An_app_user_knows_only_themself()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);
        var other = _sandbox.Enterprise.AddAppUser("Zoe", null);
        var token = await _sandbox.TokenAsync(user);

        Assert.Equal(user.Id, (string)(await _sandbox.ReadAsync("/2.0/users/me", token))["id"]!);
        Assert.Equal(user.Id, (string)(await _sandbox.ReadAsync($"/2.0/users/{user.Id}", token))["id"]!);
        foreach (var path in (string[])["/2.0/users", $"/2.0/users/{other.Id}", $"/2.0/users/{other.Id}/memberships", "/2.0/groups"])
        {
            using var answer = await _sandbox.GetAsync(path, token);
            Assert.Equal((HttpStatusCode.Forbidden, "access_denied_insufficient_permissions"), (answer.StatusCode, (string?)(await RunningSandbox.JsonAsync(answer))["code"]));
        }
    }

    [Fact]
    public async Task A_token_for_content_does_not_administer()
    {
        var narrow = await _sandbox.DownscopedAsync(_sandbox.Enterprise.ServiceAccount, "base_explorer");

        using var answer = await _sandbox.GetAsync("/2.0/users", narrow);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("insufficient_scope", (string?)(await RunningSandbox.JsonAsync(answer))["code"]);
        Assert.Contains("error=\"insufficient_scope\"", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }

    private async Task RefusedAsync(HttpMethod method, string path, object? body, int status, string code)
    {
        using var answer = await _sandbox.SendAsync(method, "/2.0/users" + path, _service, body);
        var refusal = await RunningSandbox.JsonAsync(answer);
        Assert.Equal((status, code), ((int)answer.StatusCode, (string?)refusal["code"]));
        Assert.Equal(answer.Headers.GetValues("BOX-REQUEST-ID").Single(), (string?)refusal["request_id"]);
    }

    private static IEnumerable<string> Ids(JsonObject list) => list["entries"]!.AsArray().Select(entry => (string)entry!["id"]!);
}
