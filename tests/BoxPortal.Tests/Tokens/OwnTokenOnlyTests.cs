using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using BoxPortal.Sandbox;
using CsCheck;

namespace BoxPortal.Tests.Tokens;

/// <summary>Nobody obtains another's token, whatever they put into the request: each attempt yields their own or a refusal.</summary>
public sealed class OwnTokenOnlyTests(OwnTokenOnlyTests.Host host) : IClassFixture<OwnTokenOnlyTests.Host>
{
    private static readonly string[] s_names =
    [
        "id", "userId", "user_id", "user", "oid", "objectId", "tid", "appUserId", "app_user_id", "external_app_user_id", "externalId",
        "employee", "employeeId", "as", "asUser", "as-user", "sub", "subject", "box_subject_id", "login", "upn", "email", "preferred_username",
        "userName", "name", "session", "principal", "claims", "role", "impersonate",
    ];

    private static readonly string[] s_headers =
    [
        "As-User", "X-As-User", "X-User", "X-User-Id", "X-UserName", "X-Remote-User", "Remote-User", "X-Forwarded-User", "X-Forwarded-Email",
        "X-Forwarded-Preferred-Username", "X-Forwarded-For", "X-Forwarded-Host", "X-Original-User", "X-Authenticated-User", "X-Auth-Request-User",
        "X-MS-CLIENT-PRINCIPAL", "X-MS-CLIENT-PRINCIPAL-ID", "X-MS-CLIENT-PRINCIPAL-NAME", "X-MS-TOKEN-AAD-ID-TOKEN", "X-Employee", "X-Impersonate",
        "Impersonate-User", "From", "Authorization", "Proxy-Authorization", "X-Original-URL", "X-Rewrite-URL", "X-Subject", "BoxApi", "X-Client-Cert",
    ];

    [Fact]
    public async Task Naming_somebody_else_in_the_query() => await AttemptAllAsync(
        from name in s_names
        from value in host.Identifiers
        select new Attempt($"?{name}={value}", _ => { }, $"/explorer/token?{Uri.EscapeDataString(name)}={Uri.EscapeDataString(value)}"));

    [Fact]
    public async Task Naming_somebody_else_in_a_header() => await AttemptAllAsync(
        from name in s_headers
        from value in host.Identifiers
        select new Attempt($"{name}: {value}", request => request.Headers.TryAddWithoutValidation(name, name.EndsWith("uthorization", StringComparison.Ordinal) ? $"Bearer {value}" : Latin(value))));

    [Fact]
    public async Task Naming_somebody_else_in_the_body() => await AttemptAllAsync(
        from name in s_names
        from value in host.Identifiers.Take(6)
        from body in new Func<HttpContent>[]
        {
            () => new FormUrlEncodedContent(new Dictionary<string, string> { [name] = value }),
            () => JsonContent.Create(new Dictionary<string, string> { [name] = value }),
            () => JsonContent.Create(new { employee = new Dictionary<string, string> { [name] = value } }),
            () => new MultipartFormDataContent { { new StringContent(value), name } },
            () => new StringContent($"<{name}>{value}</{name}>", Encoding.UTF8, "application/xml"),
            () => new StringContent(value),
        }
        select new Attempt($"body {name}={value}", request => request.Content = body()));

    [Fact]
    public async Task Naming_somebody_else_in_a_cookie() => await AttemptAllAsync(
        from name in s_names.Concat(["BoxPortal", "__Host-BoxPortalC1", "__Host-BoxPortal-User", ".AspNetCore.Cookies", ".AspNetCore.Antiforgery"])
        from value in host.Identifiers.Take(6)
        select new Attempt($"cookie {name}={value}", request => Cookies(request, $"{host.OwnCookies}; {name}={Uri.EscapeDataString(value)}")));

    [Fact]
    public async Task Naming_somebody_else_in_the_path() => await AttemptAllAsync(
        from value in host.Identifiers.Select(Uri.EscapeDataString)
        from path in new[]
        {
            $"/explorer/token/{value}", $"/explorer/{value}/token", $"/{value}/explorer/token", $"/explorer/token;user={value}", $"/explorer/token%2f{value}",
            $"/explorer/token%00{value}", $"/explorer//token//{value}", $"/explorer/token/../token/{value}", $"/explorer/%2e%2e/explorer/token?{value}",
            $"/EXPLORER/TOKEN/{value}", $"/explorer/token#{value}", $"/explorer/token%3fuser={value}", $"/explorer\\token\\{value}", $"/explorer/token.{value}",
        }
        select new Attempt(path, _ => { }, path));

