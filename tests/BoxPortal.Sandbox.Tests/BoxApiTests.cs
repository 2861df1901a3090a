using System.Net;
using System.Text;

namespace BoxPortal.Sandbox.Tests;

/// <summary>What holds for every call of Box's API, whatever it is about.</summary>
public sealed class BoxApiTests : IAsyncLifetime
{
    private RunningSandbox _sandbox = null!;
    private string _token = "";

    public async ValueTask InitializeAsync()
    {
        _sandbox = await RunningSandbox.StartAsync();
        _token = await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task Without_a_token_the_challenge_names_the_realm_alone()
    {
        using var answer = await _sandbox.GetAsync("/2.0/users/me", null);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer realm=\"Service\"", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("bearer sbx")]
    public async Task A_token_that_is_none_is_told_so_without_a_body(string authorization)
    {
        using var answer = await _sandbox.GetAsync("/2.0/users/me", null, ("Authorization", authorization));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(
            "Bearer realm=\"Service\", error=\"invalid_token\", error_description=\"The access token provided is invalid.\"",
            answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_token_ends_when_it_said_it_would_and_not_before()
    {
        _sandbox.Clock.Advance(TimeSpan.FromMinutes(59));
        await _sandbox.ReadAsync("/2.0/users/me", _token);

        _sandbox.Clock.Advance(TimeSpan.FromMinutes(12));

        using var answer = await _sandbox.GetAsync("/2.0/users/me", _token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_revoked_token_ends_at_once()
    {
        (await _sandbox.PostFormAsync("/oauth2/revoke", ("client_id", _sandbox.Enterprise.App.ClientId), ("client_secret", _sandbox.Enterprise.App.ClientSecret), ("token", _token))).Dispose();

        using var answer = await _sandbox.GetAsync("/2.0/users/me", _token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("2024.0", null)]
    [InlineData("2023.9", "Invalid API version specified in 'box-version' header. Supported API versions: [2024.0].")]
    [InlineData("2025.0", "Unsupported API version specified in 'box-version' header.")]
    [InlineData("", "Invalid (empty) API version specified in 'box-version' header.")]
    [InlineData("2024.0,2024.0", "The 'box-version' header supports only one header value per request, do not use comas.")]
    public async Task The_version_header_is_checked(string version, string? fault)
    {
        using var answer = await _sandbox.GetAsync("/2.0/users/me", _token, ("box-version", version));

        Assert.Equal(fault is null ? 200 : 400, (int)answer.StatusCode);
        if (fault is not null)
        {
            var refusal = await RunningSandbox.JsonAsync(answer);
            Assert.Equal(("invalid_api_version", fault), ((string?)refusal["code"], (string?)refusal["message"]));
        }
    }

    [Fact]
    public async Task Every_answer_has_the_sandboxs_date_and_an_id_of_its_own()
    {
        _sandbox.Clock.Advance(TimeSpan.FromHours(5));
        var token = await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount);

        using var one = await _sandbox.GetAsync("/2.0/users/me", token);
        using var other = await _sandbox.GetAsync("/2.0/users/me", null);

        Assert.InRange(one.Headers.Date!.Value, _sandbox.Clock.GetUtcNow().AddMinutes(-1), _sandbox.Clock.GetUtcNow());
        var (first, second) = (one.Headers.GetValues("BOX-REQUEST-ID").Single(), other.Headers.GetValues("BOX-REQUEST-ID").Single());
        Assert.Matches("^[0-9a-z]{16,33}$", first);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task A_listed_origin_may_read_also_what_is_refused()
    {
        foreach (var token in (string?[])[_token, null])
        {
            using var answer = await _sandbox.GetAsync("/2.0/folders/0", token, ("Origin", "http://localhost:5080"));

            Assert.Equal(token is null ? 401 : 200, (int)answer.StatusCode);
            Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Contains("Origin", answer.Headers.Vary);
        }
    }

    [Theory]
    [InlineData("http://localhost:5081")]
    [InlineData("https://localhost:5080")]
    [InlineData("http://localhost:5080/")]
    [InlineData("http://localhost")]
    [InlineData("null")]
    [InlineData("http://evil.example")]
    public async Task Any_other_origin_is_refused(string origin)
    {
        using var answer = await _sandbox.GetAsync("/2.0/folders/0", _token, ("Origin", origin));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var refusal = await RunningSandbox.JsonAsync(answer);
        Assert.Equal(("cors_origin_not_whitelisted", origin), ((string?)refusal["code"], (string?)refusal["context_info"]!["origin"]));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("https://*.example.com", "https://files.example.com", 200)]
    [InlineData("https://*.example.com", "http://files.example.com", 403)]
    [InlineData("https://*.example.com", "https://files.example.com.evil.org", 403)]
    [InlineData("https://*.example.com", "https://evilexample.com", 403)]
    public async Task A_star_stands_for_any_subdomain(string listed, string origin, int status)
    {
        _sandbox.Enterprise.App.CorsOrigins.Add(listed);

        using var answer = await _sandbox.GetAsync("/2.0/folders/0", _token, ("Origin", origin));

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("/2.0/folders/0", "GET")]
    [InlineData("/2.0/files/content", "OPTIONS")]
    [InlineData("/api/2.0/files/content", "POST")]
    public async Task A_preflight_needs_no_token_and_allows_what_the_Elements_send(string path, string method)
    {
        using var answer = await _sandbox.SendAsync(
            HttpMethod.Options, path, null, null, ("Origin", "http://localhost:5080"), ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "authorization"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains(method, answer.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        var allowed = answer.Headers.GetValues("Access-Control-Allow-Headers").Single().Split(", ");
        Assert.Superset(
            new HashSet<string> { "authorization", "content-type", "content-md5", "content-range", "digest", "boxapi", "x-rep-hints", "x-box-client-name", "x-box-client-version", "x-box-client-event-info" },
            allowed.ToHashSet());
    }

    [Theory]
    [InlineData("GET", "/2.0/nowhere", null, null, 404)]
    [InlineData("PATCH", "/2.0/users", null, null, 405)]
    [InlineData("DELETE", "/2.0/users", null, null, 405)]
    [InlineData("POST", "/2.0/users", "application/json", "", 400)]
    [InlineData("POST", "/2.0/users", "application/json", "{", 400)]
    [InlineData("POST", "/2.0/users", "application/json", "null", 400)]
    [InlineData("POST", "/2.0/users", "application/json", "[]", 400)]
    [InlineData("POST", "/2.0/users", "application/json", "\"x\"", 400)]
    [InlineData("POST", "/2.0/users", "application/json", "{\"name\":\"\\ud800\",\"is_platform_access_only\":true}", 400)]
    [InlineData("POST", "/2.0/users", "application/json", "{\"name\":{\"a\":1}}", 400)]
    [InlineData("POST", "/2.0/users", "application/json", "{\"name\":\"x\",\"space_amount\":1e99}", 400)]
    [InlineData("POST", "/2.0/users", "application/json; charset=nonsense", "{\"name\":\"x\"}", 415)]
    [InlineData("POST", "/2.0/users", "text/plain", "{}", 415)]
    [InlineData("POST", "/2.0/users", "application/json; charset=utf-7", "{\"name\":\"x\"}", 415)]
    [InlineData("POST", "/2.0/users", "nonsense", "{}", 415)]
    [InlineData("POST", "/2.0/users", null, null, 400)]
    [InlineData("POST", "/2.0/folders", "application/json", "{\"name\":\"x\",\"parent\":\"0\"}", 400)]
    [InlineData("POST", "/2.0/folders", "application/json", "{\"name\":\"x\",\"parent\":{\"id\":0}}", 400)]
    [InlineData("OPTIONS", "/2.0/files/content", "application/json", "{", 400)]
    [InlineData("OPTIONS", "/2.0/files/content", null, null, 400)]
    [InlineData("GET", "/2.0/folders/0?limit=99999999999999999999", null, null, 400)]
    [InlineData("GET", "/2.0/folders/0?fields=%00,%ff,,,a%0d%0ab", null, null, 200)]
    [InlineData("GET", "/2.0/folders/0?sort=%00", null, null, 400)]
    [InlineData("GET", "/2.0/users?filter_term=%ed%a0%80", null, null, 200)]
    [InlineData("DELETE", "/2.0/folders/0?recursive=maybe", null, null, 400)]
    public async Task Hostile_input_is_refused_in_Boxs_envelope_and_never_a_failure(string method, string path, string? type, string? body, int status)
    {
        StringContent? content = null;
        if (type is not null)
        {
            content = new StringContent(body!, Encoding.UTF8);
            content.Headers.Remove("Content-Type");
            content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var answer = await _sandbox.SendAsync(new HttpMethod(method), path, _token, content);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status >= 400 ? "error" : "folder", path.Contains("users?", StringComparison.Ordinal) ? "folder" : (string?)(await RunningSandbox.JsonAsync(answer))["type"]);
    }

    [Fact]
    public async Task Too_much_is_refused_and_too_deep_is_too()
    {
        // Waits to be told to go on before it sends the body: who sends it at once may lose the answer to the closed connection.
        _sandbox.Http.DefaultRequestHeaders.ExpectContinue = true;
        using var large = await _sandbox.SendAsync(HttpMethod.Post, "/2.0/users", _token, new { name = new string('x', 2 << 20) });
        using StringContent nested = new(string.Concat(Enumerable.Repeat("{\"user\":", 5000)), Encoding.UTF8, "application/json");
        using var deep = await _sandbox.SendAsync(HttpMethod.Post, "/2.0/group_memberships", _token, nested);
        using var form = await _sandbox.PostFormAsync("/oauth2/token", ("grant_type", new string('x', 2 << 20)));
        using var many = await _sandbox.PostFormAsync("/oauth2/token", [.. Enumerable.Range(0, 2000).Select(number => ($"key{number}", "x"))]);

        Assert.Equal((413, 400, 400, 400), ((int)large.StatusCode, (int)deep.StatusCode, (int)form.StatusCode, (int)many.StatusCode));
    }

    [Fact]
    public async Task Hostile_names_come_back_as_they_are_and_break_nothing()
    {
        var user = _sandbox.Enterprise.AddAppUser("Ida", null);
        string[] names =
        [
            "<svg onload=alert(1)>.txt", "=HYPERLINK(\"http:x\").csv", "\u202Egnp.exe", "\uD83D\uDE00.txt", "a'b\"c.txt", "%2e%2e%2f.txt", "{+asset_path}.png",
            "é.txt", "e\u0301.txt", "name\u2028line.txt", string.Concat(Enumerable.Repeat("𝒳", 100)),
        ];
        foreach (var name in names)
        {
            _sandbox.Enterprise.AddFile(user.Root, name, [1]);
        }
        var token = await _sandbox.TokenAsync(user);

        var list = await _sandbox.ReadAsync("/2.0/folders/0/items", token);

        Assert.Equal(names.Order(StringComparer.Ordinal), list["entries"]!.AsArray().Select(entry => (string)entry!["name"]!).Order(StringComparer.Ordinal));
        foreach (var file in user.Root.Children)
        {
            using var located = await _sandbox.GetAsync($"/2.0/files/{file.Id}/content", token);
            using var content = await _sandbox.GetAsync(located.Headers.Location!.ToString(), null);
            Assert.Equal(HttpStatusCode.OK, content.StatusCode);
            Assert.Equal(file.Name, content.Content.Headers.ContentDisposition!.FileNameStar);
        }
    }
}
