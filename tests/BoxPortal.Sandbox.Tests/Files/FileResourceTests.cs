using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Files;

public sealed class FileResourceTests : IAsyncLifetime
{
    private const string Hints = "[jpg?dimensions=1024x1024&paged=false,png?dimensions=1024x1024][pdf][text]";

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
    public async Task A_file_tells_its_standard_fields_or_those_asked_for()
    {
        var file = Enterprise.AddFile(_shared, "Plan.PDF", [1, 2, 3]);

        var standard = await _sandbox.ReadAsync($"/2.0/files/{file.Id}", _token);
        var asked = await _sandbox.ReadAsync($"/2.0/files/{file.Id}?fields=extension,version_number,is_download_available,authenticated_download_url,watermark_info", _token);

        Assert.Equal(("0", 3, "Shared"), ((string?)standard["etag"], (int)standard["size"]!, (string?)standard["parent"]!["name"]));
        Assert.False(standard.ContainsKey("permissions"));
        Assert.Equal(["type", "id", "etag", "extension", "version_number", "is_download_available", "authenticated_download_url", "watermark_info"], asked.Select(field => field.Key));
        Assert.Equal(("pdf", $"{_sandbox.Http.BaseAddress}2.0/files/{file.Id}/content"), ((string?)asked["extension"], (string?)asked["authenticated_download_url"]));
    }

    [Fact]
    public async Task A_file_is_renamed_moved_described_and_deleted()
    {
        var file = Enterprise.AddFile(_shared, "a.txt", [1]);
        var folder = Enterprise.AddFolder(_shared, "Below");

        using var answer = await _sandbox.SendAsync(
            HttpMethod.Put, $"/2.0/files/{file.Id}", _token, new { name = "b.txt", description = "New", parent = new { id = folder.Id } }, ("If-Match", "0"));
        using var unchanged = await _sandbox.GetAsync($"/2.0/files/{file.Id}", _token, ("If-None-Match", "1"));
        using var stale = await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/files/{file.Id}", _token, null, ("If-Match", "0"));
        using var deleted = await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/files/{file.Id}", _token, new { });
        using var gone = await _sandbox.GetAsync($"/2.0/files/{file.Id}", _token);

        var body = await RunningSandbox.JsonAsync(answer);
        Assert.Equal(("b.txt", "New", "1", folder.Id), ((string?)body["name"], (string?)body["description"], (string?)body["etag"], (string?)body["parent"]!["id"]));
        Assert.Equal((304, 412, 204, 404), ((int)unchanged.StatusCode, (int)stale.StatusCode, (int)deleted.StatusCode, (int)gone.StatusCode));
    }

    [Fact]
    public async Task A_name_in_use_is_told_bare()
    {
        var taken = Enterprise.AddFile(_shared, "a.txt", [1]);
        var file = Enterprise.AddFile(_shared, "b.txt", [1]);

        using var answer = await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/files/{file.Id}", _token, new { name = "A.txt" });

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal(taken.Id, (string?)(await RunningSandbox.JsonAsync(answer))["context_info"]!["conflicts"]!["id"]);
    }

