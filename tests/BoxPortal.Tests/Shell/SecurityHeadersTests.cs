using System.Net;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Shell;

public sealed class SecurityHeadersTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    [Theory]
    [InlineData(null)]
    [InlineData("maya.okafor")]
    [InlineData("priya.raman")]
    public async Task Every_answer_of_every_route_carries_them(string? userName)
    {
        using var browser = userName is null ? host.Portal.NewBrowser() : await host.Portal.SignInAsync(BoxPortal.Sandbox.Directory.Named(userName));
        var seen = new HashSet<HttpStatusCode>();

        foreach (var endpoint in PortalEndpoint.ListOf(host.Portal))
        {
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT" })
            {
                if (userName is null)
                {
                    browser.Cookies.Jar.Clear(); // each way to the provider leaves two behind
                }

                using var request = new HttpRequestMessage(new HttpMethod(method), endpoint.Path);
                request.Headers.Accept.ParseAdd(endpoint.IsFile ? "*/*" : "text/html");
                using var answer = await browser.SendAsync(request, wholeAnswer: false);

                AssertStrict(answer);
                seen.Add(answer.StatusCode);
            }
        }

        Assert.Superset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.Redirect }, seen);
    }

    [Fact]
    public async Task Errors_of_every_kind_carry_them()
    {
        using var browser = await host.Portal.SignInAsync(People.Maya);
        HttpResponseMessage[] answers =
        [
            await browser.GetAsync("/nowhere"),
            await browser.GetAsync("/box/nowhere.js"),
            await browser.GetAsync("/explorer/nowhere"),
            await browser.PostAsync("/signin-oidc", []),
            await browser.PostAsync("/signin-oidc", new() { ["code"] = "x", ["state"] = "y" }),
            await browser.GetAsync("/signout-callback-oidc"),
            await browser.GetAsync("/?" + new string('x', 7000)),
            await browser.PostAsync("/explorer/token", []),
            await host.Portal.NewBrowser().PostAsync("/explorer/token", []),
        ];

        Assert.All(answers, AssertStrict);
        Assert.Superset(
            new HashSet<HttpStatusCode> { HttpStatusCode.NotFound, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.Redirect },
            answers.Select(answer => answer.StatusCode).ToHashSet());
    }

    [Fact]
    public async Task A_fault_of_the_portal_carries_them_and_shows_nothing_of_its_inside()
    {
        await using var broken = await PortalHost.StartRecoveredAsync();
        using var browser = new Browser(broken.Address);
        await browser.SignInAsync(People.Newcomer);
        await browser.ReadAntiforgeryAsync();
        await using (var db = await broken.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation))
        {
            await db.Database.ExecuteSqlRawAsync("DROP TABLE AuditEntries", PortalHost.Cancellation);
        }

        using var forScript = await browser.AskForTokenAsync();
        using var forPerson = await browser.AskForTokenAsync(request => request.Headers.Accept.ParseAdd("text/html"));

        foreach (var answer in new[] { forScript, forPerson })
        {
            Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
            AssertStrict(answer);
            var body = await answer.Content.ReadAsStringAsync(PortalHost.Cancellation);
            Assert.DoesNotContain("Sqlite", body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Only_the_Explorers_page_may_speak_to_Box_and_only_to_the_configured_addresses()
    {
        await using var elsewhere = await PortalHost.StartRecoveredAsync(new Dictionary<string, string> { ["Box:UploadBaseAddress"] = "https://upload.example" });
        using var browser = await elsewhere.SignInAsync(People.Maya);
        var box = elsewhere.SandboxAddress.GetLeftPart(UriPartial.Authority);

        var explorer = PolicyOf(await browser.GetAsync("/"));
        var about = PolicyOf(await browser.GetAsync("/about"));

        Assert.Equal(["'self'", box, "https://upload.example"], explorer["connect-src"]);
        Assert.Equal(["'self'", "data:", box, "https://upload.example", "blob:"], explorer["img-src"]); // what the preview has fetched
        Assert.Equal([box, "https://upload.example", "blob:"], explorer["frame-src"]);
        Assert.Equal(["'self'"], explorer["script-src"]);
        Assert.Equal(["'self'"], about["connect-src"]);
        Assert.Equal(["'self'", "data:"], about["img-src"]);
        Assert.Equal(["'self'"], about["style-src"]);
        Assert.DoesNotContain("frame-src", about.Keys);
    }

    [Fact]
    public async Task Against_Box_itself_the_Explorers_page_may_also_reach_where_Box_keeps_the_bytes()
    {
        await using var real = await PortalHost.StartAsync(new Dictionary<string, string>
        {
            ["Box:ApiBaseAddress"] = "https://api.box.com",
            ["Box:UploadBaseAddress"] = "https://upload.box.com",
            ["Explorer:Preview"] = "Cdn",
        });
        using var browser = await real.SignInAsync(People.Maya);

        var policy = PolicyOf(await browser.GetAsync("/"));

        Assert.Equal(["'self'", "https://api.box.com", "https://upload.box.com", "https://upload.app.box.com", "https://*.boxcloud.com", "https://cdn01.boxcdn.net"], policy["connect-src"]);
        Assert.Equal(["'self'", "https://cdn01.boxcdn.net"], policy["script-src"]);
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_of_scripts_other_hosts_and_plain_http()
    {
        var cookies = new List<string>();
        using var browser = new Browser(host.Portal.Address, answer =>
        {
            if (answer.RequestMessage!.RequestUri!.Authority == host.Portal.Address.Authority && answer.Headers.TryGetValues("Set-Cookie", out var set))
            {
                cookies.AddRange(set.Where(cookie => !cookie.Contains("01 Jan 1970", StringComparison.Ordinal)));
            }

            return Task.CompletedTask;
        });
        await browser.SignInAsync(People.Maya);
        await browser.ReadAntiforgeryAsync();

        AssertCookie("__Host-BoxPortal=", "samesite=lax", isForOneVisit: true);
        AssertCookie("__Host-BoxPortal-Antiforgery=", "samesite=strict", isForOneVisit: true);
        AssertCookie(".AspNetCore.Correlation.", "samesite=none", isForOneVisit: false);
        AssertCookie(".AspNetCore.OpenIdConnect.Nonce.", "samesite=none", isForOneVisit: false);
        Assert.Empty(cookies);

        void AssertCookie(string name, string sameSite, bool isForOneVisit)
        {
            var mine = cookies.Where(cookie => cookie.StartsWith(name, StringComparison.Ordinal)).ToList();
            Assert.NotEmpty(mine);
            cookies.RemoveAll(mine.Contains);
            foreach (var attributes in mine.Select(cookie => cookie.Split(';', StringSplitOptions.TrimEntries).Skip(1).Select(attribute => attribute.ToLowerInvariant()).ToList()))
            {
                Assert.Superset(new HashSet<string> { "secure", "httponly", sameSite }, attributes.ToHashSet());
                Assert.DoesNotContain(attributes, attribute => attribute.StartsWith("domain", StringComparison.Ordinal));
                Assert.Equal(!isForOneVisit, attributes.Any(attribute => attribute.StartsWith("expires", StringComparison.Ordinal)));
            }
        }
    }

    private static void AssertStrict(HttpResponseMessage answer)
    {
        var at = $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.AbsolutePath} ({(int)answer.StatusCode})";
        string One(string name) => answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : throw new Xunit.Sdk.XunitException($"no {name} at {at}");
        Assert.Equal(("nosniff", "DENY", "no-referrer"), (One("X-Content-Type-Options"), One("X-Frame-Options"), One("Referrer-Policy")));
        Assert.Equal(("same-origin", "same-origin"), (One("Cross-Origin-Opener-Policy"), One("Cross-Origin-Resource-Policy")));
        Assert.Contains("camera=()", One("Permissions-Policy"), StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Server") || answer.Headers.Contains("X-Powered-By"), at);

        var policy = PolicyOf(answer);
        Assert.Equal(["'none'"], policy["default-src"]);
        Assert.Equal(["'self'"], policy["script-src"]);
        Assert.Equal(["'none'"], policy["object-src"]);
        Assert.Equal(["'none'"], policy["frame-ancestors"]);
        Assert.Equal(["'self'"], policy["base-uri"]);
        Assert.All(policy["style-src"], source => Assert.True(source == "'self'" || source.StartsWith("'sha256-", StringComparison.Ordinal), source));
        Assert.DoesNotContain(policy.SelectMany(directive => directive.Value), source => source.Contains("unsafe", StringComparison.Ordinal) || source is "*" or "http:" or "https:");
    }

    private static Dictionary<string, string[]> PolicyOf(HttpResponseMessage answer) =>
        Assert.Single(answer.Headers.TryGetValues("Content-Security-Policy", out var policies) ? policies : [])
            .Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(directive => directive.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToDictionary(directive => directive[0], directive => directive[1..]);
}
