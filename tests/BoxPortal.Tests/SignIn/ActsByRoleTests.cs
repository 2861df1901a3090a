using System.Net.Http.Headers;
using System.Reflection;
using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using BoxPortal.Tests.Imports;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BoxPortal.Tests.SignIn;

/// <summary>Whoever may not do something does not, through whichever door: everything there is to do, times everybody, judged by what has come of it.</summary>
public sealed class ActsByRoleTests(ActsByRoleTests.Host host) : IClassFixture<ActsByRoleTests.Host>
{
    /// <summary>Everybody, by the roles with which they sign in, and what then becomes of them.</summary>
    private static readonly Dictionary<string, (string[] Roles, Func<PortalHost, Actor, Task> Then)> s_everybody = new()
    {
        ["administrator"] = ([Policies.Roles.Administrator], (_, _) => Task.CompletedTask),
        ["help desk"] = ([Policies.Roles.HelpDesk], (_, _) => Task.CompletedTask),
        ["auditor"] = ([Policies.Roles.Auditor], (_, _) => Task.CompletedTask),
        ["employee"] = ([], (_, _) => Task.CompletedTask),
        ["administrator who has signed out"] = ([Policies.Roles.Administrator], SignOutAsync),
        ["administrator whose role was taken"] = ([Policies.Roles.Administrator], TakeRoleAsync),
        ["suspended administrator"] = ([Policies.Roles.Administrator], SuspendAsync),
        ["suspended administrator who signs in again"] = ([Policies.Roles.Administrator], SuspendAndSignInAgainAsync),
    };

    /// <summary>What becomes of somebody whose page is open, and the roles that are left to them.</summary>
    private static readonly Dictionary<string, (string[] Left, Func<PortalHost, Actor, Task> Then)> s_takings = new()
    {
        ["nothing"] = ([Policies.Roles.Administrator], (_, _) => Task.CompletedTask),
        ["signed out elsewhere"] = ([], SignOutAsync),
        ["role taken in the directory"] = ([], TakeRoleAsync),
        ["suspended"] = ([], SuspendAsync),
        // The circuit ends with the session; these are for the day on which it would not.
        ["help desk from one moment to the next"] = ([Policies.Roles.HelpDesk], (_, actor) => LeaveAsync(actor, Policies.Roles.HelpDesk)),
        ["auditor from one moment to the next"] = ([Policies.Roles.Auditor], (_, actor) => LeaveAsync(actor, Policies.Roles.Auditor)),
        ["no role from one moment to the next"] = ([], (_, actor) => LeaveAsync(actor)),
    };

