using System.Net;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Folders;

public sealed class FolderResourceTests : IAsyncLifetime
{
    private RunningSandbox _sandbox = null!;
    private User _ida = null!;
    private Folder _shared = null!;
    private string _token = "";

    private Enterprise Enterprise => _sandbox.Enterprise;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await RunningSandbox.StartAsync();
        Enterprise.Clear();
        _ida = Enterprise.AddAppUser("Ida", null);
        _shared = Enterprise.AddFolder(Enterprise.ServiceAccount.Root, "Shared");
        Enterprise.AddCollaboration(_shared, _ida, "editor");
        _token = await _sandbox.TokenAsync(_ida);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("sort=name&direction=asc", "a,B,c,1.txt,2.txt")]
    [InlineData("sort=name&direction=DESC", "c,B,a,2.txt,1.txt")]
    [InlineData("sort=size&direction=desc", "B,c,a,1.txt,2.txt")]
    [InlineData("sort=date&direction=desc", "c,B,a,2.txt,1.txt")]
    [InlineData("", "a,B,c,1.txt,2.txt")]
    public async Task Folders_come_before_files_then_as_asked(string query, string names)
    {
        Fill();

        var folder = await _sandbox.ReadAsync($"/2.0/folders/{_shared.Id}?{query}", _token);
        var items = await _sandbox.ReadAsync($"/2.0/folders/{_shared.Id}/items?{query}&fields=name", _token);

        Assert.Equal(names, Names(folder["item_collection"]!));
        Assert.Equal(names, Names(items));
        Assert.Equal("type", (string?)items["order"]![0]!["by"]);
    }

    [Fact]
    public async Task Pages_follow_one_another()
    {
        Fill();

        var second = await _sandbox.ReadAsync($"/2.0/folders/{_shared.Id}/items?limit=2&offset=2&fields=name", _token);

        Assert.Equal("c,1.txt", Names(second));
        Assert.Equal((5, 2, 2), ((int)second["total_count"]!, (int)second["limit"]!, (int)second["offset"]!));

        List<string> seen = [];
        for (var marker = ""; marker is not null;)
        {
            var page = await _sandbox.ReadAsync($"/2.0/folders/{_shared.Id}/items?usemarker=true&limit=2&marker={marker}", _token);
            seen.AddRange(page["entries"]!.AsArray().Select(entry => (string)entry!["id"]!));
            marker = (string?)page["next_marker"];
        }
        Assert.Equal(5, seen.Distinct().Count());
    }

    [Fact]
    public async Task Entries_are_mini_unless_fields_are_asked_for()
    {
        Fill();

        var list = (await _sandbox.ReadAsync($"/2.0/folders/{_shared.Id}/items", _token))["entries"]!.AsArray();

        Assert.Equal(["type", "id", "sequence_id", "etag", "name"], list[0]!.AsObject().Select(field => field.Key));
        Assert.Equal(["type", "id", "file_version", "sequence_id", "etag", "sha1", "name"], list[^1]!.AsObject().Select(field => field.Key));
    }

    [Theory]
    [InlineData("sort=colour")]
    [InlineData("direction=sideways")]
    [InlineData("limit=-1")]
    [InlineData("limit=many")]
    [InlineData("offset=10001")]
    [InlineData("usemarker=true&marker=%00")]
    [InlineData("usemarker=true&marker=AAAA")]
    public async Task An_order_or_a_page_that_makes_no_sense_is_refused(string query)
    {
        using var answer = await _sandbox.GetAsync($"/2.0/folders/{_shared.Id}/items?{query}", _token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("bad_request", (string?)(await RunningSandbox.JsonAsync(answer))["code"]);
    }

    [Fact]
    public async Task A_new_folder_belongs_to_the_owner_of_the_tree()
    {
        using var answer = await _sandbox.SendAsync(HttpMethod.Post, "/2.0/folders", _token, new { name = "2027", parent = new { id = _shared.Id } });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var folder = await RunningSandbox.JsonAsync(answer);
        Assert.Equal((_ida.Id, Enterprise.ServiceAccount.Id), ((string?)folder["created_by"]!["id"], (string?)folder["owned_by"]!["id"]));
        Assert.Equal("0", (string?)folder["etag"]);
    }

    [Fact]
    public async Task A_name_is_taken_by_files_too_and_the_conflicts_are_an_array()
    {
        var file = Enterprise.AddFile(_shared, "Plan", [1]);

        var refusal = await RefusedAsync(HttpMethod.Post, "/2.0/folders", new { name = "PLAN", parent = new { id = _shared.Id } }, 409, "item_name_in_use");

        Assert.Equal(file.Id, (string?)Assert.Single(refusal["context_info"]!["conflicts"]!.AsArray())!["id"]);
    }

    [Theory]
    [InlineData("a/b", "item_name_invalid")]
    [InlineData("a\\b", "item_name_invalid")]
    [InlineData(".", "item_name_invalid")]
    [InlineData("..", "item_name_invalid")]
    [InlineData("trailing ", "item_name_invalid")]
    [InlineData("new\nline", "item_name_invalid")]
    [InlineData("nul\0", "item_name_invalid")]
    [InlineData("", "bad_request")]
    public async Task A_name_that_Box_does_not_take_is_refused(string name, string code)
    {
        await RefusedAsync(HttpMethod.Post, "/2.0/folders", new { name, parent = new { id = _shared.Id } }, 400, code);
        await RefusedAsync(HttpMethod.Put, $"/2.0/folders/{_shared.Id}", new { name }, 400, code);
    }

    [Fact]
    public async Task A_name_has_at_most_255_characters()
    {
        await RefusedAsync(HttpMethod.Post, "/2.0/folders", new { name = new string('x', 256), parent = new { id = _shared.Id } }, 400, "item_name_too_long");

        using var answer = await _sandbox.SendAsync(HttpMethod.Post, "/2.0/folders", _token, new { name = new string('x', 255), parent = new { id = _shared.Id } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Fact]
    public async Task Renaming_raises_the_etag_that_the_next_change_must_match()
    {
        var folder = Enterprise.AddFolder(_shared, "Old");
        using var renamed = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/folders/{folder.Id}", _token, new { name = "New" }, ("If-Match", "0"));
        using var stale = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/folders/{folder.Id}", _token, new { name = "Newer" }, ("If-Match", "0"));
        using var staleDelete = await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/folders/{folder.Id}", _token, null, ("If-Match", "0"));
        using var unchanged = await _sandbox.GetAsync($"/2.0/folders/{folder.Id}", _token, ("If-None-Match", "1"));

        Assert.Equal(("1", "New"), ((string?)(await RunningSandbox.JsonAsync(renamed))["etag"], folder.Name));
        Assert.Equal((412, 412), ((int)stale.StatusCode, (int)staleDelete.StatusCode));
        Assert.Equal(304, (int)unchanged.StatusCode);
    }

    [Fact]
    public async Task A_folder_may_change_the_case_of_its_own_name()
    {
        var folder = Enterprise.AddFolder(_shared, "plans");

        using var answer = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/folders/{folder.Id}", _token, new { name = "Plans" });

        Assert.Equal((HttpStatusCode.OK, "Plans"), (answer.StatusCode, folder.Name));
    }

    [Fact]
    public async Task A_folder_moves_but_not_into_itself()
    {
        var from = Enterprise.AddFolder(_shared, "From");
        var to = Enterprise.AddFolder(_shared, "To");
        var below = Enterprise.AddFolder(from, "Below");

        await RefusedAsync(HttpMethod.Put, $"/2.0/folders/{from.Id}", new { parent = new { id = below.Id } }, 400, "cyclical_folder_structure");
        await RefusedAsync(HttpMethod.Put, $"/2.0/folders/{from.Id}", new { parent = new { id = from.Id } }, 400, "cyclical_folder_structure");
        await RefusedAsync(HttpMethod.Put, $"/2.0/folders/{from.Id}", new { parent = new { id = "1" } }, 404, "not_found");
        using var moved = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/folders/{from.Id}", _token, new { parent = new { id = to.Id } });

        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        Assert.Equal(to, from.Parent);
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_deleted_only_with_all_of_it()
    {
        var folder = Enterprise.AddFolder(_shared, "Full");
        Enterprise.AddFile(Enterprise.AddFolder(folder, "Below"), "a.txt", [1]);

        await RefusedAsync(HttpMethod.Delete, $"/2.0/folders/{folder.Id}", null, 400, "folder_not_empty");
        // The Explorer sends a body with it.
        using var deleted = await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/folders/{folder.Id}?recursive=true", _token, new { });

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Empty(Enterprise.Files);
        Assert.Single(Enterprise.Folders);
    }

    [Fact]
    public async Task An_editor_cannot_delete_the_shared_folder_itself() =>
        await RefusedAsync(HttpMethod.Delete, $"/2.0/folders/{_shared.Id}?recursive=true", null, 403, "access_denied_insufficient_permissions");

    [Theory]
    [InlineData("/2.0/folders/1", 404)]
    [InlineData("/2.0/folders/abc", 405)]
    [InlineData("/2.0/folders/1e5", 405)]
    [InlineData("/2.0/folders/%00", 400)]
    [InlineData("/2.0/folders/..%2f1", 405)]
    [InlineData("/2.0/folders/99999999999999999999999999999999", 404)]
    [InlineData("/2.0/folders/1/items", 404)]
    [InlineData("/2.0/folders/x/items", 405)]
    public async Task No_access_is_like_no_such_folder_and_what_is_no_id_is_no_method(string path, int status)
    {
        using var answer = await _sandbox.GetAsync(path, _token);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Somebody_elses_folder_does_not_exist()
    {
        var secret = Enterprise.AddFolder(Enterprise.ServiceAccount.Root, "Secret");

        await RefusedAsync(HttpMethod.Get, $"/2.0/folders/{secret.Id}", null, 404, "not_found");
        await RefusedAsync(HttpMethod.Delete, $"/2.0/folders/{secret.Id}", null, 404, "not_found");
        await RefusedAsync(HttpMethod.Post, "/2.0/folders", new { name = "x", parent = new { id = secret.Id } }, 404, "not_found");
    }

    [Fact]
    public async Task A_token_for_one_folder_reaches_nothing_beside_or_above_it()
    {
        var inside = Enterprise.AddFolder(_shared, "Inside");
        var beside = Enterprise.AddFolder(_shared, "Beside");
        var token = await _sandbox.DownscopedAsync(_ida, "base_explorer item_upload", $"https://api.box.com/2.0/folders/{inside.Id}");

        using var allowed = await _sandbox.GetAsync($"/2.0/folders/{inside.Id}", token);
        using var besideIt = await _sandbox.GetAsync($"/2.0/folders/{beside.Id}", token);
        using var above = await _sandbox.GetAsync($"/2.0/folders/{_shared.Id}", token);
        using var root = await _sandbox.GetAsync("/2.0/folders/0", token);

        Assert.Equal((200, 404, 404, 404), ((int)allowed.StatusCode, (int)besideIt.StatusCode, (int)above.StatusCode, (int)root.StatusCode));
    }

    private void Fill()
    {
        var now = _sandbox.Clock.GetUtcNow();
        Enterprise.AddFolder(_shared, "a", at: now);
        Enterprise.AddFile(Enterprise.AddFolder(_shared, "B", at: now.AddMinutes(1)), "big.bin", new byte[100]);
        Enterprise.AddFolder(_shared, "c", at: now.AddMinutes(2));
        Enterprise.AddFile(_shared, "1.txt", new byte[20], at: now);
        Enterprise.AddFile(_shared, "2.txt", new byte[10], at: now.AddMinutes(1));
    }

    private async Task<JsonObject> RefusedAsync(HttpMethod method, string path, object? body, int status, string code)
    {
        using var answer = await _sandbox.SendAsync(method, path, _token, body);
        var refusal = await RunningSandbox.JsonAsync(answer);
        Assert.Equal((status, code), ((int)answer.StatusCode, (string?)refusal["code"]));
        return refusal;
    }

    private static string Names(JsonNode list) => string.Join(',', list["entries"]!.AsArray().Select(entry => (string)entry!["name"]!));
}
