using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Folders;

/// <summary>What each user finds under folder 0.</summary>
public sealed class RootListingTests : IAsyncLifetime
{
    private RunningSandbox _sandbox = null!;

    private Enterprise Enterprise => _sandbox.Enterprise;
    private Folder Company => Enterprise.ServiceAccount.Root;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await RunningSandbox.StartAsync();
        Enterprise.Clear();
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task An_app_user_in_no_group_finds_nothing()
    {
        Enterprise.AddFolder(Company, "Tenders");

        Assert.Empty(await NamesAsync(Enterprise.AddAppUser("Ida", null)));
    }

    [Fact]
    public async Task The_root_holds_what_groups_bring_what_was_shared_directly_and_what_is_owned()
    {
        var ida = Enterprise.AddAppUser("Ida", null);
        Share("Tenders", ida, "viewer");
        Share("Plans", ida, "editor");
        Enterprise.AddCollaboration(Enterprise.AddFile(Company, "Menu.txt", [1]), ida, "viewer");
        Enterprise.AddFolder(ida.Root, "Mine", ida);
        Enterprise.AddFolder(Company, "Secret");

        Assert.Equal(["Mine", "Plans", "Tenders", "Menu.txt"], await NamesAsync(ida));
    }

    [Fact]
    public async Task A_folder_that_several_groups_bring_is_listed_once_with_the_rights_of_all()
    {
        var ida = Enterprise.AddAppUser("Ida", null);
        var folder = Share("Tenders", ida, "previewer");
        var uploaders = Enterprise.AddGroup("Uploaders");
        Enterprise.AddMembership(ida, uploaders);
        Enterprise.AddCollaboration(folder, uploaders, "uploader");

        var entry = Assert.Single(await EntriesAsync(ida))!;

        Assert.Equal((true, false, false), ((bool)entry["permissions"]!["can_upload"]!, (bool)entry["permissions"]!["can_download"]!, (bool)entry["permissions"]!["can_rename"]!));
    }

    [Fact]
    public async Task What_lies_below_a_listed_folder_is_not_listed_again()
    {
        var ida = Enterprise.AddAppUser("Ida", null);
        var folder = Share("Tenders", ida, "viewer");
        var below = Enterprise.AddFolder(Enterprise.AddFolder(folder, "2027"), "Bridge");
        Enterprise.AddCollaboration(below, ida, "editor");

        Assert.Equal(["Tenders"], await NamesAsync(ida));
    }

    [Fact]
    public async Task Access_only_folders_are_reachable_but_not_listed()
    {
        var ida = Enterprise.AddAppUser("Ida", null);
        var folder = Enterprise.AddFolder(Company, "Quiet");
        Enterprise.AddCollaboration(folder, ida, "viewer", isAccessOnly: true);

        Assert.Empty(await NamesAsync(ida));
        var got = await _sandbox.ReadAsync($"/2.0/folders/{folder.Id}", await _sandbox.TokenAsync(ida));
        Assert.Equal("Quiet", (string?)got["name"]);
    }