    /// <summary>Doors outside of circuits: whose they are, and the request.</summary>
    private static readonly (string Name, string[] Roles, Func<PortalAct.Target, HttpRequestMessage> Request)[] s_requests =
    [
        ("import a file", [Policies.Roles.Administrator], target => new(HttpMethod.Post, "/imports/files")
        {
            Content = new MultipartFormDataContent { { new ByteArrayContent(PortalAct.File(target)) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } }, "file", "people.csv" } },
        }),
        ("take the record away", [Policies.Roles.Administrator, Policies.Roles.Auditor], _ => new(HttpMethod.Get, "/record.csv")),
        ("take an import away", [Policies.Roles.Administrator, Policies.Roles.Auditor], target => new(HttpMethod.Get, $"/imports/{target.JobId}/lines.csv")),
    ];

    private static int s_actors;

    private readonly PortalHost _portal = host.Portal;

    public static TheoryData<string> Everybody => [.. s_everybody.Keys];

    public static TheoryData<string> Takings => [.. s_takings.Keys];

    [Fact]
    public void Everything_that_asks_who_acts_is_tried_here()
    {
        // What somebody may, and what the portal itself calls people, is read and no act.
        Type[] readers = [typeof(GroupRights), typeof(GroupPeople)];
        var asking = typeof(Program).Assembly.GetTypes().Except(readers)
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => method.GetParameters().Any(parameter => parameter.ParameterType == typeof(ClaimsPrincipal) && parameter.Name == "actor"))
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}");

        Assert.Equal(asking.Order(StringComparer.Ordinal), PortalAct.All.Select(act => act.Method).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(Enum.GetValues<AppUserAct>(), PortalAct.All.Select(act => act.Change).OfType<AppUserAct>().Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(Everybody))]
    public async Task The_services_do_for_everybody_what_is_theirs_and_nothing_else(string who)
    {
        using var actor = await ArriveAsync(who);

        await AssertEachAsync(PortalAct.All, act => act.Name, async act =>
        {
            var target = await act.PrepareAsync(_portal);
            await AssertAsync(act, actor.MayAs(act.Roles), actor.Person.UserName, () => act.AskAsync(_portal, target, actor.Principal));
        });
    }

    [Fact]
    public Task The_services_do_nothing_for_anybody_who_is_not_signed_in() => AssertEachAsync(PortalAct.All, act => act.Name, async act =>
    {
        var target = await act.PrepareAsync(_portal);
        await AssertAsync(act, may: false, "somebody not signed in", () => act.AskAsync(_portal, target, new ClaimsPrincipal()));
    });

    [Theory]
    [MemberData(nameof(Everybody))]
    [InlineData("anonymous")]
    public async Task Requests_do_for_everybody_what_is_theirs_and_nothing_else(string who)
    {
        using var actor = who == "anonymous" ? null : await ArriveAsync(who);
        using var nobody = _portal.NewBrowser();

        await AssertEachAsync(s_requests, request => request.Name, async each =>
        {
            var target = await PortalAct.DraftAsync(_portal);
            var before = await World.LookAsync(_portal);
            using var request = each.Request(target);
            request.Headers.Add("RequestVerificationToken", actor?.Antiforgery ?? host.Antiforgery);
            using var answer = await (actor?.Browser ?? nobody).SendAsync(request);
            var may = actor?.MayAs(each.Roles) == true;

            Assert.Equal(may, answer.IsSuccessStatusCode);
            Assert.Equal(may, before != await World.LookAsync(_portal));
            await PassingTime.UntilAsync(() => PortalAct.IsStillAsync(_portal), ImportHost.Patience);
        });
    }

    [Theory]
    [MemberData(nameof(Takings))]
    public async Task An_open_page_does_what_is_its_persons_at_that_moment_and_nothing_else(string taken)
    {
        var (left, then) = s_takings[taken];

        await AssertEachAsync(PortalAct.All.Where(act => act.Path is not null), act => act.Name, async act =>
        {
            var target = await act.PrepareAsync(_portal);
            using var actor = await ArriveAsync([act.Opener]);
            await using var page = await CircuitClient.ConnectAsync(actor.Browser);
            await page.StartCircuitAsync(act.Path!(target));
            await act.WalkAsync!(page, target);

            await then(_portal, actor);

            var ended = actor.Session is null;
            await AssertAsync(act, act.Roles.Intersect(taken == "nothing" ? [act.Opener] : left).Any(), ended ? null : actor.Person.UserName, async () =>
            {
                // The message may come before or after the portal has closed the connection.
                if (await Record.ExceptionAsync(() => act.LastStepAsync!(page, target)) is { } fault && !ended)
                {
                    throw fault;
                }

                Assert.False(page.Broken.IsCompleted, $"The circuit failed:\n{string.Join('\n', _portal.Logs.Where(line => line.StartsWith("Error", StringComparison.Ordinal)).TakeLast(2))}");
            });
        });
    }

    [Theory]
    [InlineData("help desk")]
    [InlineData("auditor")]
    [InlineData("employee")]
    [InlineData("suspended administrator who signs in again")]
    public async Task No_message_that_anybody_may_guess_on_pages_they_may_see_or_have_from_others_changes_anything(string who)
    {
        var draft = await PortalAct.DraftAsync(_portal);
        var mapped = await PortalAct.All.First(act => act.Name == "unmap").PrepareAsync(_portal);
        var set = await PortalAct.All.First(act => act.Name == "confirm a change set").PrepareAsync(_portal);
        using var administrator = await ArriveAsync("administrator");
        using var actor = await ArriveAsync(who);

        string[] paths =
        [
            "/people", $"/people/{draft.Person.ObjectId}", $"/people/{mapped.Person.ObjectId}", "/imports", $"/imports/{draft.JobId}", "/record",
            "/groups", $"/groups/{set.GroupId}", "/groups/changes", $"/groups/changes/{set.JobId}", $"/groups/edit?person={mapped.OwnAppUserId}",
        ];
        foreach (var path in paths)
        {
            var page = await OpenAsync(path);
            var before = await World.LookAsync(_portal) with { Told = 0 };
            for (var handler = 1UL; handler <= page.LastHandler + 10; handler++) // what is drawn meanwhile, too
            {
                foreach (var (happens, arguments) in ((string, string)[])[("click", """{"type":"click"}"""), ("change", """{"value":"on"}"""), ("submit", "{}")])
                {
                    await page.DispatchAsync(handler, happens, arguments);
                    if (page.Broken.IsCompleted || page.Closed.IsCompleted) // by an event that was no such event's
                    {
                        await page.DisposeAsync();
                        page = await OpenAsync(path);
                    }
                }
            }

            await page.DisposeAsync();
            Assert.Equal(before, await World.LookAsync(_portal) with { Told = 0 }); // a look at what somebody sees is told, and theirs
        }

        async Task<CircuitClient> OpenAsync(string path)
        {
            string[] readers = path switch
            {
                _ when path.StartsWith("/groups/edit", StringComparison.Ordinal) => [],
                _ when path == "/record" || path.StartsWith("/imports", StringComparison.Ordinal) => [Policies.Roles.Auditor],
                _ => [Policies.Roles.Auditor, Policies.Roles.HelpDesk],
            };
            var page = await CircuitClient.ConnectAsync(actor.Browser);
            await page.StartCircuitAsync(path, drawnFor: administrator.Browser);
            await page.ExpectAsync(actor.MayAs(readers) ? "Sign out" : "This page is not for your role");
            return page;
        }
    }

    private Task<Actor> ArriveAsync(string who) => ArriveAsync(s_everybody[who].Roles, s_everybody[who].Then);

    /// <summary>Somebody new, with these roles in the company's directory, who has signed in.</summary>
    private async Task<Actor> ArriveAsync(string[] roles, Func<PortalHost, Actor, Task>? then = null)
    {
        var person = ImportHost.NewPerson(Interlocked.Increment(ref s_actors)) with { AppRoles = roles };
        _portal.Directory.Replace([.. _portal.Directory.Everyone, person]);
        var actor = new Actor(person);
        await actor.SignInAsync(_portal);
        await (then?.Invoke(_portal, actor) ?? Task.CompletedTask);
        return actor;
    }

    /// <summary>Tries each, and tells of all that went wrong.</summary>
    private static async Task AssertEachAsync<T>(IEnumerable<T> all, Func<T, string> name, Func<T, Task> tryAsync)
    {
        var mistakes = new List<string>();
        foreach (var one in all)
        {
            if (await Record.ExceptionAsync(() => tryAsync(one)) is { } mistake)
            {
                mistakes.Add($"{name(one)}: {mistake.Message}");
            }
        }

        Assert.True(mistakes.Count == 0, string.Join('\n', mistakes));
    }

    /// <summary>What may be done has an effect; what may not has none, and is told under the name of whoever tried.</summary>
    private async Task AssertAsync(PortalAct act, bool may, string? actor, Func<Task> tryAsync)
    {
        var before = await World.LookAsync(_portal, act.Reads);
        var refusals = await CountRefusalsAsync(actor);

        await tryAsync();

        var after = await World.LookAsync(_portal, act.Reads);
        if (may)
        {
            Assert.NotEqual(before, after);
            await PassingTime.UntilAsync(() => PortalAct.IsStillAsync(_portal), ImportHost.Patience); // what goes on is not the next one's
            return;
        }

        Assert.Equal(before, after);
        Assert.True(actor is null || act.Reads is not null || await CountRefusalsAsync(actor) > refusals, "It was refused, and not told.");
    }

    private Task<int> CountRefusalsAsync(string? actor) =>
        _portal.ReadAsync(db => db.Set<AuditEntry>().CountAsync(entry => entry.Kind == AuditKind.Refused && entry.Actor == actor));

    private static Task SignOutAsync(PortalHost portal, Actor actor) => portal.Services.GetRequiredService<Sessions>().EndAsync(actor.Principal);

    /// <summary>Gone from the directory, and heard of at the next sign-in, in another browser.</summary>
    private static async Task TakeRoleAsync(PortalHost portal, Actor actor)
    {
        portal.SetRoles(actor.Person);
        using var other = await portal.SignInAsync(actor.Person);
    }

    private static async Task SuspendAsync(PortalHost portal, Actor actor) =>
        Assert.IsType<MappingResult.Done>(await portal.Services.GetRequiredService<AppUserChanges>()
            .AskAsync(await portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, actor.Person.Id(), "a test"));

    private static async Task SuspendAndSignInAgainAsync(PortalHost portal, Actor actor)
    {
        await SuspendAsync(portal, actor);
        await actor.SignInAsync(portal);
    }

    private static Task LeaveAsync(Actor actor, params string[] roles)
    {
        actor.Session!.Roles = roles;
        return Task.CompletedTask;
    }

    /// <summary>Somebody at their browser.</summary>
    private sealed class Actor(Person person) : IDisposable
    {
        private Sessions? _sessions;

        public Person Person => person;

        public Browser Browser { get; private set; } = null!;

        /// <summary>As pages hold it: of the last sign-in, whatever became of it since.</summary>
        public ClaimsPrincipal Principal { get; private set; } = new();

        public string Antiforgery { get; private set; } = "";

        /// <summary>Where it is live.</summary>
        public Session? Session => _sessions!.Find(Principal);

        public async Task SignInAsync(PortalHost portal)
        {
            Browser?.Dispose();
            Browser = await portal.SignInAsync(person);
            Antiforgery = await Browser.ReadAntiforgeryAsync();
            var cookie = Browser.Cookies.Jar.Single(cookie => cookie.Key.Name == "__Host-BoxPortal").Value;
            Principal = portal.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme)
                .TicketDataFormat.Unprotect(Uri.UnescapeDataString(cookie))!.Principal;
            _sessions = portal.Services.GetRequiredService<Sessions>();
        }

        /// <summary>Whether they have one of these roles now.</summary>
        public bool MayAs(string[] roles) => Session?.Roles.Intersect(roles).Any() == true;

        public void Dispose() => Browser.Dispose();
    }

    /// <summary>All that an act could have changed.</summary>
    /// <param name="Mappings">Who is who, and who is thought to be.</param>
    /// <param name="Changes">How many changes of mappings and groups were written down.</param>
    /// <param name="Jobs">How each job stands.</param>
    /// <param name="Told">How much the record tells, beside who came and went and what was refused.</param>
    /// <param name="Written">How often Box was asked to change something.</param>
    /// <param name="Read">How often Box was asked for what the act is about.</param>
    private sealed record World(string Mappings, int Changes, string Jobs, int Told, int Written, int Read)
    {
        public static async Task<World> LookAsync(PortalHost portal, string? reads = null)
        {
            var mappings = await portal.ReadAsync(db => db.Set<AppUserMapping>().AsNoTracking().OrderBy(mapping => mapping.Number).ToListAsync());
            var jobs = await portal.ReadAsync(db => db.Set<Job>().AsNoTracking().OrderBy(job => job.Id).ToListAsync());
            return new World(
                string.Join('\n', mappings.Select(mapping => $"{mapping.ObjectId} {mapping.State} {mapping.AppUserId} {mapping.Version} {mapping.SuggestedAppUserId}")),
                await portal.ReadAsync(async db => await db.Set<AppUserChange>().CountAsync() + await db.Set<GroupChange>().CountAsync()),
                string.Join('\n', jobs.Select(job => $"{job.Id} {job.Stage}")),
                await portal.ReadAsync(db => db.Set<AuditEntry>().CountAsync(entry =>
                    entry.Kind != AuditKind.Refused && entry.Kind != AuditKind.SignedIn && entry.Kind != AuditKind.SignedOut)),
                portal.Requests.Count(request => request.Method != "GET" && request.Path.StartsWith("/2.0/", StringComparison.Ordinal)),
                portal.Requests.Count(request => reads is not null && request.Path.Contains(reads, StringComparison.Ordinal)));
        }
    }

    /// <summary>A portal that an administrator has signed in to.</summary>
    public sealed class Host : IAsyncLifetime
    {
        public PortalHost Portal { get; private set; } = null!;

        /// <summary>The administrator's: whoever has none of their own has nothing better to send.</summary>
        public string Antiforgery { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            Portal = await PortalHost.StartRecoveredAsync().WithAdministratorAsync();
            using var browser = await Portal.SignInAsync(People.Administrator);
            Antiforgery = await browser.ReadAntiforgeryAsync();
        }

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }
}
