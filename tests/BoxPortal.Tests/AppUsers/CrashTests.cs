using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

/// <summary>A portal that is killed anywhere in the middle of what administrators asked for leaves, once it runs again, no difference between what was asked, Box, and the record.</summary>
public sealed class CrashTests
{
    /// <summary>Each ends in something that a death can leave half done.</summary>
    private static readonly AppUserAct[][] s_lives =
    [
        [AppUserAct.Create],
        [AppUserAct.Map, AppUserAct.Suspend],
        [AppUserAct.Create, AppUserAct.Unmap],
        [AppUserAct.Map, AppUserAct.Map],
        [AppUserAct.Create, AppUserAct.Suspend, AppUserAct.Reactivate],
        [AppUserAct.Map, AppUserAct.Suspend, AppUserAct.Reactivate, AppUserAct.Unmap, AppUserAct.Map],
    ];

    [Fact]
    public async Task A_death_at_any_point_of_any_act_leaves_no_difference()
    {
        await using var world = await World.StartAsync();
        foreach (var life in s_lives)
        {
            for (var (lastPoint, died) = (1, true); died; lastPoint++)
            {
                var story = await Story.BeginAsync(world, life);
                died = !await (await world.StartPortalAsync(lastPoint)).LiveThroughAsync(Story.GoOnAsync);
                Assert.True(await (await world.StartPortalAsync(int.MaxValue)).LiveThroughAsync(Story.GoOnAsync));

                Assert.Empty(await story.CompareAsync(world));
            }
        }
    }

    [Fact]
    public async Task A_hundred_deaths_one_upon_the_other_leave_no_difference() => Assert.Empty(await RunAsync(deaths: 100, seed: 20261124));

    /// <summary>Kills portals at random points until there have been <paramref name="deaths"/>.</summary>
    /// <returns>The differences, in words.</returns>
    public static async Task<IReadOnlyList<string>> RunAsync(int deaths, int seed)
    {
        await using var world = await World.StartAsync();
        var chance = new Random(seed);
        var died = 0;
        List<string> differences = [];
        while (died < deaths)
        {
            var story = await Story.BeginAsync(world, [.. Enumerable.Range(0, 3).Select(_ => s_lives[chance.Next(s_lives.Length)])]);
            for (var over = false; !over;)
            {
                var portal = await world.StartPortalAsync(died < deaths ? chance.Next(1, 25) : int.MaxValue);
                over = await portal.LiveThroughAsync(Story.GoOnAsync);
                died += over ? 0 : 1;
            }

            differences.AddRange(await story.CompareAsync(world));
        }

        return differences;
    }

    /// <summary>Some employees, what is asked about them one after the other, and what must come of it.</summary>
    private sealed class Story
    {
        private readonly List<Wanted> _employees = [];

        public static async Task<Story> BeginAsync(World world, params AppUserAct[][] lives)
        {
            var story = new Story();
            var portal = await world.StartPortalAsync(int.MaxValue);
            await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
            var administrator = People.Administrator.AsEmployee();
            foreach (var life in lives)
            {
                var id = new EmployeeId(administrator.Id.TenantId, Guid.NewGuid());
                var wanted = new Wanted(new Employee(id, $"Somebody {id.ObjectId:N}", $"{id.ObjectId:N}@larkfield.example", []));
                await portal.Directory.RecordSignInAsync(wanted.Employee, CancellationToken.None);
                foreach (var act in life)
                {
                    var appUserId = act == AppUserAct.Map ? world.Enterprise.AddAppUser("Prepared", null).Id : null;
                    db.Add(portal.Changes.ChangeOf(administrator, new AppUserRequest(act, id, "a story") { AppUserId = appUserId }));
                    wanted.Follow(act, appUserId);
                }

                story._employees.Add(wanted);
            }

            await db.SaveChangesAsync();
            return story;
        }

        /// <summary>What a portal does when it starts.</summary>
        public static async Task GoOnAsync(MortalPortal portal)
        {
            foreach (var change in await portal.Changes.ListUnfinishedAsync(CancellationToken.None))
            {
                await portal.Changes.CarryOutAsync(change);
            }
        }

        public async Task<List<string>> CompareAsync(World world)
        {
            List<string> differences = [];
            var portal = await world.StartPortalAsync(int.MaxValue);
            await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
            void Same<T>(string what, Wanted employee, T wanted, T found)
            {
                if (!EqualityComparer<T>.Default.Equals(wanted, found))
                {
                    differences.Add($"{what} of {employee.Employee.Name}: {found} instead of {wanted}");
                }
            }

            foreach (var wanted in _employees)
            {
                var id = wanted.Employee.Id;
                var mapping = (await portal.Directory.FindAsync(id, CancellationToken.None))!;
                Same("state", wanted, wanted.State, mapping.State);
                var changes = await db.Set<AppUserChange>().Where(change => change.ObjectId == id.ObjectId).OrderBy(change => change.Id).ToListAsync();
                Same("changes done", wanted, changes.Count, changes.Count(change => change.Stage == ChangeStage.Done));
                var entries = await db.Set<AuditEntry>().Where(entry => entry.ObjectId == id.ObjectId && entry.Reason != null).ToListAsync();
                Same("entries in the record", wanted, changes.Count(change => change.VersionAfter is not null), entries.Count);
                Same("acts with an effect", wanted, wanted.Effects, entries.Count);
                lock (world.Enterprise.Gate)
                {
                    var made = world.Enterprise.Users.Values.Where(user => user.Name == wanted.Employee.Name).ToList();
                    Same("app users made", wanted, wanted.Makes ? 1 : 0, made.Count);
                    Same("app user", wanted, wanted.AppUserId ?? (wanted.ActsAsMade ? made.SingleOrDefault()?.Id : null), mapping.AppUserId);
                    if (mapping.AppUserId is { } appUserId)
                    {
                        Same("status", wanted, wanted.State == MappingState.Suspended ? "inactive" : "active", world.Enterprise.Users[appUserId].Status);
                    }
                }
            }

            return differences;
        }
    }

    /// <summary>What must be so in the end, reckoned by nothing but the acts.</summary>
    private sealed class Wanted(Employee employee)
    {
        public Employee Employee => employee;

        public MappingState State { get; private set; } = MappingState.Waiting;

        public string? AppUserId { get; private set; }

        public bool ActsAsMade { get; private set; }

        public bool Makes { get; private set; }

        public int Effects { get; private set; }

        public void Follow(AppUserAct act, string? appUserId)
        {
            Effects++;
            (State, AppUserId, ActsAsMade) = act switch
            {
                AppUserAct.Create => (MappingState.Mapped, null, true),
                AppUserAct.Map => (MappingState.Mapped, appUserId, false),
                AppUserAct.Suspend => (MappingState.Suspended, AppUserId, ActsAsMade),
                AppUserAct.Reactivate => (MappingState.Mapped, AppUserId, ActsAsMade),
                _ => (MappingState.Unmapped, null, false),
            };
            Makes |= act == AppUserAct.Create;
        }
    }
}
