using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BoxPortal.Tests;

/// <summary>Nothing answers 5xx to a bad request, and no answer shows the portal's inside.</summary>
public sealed class HostileInputTests(UnlimitedPortal host) : IClassFixture<UnlimitedPortal>
{
    private static readonly string[] s_values =
    [
        "", " ", "'", "\"", "\\", "%", "%00", "%0d%0aX: y", "../../../etc/passwd", "..%2f..%2f", "%c0%ae%c0%ae/", "%ff%fe", "%ed%a0%80", "{0}", "{{7*7}}", "${jndi:ldap://x}", "<script>alert(1)</script>",
        "' OR 1=1 --", "'; DROP TABLE AuditEntries; --", "1; WAITFOR DELAY '0:0:5'", "-1", "0", "2147483648", "9223372036854775808", "1e309", "NaN", "true", "null", "undefined",
        "[]", "{}", "[[[[[[", "a[b]=c", "__proto__", "constructor", "BP-????????", "%_%", "\uD83E\uDD8A", "\u202Eevil", "Ａ", "İ", "\u0001\u001b[31m", new string('A', 3000), new string('%', 300), "CfDJ8AAAA",
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("maya.okafor")]
    [InlineData("priya.raman")]
    public async Task In_any_query_or_path(string? userName)
    {
        using var browser = await OpenAsync(userName);

        foreach (var (path, value) in from path in Paths() from value in s_values select (path, value))
        {
            var escaped = Escape(value);
            await AssertCalmAsync(browser, HttpMethod.Get, $"{path}?returnUrl={escaped}&q={escaped}&state={escaped}&page={escaped}&id={escaped}&{escaped}={escaped}");
            await AssertCalmAsync(browser, HttpMethod.Get, $"{path}/{escaped}");
        }
    }