    [Fact]
    public async Task Asking_in_another_way_than_the_page_does() => await AttemptAllAsync(
        from method in new[] { "GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "MKCOL", "POST" }
        from named in new[] { "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "_method" }
        from other in new[] { "GET", "POST", "PUT" }
        from value in host.Identifiers.Take(2)
        select new Attempt($"{method} as {other} {named} {value}", request =>
        {
            request.Method = new HttpMethod(method);
            request.Headers.TryAddWithoutValidation(named, other);
            request.Headers.TryAddWithoutValidation("As-User", Latin(value));
        }));

    [Fact]
    public async Task Naming_somebody_else_in_many_places_at_once()
    {
        var anyone = AnyOf(host.Identifiers);
        var places = Gen.Select(
            Gen.Select(AnyOf(s_names), anyone).List[0, 4], Gen.Select(AnyOf(s_headers), anyone).List[0, 4],
            Gen.Select(AnyOf(s_names), anyone).List[0, 4], Gen.Select(AnyOf(s_names), anyone).List[0, 3]);
        await places.SampleAsync(async (query, headers, body, cookies) =>
            await AttemptAsync(new Attempt($"{query.Count} {headers.Count} {body.Count} {cookies.Count}", request =>
            {
                foreach (var (name, value) in headers)
                {
                    request.Headers.TryAddWithoutValidation(name, Latin(value));
                }

                if (body.Count > 0)
                {
                    request.Content = new FormUrlEncodedContent(body.Select(field => KeyValuePair.Create(field.Item1, field.Item2)));
                }

                Cookies(request, string.Join("; ", cookies.Select(cookie => $"{cookie.Item1}={Uri.EscapeDataString(cookie.Item2)}").Append(host.OwnCookies)));
            }, $"/explorer/token?{string.Join('&', query.Select(field => $"{field.Item1}={Uri.EscapeDataString(field.Item2)}"))}")), iter: 300, threads: 2);
    }

    [Fact]
    public async Task Cutting_or_altering_the_session()
    {
        var (name, session) = host.Own(Host.Session);
        var rest = host.Own(Host.Antiforgery);
        var random = new Random(1);
        var altered = Enumerable.Range(0, 120).Select(_ =>
        {
            var at = random.Next(session.Length);
            var text = session.ToCharArray();
            text[at] = text[at] == 'A' ? 'B' : 'A';
            return new string(text);
        });
        var cut = Enumerable.Range(1, 60).Select(part => session[..(session.Length * part / 61)]);
        var grown = new[] { session + "A", session + session, "A" + session, session.ToUpperInvariant(), new string([.. session.Reverse()]), "", "chunks-2", Uri.EscapeDataString(session) + "%00" };

        foreach (var forged in altered.Concat(cut).Concat(grown))
        {
            using var answer = await host.Attacker.AskForTokenAsync(request => Cookies(request, $"{name}={forged}; {rest.Name}={rest.Value}"));

            // One letter in the last quantum of base64 carries bits that count for nothing: the session is then still the attacker's own.
            await AssertOwnOrRefusedAsync(answer, "forged session");
        }
    }

    [Fact]
    public async Task Grafting_parts_of_somebody_elses_session_onto_ones_own()
    {
        var (name, own) = host.Own(Host.Session);
        var theirs = host.Victims[0].Cookies.Jar.Single(cookie => cookie.Key.Name == Host.Session).Value;
        var rest = host.Own(Host.Antiforgery);

        for (var part = 1; part < 80; part++)
        {
            var at = own.Length * part / 80;
            foreach (var forged in new[] { own[..at] + theirs[Math.Min(at, theirs.Length)..], theirs[..Math.Min(at, theirs.Length)] + own[at..] })
            {
                using var answer = await host.Attacker.AskForTokenAsync(request => Cookies(request, $"{name}={forged}; {rest.Name}={rest.Value}"));
                await AssertOwnOrRefusedAsync(answer, "grafted session");
            }
        }
    }

    [Fact]
    public async Task Using_the_other_cookies_and_antiforgery_tokens_of_somebody_else()
    {
        var victim = host.Victims[0];
        string Of(Browser browser, string name) => browser.Cookies.Jar.Single(cookie => cookie.Key.Name == name).Value;
        var theirToken = await victim.ReadAntiforgeryAsync();
        var ownSession = $"{Host.Session}={Of(host.Attacker, Host.Session)}";

        foreach (var cookies in new[]
        {
            $"{ownSession}; {Host.Antiforgery}={Of(victim, Host.Antiforgery)}",
            $"{ownSession}; {Host.Antiforgery}={Of(host.Attacker, Host.Antiforgery)}",
            $"{Host.Session}={Of(victim, Host.Antiforgery)}; {Host.Antiforgery}={Of(victim, Host.Antiforgery)}",
            $"{Host.Session}={theirToken}; {Host.Antiforgery}={Of(victim, Host.Antiforgery)}",
            $"{Host.Antiforgery}={Of(victim, Host.Antiforgery)}",
            $"{Host.Session}={Of(host.Attacker, Host.Antiforgery)}",
        })
        {
            using var answer = await host.Attacker.AskForTokenAsync(request =>
            {
                Cookies(request, cookies);
                request.Headers.Remove("RequestVerificationToken");
                request.Headers.Add("RequestVerificationToken", theirToken);
            });

            Assert.True(answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized, $"{answer.StatusCode}");
            await AssertOwnOrRefusedAsync(answer, "their antiforgery");
        }
    }

    [Fact]
    public async Task A_session_of_another_portal_is_none()
    {
        await using var other = await PortalHost.StartAsync(beside: host.Portal);
        using var elsewhere = await other.SignInAsync(People.Maya);
        await elsewhere.ReadAntiforgeryAsync();

        using var answer = await host.Attacker.AskForTokenAsync(request =>
            Cookies(request, string.Join("; ", elsewhere.Cookies.Jar.Where(cookie => cookie.Key.Name.StartsWith("__Host", StringComparison.Ordinal)).Select(cookie => $"{cookie.Key.Name}={cookie.Value}"))));

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Changing_the_person_in_one_browser_changes_whose_token_it_gets()
    {
        using var browser = host.Portal.NewBrowser();
        await browser.SignInAsync(People.Maya);
        var mayas = await browser.TakeTokenAsync();
        var mayasPage = await browser.ReadAntiforgeryAsync();

        await browser.SignInAsync(People.Tomas);
        using var fromMayasPage = await browser.AskForTokenAsync(request =>
        {
            request.Headers.Remove("RequestVerificationToken");
            request.Headers.Add("RequestVerificationToken", mayasPage);
        });
        var tomass = await browser.TakeTokenAsync();

        Assert.Equal(HttpStatusCode.BadRequest, fromMayasPage.StatusCode);
        Assert.NotEqual(mayas, tomass);
        Assert.Equal(host.Portal.AppUserOf(People.Tomas).Id, await host.Portal.WhoActsWithAsync(tomass));
    }

    [Fact]
    public async Task Signing_in_from_two_tabs_at_once_gives_each_answer_to_the_session_it_belongs_to()
    {
        using var browser = host.Portal.NewBrowser();
        var first = await browser.AnswerOfProviderAsync(People.Maya);
        var second = await browser.AnswerOfProviderAsync(People.Tomas);

        await browser.PostAsync(second.Action, Browser.Fields(second));
        await browser.PostAsync(first.Action, Browser.Fields(first));

        Assert.Equal(host.Portal.AppUserOf(People.Maya).Id, await host.Portal.WhoActsWithAsync(await browser.TakeTokenAsync()));
    }

    [Fact]
    public async Task Pages_and_refusals_that_speak_of_a_person_are_stored_by_nobody()
    {
        using var waiting = await host.Portal.SignInAsync(People.Newcomer);
        await waiting.ReadAntiforgeryAsync();

        foreach (var answer in new[] { await host.Attacker.GetAsync("/"), await waiting.GetAsync("/"), await waiting.AskForTokenAsync() })
        {
            Assert.True(answer.Headers.CacheControl is { NoStore: true }, $"{answer.RequestMessage!.RequestUri} {answer.StatusCode} {answer.Headers.CacheControl}");
        }
    }

    private async Task AttemptAllAsync(IEnumerable<Attempt> attempts)
    {
        var made = 0;
        await Parallel.ForEachAsync(attempts, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = PortalHost.Cancellation }, async (attempt, _) =>
        {
            await AttemptAsync(attempt);
            Interlocked.Increment(ref made);
        });
        Assert.True(made > 50, $"only {made} attempts");
    }

    private async Task AttemptAsync(Attempt attempt)
    {
        using var answer = await host.Attacker.AskForTokenAsync(attempt.Change, attempt.Path);
        await AssertOwnOrRefusedAsync(answer, attempt.Name);
    }

    private async Task AssertOwnOrRefusedAsync(HttpResponseMessage answer, string attempt)
    {
        var body = await answer.Content.ReadAsStringAsync(PortalHost.Cancellation);
        if (answer is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "application/json" })
        {
            var token = JsonDocument.Parse(body).RootElement.GetProperty("accessToken").GetString()!;
            Assert.True(host.AttackersId == await host.WhoAsync(token), $"{attempt} gave a token of somebody else.");
            return;
        }

        Assert.True((int)answer.StatusCode is >= 200 and < 500, $"{attempt}: {answer.StatusCode}");
        Assert.DoesNotContain("sbx", body, StringComparison.Ordinal);
    }

    private static Gen<string> AnyOf(IReadOnlyList<string> values) => Gen.Int[0, values.Count - 1].Select(index => values[index]);

    private static void Cookies(HttpRequestMessage request, string cookies) => request.Headers.TryAddWithoutValidation("Cookie", cookies);

    private static string Latin(string value) => Convert.ToBase64String(Encoding.UTF8.GetBytes(value)) is var encoded && value.All(char.IsAscii) ? value : encoded;

    private sealed record Attempt(string Name, Action<HttpRequestMessage> Change, string Path = "/explorer/token");

    public sealed class Host : IAsyncLifetime
    {
        public const string Session = "__Host-BoxPortal";
        public const string Antiforgery = "__Host-BoxPortal-Antiforgery";
        private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Task<string>> _known = [];

        public PortalHost Portal { get; private set; } = null!;

        /// <summary>An ordinary employee with an app user of their own.</summary>
        public Browser Attacker { get; private set; } = null!;

        public string AttackersId { get; private set; } = "";

        public IReadOnlyList<Browser> Victims { get; private set; } = [];

        /// <summary>Everything by which somebody else could be named.</summary>
        public IReadOnlyList<string> Identifiers { get; private set; } = [];

        public string OwnCookies => string.Join("; ", new[] { Own(Session), Own(Antiforgery) }.Select(cookie => $"{cookie.Name}={cookie.Value}"));

        public (string Name, string Value) Own(string name) => (name, Attacker.Cookies.Jar.Single(cookie => cookie.Key.Name == name).Value);

        public Task<string> WhoAsync(string token) => _known.GetOrAdd(token, Portal.WhoActsWithAsync);

        public async ValueTask InitializeAsync()
        {
            Portal = await PortalHost.StartRecoveredAsync(limits: PortalHost.NoLimits);
            Attacker = await Portal.SignInAsync(People.Tomas);
            await Attacker.TakeTokenAsync();
            AttackersId = Portal.AppUserOf(People.Tomas).Id;
            Victims = [await Portal.SignInAsync(People.Maya), await Portal.SignInAsync(People.Administrator)];
            // Their tokens lie in the portal's memory, ready to be given to the wrong one.
            var token = await Victims[0].TakeTokenAsync();
            await Victims[1].TakeTokenAsync();
            var maya = People.Maya;
            Identifiers =
            [
                Portal.AppUserOf(maya).Id, maya.ObjectId.ToString(), maya.UserName, maya.ExternalAppUserId, Portal.AppUserOf(People.Administrator).Id,
                Portal.Enterprise.ServiceAccount.Id, maya.Name, maya.ObjectId.ToString("N"), maya.ObjectId.ToString("B").ToUpperInvariant(), maya.UserName.ToUpperInvariant(),
                Secret.Fingerprint(token), Portal.AppUserOf(maya).Login, Enterprise.Id, "0", "me", "*", "-1",
                $"{{\"oid\":\"{maya.ObjectId}\"}}", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{{\"userId\":\"{maya.ObjectId}\",\"userDetails\":\"{maya.UserName}\"}}")),
            ];
        }

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }
}
