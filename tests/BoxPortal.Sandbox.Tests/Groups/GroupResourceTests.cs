using System.Net;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Groups;

public sealed class GroupResourceTests : IAsyncLifetime
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
    public async Task A_new_group_tells_its_settings_only_when_asked()
    {
        var made = await MakeAsync("/2.0/groups", new { name = "Sales", provenance = "BoxPortal", description = "Sellers", invitability_level = "admins_only" });

        Assert.Equal(["type", "id", "name", "group_type", "created_at", "modified_at"], made.Select(field => field.Key));
        var asked = await _sandbox.ReadAsync($"/2.0/groups/{made["id"]}?fields=provenance,description,invitability_level,external_sync_identifier", _service);
        Assert.Equal(("BoxPortal", "Sellers", "admins_only"), ((string?)asked["provenance"], (string?)asked["description"], (string?)asked["invitability_level"]));
    }

    [Fact]
    public async Task A_name_is_taken_whatever_its_case_and_the_refusal_does_not_say_by_which_group()
    {
        await MakeAsync("/2.0/groups", new { name = "Sales" });

        var refusal = await RefusedAsync(HttpMethod.Post, "/2.0/groups", new { name = "SALES" }, 409, "conflict");

        Assert.Equal("group_tag_name", (string?)refusal["context_info"]!["errors"]![0]!["name"]);
        Assert.DoesNotContain("conflicts", refusal.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_is_renamed_found_by_its_start_and_deleted_with_all_it_had()
    {
        var group = _sandbox.Enterprise.AddGroup("Sales");
        var folder = _sandbox.Enterprise.AddFolder(_sandbox.Enterprise.ServiceAccount.Root, "Tenders");
        _sandbox.Enterprise.AddMembership(_sandbox.Enterprise.AddAppUser("Ida", null), group);
        _sandbox.Enterprise.AddCollaboration(folder, group, "editor");

        using var renamed = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/groups/{group.Id}", _service, new { name = "Sellers" });
        var found = await _sandbox.ReadAsync("/2.0/groups?filter_term=sell", _service);
        using var deleted = await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/groups/{group.Id}", _service);

        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        Assert.Equal(["type", "id", "name", "group_type"], Assert.Single(found["entries"]!.AsArray())!.AsObject().Select(field => field.Key));
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(_sandbox.Enterprise.Memberships);
        Assert.Empty(_sandbox.Enterprise.Collaborations);
        await RefusedAsync(HttpMethod.Get, $"/2.0/groups/{group.Id}", null, 404, "not_found");
    }

    [Fact]
    public async Task A_membership_is_made_once_changed_and_ended()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);
        var group = _sandbox.Enterprise.AddGroup("Sales");
        var wanted = new { user = new { id = user.Id }, group = new { id = group.Id }, role = "member" };

        var made = await MakeAsync("/2.0/group_memberships", wanted);
        await RefusedAsync(HttpMethod.Post, "/2.0/group_memberships", wanted, 409, "conflict");
        using var raised = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/group_memberships/{made["id"]}", _service, new { role = "admin" });
        var got = await _sandbox.ReadAsync($"/2.0/group_memberships/{made["id"]}", _service);
        var listed = await _sandbox.ReadAsync($"/2.0/groups/{group.Id}/memberships", _service);
        using var ended = await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/group_memberships/{made["id"]}", _service);

        Assert.True(made.ContainsKey("configurable_permissions"));
        Assert.Equal(("admin", user.Id), ((string?)got["role"], (string?)got["user"]!["id"]));
        Assert.Equal(1, (int)listed["total_count"]!);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        await RefusedAsync(HttpMethod.Delete, $"/2.0/group_memberships/{made["id"]}", null, 404, "not_found");
        Assert.Empty(user.Memberships);
    }

    [Fact]
    public async Task A_membership_needs_a_user_a_group_and_a_known_role()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);
        var group = _sandbox.Enterprise.AddGroup("Sales");

        await RefusedAsync(HttpMethod.Post, "/2.0/group_memberships", new { group = new { id = group.Id } }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "/2.0/group_memberships", new { user = new { id = user.Id } }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "/2.0/group_memberships", new { user = new { id = user.Id }, group = new { id = group.Id }, role = "owner" }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "/2.0/group_memberships", new { user = new { id = "1" }, group = new { id = group.Id } }, 404, "not_found");
        await RefusedAsync(HttpMethod.Post, "/2.0/group_memberships", new { user = new { id = user.Id }, group = new { id = "1" } }, 404, "not_found");
    }

    [Fact]
    public async Task A_group_gains_access_to_a_folder_at_once_and_only_once()
    {
        var group = _sandbox.Enterprise.AddGroup("Sales");
        var folder = _sandbox.Enterprise.AddFolder(_sandbox.Enterprise.ServiceAccount.Root, "Tenders");
        var wanted = new { item = new { type = "folder", id = folder.Id }, accessible_by = new { type = "group", id = group.Id }, role = "viewer" };

        var made = await MakeAsync("/2.0/collaborations", wanted);
        await RefusedAsync(HttpMethod.Post, "/2.0/collaborations", wanted, 409, "conflict");
        using var raised = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/collaborations/{made["id"]}", _service, new { role = "editor" });
        var ofGroup = await _sandbox.ReadAsync($"/2.0/groups/{group.Id}/collaborations", _service);
        var ofFolder = await _sandbox.ReadAsync($"/2.0/folders/{folder.Id}/collaborations?limit=1000", _service);
        var got = await _sandbox.ReadAsync($"/2.0/collaborations/{made["id"]}", _service);
        using var ended = await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/collaborations/{made["id"]}", _service);

        Assert.Equal(("accepted", group.Id, folder.Id), ((string?)made["status"], (string?)made["accessible_by"]!["id"], (string?)made["item"]!["id"]));
        Assert.Equal(1, (int)ofGroup["total_count"]!);
        Assert.Equal("editor", (string?)Assert.Single(ofFolder["entries"]!.AsArray())!["role"]);
        Assert.Null(ofFolder["next_marker"]);
        Assert.Equal("editor", (string?)got["role"]);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Empty(group.Collaborations);
        Assert.Empty(folder.Collaborations);
    }

    [Fact]
    public async Task A_user_who_has_access_already_is_named_a_collaborator()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);
        var folder = _sandbox.Enterprise.AddFolder(_sandbox.Enterprise.ServiceAccount.Root, "Tenders");
        var wanted = new { item = new { type = "folder", id = folder.Id }, accessible_by = new { type = "user", login = user.Login }, role = "viewer" };

        await MakeAsync("/2.0/collaborations", wanted);

        await RefusedAsync(HttpMethod.Post, "/2.0/collaborations", wanted, 400, "user_already_collaborator");
    }

    [Fact]
    public async Task What_cannot_be_shared_is_not()
    {
        var group = _sandbox.Enterprise.AddGroup("Sales");
        var folder = _sandbox.Enterprise.AddFolder(_sandbox.Enterprise.ServiceAccount.Root, "Tenders");
        var file = _sandbox.Enterprise.AddFile(folder, "a.txt", [1]);
        var toGroup = new { type = "group", id = group.Id };

        await RefusedAsync(HttpMethod.Post, "/2.0/collaborations", new { item = new { type = "folder", id = "0" }, accessible_by = toGroup, role = "viewer" }, 400, "collaborations_not_available_on_root_folder");
        await RefusedAsync(HttpMethod.Post, "/2.0/collaborations", new { item = new { type = "folder", id = "1" }, accessible_by = toGroup, role = "viewer" }, 404, "not_found");
        await RefusedAsync(HttpMethod.Post, "/2.0/collaborations", new { item = new { type = "file", id = folder.Id }, accessible_by = toGroup, role = "viewer" }, 404, "not_found");
        await RefusedAsync(HttpMethod.Post, "/2.0/collaborations", new { item = new { type = "folder", id = folder.Id }, accessible_by = toGroup, role = "reader" }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "/2.0/collaborations", new { item = new { type = "file", id = file.Id }, accessible_by = toGroup, role = "uploader" }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "/2.0/collaborations", new { item = new { type = "folder", id = folder.Id }, accessible_by = new { type = "group", id = "1" }, role = "viewer" }, 404, "not_found");
        await RefusedAsync(HttpMethod.Post, "/2.0/collaborations", new { item = new { type = "folder", id = folder.Id }, role = "viewer" }, 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "/2.0/collaborations", new { role = "viewer" }, 400, "bad_request");
    }

    [Fact]
    public async Task A_viewer_shares_nothing_and_a_stranger_sees_no_collaboration()
    {
        var group = _sandbox.Enterprise.AddGroup("Sales");
        var viewer = _sandbox.Enterprise.AddAppUser("Ida", null);
        var stranger = _sandbox.Enterprise.AddAppUser("Zoe", null);
        var folder = _sandbox.Enterprise.AddFolder(_sandbox.Enterprise.ServiceAccount.Root, "Tenders");
        var collaboration = _sandbox.Enterprise.AddCollaboration(folder, viewer, "viewer");

        using var shared = await _sandbox.SendAsync(
            HttpMethod.Post,
            "/2.0/collaborations",
            await _sandbox.TokenAsync(viewer),
            new { item = new { type = "folder", id = folder.Id }, accessible_by = new { type = "group", id = group.Id }, role = "viewer" });
        using var seen = await _sandbox.GetAsync($"/2.0/collaborations/{collaboration.Id}", await _sandbox.TokenAsync(stranger));

        Assert.Equal(HttpStatusCode.Forbidden, shared.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, seen.StatusCode);
    }

    private async Task<JsonObject> MakeAsync(string path, object wanted)
    {
        using var answer = await _sandbox.SendAsync(HttpMethod.Post, path, _service, wanted);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return await RunningSandbox.JsonAsync(answer);
    }

    private async Task<JsonObject> RefusedAsync(HttpMethod method, string path, object? body, int status, string code)
    {
        using var answer = await _sandbox.SendAsync(method, path, _service, body);
        var refusal = await RunningSandbox.JsonAsync(answer);
        Assert.Equal((status, code), ((int)answer.StatusCode, (string?)refusal["code"]));
        return refusal;
    }
}
