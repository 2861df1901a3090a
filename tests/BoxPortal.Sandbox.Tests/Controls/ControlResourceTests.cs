using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Controls;

public sealed class ControlResourceTests : IAsyncLifetime
{
    private RunningSandbox _sandbox = null!;

    public async ValueTask InitializeAsync() => _sandbox = await RunningSandbox.StartAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Fact]
    public async Task The_config_is_what_Boxs_console_would_hand_out()
    {
        var config = JsonNode.Parse(await _sandbox.Http.GetStringAsync("/_sandbox/config.json", TestContext.Current.CancellationToken))!;

        var settings = config["boxAppSettings"]!;
        Assert.Equal(
            (Enterprise.Id, _sandbox.Enterprise.App.ClientId, _sandbox.Enterprise.App.ClientSecret),
            ((string?)config["enterpriseID"], (string?)settings["clientID"], (string?)settings["clientSecret"]));
        var pem = (string)settings["appAuth"]!["privateKey"]!;
        Assert.StartsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n", pem, StringComparison.Ordinal);
        using var key = RSA.Create();
        key.ImportFromEncryptedPem(pem, (string)settings["appAuth"]!["passphrase"]!);
        Assert.Equal(key.ExportRSAPublicKey(), _sandbox.Enterprise.App.PublicKeys[(string)settings["appAuth"]!["publicKeyID"]!].ExportRSAPublicKey());
    }

    [Fact]
    public async Task Reset_brings_back_the_seed_with_the_same_ids_and_leaves_running_portals_their_tokens()
    {
        var service = _sandbox.Enterprise.ServiceAccount;
        var token = await _sandbox.TokenAsync(service);
        var before = _sandbox.Enterprise.Users.Values.Select(user => (user.Id, user.Name, user.ExternalAppUserId)).ToList();
        _sandbox.Enterprise.AddGroup("Gone soon");
        _sandbox.Enterprise.App.Authorised = false;
        _sandbox.Clock.Advance(TimeSpan.FromMinutes(-30));
        await PostAsync("/_sandbox/faults", """{"path":"/2.0/"}""");

        await PostAsync("/_sandbox/reset", null);

        Assert.Empty(_sandbox.Log.Requests);
        Assert.Equal(before, _sandbox.Enterprise.Users.Values.Select(user => (user.Id, user.Name, user.ExternalAppUserId)));
        Assert.DoesNotContain("Gone soon", _sandbox.Enterprise.GroupsByName.Keys);
        Assert.True(_sandbox.Enterprise.App.Authorised);
        Assert.Equal(service.Id, (string?)(await _sandbox.ReadAsync("/2.0/users/me", token))["id"]);
    }

    [Fact]
    public async Task The_clock_is_moved_and_the_hour_is_over()
    {
        var token = await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount);

        var now = JsonNode.Parse(await PostAsync("/_sandbox/clock", """{"advanceSeconds":4300}"""))!["now"]!.GetValue<DateTimeOffset>();

        Assert.InRange(now, TimeProvider.System.GetUtcNow().AddSeconds(4200), TimeProvider.System.GetUtcNow().AddSeconds(4301));
        using var answer = await _sandbox.GetAsync("/2.0/users/me", token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task The_requests_seen_are_listed_and_forgotten()
    {
        var token = await _sandbox.TokenAsync(_sandbox.Enterprise.ServiceAccount);
        (await _sandbox.GetAsync("/2.0/users/me?fields=name", token)).Dispose();

        var text = await _sandbox.Http.GetStringAsync("/_sandbox/requests", TestContext.Current.CancellationToken);

        var requests = JsonNode.Parse(text)!.AsArray();
        Assert.Equal(["/oauth2/token", "/2.0/users/me?fields=name"], requests.Select(request => (string)request!["path"]!));
        Assert.Equal((200, Secret.Fingerprint(token), _sandbox.Enterprise.ServiceAccount.Id), ((int)requests[1]!["status"]!, (string)requests[1]!["tokenFingerprint"]!, (string)requests[1]!["userId"]!));
        Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        (await _sandbox.Http.DeleteAsync("/_sandbox/requests", TestContext.Current.CancellationToken)).Dispose();
        Assert.Empty(_sandbox.Log.Requests);
    }

    [Fact]
    public async Task The_log_is_bounded()
    {
        RequestLog log = new();
        for (var number = 0; number < 25_000; number++)
        {
            log.Add(new SeenRequest { At = default, Method = "GET", Path = $"/{number}", RequestId = "" });
        }

        Assert.Equal(20_000, log.Requests.Count);
        Assert.Equal("/24999", log.Requests[^1].Path);
    }

    [Theory]
    [InlineData("/_sandbox/clock", "{\"advanceSeconds\":1e300}", "ten years")]
    [InlineData("/_sandbox/clock", "{\"advanceSeconds\":\"much\"}", "advanceSeconds is no field here, or its value")]
    [InlineData("/_sandbox/clock", "{}", "advanceSeconds is missing")]
    [InlineData("/_sandbox/clock", "{\"advanceSeconds\":1,\"zone\":\"UTC\"}", "zone is no field here")]
    [InlineData("/_sandbox/clock", "", "not a JSON object")]
    [InlineData("/_sandbox/clock", "null", "not a JSON object")]
    [InlineData("/_sandbox/reseed", "{\"people\":0}", "people must be")]
    [InlineData("/_sandbox/reseed", "{\"people\":100000}", "people must be")]
    [InlineData("/_sandbox/reseed", "{\"persons\":9}", "persons is no field here")]
    [InlineData("/_sandbox/reseed", "[]", "not a JSON object")]
    [InlineData("/_sandbox/limits", "{\"callsPerMinute\":0}", "must be at least 1")]
    [InlineData("/_sandbox/limits", "{\"searchesPerSecond\":-1}", "must be at least 1")]
    [InlineData("/_sandbox/limits", "{\"callsPerMinute\":\"many\"}", "callsPerMinute is no field here, or its value")]
    [InlineData("/_sandbox/faults", "{}", "path must")]
    [InlineData("/_sandbox/faults", "{\"path\":\"2.0\"}", "path must")]
    [InlineData("/_sandbox/faults", "{\"path\":\"/2.0\",", "not a JSON object")]
    [InlineData("/_sandbox/faults", "{\"path\":\"/2.0\",\"mode\":\"explode\"}", "mode must")]
    [InlineData("/_sandbox/faults", "{\"path\":\"/2.0\",\"status\":99}", "status must")]
    [InlineData("/_sandbox/faults", "{\"path\":\"/2.0\",\"times\":0}", "times must")]
    [InlineData("/_sandbox/faults", "{\"path\":\"/2.0\",\"delayMs\":-1}", "delayMs must")]
    [InlineData("/_sandbox/faults", "{\"path\":\"/2.0\",\"retryAfter\":-5}", "retryAfter must")]
    [InlineData("/_sandbox/faults", "{\"path\":\"/2.0\",\"retryAfter\":\"soon\"}", "retryAfter is no field here, or its value")]
    [InlineData("/_sandbox/faults", "{\"path\":\"/2.0\",\"retry_after\":5}", "retry_after is no field here")]
    public async Task A_wish_that_makes_no_sense_is_refused_and_the_reason_told(string path, string body, string reason)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");

        using var answer = await _sandbox.Http.PostAsync(path, content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(reason, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_wish_is_JSON_whatever_it_says_to_be(string? contentType)
    {
        using ByteArrayContent content = new("{\"advanceSeconds\":4200}"u8.ToArray());
        content.Headers.ContentType = contentType is null ? null : new(contentType);

        using var answer = await _sandbox.Http.PostAsync("/_sandbox/clock", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Host", "localhost.evil.example:5081")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "http://localhost:5080")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_page_from_elsewhere_does_not_get_in(string header, string value)
    {
        foreach (var (method, path) in ((HttpMethod, string)[])[(HttpMethod.Get, "/_sandbox/config.json"), (HttpMethod.Post, "/_sandbox/reset"), (HttpMethod.Get, "/_sandbox/requests")])
        {
            using var answer = await _sandbox.SendAsync(method, path, null, null, (header, value));

            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
            Assert.Equal("", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task Only_the_loopback_gets_in()
    {
        var outside = Array.Find(await Dns.GetHostAddressesAsync(Dns.GetHostName(), AddressFamily.InterNetwork, TestContext.Current.CancellationToken), address => !IPAddress.IsLoopback(address));
        await using var sandbox = await RunningSandbox.StartAsync(new SandboxOptions { Controls = true }, "http://*:0");
        UriBuilder address = new(sandbox.Http.BaseAddress!) { Host = "127.0.0.1" };
        using HttpClient inside = new();
        Assert.Equal(200, (int)(await inside.GetAsync(new Uri(address.Uri, "/_sandbox/config.json"), TestContext.Current.CancellationToken)).StatusCode);
        if (outside is null)
        {
            return; // A machine without any other address has no outside.
        }

        // Coming from the machine's other address, and claiming to mean the loopback.
        using HttpClient client = new(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                Socket socket = new(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(outside, address.Port), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        using var refused = await client.GetAsync(new Uri(address.Uri, "/_sandbox/config.json"), TestContext.Current.CancellationToken);
        using var open = await client.GetAsync(new Uri(address.Uri, "/2.0/users/me"), TestContext.Current.CancellationToken);

        Assert.Equal((403, 401), ((int)refused.StatusCode, (int)open.StatusCode));
    }

    [Fact]
    public async Task Without_the_option_there_is_no_door()
    {
        await using var sandbox = await RunningSandbox.StartAsync(new SandboxOptions());

        foreach (var path in (string[])["/_sandbox/config.json", "/_sandbox/requests", "/_sandbox"])
        {
            using var answer = await sandbox.GetAsync(path, null);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    private async Task<string> PostAsync(string path, string? body)
    {
        using StringContent content = new(body ?? "", Encoding.UTF8, "application/json");
        using var answer = await _sandbox.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