    [Theory]
    [InlineData("1", 404)]
    [InlineData("abc", 405)]
    public async Task A_file_that_is_not_there_or_cannot_be(string id, int status)
    {
        using var answer = await _sandbox.GetAsync($"/2.0/files/{id}", _token);

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Content_is_fetched_without_a_token_from_an_address_that_lasts_a_quarter_of_an_hour()
    {
        var file = Enterprise.AddFile(_shared, "Übersicht \"2027\".txt", [1, 2, 3, 4]);
        using var located = await _sandbox.GetAsync($"/2.0/files/{file.Id}/content", _token);

        Assert.Equal(HttpStatusCode.Redirect, located.StatusCode);
        var address = located.Headers.Location!;
        using var content = await _sandbox.GetAsync(address.ToString(), null, ("Origin", "http://localhost:5080"));
        using var part = await _sandbox.GetAsync(address.ToString(), null, ("Range", "bytes=1-2"));
        _sandbox.Clock.Advance(TimeSpan.FromMinutes(16));
        using var late = await _sandbox.GetAsync(address.ToString(), null);

        Assert.Equal([1, 2, 3, 4], await content.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("attachment", content.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("Übersicht \"2027\".txt", content.Content.Headers.ContentDisposition.FileNameStar);
        Assert.Equal("application/octet-stream", content.Content.Headers.ContentType!.MediaType);
        Assert.False(content.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Equal([2, 3], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
    }

    [Fact]
    public async Task A_browser_is_sent_to_the_content_with_the_token_in_the_address()
    {
        var file = Enterprise.AddFile(_shared, "a.txt", [1]);
        var token = await _sandbox.DownscopedAsync(_ida, "base_explorer item_download");

        using var located = await _sandbox.GetAsync($"/2.0/files/{file.Id}/content?access_token={token}", null);
        using var elsewhere = await _sandbox.GetAsync($"/2.0/files/{file.Id}?access_token={token}", null);

        Assert.Equal(HttpStatusCode.Redirect, located.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
    }

    [Fact]
    public async Task An_older_version_can_still_be_fetched()
    {
        var file = Enterprise.AddFile(_shared, "a.txt", [1]);
        var first = file.Current;
        using var form = new MultipartFormDataContent { { new StringContent("{}"), "attributes" }, { new ByteArrayContent([2]), "file", "a.txt" } };
        (await _sandbox.SendAsync(HttpMethod.Post, $"/2.0/files/{file.Id}/content", _token, form)).Dispose();

        using var located = await _sandbox.GetAsync($"/2.0/files/{file.Id}/content?version={first.Id}", _token);
        using var unknown = await _sandbox.GetAsync($"/2.0/files/{file.Id}/content?version=1", _token);

        Assert.Equal([1], await _sandbox.Http.GetByteArrayAsync(located.Headers.Location, TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Theory]
    [InlineData("photo.jpg", "jpg", "image/jpeg", "")]
    [InlineData("photo.JPEG", "jpg", "image/jpeg", "")]
    [InlineData("logo.png", "png", "image/png", "1.png")]
    public async Task An_image_is_its_own_thumbnail(string name, string representation, string type, string asset)
    {
        var file = Enterprise.AddFile(_shared, name, [1, 2, 3]);

        var entry = Assert.Single(await RepresentationsAsync(file))!;
        var address = ((string)entry["content"]!["url_template"]!).Replace("{+asset_path}", asset, StringComparison.Ordinal);
        using var image = await _sandbox.GetAsync($"{address}?access_token={_token}", null);

        Assert.Equal((representation, "success", "1024x1024"), ((string?)entry["representation"], (string?)entry["status"]!["state"], (string?)entry["properties"]!["dimensions"]));
        Assert.Equal(new MediaTypeHeaderValue(type), image.Content.Headers.ContentType);
        Assert.Equal([1, 2, 3], await image.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        var info = await _sandbox.ReadAsync((string)entry["info"]!["url"]!, _token);
        Assert.Equal("success", (string?)info["status"]!["state"]);
    }

    [Theory]
    [InlineData("letter.txt", "png", "text")]
    [InlineData("plan.pdf", "png", "pdf")]
    [InlineData("page.svg")]
    public async Task Texts_and_pages_have_a_picture_and_themselves_and_other_files_nothing(string name, params string[] representations)
    {
        var entries = await RepresentationsAsync(Enterprise.AddFile(_shared, name, [1]));

        Assert.Equal(representations, entries.Select(entry => (string)entry!["representation"]!));
        if (representations.Length > 0)
        {
            var thumbnail = await _sandbox.GetAsync($"{((string)entries[0]!["content"]!["url_template"]!).Replace("{+asset_path}", "1.png", StringComparison.Ordinal)}?access_token={_token}", null);
            Assert.Equal("image/png", thumbnail.Content.Headers.ContentType?.MediaType);
            Assert.NotEqual([1], await thumbnail.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
    }

    private async Task<JsonArray> RepresentationsAsync(BoxFile file)
    {
        using var answer = await _sandbox.GetAsync($"/2.0/files/{file.Id}?fields=representations", _token, ("X-Rep-Hints", Hints));
        return (await RunningSandbox.JsonAsync(answer))["representations"]!["entries"]!.AsArray();
    }
}
