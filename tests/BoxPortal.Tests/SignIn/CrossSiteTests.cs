using System.Net;
using System.Net.Http.Headers;

namespace BoxPortal.Tests.SignIn;

/// <summary>What a page elsewhere can make an employee's browser send has no effect here.</summary>
public sealed class CrossSiteTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private static readonly string[] s_origins =
        ["https://evil.example", "http://localhost:1", "null", "http://127.0.0.1", "https://127.0.0.1.evil.example", "file://", "http://127.0.0.1:1@evil.example", "chrome-extension://x"];

    public static MatrixTheoryData<string, string> Acts => new(
        ["/explorer/token", "/explorer/empty", "/authentication/logout", "/language"], ["none", "empty", "rubbish", "somebody else's", "session alone"]);

    [Theory]
    [MemberData(nameof(Acts))]
    public async Task An_act_without_the_sessions_own_antiforgery_token_is_refused(string path, string forgery)
    {
        using var employee = await host.Portal.SignInAsync(People.Maya);
        var own = await employee.ReadAntiforgeryAsync();
        using var other = await host.Portal.SignInAsync(People.Tomas);
        var token = forgery switch
        {
            "none" => null,
            "empty" => "",
            "rubbish" => "CfDJ8" + new string('A', 200),
            "somebody else's" => await other.ReadAntiforgeryAsync(),
            _ => own,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new FormUrlEncodedContent([]) };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("RequestVerificationToken", token);
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]);
        }

        if (forgery == "session alone")
        {
            request.Headers.Add("Cookie", $"__Host-BoxPortal={employee.Cookies.Jar.Single(cookie => cookie.Key.Name == "__Host-BoxPortal").Value}");
        }

        using var answer = await employee.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var after = await employee.AskForTokenAsync();
        Assert.Equal(HttpStatusCode.OK, after.StatusCode); // still signed in
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("none")]
    [InlineData("rubbish")]
    public async Task What_the_browser_says_another_page_sends_is_refused_even_with_the_right_token(string site)
    {
        using var employee = await host.Portal.SignInAsync(People.Maya);

        using var asked = await employee.AskForTokenAsync(request => Replace(request.Headers, "Sec-Fetch-Site", site));
        using var watched = await employee.SendAsync(With(HttpMethod.Get, "/explorer/changes", ("Sec-Fetch-Site", site)), wholeAnswer: false);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (asked.StatusCode, watched.StatusCode));
    }

    [Fact]
    public async Task A_request_of_another_origin_is_refused_where_the_browser_says_nothing_more()
    {
        using var employee = await host.Portal.SignInAsync(People.Maya);

        foreach (var origin in s_origins.Append(Own.Replace("http:", "https:", StringComparison.Ordinal)))
        {
            using var asked = await employee.AskForTokenAsync(request => Replace(request.Headers, "Origin", origin, remove: "Sec-Fetch-Site"));

            Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);
        }

        using var own = await employee.AskForTokenAsync(request => Replace(request.Headers, "Origin", Own, remove: "Sec-Fetch-Site"));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task A_circuit_is_opened_by_our_own_pages_only()
    {
        using var administrator = await host.Portal.SignInAsync(People.Administrator);
        using var anonymous = host.Portal.NewBrowser();

        foreach (var origin in s_origins)
        {
            using var socket = await administrator.SendAsync(Handshake(origin), wholeAnswer: false);
            using var negotiation = await administrator.SendAsync(With(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", ("Origin", origin)));

            Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (socket.StatusCode, negotiation.StatusCode));
        }

        using var own = await administrator.SendAsync(Handshake(Own), wholeAnswer: false);
        using var nobodys = await anonymous.SendAsync(Handshake(Own), wholeAnswer: false);
        Assert.Equal(HttpStatusCode.SwitchingProtocols, own.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, nobodys.StatusCode);
    }

    [Theory]
    [InlineData("/signout-oidc")]
    [InlineData("/signout-oidc?sid=1&iss=x")]
    [InlineData("/signout-callback-oidc")]
    [InlineData("/signout-callback-oidc?state=x")]
    [InlineData("/authentication/logout")]
    [InlineData("/authentication/login")]
    [InlineData("/signin-oidc?error=access_denied")]
    public async Task Following_a_link_signs_nobody_out(string address)
    {
        using var employee = await host.Portal.SignInAsync(People.Maya);

        using var followed = await employee.GetAsync(address);

        using var after = await employee.AskForTokenAsync();
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    [Fact]
    public async Task No_page_elsewhere_may_read_an_answer()
    {
        using var employee = await host.Portal.SignInAsync(People.Maya);

        foreach (var path in PortalEndpoint.ListOf(host.Portal).Select(endpoint => endpoint.Path).Distinct())
        {
            using var asked = await employee.SendAsync(With(HttpMethod.Options, path, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST")));
            using var read = await employee.SendAsync(With(HttpMethod.Get, path, ("Origin", "https://evil.example")), wholeAnswer: false);

            Assert.DoesNotContain(asked.Headers.Concat(read.Headers), header => header.Key.StartsWith("Access-Control-Allow", StringComparison.OrdinalIgnoreCase));
        }
    }

    private string Own => host.Portal.Address.GetLeftPart(UriPartial.Authority);

    private static HttpRequestMessage Handshake(string origin) => With(HttpMethod.Get, "/_blazor",
        ("Origin", origin), ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="));

    private static HttpRequestMessage With(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static void Replace(HttpRequestHeaders headers, string name, string value, string? remove = null)
    {
        headers.Remove(remove ?? name);
        headers.TryAddWithoutValidation(name, value);
    }
}
