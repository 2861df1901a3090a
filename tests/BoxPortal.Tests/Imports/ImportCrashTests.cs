using System.Linq.Expressions;
using System.Security.Claims;
using System.Text;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Imports;
using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Imports;

/// <summary>A portal that is killed anywhere in the middle of an import, or of its undoing, leaves, once it runs again, no difference between the lines, Box, and the record.</summary>
public sealed class ImportCrashTests
{
    [Fact]
    public async Task A_death_at_every_third_point_of_an_import_and_of_its_undoing_leaves_no_difference()
    {
        await using var world = await World.StartAsync();
        var immortal = await ImmortalAsync(world);
        for (var (lastPoint, died) = (1, true); died; lastPoint += 3) // each would take another half a minute
        {
            var story = await Story.TellAsync(world, immortal, died => died == 0 ? lastPoint : int.MaxValue);

            Assert.Empty(story.Differences);
            died = story.Deaths > 0;
        }
    }

    [Fact]
    public async Task Thirty_deaths_one_upon_the_other_leave_no_difference() => Assert.Empty(await RunAsync(deaths: 30, seed: 20261124));

    /// <summary>Kills portals at random points of imports and undoings until there have been <paramref name="deaths"/>.</summary>
    /// <returns>The differences, in words.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(int deaths, int seed)
    {
        await using var world = await World.StartAsync();
        var immortal = await ImmortalAsync(world);
        var chance = new Random(seed);
        var left = deaths;
        List<string> differences = [];
        while (left > 0)
        {
            var mortals = left;
            var story = await Story.TellAsync(world, immortal, _ => mortals-- > 0 ? chance.Next(1, 40) : int.MaxValue);
            left -= story.Deaths;
            differences.AddRange(story.Differences);
        }

        return differences;
    }

    /// <summary>The portal in which administrators do what is not what dies here.</summary>
    private static async Task<MortalPortal> ImmortalAsync(World world)
    {
        var portal = await world.StartPortalAsync(int.MaxValue);
        await portal.Directory.RecordSignInAsync(People.Administrator.AsEmployee(), CancellationToken.None);
        await portal.StartJobsAsync();
        return portal;
    }

    /// <summary>An import with a line of each kind, its undoing, and what must come of both.</summary>
    private sealed class Story
    {
        private readonly World _world;
        private readonly MortalPortal _immortal;
        private readonly Func<int, int> _lastPoint;
        private readonly Dictionary<string, Person> _people = new[] { "new", "mapped", "moved", "same", "refused", "formula" }
            .ToDictionary(kind => kind, kind => ImportHost.NewPerson(0) with { Name = $"Somebody {kind} {Guid.NewGuid():N}" });

        private readonly Dictionary<string, User> _prepared;
        private readonly int _users;
        private readonly List<string> _differences = [];
        private long _importId;

        private Story(World world, MortalPortal immortal, Func<int, int> lastPoint)
        {
            (_world, _immortal, _lastPoint) = (world, immortal, lastPoint);
            _prepared = new[] { "mapped", "former", "moved", "same", "refused" }.ToDictionary(kind => kind, kind => world.Enterprise.AddAppUser($"Prepared {kind}", null));
            _users = world.Enterprise.Users.Count;
        }

        /// <summary>How many portals have died.</summary>
        public int Deaths { get; private set; }

        /// <summary>What is not as it must be, in words.</summary>
        public IReadOnlyList<string> Differences => _differences;

        /// <summary>Lets portals import, and then others undo, until they come to an end.</summary>
        /// <param name="world">Where they live.</param>
        /// <param name="immortal">Where administrators draft the import, and change somebody by hand before it is undone.</param>
        /// <param name="lastPoint">Says where the next one dies, told how many have died at the same before it.</param>
        public static async Task<Story> TellAsync(World world, MortalPortal immortal, Func<int, int> lastPoint)
        {
            var story = new Story(world, immortal, lastPoint);
            await story.BeginAsync();
            await story.LiveThroughAsync(story.ImportAsync);
            await story.CompareImportAsync();
            await story.ActAsync("mapped", AppUserAct.Unmap, appUserId: null);
            await story.LiveThroughAsync(story.UndoAsync);
            await story.CompareUndoingAsync();
            return story;
        }

