namespace BoxPortal.Sandbox.Tests.Folders;

public sealed class SharedLinkTests : IAsyncLifetime
{
    private RunningSandbox _sandbox = null!;
    private Folder _shared = null!;
    private BoxFile _file = null!;
    private string _token = "";
    private string _stranger = "";

    private Enterprise Enterprise => _sandbox.Enterprise;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await RunningSandbox.StartAsync();
        Enterprise.Clear();
        var ida = Enterprise.AddAppUser("Ida", null);
        _shared = Enterprise.AddFolder(Enterprise.ServiceAccount.Root, "Shared");
        _file = Enterprise.AddFile(_shared, "a.txt", [1]);
        Enterprise.AddCollaboration(_shared, ida, "editor");
        _token = await _sandbox.TokenAsync(ida);
        _stranger = await _sandbox.TokenAsync(Enterprise.AddAppUser("Olaf", null));
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("files")]
    [InlineData("folders")]
    public async Task A_link_is_made_changed_and_taken_back(string kind)
    {
        var path = $"/2.0/{kind}/{(kind == "files" ? _file.Id : _shared.Id)}?fields=shared_link,allowed_shared_link_access_levels";

        var none = await _sandbox.ReadAsync(path, _token);
        var made = await PutAsync(path, new { shared_link = new { } });
        var changed = await PutAsync(path, new { shared_link = new { access = "company", password = "Tide!", permissions = new { can_download = false } } });
        var back = await PutAsync(path, new { shared_link = (object?)null });

        Assert.Null(none["shared_link"]);
        Assert.Equal(3, none["allowed_shared_link_access_levels"]!.AsArray().Count);
        Assert.Equal(("open", "can_download", false), ((string)made["shared_link"]!["access"]!, (string)made["shared_link"]!["effective_permission"]!, (bool)made["shared_link"]!["is_password_enabled"]!));
        Assert.Equal(("company", "can_preview", true), ((string)changed["shared_link"]!["access"]!, (string)changed["shared_link"]!["effective_permission"]!, (bool)changed["shared_link"]!["is_password_enabled"]!));
        Assert.Equal((string?)made["shared_link"]!["url"], (string?)changed["shared_link"]!["url"]);
        Assert.Null(back["shared_link"]);
    }

    [Fact]
    public async Task Whoever_has_the_link_reads_and_no_more()
    {
        var link = (await PutAsync($"/2.0/folders/{_shared.Id}?fields=shared_link", new { shared_link = new { } }))["shared_link"]!["url"];
        var header = ("BoxApi", $"shared_link={link}");

        Assert.Equal(404, await StatusAsync(HttpMethod.Get, $"/2.0/files/{_file.Id}", null));
        Assert.Equal(200, await StatusAsync(HttpMethod.Get, "/2.0/shared_items", null, header));
        Assert.Equal(200, await StatusAsync(HttpMethod.Get, $"/2.0/files/{_file.Id}", null, header));
        Assert.Equal(302, await StatusAsync(HttpMethod.Get, $"/2.0/files/{_file.Id}/content", null, header));
        Assert.Equal(403, await StatusAsync(HttpMethod.Delete, $"/2.0/files/{_file.Id}", null, header));
        Assert.Equal(404, await StatusAsync(HttpMethod.Get, "/2.0/shared_items", null, ("BoxApi", $"shared_link={link}x")));

        await PutAsync($"/2.0/folders/{_shared.Id}", new { shared_link = new { password = "Tide!", permissions = new { can_download = false } } });
        Assert.Equal(404, await StatusAsync(HttpMethod.Get, $"/2.0/files/{_file.Id}", null, header));
        Assert.Equal(403, await StatusAsync(HttpMethod.Get, $"/2.0/files/{_file.Id}/content", null, ("BoxApi", $"shared_link={link}&shared_link_password=Tide!")));
        await PutAsync($"/2.0/folders/{_shared.Id}", new { shared_link = new { access = "collaborators", password = (string?)null } });
        Assert.Equal(404, await StatusAsync(HttpMethod.Get, $"/2.0/files/{_file.Id}", null, header));
    }

    [Fact]
    public async Task Sharing_needs_the_right_and_the_scope()
    {
        var previewer = Enterprise.AddAppUser("Per", null);
        Enterprise.AddCollaboration(_shared, previewer, "previewer");
        var narrow = await _sandbox.DownscopedAsync(previewer, "base_explorer item_download");

        using var noRight = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/files/{_file.Id}", await _sandbox.TokenAsync(previewer), new { shared_link = new { } });
        using var noScope = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/files/{_file.Id}", narrow, new { shared_link = new { } });
        using var nonsense = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/files/{_file.Id}", _token, new { shared_link = new { access = "everybody" } });

        Assert.Equal((403, 403, 400), ((int)noRight.StatusCode, (int)noScope.StatusCode, (int)nonsense.StatusCode));
        Assert.Null(_file.SharedLink);
    }

    [Theory]
    [InlineData("editor", "base_explorer item_share", true, true)]
    [InlineData("editor", "base_explorer item_preview", false, false)]
    [InlineData("viewer", "base_explorer item_share", true, false)]
    [InlineData("viewer", "root_readwrite", true, false)]
    [InlineData("previewer", "base_explorer item_share", false, false)]
    public async Task To_whom_a_link_is_open_is_for_editors_whose_token_may_share(string role, string scopes, bool mayShare, bool maySetAccess)
    {
        var user = Enterprise.AddAppUser("Vera", null);
        Enterprise.AddCollaboration(_shared, user, role);
        var token = await _sandbox.DownscopedAsync(user, scopes);
        foreach (var path in (string[])[$"/2.0/files/{_file.Id}?fields=permissions,shared_link", $"/2.0/folders/{_shared.Id}?fields=permissions,shared_link"])
        {
            var told = (await _sandbox.ReadAsync(path, token))["permissions"]!;
            await PutAsync(path, new { shared_link = new { access = "open" } });

            using var same = await _sandbox.SendAsync(HttpMethod.Put, path, token, new { shared_link = new { access = "open" } });
            using var other = await _sandbox.SendAsync(HttpMethod.Put, path, token, new { shared_link = new { access = "company" } });

            Assert.Equal((mayShare, maySetAccess), ((bool)told["can_share"]!, (bool)told["can_set_share_access"]!));
            Assert.Equal((mayShare ? 200 : 403, maySetAccess ? 200 : 403), ((int)same.StatusCode, (int)other.StatusCode));
        }
    }

    private async Task<System.Text.Json.Nodes.JsonObject> PutAsync(string path, object body)
    {
        using var answer = await _sandbox.SendAsync(HttpMethod.Put, path, _token, body);
        Assert.Equal(200, (int)answer.StatusCode);
        return await RunningSandbox.JsonAsync(answer);
    }

    private async Task<int> StatusAsync(HttpMethod method, string path, object? body, params (string, string)[] headers)
    {
        using var answer = await _sandbox.SendAsync(method, path, _stranger, body, headers);
        return (int)answer.StatusCode;
    }
}
