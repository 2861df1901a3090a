namespace BoxPortal.Sandbox.Tests.OpenApi;

/// <summary>The validator is only worth something if it can say no.</summary>
public sealed class BoxDocumentTests
{
    [Theory]
    [InlineData("""{"type":"user","id":"1","name":"Ida","status":"active"}""")]
    [InlineData("""{"type":"user","id":"1","created_at":"2026-11-22T10:00:00-08:00"}""")]
    public async Task A_good_answer_has_no_faults(string body) => Assert.Empty(await FaultsAsync("GET", "/2.0/users/1", 200, body));

    [Theory]
    [InlineData("""{"type":"user","id":1}""")]
    [InlineData("""{"type":"user"}""")]
    [InlineData("""{"type":"group","id":"1"}""")]
    [InlineData("""{"type":"user","id":"1","status":"asleep"}""")]
    [InlineData("""{"type":"user","id":"1","name":null}""")]
    [InlineData("""{"type":"user","id":"1","created_at":"yesterday"}""")]
    [InlineData("""{"type":"user","id":"1","is_platform_access_only":"true"}""")]
    [InlineData("[]")]
    [InlineData("<html>")]
    public async Task A_broken_user_is_caught(string body) => Assert.NotEmpty(await FaultsAsync("GET", "/2.0/users/1", 200, body));

    [Theory]
    [InlineData("""{"entries":[{"type":"folder","id":"1"},{"type":"user","id":"2"}],"total_count":2}""")]
    [InlineData("""{"entries":[{"type":"file"}]}""")]
    [InlineData("""{"entries":[],"total_count":"0"}""")]
    public async Task A_broken_list_is_caught(string body) => Assert.NotEmpty(await FaultsAsync("GET", "/2.0/folders/0/items", 200, body));

    [Fact]
    public async Task A_broken_entry_deep_in_a_folder_is_caught()
    {
        const string Good = """{"type":"folder","id":"1","item_collection":{"total_count":1,"entries":[{"type":"file","id":"2","etag":"0","sha1":"85136c79cbf9fe36bb9d05d0639c70c265c18d37","name":"a"}]}}""";

        Assert.Empty(await FaultsAsync("GET", "/2.0/folders/1", 200, Good));
        Assert.NotEmpty(await FaultsAsync("GET", "/2.0/folders/1", 200, Good.Replace("\"2\"", "2", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(404, """{"type":"mistake","status":404,"code":"not_found","message":"Not Found"}""")]
    [InlineData(404, """{"type":"error","status":"404"}""")]
    [InlineData(500, """{"type":"error","message":null}""")]
    [InlineData(401, """{"type":"error"}""")]
    public async Task A_broken_refusal_is_caught(int status, string body) => Assert.NotEmpty(await FaultsAsync("GET", "/2.0/users/1", status, body));

    [Theory]
    [InlineData("GET", "/2.0/people", 200, "{}")]
    [InlineData("PATCH", "/2.0/users/1", 200, "{}")]
    [InlineData("GET", "/2.0/users/1", 206, "{}")]
    [InlineData("DELETE", "/2.0/users/1", 204, "{}")]
    public async Task An_answer_that_Box_never_gives_is_caught(string method, string path, int status, string body) =>
        Assert.NotEmpty(await FaultsAsync(method, path, status, body));

    [Theory]
    [InlineData("""{"access_token":"a","expires_in":"3600","token_type":"bearer"}""")]
    [InlineData("""{"access_token":"a","expires_in":3600,"token_type":"Bearer"}""")]
    public async Task A_broken_token_is_caught(string body) => Assert.NotEmpty(await FaultsAsync("POST", "/oauth2/token", 200, body));

    private static async Task<IReadOnlyList<string>> FaultsAsync(string method, string path, int status, string body) =>
        (await BoxDocument.LoadOrSkipAsync()).Faults(new RecordedAnswer(method, path, status, body));
}