        /// <summary>Up to the preview, of which one line has then become wrong.</summary>
        private async Task BeginAsync()
        {
            foreach (var kind in new[] { "mapped", "moved", "same" })
            {
                await _immortal.Directory.RecordSignInAsync(_people[kind].AsEmployee(), CancellationToken.None);
            }

            await ActAsync("moved", AppUserAct.Map, _prepared["former"].Id);
            await ActAsync("same", AppUserAct.Map, _prepared["same"].Id);

            await _immortal.Services.GetRequiredService<KnownAppUsers>().RefreshAsync(TimeSpan.Zero, CancellationToken.None);
            string[] lines = ["object_id,name,app_user", .. _people.Select(person => string.Join(',',
                person.Value.ObjectId, person.Key == "formula" ? "=1+1" : person.Value.Name, _prepared.GetValueOrDefault(person.Key)?.Id ?? "new"))];
            var source = Assert.IsType<CsvFile.Readable>(CsvFile.Open("people.csv", Encoding.UTF8.GetBytes(string.Join('\n', lines)))).Source;
            var drafted = await _immortal.Services.GetRequiredService<ImportDrafts>().DraftAsync(await AdministratorAsync(_immortal), source, CancellationToken.None);
            _importId = Assert.IsType<JobResult.Done>(drafted).Job.Id;
            await PassingTime.UntilAsync(async () => (await ReadAsync(_immortal, db => db.Set<Import>().SingleAsync(import => import.JobId == _importId))).CheckedAt is not null, ImportHost.Patience);
            _prepared["refused"].Status = "inactive";
        }

        /// <summary>By hand, in a portal that lives.</summary>
        private async Task ActAsync(string kind, AppUserAct act, string? appUserId)
        {
            var request = new AppUserRequest(act, _people[kind].Id(), "by hand") { AppUserId = appUserId };
            Assert.IsType<MappingResult.Done>(await _immortal.Changes.AskAsync(await AdministratorAsync(_immortal), request, CancellationToken.None));
        }

        private async Task LiveThroughAsync(Func<MortalPortal, Task> work)
        {
            for (var (died, isOver) = (0, false); !isOver; died += isOver ? 0 : 1)
            {
                var portal = await _world.StartPortalAsync(_lastPoint(died));
                isOver = await portal.LiveThroughAsync(work);
                await portal.StopJobsAsync();
                Deaths += isOver ? 0 : 1;
            }
        }

        /// <summary>What a portal does when it starts, and what an administrator then finds still to be asked for.</summary>
        private async Task ImportAsync(MortalPortal portal)
        {
            await portal.StartJobsAsync();
            if (await ReadAsync(portal, db => db.Set<Job>().AnyAsync(job => job.Id == _importId && job.Stage == JobStage.Draft)))
            {
                var checkedAt = (await ReadAsync(portal, db => db.Set<Import>().SingleAsync(import => import.JobId == _importId))).CheckedAt!.Value;
                Assert.IsType<JobResult.Done>(await portal.Services.GetRequiredService<ImportDrafts>().ConfirmAsync(
                    await AdministratorAsync(portal), _importId, new ImportConfirmation("a story", AlsoRemap: true, checkedAt), CancellationToken.None));
            }

            await UntilEndedAsync(portal, job => job.Id == _importId);
        }

        /// <summary>As <see cref="ImportAsync"/>.</summary>
        private async Task UndoAsync(MortalPortal portal)
        {
            await portal.StartJobsAsync();
            if (!await ReadAsync(portal, db => db.Set<Job>().AnyAsync(job => job.UndoesId == _importId && job.Stage != JobStage.Draft)))
            {
                Assert.IsType<JobResult.Done>(await portal.Services.GetRequiredService<JobSteps>().UndoAsync(
                    await AdministratorAsync(portal), _importId, "a story", CancellationToken.None));
            }

            await UntilEndedAsync(portal, job => job.UndoesId == _importId);
        }

        /// <summary>Nobody looks any more at a portal that has died.</summary>
        private static Task UntilEndedAsync(MortalPortal portal, Expression<Func<Job, bool>> which) => PassingTime.UntilAsync(
            async () => portal.Died.IsCompleted || (await portal.IsIdleAsync() && await ReadAsync(portal, db => db.Set<Job>().Where(which).AllAsync(job => job.EndedAt != null || job.Stage == JobStage.Failed))),
            ImportHost.Patience);

        private async Task CompareImportAsync()
        {
            await CompareJobAsync(job => job.Id == _importId, [("new", ChangeStage.Done), ("mapped", ChangeStage.Done), ("moved", ChangeStage.Done), ("refused", ChangeStage.Failed)],
                "read", "confirmed", "ended: 3 done, 1 not done, 0 not begun");
            await CompareAsync("new", MappingState.Mapped, MadeFor("new"), AuditKind.AppUserCreated);
            await CompareAsync("mapped", MappingState.Mapped, _prepared["mapped"], AuditKind.Mapped);
            await CompareAsync("moved", MappingState.Mapped, _prepared["moved"], AuditKind.Mapped, AuditKind.Mapped);
            await CompareAsync("same", MappingState.Mapped, _prepared["same"], AuditKind.Mapped);
            await CompareAsync("refused", MappingState.Unmapped, null, AuditKind.Refused);
            CompareBox(made: 1);
        }

