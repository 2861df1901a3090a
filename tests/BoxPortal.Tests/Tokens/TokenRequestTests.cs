using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using BoxPortal.Audit;

namespace BoxPortal.Tests.Tokens;

public sealed class TokenRequestTests(TokenRequestTests.Host host) : IClassFixture<TokenRequestTests.Host>
{
    private const string Assertion = "urn:ietf:params:oauth:grant-type:jwt-bearer";
    private const string Exchange = "urn:ietf:params:oauth:grant-type:token-exchange";

    [Fact]
    public async Task Two_hundred_first_asks_at_once_cost_one_assertion_and_one_exchange()
    {
        var person = BoxPortal.Sandbox.Directory.Named("elin.bergstrom");
        using var browser = await host.Portal.SignInAsync(person);
        await browser.ReadAntiforgeryAsync();
        var appUserId = host.Portal.AppUserOf(person).Id;
        var before = host.Portal.Requests.Count;

        var tokens = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => browser.TakeTokenAsync()));

        Assert.Single(tokens.Distinct());
        var asked = host.Portal.Requests.Skip(before).Where(request => request.Path == "/oauth2/token" && request.UserId == appUserId).ToList();
        Assert.Equal([Assertion, Exchange], asked.Select(request => request.GrantType));
    }

    [Fact]
    public async Task Everybody_who_asks_at_the_same_time_gets_their_own()
    {
        var people = host.Portal.Directory.Everyone.Where(person => person.SignInNote is null).Take(12).ToList();
        var browsers = await Task.WhenAll(people.Select(host.Portal.SignInAsync));

        var tokens = await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(_ => browsers.Select(browser => browser.TakeTokenAsync())));

        for (var asked = 0; asked < tokens.Length; asked++)
        {
            Assert.Equal(host.Portal.AppUserOf(people[asked % people.Count]).Id, await host.Portal.WhoActsWithAsync(tokens[asked]));
        }
    }

    [Fact]
    public async Task A_token_is_narrowed_to_scopes_and_never_to_a_resource()
    {
        using var browser = await host.Portal.SignInAsync(People.Maya);

        var token = await browser.TakeTokenAsync();

        var held = host.Portal.Enterprise.Tokens[token];
        Assert.Null(held.ResourceId);
        Assert.Equal(["base_explorer", "item_delete", "item_download", "item_preview", "item_rename", "item_upload"], held.Scopes.Order());
    }

    [Fact]
    public async Task Scopes_follow_the_role_of_the_directory()
    {
        using var browser = await host.Portal.SignInAsync(People.Auditor);

        var token = await browser.TakeTokenAsync();

        Assert.Equal(["base_explorer", "item_preview"], host.Portal.Enterprise.Tokens[token].Scopes.Order());
    }

    [Fact]
    public async Task A_token_is_recorded_by_its_fingerprint_before_it_leaves()
    {
        using var browser = await host.Portal.SignInAsync(People.Tomas);

        var token = await browser.TakeTokenAsync();

        var entry = Assert.Single(await host.Portal.ReadRecordAsync(Fingerprint(token)));
        Assert.Equal(AuditKind.TokenMinted, entry.Kind);
        Assert.Equal(People.Tomas.ObjectId, entry.ObjectId);
        Assert.Equal(host.Portal.AppUserOf(People.Tomas).Id, entry.AppUserId);
        Assert.DoesNotContain(token, $"{entry.Detail} {entry.Actor} {entry.Name} {entry.CorrelationId}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_with_a_token_is_stored_by_nobody()
    {
        using var browser = await host.Portal.SignInAsync(People.Maya);

        using var answer = await browser.AskForTokenAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var token = await answer.Content.ReadFromJsonAsync<JsonElement>(PortalHost.Cancellation);
        Assert.Equal(["accessToken", "expiresAt"], token.EnumerateObject().Select(property => property.Name).Order());
        Assert.True(token.GetProperty("expiresAt").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddMinutes(5));
    }

    [Fact]
    public async Task A_parent_that_Box_has_revoked_is_replaced_without_anybody_noticing()
    {
        var person = BoxPortal.Sandbox.Directory.Named("chidi.eze");
        var user = host.Portal.AppUserOf(person);
        // A parent is in memory, but no child: mapping proves itself by one, and so does this.
        var parents = host.Portal.Services.GetService(typeof(BoxPortal.Box.BoxSubjectTokens)) as BoxPortal.Box.BoxSubjectTokens;
        var parent = await parents!.GetAsync(new BoxPortal.Box.BoxSubject.AppUser(user.Id), PortalHost.Cancellation);
        host.Portal.Enterprise.Revoke(parent.Value);
        using var browser = await host.Portal.SignInAsync(person);
        var before = host.Portal.Requests.Count;

        var token = await browser.TakeTokenAsync();

        Assert.Equal(user.Id, await host.Portal.WhoActsWithAsync(token));
        var grants = host.Portal.Requests.Skip(before).Where(request => request.Path == "/oauth2/token").Select(request => request.GrantType);
        Assert.Equal([Exchange, Assertion, Exchange], grants);
    }

    [Fact]
    public async Task A_token_that_Box_refuses_to_the_page_is_not_handed_out_again_and_nobody_elses_is_lost()
    {
        using var maya = await host.Portal.SignInAsync(People.Maya);
        using var tomas = await host.Portal.SignInAsync(People.Tomas);
        var (refused, bystanders) = (await maya.TakeTokenAsync(), await tomas.TakeTokenAsync());
        Task<HttpResponseMessage> Refusing(Browser browser, string token) => browser.AskForTokenAsync(request => request.Headers.Add("Refused-Token", Fingerprint(token)));

        using var renewed = await Refusing(maya, refused);
        using var again = await Refusing(maya, refused);
        using var meddling = await Refusing(maya, bystanders);

        Assert.DoesNotContain(refused, await renewed.Content.ReadAsStringAsync(PortalHost.Cancellation), StringComparison.Ordinal);
        Assert.Equal(await renewed.Content.ReadAsStringAsync(PortalHost.Cancellation), await again.Content.ReadAsStringAsync(PortalHost.Cancellation));
        Assert.Equal(HttpStatusCode.OK, meddling.StatusCode);
        Assert.Equal(bystanders, await tomas.TakeTokenAsync());
    }

    [Fact]
    public async Task Calling_every_new_token_refused_costs_a_few_mints_and_what_was_replaced_ends_at_Box()
    {
        var person = BoxPortal.Sandbox.Directory.Named("owen.pryce");
        using var browser = await host.Portal.SignInAsync(person);
        var token = await browser.TakeTokenAsync();
        var (appUserId, given) = (host.Portal.AppUserOf(person).Id, new HashSet<string> { token });
        var before = host.Portal.Requests.Count;

        for (var round = 0; round < 30; round++)
        {
            using var answer = await browser.AskForTokenAsync(request => request.Headers.Add("Refused-Token", Fingerprint(token)));
            answer.EnsureSuccessStatusCode();
            token = (await answer.Content.ReadFromJsonAsync<JsonElement>(PortalHost.Cancellation)).GetProperty("accessToken").GetString()!;
            given.Add(token);
        }

        Assert.InRange(given.Count, 2, 6);
        Assert.Equal(given.Count - 1, host.Portal.Requests.Skip(before).Count(request => request.GrantType == Exchange && request.UserId == appUserId));
        Assert.Equal(given.Count, (await host.Portal.ReadRecordAsync(appUserId)).Count(entry => entry.Kind == AuditKind.TokenMinted));
        await PassingTime.UntilAsync(() => Task.FromResult(given.Count(host.Portal.Enterprise.Tokens.ContainsKey) == 1));
        Assert.Equal(appUserId, await host.Portal.WhoActsWithAsync(token));
    }

    [Fact]
    public async Task Somebody_who_asks_without_end_is_told_when_to_ask_again_and_nobody_else_is()
    {
        var person = BoxPortal.Sandbox.Directory.Named("hemi.ngata");
        using var browser = await host.Portal.SignInAsync(person);
        using var bystander = await host.Portal.SignInAsync(People.Tomas);
        await bystander.ReadAntiforgeryAsync();
        HttpResponseMessage answer;
        var served = -1;

        do
        {
            answer = await browser.AskForTokenAsync();
            served++;
        }
        while (answer.IsSuccessStatusCode && served < 2_000);

        Assert.InRange(served, 200, 1_000);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        await bystander.TakeTokenAsync();
        await PassingTime.UntilAsync(async () => (await browser.AskForTokenAsync()).IsSuccessStatusCode);
    }

    [Fact]
    public async Task Somebody_who_asks_without_end_why_they_see_nothing_costs_Box_little()
    {
        using var browser = await host.Portal.SignInAsync(BoxPortal.Sandbox.Directory.Named("yusuf.ozturk"));
        await browser.TakeTokenAsync();
        var before = host.Portal.Requests.Count;

        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => browser.AskForTokenAsync(path: "/explorer/empty")));

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], answers.Select(answer => answer.StatusCode).Distinct().Order());
        Assert.InRange(host.Portal.Requests.Count - before, 1, 200);
    }

    private static string Fingerprint(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..16];

    public sealed class Host : IAsyncLifetime
    {
        public PortalHost Portal { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Portal = await PortalHost.StartRecoveredAsync(new Dictionary<string, string>
        {
            ["Explorer:Scopes:Auditor:0"] = "item_preview",
            ["Explorer:Scopes:Auditor:1"] = "base_explorer",
        });

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }
}
