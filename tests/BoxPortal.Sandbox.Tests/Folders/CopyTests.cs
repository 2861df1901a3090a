namespace BoxPortal.Sandbox.Tests.Folders;

public sealed class CopyTests : IAsyncLifetime
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
    public async Task A_folder_is_copied_with_all_below_it()
    {
        var folder = Enterprise.AddFolder(_shared, "Plans");
        Enterprise.AddFile(Enterprise.AddFolder(folder, "Old"), "a.txt", [1]);
        var other = Enterprise.AddFolder(_shared, "Other");

        using var answer = await CopyAsync($"folders/{folder.Id}", new { parent = new { id = other.Id }, name = "Plans, copied" });

        Assert.Equal(201, (int)answer.StatusCode);
        var copy = Assert.IsType<Folder>(other.Child("Plans, copied"));
        var file = Assert.IsType<BoxFile>(Assert.IsType<Folder>(copy.Child("Old")).Child("a.txt"));
        Assert.Equal([1], file.Current.Content);
        Assert.Equal(_ida, file.CreatedBy);
    }

    [Fact]
    public async Task Of_a_file_any_version_is_copied()
    {
        var file = Enterprise.AddFile(_shared, "a.txt", [1]);
        var first = file.Current.Id;
        Enterprise.AddVersion(file, [2], _ida, _sandbox.Clock.GetUtcNow());

        using var newest = await CopyAsync($"files/{file.Id}", new { parent = new { id = _shared.Id }, name = "b.txt" });
        using var older = await CopyAsync($"files/{file.Id}", new { parent = new { id = _shared.Id }, name = "c.txt", version = first });

        Assert.Equal((201, 201), ((int)newest.StatusCode, (int)older.StatusCode));
        Assert.Equal([2], ((BoxFile)_shared.Child("b.txt")!).Current.Content);
        Assert.Equal([1], ((BoxFile)_shared.Child("c.txt")!).Current.Content);
    }

    [Fact]
    public async Task What_cannot_be_copied_is_refused()
    {
        var folder = Enterprise.AddFolder(_shared, "Plans");
        var below = Enterprise.AddFolder(folder, "Below");
        var file = Enterprise.AddFile(_shared, "a.txt", [1]);
        var locked = Enterprise.AddFolder(Enterprise.ServiceAccount.Root, "Locked");
        Enterprise.AddCollaboration(locked, _ida, "previewer");
        var secret = Enterprise.AddFile(locked, "secret.txt", [1]);

        await RefusedAsync($"files/{file.Id}", new { parent = new { id = _shared.Id } }, "409 item_name_in_use");
        await RefusedAsync($"folders/{folder.Id}", new { parent = new { id = below.Id }, name = "x" }, "400 cyclical_folder_structure");
        await RefusedAsync($"files/{secret.Id}", new { parent = new { id = _shared.Id } }, "403 access_denied_insufficient_permissions");
        await RefusedAsync($"files/{file.Id}", new { parent = new { id = locked.Id } }, "403 access_denied_insufficient_permissions");
        await RefusedAsync($"files/{file.Id}", new { }, "400 bad_request");
        await RefusedAsync($"files/{file.Id}", new { parent = new { id = "1" } }, "404 not_found");
        await RefusedAsync("folders/0", new { parent = new { id = _shared.Id } }, "500 internal_server_error");
    }

    private Task<HttpResponseMessage> CopyAsync(string item, object wanted) => _sandbox.SendAsync(HttpMethod.Post, $"/2.0/{item}/copy", _token, wanted);

    private async Task RefusedAsync(string item, object wanted, string refusal)
    {
        using var answer = await CopyAsync(item, wanted);
        Assert.Equal(refusal, $"{(int)answer.StatusCode} {(string?)(await RunningSandbox.JsonAsync(answer))["code"]}");
    }
}
