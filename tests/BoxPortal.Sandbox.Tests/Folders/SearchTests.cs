using System.Net.Http.Json;

namespace BoxPortal.Sandbox.Tests.Folders;

public sealed class SearchTests : IAsyncLifetime
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
        Enterprise.AddCollaboration(_shared, _ida, "viewer");
        _token = await _sandbox.DownscopedAsync(_ida, "base_explorer root_readonly");
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Words_are_found_by_their_beginning_where_the_person_has_access()
    {
        var below = Enterprise.AddFolder(_shared, "Tide tables");
        Enterprise.AddFile(below, "North-sea tides.CSV", [1]);
        Enterprise.AddFile(_shared, "Riptide.txt", [1]);
        Enterprise.AddFile(Enterprise.ServiceAccount.Root, "Tide, secret.txt", [1]);

        Assert.Equal(["North-sea tides.CSV", "Tide tables"], await FindAsync("query=tide"));
        Assert.Equal(["North-sea tides.CSV"], await FindAsync("query=SEA tid"));
        Assert.Equal(["North-sea tides.CSV"], await FindAsync("query=tide&type=file&file_extensions=csv"));
        Assert.Equal(["North-sea tides.CSV"], await FindAsync($"query=tide&ancestor_folder_ids={below.Id}"));
        Assert.Equal(2, (await FindAsync("query=tide&ancestor_folder_ids=0")).Length);
        Assert.Equal(["Tide tables"], await FindAsync("query=tide&limit=1&offset=1"));
        Assert.Empty(await FindAsync("query=tide&updated_at_range=,2020-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task What_is_new_is_found_once_it_is_indexed()
    {
        Enterprise.AddFile(_shared, "Tide.txt", [1]);
        using var slow = await _sandbox.Http.PostAsJsonAsync("/_sandbox/delays", new { searchSeconds = 600 }, TestContext.Current.CancellationToken);

        var atOnce = await FindAsync("query=tide");
        _sandbox.Clock.Advance(TimeSpan.FromMinutes(10));
        var later = await FindAsync("query=tide");
        Enterprise.Clear();

        Assert.Equal((204, 0, 1), ((int)slow.StatusCode, atOnce.Length, later.Length));
        Assert.Equal(TimeSpan.Zero, Enterprise.FindsWithin);
    }

    [Theory]
    [InlineData("", 400, "missing_parameter")]
    [InlineData("query=a&type=cat", 400, "bad_request")]
    [InlineData("query=a&sort=name", 400, "bad_request")]
    [InlineData("query=a&offset=10001", 400, "bad_request")]
    [InlineData("query=a&updated_at_range=yesterday", 400, "bad_request")]
    [InlineData("query=a&ancestor_folder_ids=1", 404, "not_found")]
    public async Task A_question_that_makes_no_sense_is_refused(string query, int status, string code)
    {
        using var answer = await _sandbox.GetAsync($"/2.0/search?{query}", _token);

        Assert.Equal((status, code), ((int)answer.StatusCode, (string?)(await RunningSandbox.JsonAsync(answer))["code"]));
    }

    [Fact]
    public async Task The_scopes_of_the_Elements_do_not_search()
    {
        var token = await _sandbox.DownscopedAsync(_ida, "base_explorer item_preview item_download");

        using var answer = await _sandbox.GetAsync("/2.0/search?query=a", token);

        Assert.Equal((403, "insufficient_scope"), ((int)answer.StatusCode, (string?)(await RunningSandbox.JsonAsync(answer))["code"]));
    }

    private async Task<string[]> FindAsync(string query) =>
        [.. (await _sandbox.ReadAsync($"/2.0/search?{query}&fields=name", _token))["entries"]!.AsArray().Select(entry => (string)entry!["name"]!)];
}