    [Fact]
    public async Task Leaving_the_group_takes_its_folders_at_once()
    {
        var ida = Enterprise.AddAppUser("Ida", null);
        var folder = Share("Tenders", ida, "viewer");
        var token = await _sandbox.DownscopedAsync(ida, "base_explorer");
        Assert.Equal(["Tenders"], await NamesAsync(ida));

        Enterprise.Remove(ida.Memberships[0]);

        Assert.Empty(await NamesAsync(ida));
        using var answer = await _sandbox.GetAsync($"/2.0/folders/{folder.Id}", token);
        Assert.Equal(404, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_path_starts_at_the_root_and_shows_nothing_above_what_was_shared()
    {
        var ida = Enterprise.AddAppUser("Ida", null);
        var hidden = Enterprise.AddFolder(Company, "Hidden");
        var shared = Enterprise.AddFolder(hidden, "Tenders");
        var below = Enterprise.AddFolder(Enterprise.AddFolder(shared, "2027"), "Bridge");
        Enterprise.AddCollaboration(shared, ida, "viewer");
        var token = await _sandbox.TokenAsync(ida);

        var deep = await _sandbox.ReadAsync($"/2.0/folders/{below.Id}?fields=path_collection,parent", token);
        var top = await _sandbox.ReadAsync($"/2.0/folders/{shared.Id}?fields=path_collection,parent", token);

        Assert.Equal(["All Files", "Tenders", "2027"], deep["path_collection"]!["entries"]!.AsArray().Select(entry => (string)entry!["name"]!));
        Assert.Equal(["All Files"], top["path_collection"]!["entries"]!.AsArray().Select(entry => (string)entry!["name"]!));
        Assert.Equal("0", (string?)top["parent"]!["id"]);
        Assert.DoesNotContain("Hidden", deep.ToJsonString() + top.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_root_itself_has_no_dates_no_parent_and_cannot_be_changed()
    {
        var ida = Enterprise.AddAppUser("Ida", null);
        var token = await _sandbox.TokenAsync(ida);

        var root = await _sandbox.ReadAsync("/2.0/folders/0", token);
        using var renamed = await _sandbox.SendAsync(HttpMethod.Put, "/2.0/folders/0", token, new { name = "Mine" });
        using var deleted = await _sandbox.SendAsync(HttpMethod.Delete, "/2.0/folders/0?recursive=true", token);

        Assert.Equal("All Files", (string?)root["name"]);
        Assert.Null(root["parent"]);
        Assert.Null(root["created_at"]);
        Assert.Null(root["etag"]);
        Assert.Equal(ida.Id, (string?)root["owned_by"]!["id"]);
        Assert.Equal((403, 403), ((int)renamed.StatusCode, (int)deleted.StatusCode));
    }

    [Fact]
    public async Task A_company_of_twenty_thousand_answers_a_person_as_fast_as_a_small_one()
    {
        Folder[] folders = [.. Enumerable.Range(0, 2000).Select(number =>
        {
            var folder = Enterprise.AddFolder(Company, $"Folder {number}");
            Enterprise.AddCollaboration(folder, Enterprise.AddGroup($"Group {number}"), "viewer");
            return folder;
        })];
        Group[] groups = [.. Enterprise.Groups.Values];
        User[] people = [.. Enumerable.Range(0, 20_000).Select(number => Enterprise.AddAppUser($"Person {number}", $"{number}@x"))];
        for (var number = 0; number < 12_000; number++)
        {
            Enterprise.AddMembership(people[number], groups[number % groups.Length]);
            Enterprise.AddMembership(people[number], groups[0]);
        }
        var token = await _sandbox.TokenAsync(people[5]);
        await _sandbox.ReadAsync("/2.0/folders/0", token);

        var watch = System.Diagnostics.Stopwatch.StartNew();
        for (var turn = 0; turn < 100; turn++)
        {
            Assert.Equal(2, (int)(await _sandbox.ReadAsync("/2.0/folders/0?fields=name,permissions,item_collection", token))["item_collection"]!["total_count"]!);
        }

        // A walk over everything would take some 50 ms for each.
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2500);
        Assert.Equal(2000, folders.Length);
    }

    private Folder Share(string name, User user, string role)
    {
        var folder = Enterprise.AddFolder(Company, name);
        var group = Enterprise.AddGroup(name);
        Enterprise.AddMembership(user, group);
        Enterprise.AddCollaboration(folder, group, role);
        return folder;
    }

    private async Task<IEnumerable<string>> NamesAsync(User user) => (await EntriesAsync(user)).Select(entry => (string)entry!["name"]!);

    // As the Explorer lists.
    private async Task<JsonArray> EntriesAsync(User user)
    {
        var folder = await _sandbox.ReadAsync(
            "/2.0/folders/0?direction=asc&limit=50&offset=0&sort=name&fields=id,name,type,size,parent,extension,permissions,path_collection,modified_at,created_at,modified_by,"
            + "has_collaborations,is_externally_owned,item_collection,authenticated_download_url,is_download_available,representations,url,file_version,sha1,shared_link,watermark_info",
            await _sandbox.DownscopedAsync(user, "base_explorer item_preview item_download item_upload item_rename item_delete item_share"));
        var list = folder["item_collection"]!;
        Assert.Equal((50, 0), ((int)list["limit"]!, (int)list["offset"]!));
        Assert.Equal((int)list["total_count"]!, list["entries"]!.AsArray().Count);
        return list["entries"]!.AsArray();
    }
}
