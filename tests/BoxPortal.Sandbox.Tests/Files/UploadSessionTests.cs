using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Files;

public sealed class UploadSessionTests : IAsyncLifetime
{
    private readonly byte[] _content = new byte[20_000_001];
    private RunningSandbox _sandbox = null!;
    private User _ida = null!;
    private Folder _shared = null!;
    private string _token = "";

    private Enterprise Enterprise => _sandbox.Enterprise;

    public async ValueTask InitializeAsync()
    {
        new Random(7).NextBytes(_content);
        _sandbox = await RunningSandbox.StartAsync();
        Enterprise.Clear();
        _ida = Enterprise.AddAppUser("Ida", null);
        _shared = Enterprise.AddFolder(Enterprise.ServiceAccount.Root, "Shared");
        Enterprise.AddCollaboration(_shared, _ida, "editor");
        _token = await _sandbox.TokenAsync(_ida);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Parts_come_in_any_order_and_make_a_file()
    {
        var (session, size) = await OpenAsync("/api/2.0/files/upload_sessions", new { folder_id = _shared.Id, file_name = "large.bin", file_size = _content.Length });

        foreach (var offset in (int[])[2 * size, 0, size])
        {
            using var part = await PutAsync(session, offset, size);
            Assert.Equal(200, (int)part.StatusCode);
        }
        using var again = await PutAsync(session, 0, size);
        var listed = await _sandbox.ReadAsync($"{session}/parts", _token);
        using var answer = await CommitAsync(session, listed["entries"]!);
        using var gone = await _sandbox.GetAsync(session, _token);

        Assert.Equal((409, 201, 404), ((int)again.StatusCode, (int)answer.StatusCode, (int)gone.StatusCode));
        Assert.Equal(_content, ((BoxFile)_shared.Child("large.bin")!).Current.Content);
    }

    [Fact]
    public async Task A_version_comes_in_parts_as_well()
    {
        var file = Enterprise.AddFile(_shared, "a.bin", [1]);
        var (session, size) = await OpenAsync($"/api/2.0/files/{file.Id}/upload_sessions", new { file_size = _content.Length });
        for (var offset = 0; offset < _content.Length; offset += size)
        {
            (await PutAsync(session, offset, size)).Dispose();
        }
        var parts = (await _sandbox.ReadAsync($"{session}/parts", _token))["entries"]!;

        using var answer = await CommitAsync(session, parts);

        Assert.Equal(201, (int)answer.StatusCode);
        Assert.Equal((2, _content.Length), (file.Versions.Count, file.Current.Content.Length));
    }

    [Fact]
    public async Task What_does_not_fit_is_refused()
    {
        var (session, size) = await OpenAsync("/2.0/files/upload_sessions", new { folder_id = _shared.Id, file_name = "large.bin", file_size = _content.Length });
        var stranger = await _sandbox.TokenAsync(Enterprise.AddAppUser("Olaf", null));

        using var askew = await PutAsync(session, 1, size);
        using var damaged = await PutAsync(session, 0, size, digest: "sha=AAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        using var early = await CommitAsync(session, new JsonArray());
        using var foreign = await _sandbox.GetAsync(session, stranger);
        using var small = await _sandbox.SendAsync(HttpMethod.Post, "/2.0/files/upload_sessions", _token, new { folder_id = _shared.Id, file_name = "b", file_size = 5 });
        using var huge = await _sandbox.SendAsync(HttpMethod.Post, "/2.0/files/upload_sessions", _token, new { folder_id = _shared.Id, file_name = "b", file_size = 1L << 40 });
        using var aborted = await _sandbox.SendAsync(HttpMethod.Delete, session, _token);
        using var gone = await _sandbox.GetAsync(session, _token);

        Assert.Equal((416, 400, 400, 404), ((int)askew.StatusCode, (int)damaged.StatusCode, (int)early.StatusCode, (int)foreign.StatusCode));
        Assert.Equal((400, 413, 204, 404), ((int)small.StatusCode, (int)huge.StatusCode, (int)aborted.StatusCode, (int)gone.StatusCode));
    }

    [Fact]
    public async Task Who_begins_again_is_told_of_the_session_begun_and_goes_on_with_it()
    {
        const string Path = "/api/2.0/files/upload_sessions";
        var wanted = new { folder_id = _shared.Id, file_name = "large.bin", file_size = _content.Length };
        var (session, size) = await OpenAsync(Path, wanted);
        (await PutAsync(session, 0, size)).Dispose();
        var colleague = Enterprise.AddAppUser("Olaf", null);
        Enterprise.AddCollaboration(_shared, colleague, "editor");

        using var again = await _sandbox.SendAsync(HttpMethod.Post, Path, _token, wanted);
        var told = await RunningSandbox.JsonAsync(again);
        using var otherSize = await _sandbox.SendAsync(HttpMethod.Post, Path, _token, wanted with { file_size = _content.Length + 1 });
        using var otherName = await _sandbox.SendAsync(HttpMethod.Post, Path, _token, wanted with { file_name = "larger.bin" });
        using var another = await _sandbox.SendAsync(HttpMethod.Post, Path, await _sandbox.TokenAsync(colleague), wanted);
        using var aborted = await _sandbox.SendAsync(HttpMethod.Delete, session, _token);
        using var afresh = await _sandbox.SendAsync(HttpMethod.Post, Path, _token, wanted);

        Assert.Equal((409, "session_conflict"), ((int)again.StatusCode, (string?)told["code"]));
        var begun = told["context_info"]!["session"]!;
        Assert.Equal((session, 1), ((string)begun["session_endpoints"]!["upload_part"]!, (int)begun["num_parts_processed"]!));
        Assert.All([otherSize, otherName, another, afresh], answer => Assert.Equal(201, (int)answer.StatusCode));
    }

    [Fact]
    public async Task Who_has_lost_the_folder_or_the_name_meanwhile_ends_without_a_file()
    {
        var (session, size) = await OpenAsync("/2.0/files/upload_sessions", new { folder_id = _shared.Id, file_name = "large.bin", file_size = _content.Length });
        for (var offset = 0; offset < _content.Length; offset += size)
        {
            (await PutAsync(session, offset, size)).Dispose();
        }
        var parts = (await _sandbox.ReadAsync($"{session}/parts", _token))["entries"]!;
        var other = Enterprise.AddFile(_shared, "large.bin", [1]);

        using var taken = await CommitAsync(session, parts);
        Enterprise.Remove(other);
        Enterprise.Remove(_ida.Collaborations[0]);
        using var lost = await CommitAsync(session, parts);

        Assert.Equal((409, 404), ((int)taken.StatusCode, (int)lost.StatusCode));
        Assert.Empty(_shared.Children);
    }

    private async Task<(string Session, int PartSize)> OpenAsync(string path, object wanted)
    {
        using var answer = await _sandbox.SendAsync(HttpMethod.Post, path, _token, wanted);
        Assert.Equal(201, (int)answer.StatusCode);
        var body = await RunningSandbox.JsonAsync(answer);
        return ((string)body["session_endpoints"]!["upload_part"]!, (int)body["part_size"]!);
    }

    private Task<HttpResponseMessage> PutAsync(string session, int offset, int size, string? digest = null)
    {
        var part = _content[offset..Math.Min(offset + size, _content.Length)];
        ByteArrayContent content = new(part);
        content.Headers.ContentRange = new ContentRangeHeaderValue(offset, offset + part.Length - 1, _content.Length);
        return _sandbox.SendAsync(HttpMethod.Put, session, _token, content, ("Digest", digest ?? Digest(part)));
    }

    private Task<HttpResponseMessage> CommitAsync(string session, JsonNode parts) =>
        _sandbox.SendAsync(HttpMethod.Post, $"{session}/commit", _token, new { parts, attributes = new { content_modified_at = "2026-11-22T10:00:00Z" } }, ("Digest", Digest(_content)));

#pragma warning disable CA5350 // Box's choice.
    private static string Digest(byte[] content) => "sha=" + Convert.ToBase64String(SHA1.HashData(content));
#pragma warning restore CA5350
}
