namespace BoxPortal.Sandbox.Tests.Folders;

/// <summary>What may be done is what the role gives, and of that what the token allows; the answers say so, and the server holds to it.</summary>
public sealed class PermissionsTests : IAsyncLifetime
{
    private const string Everything = "base_explorer item_preview item_download item_upload item_rename item_delete item_share";

    private RunningSandbox _sandbox = null!;

    private Enterprise Enterprise => _sandbox.Enterprise;

    public async ValueTask InitializeAsync() => _sandbox = await RunningSandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    // Box's table of roles; on the wire: preview, download, upload to the folder, new version, rename, delete, share.
    [Theory]
    [InlineData("co-owner", "preview download upload version rename delete share")]
    [InlineData("editor", "preview download upload version rename delete share")]
    [InlineData("viewer uploader", "preview download upload version share")]
    [InlineData("previewer uploader", "preview upload")]
    [InlineData("viewer", "preview download share")]
    [InlineData("previewer", "preview")]
    [InlineData("uploader", "upload")]
    public async Task Each_role_brings_what_Boxs_table_says(string role, string rights) =>
        Assert.Equal(rights, await RightsAsync(role, Everything));

    [Theory]
    [InlineData("base_explorer", "")]
    [InlineData("base_explorer item_preview", "preview")]
    [InlineData("base_explorer item_download", "download")]
    [InlineData("base_explorer item_upload", "upload version")]
    [InlineData("base_explorer item_rename item_delete", "rename delete")]
    [InlineData("base_explorer item_share", "share")]
    [InlineData("root_readonly", "preview download")]
    [InlineData("root_readwrite", "preview download upload version rename delete share")]
    public async Task Each_scope_lets_through_its_own(string scopes, string rights) =>
        Assert.Equal(rights, await RightsAsync("editor", scopes));

    [Fact]
    public async Task Neither_can_add_what_the_other_lacks() => Assert.Equal("preview", await RightsAsync("previewer", "base_explorer item_preview item_download item_delete"));

    // What permissions say is compared with what the server then does.
    private async Task<string> RightsAsync(string role, string scopes)
    {
        var user = Enterprise.AddAppUser("Ida", null);
        var folder = Enterprise.AddFolder(Enterprise.ServiceAccount.Root, $"{role} {scopes}");
        var file = Enterprise.AddFile(folder, "a.png", [1, 2, 3]);
        Enterprise.AddCollaboration(folder, user, role);
        var token = await _sandbox.DownscopedAsync(user, scopes);
        var listed = await _sandbox.GetAsync($"/2.0/folders/{folder.Id}?fields=permissions,item_collection", token);
        var told = await RunningSandbox.JsonAsync(listed);
        var (ofFolder, ofFile) = (told["permissions"]!, told["item_collection"]!["entries"]![0]!["permissions"]!);
        string[] names =
        [
            .. Told("preview", ofFile["can_preview"]),
            .. Told("download", ofFile["can_download"]),
            .. Told("upload", ofFolder["can_upload"]),
            .. Told("version", ofFile["can_upload"]),
            .. Told("rename", ofFile["can_rename"]),
            .. Told("delete", ofFile["can_delete"]),
            .. Told("share", ofFile["can_share"]),
        ];

        var thumbnail = $"/api/2.0/internal_files/{file.Id}/versions/{file.Current.Id}/representations/png_1024x1024/content/1.png?access_token={token}";
        await HeldToAsync("preview", await _sandbox.GetAsync(thumbnail, null));
        await HeldToAsync("download", await _sandbox.GetAsync($"/2.0/files/{file.Id}/content", token));
        await HeldToAsync("upload", await _sandbox.SendAsync(HttpMethod.Post, "/2.0/folders", token, new { name = "new", parent = new { id = folder.Id } }));
        await HeldToAsync("version", await _sandbox.SendAsync(HttpMethod.Options, $"/2.0/files/{file.Id}/content", token, new { size = 1 }));
        await HeldToAsync("rename", await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/files/{file.Id}", token, new { name = "b.png" }));
        await HeldToAsync("share", await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/files/{file.Id}", token, new { shared_link = new { } }));
        await HeldToAsync("delete", await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/files/{file.Id}", token));
        return string.Join(' ', names);

        async Task HeldToAsync(string right, HttpResponseMessage answer)
        {
            Assert.Equal((right, names.Contains(right)), (right, (int)answer.StatusCode < 400));
            if ((int)answer.StatusCode >= 400)
            {
                Assert.Equal(403, (int)answer.StatusCode);
                Assert.Contains((string)(await RunningSandbox.JsonAsync(answer))["code"]!, (string[])["insufficient_scope", "access_denied_insufficient_permissions"]);
            }
            answer.Dispose();
        }

        static string[] Told(string right, System.Text.Json.Nodes.JsonNode? can) => (bool)can! ? [right] : [];
    }
}
