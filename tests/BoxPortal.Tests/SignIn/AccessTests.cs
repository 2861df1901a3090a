using System.Net;
using BoxPortal.Sandbox;

namespace BoxPortal.Tests.SignIn;

/// <summary>Who may reach what: every entry of the portal's own list, times everybody there is, times every method.</summary>
public sealed class AccessTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private static readonly Dictionary<string, Rule> s_rules = new()
    {
        ["/"] = Rule.SignedIn,
        ["/people"] = Rule.ReadPeople,
        ["/people/{ObjectId:guid}"] = Rule.ReadPeople,
        ["/access"] = Rule.ReadPeople,
        ["/access/people.csv"] = Rule.ReadPeople,
        ["/groups"] = Rule.ReadGroups,
        ["/groups/{Id}"] = Rule.ReadGroups,
        ["/groups/changes"] = Rule.ReadGroups,
        ["/groups/changes/{Id:long}"] = Rule.ReadGroups,
        ["/groups/edit"] = Rule.Administrator,
        ["/groups/sync"] = Rule.ReadPeople,
        ["/groups/drift"] = Rule.ReadPeople,
        ["/record"] = Rule.ReadRecord,
        ["/record.csv"] = Rule.ReadRecord,
        ["/imports"] = Rule.ReadRecord,
        ["/imports/{Id:long}"] = Rule.ReadRecord,
        ["/imports/{id:long}/lines.csv"] = Rule.ReadRecord,
        ["/imports/files"] = Rule.Administrator,
        ["/files"] = Rule.SignedIn,
        ["/files/{FolderId:long}"] = Rule.SignedIn,
        ["/explorer/token"] = Rule.SignedIn,
        ["/explorer/empty"] = Rule.SignedIn,
        ["/explorer/changes"] = Rule.SignedIn,
        ["/authentication/login"] = Rule.Anybody,
        ["/authentication/logout"] = Rule.Anybody, // antiforgery guards it
        ["/about"] = Rule.Anybody,
        ["/language"] = Rule.Anybody, // antiforgery guards it
        ["/access-denied"] = Rule.Anybody,
        ["/error"] = Rule.Anybody,
        ["/not-found"] = Rule.Anybody,
        ["/sign-in-failed"] = Rule.Anybody,
        ["/signed-out"] = Rule.Anybody,
        ["/health/live"] = Rule.Anybody,
        ["/health/ready"] = Rule.Anybody,
        ["/health/box"] = Rule.Anybody,
        ["{**path:file}"] = Rule.Anybody, // static files of the build, in development
        ["/_framework/opaque-redirect"] = Rule.SignedIn,
        ["/_blazor"] = Rule.SignedIn,
        ["/_blazor/negotiate"] = Rule.SignedIn,
        ["/_blazor/disconnect/"] = Rule.SignedIn,
        ["/_blazor/initializers/"] = Rule.SignedIn,
    };

    private static readonly (string Who, Person? Person, Rule[] May)[] s_everybody =
    [
        ("anonymous", null, [Rule.Anybody]),
        ("employee", People.Maya, [Rule.Anybody, Rule.SignedIn]),
        ("owner of a group", BoxPortal.Sandbox.Directory.Named("oluwaseun.bello"), [Rule.Anybody, Rule.SignedIn, Rule.ReadGroups]),
        ("waiting employee", People.Newcomer, [Rule.Anybody, Rule.SignedIn]),
        ("suspended employee", People.Suspended, [Rule.Anybody, Rule.SignedIn]),
        ("help desk", People.HelpDesk, [Rule.Anybody, Rule.SignedIn, Rule.ReadGroups, Rule.ReadPeople]),
        ("auditor", People.Auditor, [Rule.Anybody, Rule.SignedIn, Rule.ReadGroups, Rule.ReadPeople, Rule.ReadRecord]),
        ("administrator", People.Administrator, [Rule.Anybody, Rule.SignedIn, Rule.ReadGroups, Rule.ReadPeople, Rule.ReadRecord, Rule.Administrator]),
    ];

    public static TheoryData<string> Everybody => [.. s_everybody.Select(one => one.Who)];

    private enum Rule
    {
        Anybody,
        SignedIn,
        ReadGroups,
        ReadPeople,
        ReadRecord,
        Administrator,
    }

    [Flags]
    private enum Found
    {
        Reached = 1,
        Challenged = 2,
        Denied = 4,
        Nothing = 8,
    }

    [Fact]
    public void Every_route_has_a_rule_and_every_rule_a_route() =>
        Assert.Equal(
            s_rules.Keys.Order(StringComparer.Ordinal),
            PortalEndpoint.ListOf(host.Portal).Where(endpoint => !endpoint.IsFile).Select(endpoint => endpoint.Pattern).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task Everybody_reaches_what_their_rule_says_and_nothing_else(string who)
    {
        var (_, person, may) = s_everybody.Single(one => one.Who == who);
        if (who == "owner of a group")
        {
            await host.Portal.OwnAsync(person!, host.Portal.Enterprise.GroupsByName["Project Heron"]);
        }

        using var browser = person is null ? host.Portal.NewBrowser() : await host.Portal.SignInAsync(person);
        var mistakes = new List<string>();

        foreach (var endpoint in PortalEndpoint.ListOf(host.Portal))
        {
            var allowed = may.Contains(endpoint.IsFile ? Rule.Anybody : s_rules[endpoint.Pattern]);
            foreach (var method in new[] { "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS" })
            {
                var expected = (allowed, endpoint.Answers(method)) switch
                {
                    (true, true) when endpoint.Pattern == "{**path:file}" => Found.Nothing | Found.Challenged, // there is no such file
                    (true, true) when endpoint.Pattern.Contains(":long}", StringComparison.Ordinal) => Found.Reached | Found.Nothing, // there is no number 0
                    (true, true) => endpoint.Methods.Length == 0 ? Found.Reached | Found.Nothing : Found.Reached,
                    (false, true) => person is null ? Found.Challenged : Found.Denied,
                    // What no route answers matters only in that nothing is reached: to somebody signed out, even that is not told.
                    (_, false) => person is null ? Found.Nothing | Found.Challenged : Found.Nothing,
                };
                if (person is null)
                {
                    browser.Cookies.Jar.Clear(); // each way to the provider leaves two behind
                }

                using var request = new HttpRequestMessage(new HttpMethod(method), endpoint.Path);
                if (method == "POST")
                {
                    request.Content = new MultipartFormDataContent { { new StringContent("x"), "x" } }; // what takes forms looks at nothing else
                }

                using var answer = await browser.SendAsync(request, wholeAnswer: false);

                if (!expected.HasFlag(Judge(answer)))
                {
                    mistakes.Add($"{method} {endpoint.Path}: {Judge(answer)} ({(int)answer.StatusCode}), not {expected}");
                }
            }
        }

        Assert.True(mistakes.Count == 0, string.Join('\n', mistakes));
    }

    [Fact]
    public async Task What_is_taken_away_by_a_link_sends_whoever_may_not_where_pages_do()
    {
        using var nobody = host.Portal.NewBrowser();
        using var maya = await host.Portal.SignInAsync(People.Maya);
        var files = PortalEndpoint.ListOf(host.Portal).Where(endpoint => endpoint.Pattern.EndsWith(".csv", StringComparison.Ordinal)).ToList();

        Assert.Equal(3, files.Count);
        foreach (var file in files)
        {
            using var unknown = await nobody.GetAsync(file.Path);
            using var unallowed = await maya.GetAsync(file.Path);

            Assert.Equal((HttpStatusCode.Redirect, host.Portal.SandboxAddress.Authority), (unknown.StatusCode, unknown.Headers.Location?.Authority));
            Assert.Equal((HttpStatusCode.Redirect, true), (unallowed.StatusCode, unallowed.Headers.Location?.OriginalString.Contains("/access-denied", StringComparison.Ordinal)));
        }
    }

    private Found Judge(HttpResponseMessage answer) => answer switch
    {
        { StatusCode: HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotFound } => Found.Nothing,
        { StatusCode: HttpStatusCode.Unauthorized } => Found.Challenged,
        { StatusCode: HttpStatusCode.Forbidden } => Found.Denied,
        { StatusCode: HttpStatusCode.Redirect, Headers.Location: { } to } when to.OriginalString.Contains("/access-denied", StringComparison.Ordinal) => Found.Denied,
        // Being sent to the provider is what one comes to the sign-in for; anywhere else it is the door being shut.
        { StatusCode: HttpStatusCode.Redirect, Headers.Location: { IsAbsoluteUri: true } to } when to.Authority == host.Portal.SandboxAddress.Authority
            && answer.RequestMessage is not { Method.Method: "GET", RequestUri.AbsolutePath: "/authentication/login" } => Found.Challenged,
        _ => Found.Reached,
    };
}