    [Fact]
    public async Task In_any_body_of_any_kind()
    {
        using var browser = await OpenAsync("priya.raman");
        var token = await browser.ReadAntiforgeryAsync();
        string[] types = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json", "application/xml", "text/plain;charset=utf-7", "application/octet-stream", "x", ""];
        byte[][] bodies =
        [
            [], [0], [0xff, 0xfe, 0xfd], "a"u8.ToArray(), "%"u8.ToArray(), "a=%zz&a=b&=&&&="u8.ToArray(), "--x\r\nContent-Disposition: form-data; name=\"returnUrl\"\r\n\r\n"u8.ToArray(),
            "--x\r\n\r\n--x--"u8.ToArray(), "{\"a\":"u8.ToArray(), Encoding.UTF8.GetBytes(new string('[', 5000)), "<!DOCTYPE x [<!ENTITY y SYSTEM \"file:///etc/passwd\">]><x>&y;</x>"u8.ToArray(),
            Encoding.UTF8.GetBytes(string.Join('&', Enumerable.Range(0, 3000).Select(field => $"f{field}=1"))), Encoding.UTF8.GetBytes($"returnUrl={new string('b', 100_000)}"),
            Encoding.UTF8.GetBytes($"__RequestVerificationToken={Uri.EscapeDataString(token)}&returnUrl=%00%ff&_handler=%00"), Encoding.UTF8.GetBytes($"__RequestVerificationToken={Uri.EscapeDataString(token)}&_handler=x"),
        ];
        await AssertCalmAsync(browser, HttpMethod.Post, "/signin-oidc", request =>
        {
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("x", new string('y', 2_000_000))]);
            request.Headers.ExpectContinue = true; // or the portal hangs up while it is still being sent
        });
        foreach (var (path, type, body) in from path in Paths().Append("/signin-oidc").Append("/signout-callback-oidc") from type in types from body in bodies select (path, type, body))
        {
            await AssertCalmAsync(browser, HttpMethod.Post, path, request =>
            {
                request.Content = new ByteArrayContent(body);
                request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
                request.Headers.TryAddWithoutValidation("RequestVerificationToken", path == "/authentication/logout" ? "x" : token);
            });
        }
    }

    [Fact]
    public async Task In_any_header()
    {
        using var browser = await OpenAsync("maya.okafor");
        string[] names =
        [
            "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Cache-Control", "Content-Type", "Cookie", "Forwarded", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range", "Last-Event-ID", "Origin", "Range",
            "Referer", "Refused-Token", "RequestVerificationToken", "Sec-Fetch-Site", "TE", "Transfer-Encoding-X", "User-Agent", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-HTTP-Method-Override", "traceparent", "baggage", "X-SignalR-User-Agent",
        ];
        // Every header at every path, with some of the values each: all of them would take minutes.
        var turn = 0;
        foreach (var (path, name, _) in from path in Paths() from name in names from _ in Enumerable.Range(0, 5) select (path, name, 0))
        {
            var value = s_values[++turn % s_values.Length];
            await AssertCalmAsync(browser, path is "/explorer/token" or "/explorer/empty" ? HttpMethod.Post : HttpMethod.Get, path, request => request.Headers.TryAddWithoutValidation(name, Ascii(value)));
        }
    }

    [Fact]
    public async Task In_cookies_of_ours()
    {
        using var browser = await OpenAsync(null);
        string[] names = ["__Host-BoxPortal", "__Host-BoxPortalC1", "__Host-BoxPortal-Antiforgery", ".AspNetCore.Correlation.x", ".AspNetCore.OpenIdConnect.Nonce.x", "="];
        foreach (var (name, value) in from name in names from value in s_values.Append("chunks-2").Append("chunks-99999999") select (name, value))
        {
            await AssertCalmAsync(browser, HttpMethod.Get, "/", request => request.Headers.TryAddWithoutValidation("Cookie", $"{name}={Escape(value)}; {name}={Ascii(value)}"));
            await AssertCalmAsync(browser, HttpMethod.Post, "/explorer/token", request => request.Headers.TryAddWithoutValidation("Cookie", $"{name}={Escape(value)}"));
        }
    }

    [Fact]
    public async Task In_what_comes_back_from_the_provider()
    {
        foreach (var value in s_values)
        {
            using var browser = await OpenAsync(null);
            var honest = Browser.Fields(await browser.AnswerOfProviderAsync(People.Maya));
            foreach (var field in honest.Keys.Concat(["error", "error_description", "id_token", "access_token", "session_state", "iss", "state"]).Distinct())
            {
                await AssertCalmAsync(browser, HttpMethod.Post, "/signin-oidc", request => request.Content = new FormUrlEncodedContent(new Dictionary<string, string>(honest) { [field] = value }));
            }

            await AssertCalmAsync(browser, HttpMethod.Get, $"/signin-oidc?code={Escape(value)}&state={Escape(value)}");
            await AssertCalmAsync(browser, HttpMethod.Get, $"/signin-oidc?error={Escape(value)}&error_description={Escape(value)}");
            await AssertCalmAsync(browser, HttpMethod.Get, $"/signout-callback-oidc?state={Escape(value)}");
        }
    }

    [Fact]
    public async Task In_methods_nobody_knows()
    {
        using var browser = await OpenAsync("maya.okafor");

        foreach (var (path, method) in from path in Paths() from method in new[] { "TRACE", "CONNECT-X", "PROPFIND", "get", "X", "ÄÖ", new string('M', 200) } select (path, method))
        {
            if (method.All(char.IsAscii))
            {
                await AssertCalmAsync(browser, new HttpMethod(method), path);
            }
        }
    }

    [Fact]
    public async Task In_the_protocol_itself()
    {
        var authority = host.Portal.Address.Authority;
        string[] requests =
        [
            "\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", $"GET / HTTP/1.1\r\nHost: {authority}\r\nHost: evil.example\r\n\r\n", "GET / HTTP/1.1\r\nHost: \r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", $"GET {new string('/', 9000)} HTTP/1.1\r\nHost: {authority}\r\n\r\n", $"GET / HTTP/1.1\r\nHost: {authority}\r\nX: {new string('x', 40_000)}\r\n\r\n",
            $"GET / HTTP/1.1\r\nHost: {authority}\r\n{string.Concat(Enumerable.Range(0, 200).Select(header => $"X{header}: y\r\n"))}\r\n", $"GET http://evil.example/ HTTP/1.1\r\nHost: {authority}\r\n\r\n",
            $"POST /explorer/token HTTP/1.1\r\nHost: {authority}\r\nContent-Length: -1\r\n\r\n", $"POST /authentication/logout HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 99999999999\r\n\r\n",
            $"POST /signin-oidc HTTP/1.1\r\nHost: {authority}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", $"POST /signin-oidc HTTP/1.1\r\nHost: {authority}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            $"GET /%zz HTTP/1.1\r\nHost: {authority}\r\n\r\n", $"GET /a%00b HTTP/1.1\r\nHost: {authority}\r\n\r\n", $"GET /\xff HTTP/1.1\r\nHost: {authority}\r\n\r\n", $"OPTIONS * HTTP/1.1\r\nHost: {authority}\r\n\r\n", $"GET /?\u0001 HTTP/1.1\r\nHost: {authority}\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x02\x00\x01",
        ];
        foreach (var request in requests)
        {
            var answer = await SendAsync(request, hangUp: true); // some are never whole

            Assert.DoesNotContain("HTTP/1.1 500", answer, StringComparison.Ordinal);
            AssertSilent(answer, request);
        }

        // And the portal is none the worse for it.
        using var browser = await OpenAsync("maya.okafor");
        await browser.TakeTokenAsync();
    }

    [Theory]
    [InlineData("localhost:99999")]
    [InlineData("localhost:99999999999")]
    [InlineData("[::1]:99999")]
    [InlineData("a..b")]
    [InlineData("xn--")]
    [InlineData("")]
    public async Task In_the_name_of_the_host(string name)
    {
        foreach (var path in new[] { "/", "/about", "/nowhere", "/health/live", "/authentication/login" })
        {
            var answer = await SendAsync($"GET {path} HTTP/1.1\r\nHost: {name}\r\nAccept: text/html\r\n\r\n");

            Assert.StartsWith(path == "/health/live" ? "HTTP/1.1 200" : "HTTP/1.1 400", answer, StringComparison.Ordinal);
            AssertSilent(answer, $"{path} at {name}");
        }
    }

    private async Task<string> SendAsync(string request, bool hangUp = false)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(host.Portal.Address.Host, host.Portal.Address.Port, PortalHost.Cancellation);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal)), PortalHost.Cancellation);
        if (hangUp)
        {
            connection.Client.Shutdown(SocketShutdown.Send);
        }

        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync(PortalHost.Cancellation);
    }

    private async Task<Browser> OpenAsync(string? userName)
    {
        var browser = new Browser(host.Portal.Address);
        if (userName is not null)
        {
            await browser.SignInAsync(BoxPortal.Sandbox.Directory.Named(userName));
        }

        return browser;
    }

    private IEnumerable<string> Paths() =>
        PortalEndpoint.ListOf(host.Portal).Where(endpoint => !endpoint.IsFile).Select(endpoint => endpoint.Path).Append("/site.css").Append("/signin-oidc").Distinct();

    private static async Task AssertCalmAsync(Browser browser, HttpMethod method, string address, Action<HttpRequestMessage>? change = null)
    {
        if (!browser.Cookies.Jar.Keys.Any(cookie => cookie.Name == "__Host-BoxPortal"))
        {
            browser.Cookies.Jar.Clear(); // each way to the provider leaves two behind
        }

        using var request = new HttpRequestMessage(method, browser.AsWritten(address));
        change?.Invoke(request);
        using var answer = await browser.SendAsync(request, wholeAnswer: false);

        Assert.True((int)answer.StatusCode < 500, $"{method} {address[..Math.Min(200, address.Length)]}: {(int)answer.StatusCode}, {request.Content?.Headers}");
        if (answer.Content.Headers.ContentType?.MediaType is not "text/event-stream" && answer.StatusCode != HttpStatusCode.SwitchingProtocols)
        {
            AssertSilent(await answer.Content.ReadAsStringAsync(PortalHost.Cancellation), address);
        }
    }

    private static void AssertSilent(string answer, string request)
    {
        foreach (var inside in new[] { "   at ", "Exception:", "BoxPortal.Tokens", "Microsoft.AspNetCore", "Sqlite", "System." })
        {
            Assert.False(answer.Contains(inside, StringComparison.Ordinal), $"{inside} after {request[..Math.Min(200, request.Length)]}");
        }
    }

    private static string Escape(string value) => value.StartsWith('%') ? value : Uri.EscapeDataString(value);

    private static string Ascii(string value) => string.Concat(value.Select(letter => letter is > ' ' and < '\x7f' ? letter : '?'));
}
