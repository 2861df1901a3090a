using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Controls;

public sealed class FaultsTests : IAsyncLifetime
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
    public async Task A_status_is_answered_as_often_as_told_and_in_Boxs_envelope()
    {
        await SpoilAsync(new { path = "/2.0/", method = "GET", status = 429, retryAfter = 7, times = 2 });

        for (var time = 0; time < 2; time++)
        {
            using var refused = await MeAsync();
            Assert.Equal((429, 7), ((int)refused.StatusCode, (int)refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds));
            Assert.Equal("rate_limit_exceeded", (string?)(await RunningSandbox.JsonAsync(refused))["code"]);
        }
        using var answer = await MeAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["status", "status", null], _sandbox.Log.Requests.TakeLast(3).Select(request => request.Fault));
    }

    [Theory]
    [InlineData(503, "unavailable")]
    [InlineData(500, "internal_server_error")]
    [InlineData(502, "bad_gateway")]
    [InlineData(404, "not_found")]
    public async Task Each_status_has_its_code(int status, string code)
    {
        await SpoilAsync(new { path = "/2.0/", status });

        using var answer = await MeAsync();

        Assert.Equal((status, code), ((int)answer.StatusCode, (string?)(await RunningSandbox.JsonAsync(answer))["code"]));
    }

    [Fact]
    public async Task A_401_is_as_empty_as_Boxs()
    {
        await SpoilAsync(new { path = "/2.0/", status = 401 });

        using var answer = await MeAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Other_paths_and_methods_are_left_alone()
    {
        await SpoilAsync(new { path = "/oauth2/", method = "POST" });
        await SpoilAsync(new { path = "/2.0/users/me", method = "delete" });

        using var answer = await MeAsync();
        using var token = await _sandbox.ExchangeAsync(_token, "base_explorer");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, token.StatusCode);
    }

    [Fact]
    public async Task Half_an_answer_looks_whole_until_it_is_read()
    {
        await SpoilAsync(new { path = "/2.0/", mode = "truncate" });

        using var answer = await MeAsync();
        var half = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("{\"type\":\"user\"", half, StringComparison.Ordinal);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => JsonNode.Parse(half));
    }

    [Fact]
    public async Task Some_proxys_page_or_nothing_at_all_may_come_instead()
    {
        await SpoilAsync(new { path = "/oauth2/token", mode = "html" });
        await SpoilAsync(new { path = "/oauth2/token", mode = "empty" });

        using var page = await _sandbox.ExchangeAsync(_token, "base_explorer");
        using var empty = await _sandbox.ExchangeAsync(_token, "base_explorer");

        Assert.Equal((HttpStatusCode.OK, "text/html"), (page.StatusCode, page.Content.Headers.ContentType!.MediaType));
        Assert.Equal((HttpStatusCode.OK, 0L), (empty.StatusCode, empty.Content.Headers.ContentLength));
    }

    [Fact]
    public async Task A_reset_does_nothing_and_says_nothing()
    {
        await SpoilAsync(new { path = "/2.0/groups", mode = "reset" });

        await Assert.ThrowsAsync<HttpRequestException>(MakeGroupAsync);

        Assert.DoesNotContain("New", _sandbox.Enterprise.GroupsByName.Keys);
    }

    [Fact]
    public async Task Work_can_be_done_and_its_answer_lost()
    {
        await SpoilAsync(new { path = "/2.0/groups", mode = "applyThenReset" });

        await Assert.ThrowsAsync<HttpRequestException>(MakeGroupAsync);

        Assert.Contains("New", _sandbox.Enterprise.GroupsByName.Keys);
        Assert.Equal("applyThenReset", _sandbox.Log.Requests[^1].Fault);
    }

    [Fact]
    public async Task A_delay_alone_only_delays()
    {
        await SpoilAsync(new { path = "/2.0/", delayMs = 300 });
        var watch = Stopwatch.StartNew();

        using var answer = await MeAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.InRange(watch.ElapsedMilliseconds, 250, 30_000);
    }

    [Fact]
    public async Task Faults_are_taken_back()
    {
        await SpoilAsync(new { path = "/2.0/", times = 100 });

        (await _sandbox.Http.DeleteAsync("/_sandbox/faults", TestContext.Current.CancellationToken)).Dispose();

        using var answer = await MeAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_page_sees_the_fault_and_the_browsers_own_question_does_not_use_it_up()
    {
        await SpoilAsync(new { path = "/2.0/", status = 503 });

        using var preflight = await _sandbox.SendAsync(HttpMethod.Options, "/2.0/users/me", null, null, ("Origin", "http://localhost:5080"), ("Access-Control-Request-Method", "GET"));
        using var answer = await _sandbox.GetAsync("/2.0/users/me", _token, ("Origin", "http://localhost:5080"));

        Assert.Equal((200, 503), ((int)preflight.StatusCode, (int)answer.StatusCode));
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    [Fact]
    public async Task The_door_itself_never_fails()
    {
        await SpoilAsync(new { path = "/", status = 500, times = 10 });

        using var answer = await _sandbox.Http.DeleteAsync("/_sandbox/faults", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private Task<HttpResponseMessage> MeAsync() => _sandbox.GetAsync("/2.0/users/me", _token);

    private Task<HttpResponseMessage> MakeGroupAsync() => _sandbox.SendAsync(HttpMethod.Post, "/2.0/groups", _token, new { name = "New" });

    private async Task SpoilAsync(object fault)
    {
        using var answer = await _sandbox.Http.PostAsJsonAsync("/_sandbox/faults", fault, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }
}