        private async Task CompareUndoingAsync()
        {
            await CompareJobAsync(job => job.UndoesId == _importId, [("new", ChangeStage.Done), ("mapped", ChangeStage.Failed), ("moved", ChangeStage.Done)],
                "begun", "ended: 2 done, 1 not done, 0 not begun");
            await CompareAsync("new", MappingState.Unmapped, null, AuditKind.AppUserCreated, AuditKind.Undone);
            await CompareAsync("mapped", MappingState.Unmapped, null, AuditKind.Mapped, AuditKind.Unmapped, AuditKind.Refused);
            await CompareAsync("moved", MappingState.Mapped, _prepared["former"], AuditKind.Mapped, AuditKind.Mapped, AuditKind.Mapped);
            await CompareAsync("same", MappingState.Mapped, _prepared["same"], AuditKind.Mapped);
            await CompareAsync("refused", MappingState.Unmapped, null, AuditKind.Refused);
            CompareBox(made: 0);
        }

        /// <summary>The job, what came of each line, and what the record tells of the job's steps.</summary>
        private async Task CompareJobAsync(Expression<Func<Job, bool>> which, (string Kind, ChangeStage Stage)[] lines, params string[] steps)
        {
            var job = await ReadAsync(_immortal, db => db.Set<Job>().SingleAsync(which));
            Same("stage", job.Title, (JobStage.Done, (string?)null), (job.Stage, job.Trouble));
            Same("changes", job.Title, lines.Length, job.Total);
            var changes = await ReadAsync(_immortal, db => db.Set<AppUserChange>().Where(change => change.JobId == job.Id).OrderBy(change => change.Line).ToListAsync());
            Same("lines", job.Title, Words(lines.Select(line => (_people[line.Kind].ObjectId, line.Stage))), Words(changes.Select(change => (change.ObjectId, change.Stage))));
            var told = await ReadAsync(_immortal, db => db.Set<AuditEntry>().Where(entry => entry.Kind == AuditKind.Job && entry.Detail.Contains($"(job {job.Id}) ")).OrderBy(entry => entry.Id).ToListAsync());
            Same("steps in the record", job.Title, steps.Length, told.Count);
            Same("steps in their order", job.Title, true, steps.Zip(told).All(step => step.Second.Detail.Contains($") {step.First}", StringComparison.Ordinal)));
        }

        /// <summary>A person's mapping, what Box says of it, and what the record tells of both.</summary>
        private async Task CompareAsync(string kind, MappingState state, User? appUser, params AuditKind[] told)
        {
            var mapping = (await _immortal.Directory.FindAsync(_people[kind].Id(), CancellationToken.None))!;
            Same("state", kind, state, mapping.State);
            Same("app user", kind, appUser?.Id, mapping.AppUserId);
            Same("status", kind, appUser is null ? null : "active", appUser?.Status);
            var entries = await ReadAsync(_immortal, db => db.Set<AuditEntry>().Where(entry => entry.ObjectId == mapping.ObjectId && entry.Reason != null).OrderBy(entry => entry.Id).ToListAsync());
            Same("record", kind, Words(told), Words(entries.Select(entry => entry.Kind)));
        }

        private void CompareBox(int made)
        {
            Same("app users", "Box", _users + made, _world.Enterprise.Users.Count);
            Same("app users made", "new", made, _world.Enterprise.Users.Values.Count(user => user.Name == _people["new"].Name));
        }

        private User? MadeFor(string kind) => _world.Enterprise.Users.Values.FirstOrDefault(user => user.ExternalAppUserId == _people[kind].ExternalAppUserId);

        private void Same<T>(string what, string whose, T wanted, T found)
        {
            if (!EqualityComparer<T>.Default.Equals(wanted, found))
            {
                _differences.Add($"{what} of {whose}: {found} instead of {wanted}");
            }
        }

        private static string Words<T>(IEnumerable<T> values) => string.Join(", ", values);

        private static Task<ClaimsPrincipal> AdministratorAsync(MortalPortal portal) => portal.Services.GetRequiredService<Sessions>().SessionOfAsync(People.Administrator);

        private static async Task<T> ReadAsync<T>(MortalPortal portal, Func<PortalDb, Task<T>> read)
        {
            await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
            return await read(db);
        }
    }
}
