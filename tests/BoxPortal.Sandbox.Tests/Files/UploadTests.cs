using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Files;

public sealed class UploadTests : IAsyncLifetime
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
    [InlineData("/2.0/files/content")]
    [InlineData("/api/2.0/files/content")]
    [InlineData("/api/2.0/files/content?upload_session_id=1")]
    public async Task Both_of_Boxs_hosts_take_an_upload(string path)
    {
        using var answer = await _sandbox.SendAsync(HttpMethod.Post, path, _token, Form("a.txt", _shared.Id, "Hello"u8.ToArray()));

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var body = await RunningSandbox.JsonAsync(answer);
        var entry = Assert.Single(body["entries"]!.AsArray())!;
        Assert.Equal((1, "a.txt", 5, "0"), ((int)body["total_count"]!, (string)entry["name"]!, (int)entry["size"]!, (string)entry["etag"]!));
        Assert.Equal("f7ff9e8b7bb2e09b70935a5d785e0cc5d9d0abf0", (string)entry["sha1"]!);
        Assert.Equal((_ida.Id, Enterprise.ServiceAccount.Id), ((string?)entry["created_by"]!["id"], (string?)entry["owned_by"]!["id"]));
    }

    [Fact]
    public async Task Names_of_parts_may_stand_in_quotes_or_not()
    {
        const string Quoted = "--b\r\nContent-Disposition: form-data; name=\"attributes\"\r\n\r\n{0}\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nHello\r\n--b--\r\n";
        foreach (var form in (string[])[Quoted, Quoted.Replace("\"attributes\"", "attributes", StringComparison.Ordinal).Replace("\"file\"", "file", StringComparison.Ordinal)])
        {
            var attributes = $$$"""{"name":"{{{Guid.NewGuid()}}}","parent":{"id":"{{{_shared.Id}}}"}}""";
            using var answer = await _sandbox.SendAsync(HttpMethod.Post, "/2.0/files/content", _token, Raw(string.Format(null, form, attributes)));

            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        }
        Assert.All(Enterprise.Files.Values, file => Assert.Equal("Hello", Encoding.UTF8.GetString(file.Current.Content)));
    }

    [Fact]
    public async Task The_attributes_come_before_the_file()
    {
        using MultipartFormDataContent form = new() { { new ByteArrayContent([1]), "file", "a.txt" }, { JsonContent.Create(new { name = "a.txt", parent = new { id = _shared.Id } }), "attributes" } };

        await RefusedAsync(HttpMethod.Post, "/2.0/files/content", form, 400, "metadata_after_file_contents");
    }

    [Fact]
    public async Task The_digest_is_the_SHA_1_whatever_the_headers_name_says()
    {
        byte[] content = [1, 2, 3];
#pragma warning disable CA5350, CA5351 // Box's choice; and the one that is refused.
        var (sha1, md5) = (Convert.ToHexStringLower(SHA1.HashData(content)), Convert.ToHexStringLower(MD5.HashData(content)));
#pragma warning restore CA5350, CA5351

        using var good = await _sandbox.SendAsync(HttpMethod.Post, "/2.0/files/content", _token, Form("a", _shared.Id, content, sha1));
        await RefusedAsync(HttpMethod.Post, "/2.0/files/content", Form("b", _shared.Id, content, md5), 400, "bad_digest");

        Assert.Equal(HttpStatusCode.Created, good.StatusCode);
        Assert.Null(_shared.Child("b"));
    }

    [Fact]
    public async Task The_check_before_an_upload_says_where_to_send_it()
    {
        using var answer = await CheckAsync(new { name = "a.txt", parent = new { id = _shared.Id }, size = 5 });

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var body = await RunningSandbox.JsonAsync(answer);
        using var sent = await _sandbox.SendAsync(HttpMethod.Post, (string)body["upload_url"]!, _token, Form("a.txt", _shared.Id, [1]));
        Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
    }

    [Fact]
    public async Task A_conflict_names_the_file_bare_for_the_uploader_to_make_a_version_of_it()
    {
        var file = Enterprise.AddFile(_shared, "a.txt", [1]);

        using var check = await CheckAsync(new { name = "A.TXT", parent = new { id = _shared.Id }, size = 5 });
        var refusal = await RunningSandbox.JsonAsync(check);
        var atUpload = await RefusedAsync(HttpMethod.Post, "/2.0/files/content", Form("a.TXT", _shared.Id, [2]), 409, "item_name_in_use");

        Assert.Equal((409, 409), ((int)check.StatusCode, (int)refusal["status"]!));
        Assert.Equal(file.Id, (string?)refusal["context_info"]!["conflicts"]!["id"]);
        Assert.Equal(file.Id, (string?)atUpload["context_info"]!["conflicts"]!["id"]);
    }

    [Fact]
    public async Task A_new_version_keeps_the_file_and_the_version_before()
    {
        var file = Enterprise.AddFile(_shared, "a.txt", [1]);
        var first = file.Current;

        using var check = await _sandbox.SendAsync(HttpMethod.Options, $"/2.0/files/{file.Id}/content", _token, new { size = 2 });
        using var stale = await _sandbox.SendAsync(HttpMethod.Post, $"/api/2.0/files/{file.Id}/content", _token, Form("a.txt", null, [2, 2]), ("If-Match", "7"));
        using var answer = await _sandbox.SendAsync(HttpMethod.Post, $"/api/2.0/files/{file.Id}/content", _token, Form("a.txt", null, [2, 2]), ("If-Match", "0"));

        Assert.Equal((200, 412, 200), ((int)check.StatusCode, (int)stale.StatusCode, (int)answer.StatusCode));
        Assert.Equal([first, file.Current], file.Versions);
        Assert.Equal(("1", 2), ($"{file.Revision}", file.Current.Content.Length));
        Assert.Equal(_ida, file.ModifiedBy);
    }

    [Fact]
    public async Task Space_is_the_owners_and_has_an_end()
    {
        _ida.SpaceAmount = 10;
        Enterprise.AddFile(_ida.Root, "a", new byte[8]);

        await RefusedAsync(HttpMethod.Post, "/2.0/files/content", Form("b", "0", new byte[3]), 403, "storage_limit_exceeded");
        using var elsewhere = await _sandbox.SendAsync(HttpMethod.Post, "/2.0/files/content", _token, Form("b", _shared.Id, new byte[3]));

        Assert.Equal(HttpStatusCode.Created, elsewhere.StatusCode);
    }

    [Theory]
    [InlineData("a/b", 400, "item_name_invalid")]
    [InlineData("..", 400, "item_name_invalid")]
    [InlineData("a\u0007", 400, "item_name_invalid")]
    [InlineData("", 400, "bad_request")]
    public async Task A_name_that_Box_does_not_take_is_refused_before_and_at_the_upload(string name, int status, string code)
    {
        await RefusedAsync(HttpMethod.Post, "/2.0/files/content", Form(name, _shared.Id, [1]), status, code);
        await RefusedAsync(HttpMethod.Options, "/2.0/files/content", new { name, parent = new { id = _shared.Id } }, status, code);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_takes_nothing()
    {
        await RefusedAsync(HttpMethod.Post, "/2.0/files/content", Form("a", "1", [1]), 404, "not_found");
        await RefusedAsync(HttpMethod.Post, "/2.0/files/content", Form("a", null, [1]), 400, "bad_request");
        await RefusedAsync(HttpMethod.Post, "/2.0/files/1/content", Form("a", null, [1]), 404, "not_found");
    }

    [Theory]
    [InlineData("multipart/form-data", "")]
    [InlineData("multipart/form-data; boundary=b", "")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=attributes\r\n\r\n{\"name\":")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=attributes\r\n\r\nnull\r\n--b--")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=attributes\r\n\r\n[[[[\r\n--b--")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=attributes\r\n\r\n{\"name\":\"\\ud800\"}\r\n--b--")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nrubbish\r\n\r\nx\r\n--b--")]
    [InlineData("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=attributes\r\n\r\n{}\r\n--b--")]
    [InlineData("text/plain", "hello")]
    [InlineData("application/json", "{}")]
    public async Task A_broken_upload_is_a_bad_request(string type, string body)
    {
        using var answer = await _sandbox.SendAsync(HttpMethod.Post, "/2.0/files/content", _token, Raw(body, type));

        Assert.Equal((HttpStatusCode.BadRequest, "bad_request"), (answer.StatusCode, (string?)(await RunningSandbox.JsonAsync(answer))["code"]));
    }

    private Task<HttpResponseMessage> CheckAsync(object wanted) => _sandbox.SendAsync(HttpMethod.Options, "/2.0/files/content", _token, wanted);

    private async Task<JsonObject> RefusedAsync(HttpMethod method, string path, object body, int status, string code)
    {
        using var answer = await _sandbox.SendAsync(method, path, _token, body);
        var refusal = await RunningSandbox.JsonAsync(answer);
        Assert.Equal((status, code), ((int)answer.StatusCode, (string?)refusal["code"]));
        return refusal;
    }

    private static MultipartFormDataContent Form(string name, string? parentId, byte[] content, string? digest = null)
    {
        MultipartFormDataContent form = new()
        {
            { JsonContent.Create(parentId is null ? (object)new { name } : new { name, parent = new { id = parentId } }), "attributes" },
            { new ByteArrayContent(content), "file", "upload" },
        };
        if (digest is not null)
        {
            form.Headers.TryAddWithoutValidation("Content-MD5", digest);
        }
        return form;
    }

    private static StringContent Raw(string body, string type = "multipart/form-data; boundary=b")
    {
        StringContent content = new(body);
        content.Headers.Remove("Content-Type");
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }
}
