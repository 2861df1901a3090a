namespace BoxPortal.Sandbox.Tests.Folders;

public sealed class TrashTests : IAsyncLifetime
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

    [Fact]
    public async Task What_was_deleted_is_in_the_trash_and_comes_back_with_all_below_it()
    {
        var folder = Enterprise.AddFolder(_shared, "Plans");
        var file = Enterprise.AddFile(folder, "a.txt", [1]);

        await ExpectAsync(204, HttpMethod.Delete, $"/2.0/folders/{folder.Id}?recursive=true");
        await ExpectAsync(404, HttpMethod.Get, $"/2.0/folders/{folder.Id}", "trashed");
        await ExpectAsync(404, HttpMethod.Get, $"/2.0/files/{file.Id}", "not_found");
        var trash = await _sandbox.ReadAsync("/2.0/folders/trash/items", _token);
        var trashed = await _sandbox.ReadAsync($"/2.0/folders/{folder.Id}/trash", _token);
        await ExpectAsync(201, HttpMethod.Post, $"/2.0/folders/{folder.Id}");
        await ExpectAsync(200, HttpMethod.Get, $"/2.0/files/{file.Id}");
        await ExpectAsync(404, HttpMethod.Get, $"/2.0/folders/{folder.Id}/trash", "not_trashed");

        Assert.Equal(folder.Id, (string?)Assert.Single(trash["entries"]!.AsArray())!["id"]);
        Assert.Equal(("trashed", "1"), ((string?)trashed["item_status"], (string?)trashed["path_collection"]!["entries"]![0]!["id"]));
        Assert.Equal([folder], _shared.Children);
    }

    [Fact]
    public async Task What_comes_back_needs_a_free_name_and_a_place()
    {
        var folder = Enterprise.AddFolder(_shared, "Plans");
        var file = Enterprise.AddFile(folder, "a.txt", [1]);
        await ExpectAsync(204, HttpMethod.Delete, $"/2.0/files/{file.Id}");
        var other = Enterprise.AddFile(folder, "A.TXT", [2]);

        await ExpectAsync(409, HttpMethod.Post, $"/2.0/files/{file.Id}", "item_name_in_use");
        await ExpectAsync(201, HttpMethod.Post, $"/2.0/files/{file.Id}", null, new { name = "b.txt" });
        await ExpectAsync(204, HttpMethod.Delete, $"/2.0/files/{other.Id}");
        Enterprise.Remove(folder);
        await ExpectAsync(403, HttpMethod.Post, $"/2.0/files/{other.Id}", "access_denied_insufficient_permissions");
        await ExpectAsync(201, HttpMethod.Post, $"/2.0/files/{other.Id}", null, new { parent = new { id = _shared.Id } });

        Assert.Equal([other], _shared.Children);
    }

    [Fact]
    public async Task The_trash_is_emptied_for_good_and_is_nobody_elses()
    {
        var file = Enterprise.AddFile(_shared, "a.txt", [1]);
        await ExpectAsync(204, HttpMethod.Delete, $"/2.0/files/{file.Id}");
        var olaf = Enterprise.AddAppUser("Olaf", null);
        Enterprise.AddCollaboration(_shared, olaf, "viewer");
        using var strange = await _sandbox.GetAsync($"/2.0/files/{file.Id}/trash", await _sandbox.TokenAsync(olaf));

        await ExpectAsync(204, HttpMethod.Delete, $"/2.0/files/{file.Id}/trash");
        await ExpectAsync(404, HttpMethod.Post, $"/2.0/files/{file.Id}", "not_found");

        Assert.Equal(404, (int)strange.StatusCode);
        Assert.Empty(Enterprise.Trashed);
    }

    [Fact]
    public async Task A_link_leads_nowhere_while_its_item_is_in_the_trash()
    {
        var file = Enterprise.AddFile(_shared, "a.txt", [1]);
        file.SharedLink = new SharedLink("key", "open", null, null, CanDownload: true);
        await ExpectAsync(204, HttpMethod.Delete, $"/2.0/files/{file.Id}");

        var thrown = await _sandbox.ReadAsync($"/2.0/files/{file.Id}/trash", _token);
        using var restored = await _sandbox.SendAsync(HttpMethod.Post, $"/2.0/files/{file.Id}", _token);
        var active = await _sandbox.ReadAsync($"/2.0/files/{file.Id}", _token);

        Assert.Null(thrown["shared_link"]);
        Assert.Null((await RunningSandbox.JsonAsync(restored))["shared_link"]);
        Assert.NotNull(active["shared_link"]);
    }

    private async Task ExpectAsync(int status, HttpMethod method, string path, string? code = null, object? body = null)
    {
        using var answer = await _sandbox.SendAsync(method, path, _token, body);
        Assert.Equal((path, status), (path, (int)answer.StatusCode));
        if (code is not null)
        {
            Assert.Equal(code, (string?)(await RunningSandbox.JsonAsync(answer))["code"]);
        }
    }
}
