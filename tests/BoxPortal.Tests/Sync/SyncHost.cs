using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.Sync;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Tests.Sync;

/// <summary>The directory and the rules that follow it, as tests say it.</summary>
internal static class SyncHost
{
    public static SyncRuns Runs(this PortalHost portal) => portal.Services.GetRequiredService<SyncRuns>();

    public static SyncRules Rules(this PortalHost portal) => portal.Services.GetRequiredService<SyncRules>();

    /// <summary>A group of the directory, new.</summary>
    public static DirectoryGroup NewDirectoryGroup(this PortalHost portal)
    {
        var group = new DirectoryGroup(Guid.NewGuid(), $"Directory {Guid.NewGuid():N}");
        portal.Directory.Replace(portal.Directory.Everyone, [.. portal.Directory.Groups, group]);
        return group;
    }

    /// <summary>Makes these, and nobody else, the group's members.</summary>
    public static void Fill(this PortalHost portal, DirectoryGroup group, params IEnumerable<Person> members)
    {
        var ids = members.Select(person => person.ObjectId).ToHashSet();
        portal.Directory.Replace([.. portal.Directory.Everyone.Select(person => person with
        {
            DirectoryGroups = [.. person.DirectoryGroups.Where(other => other != group.Id), .. ids.Contains(person.ObjectId) ? new[] { group.Id } : []],
        })]);
    }

    /// <summary>People with an app user each, known to directory, Box and portal.</summary>
    public static async Task<IReadOnlyList<Person>> HireAsync(this PortalHost portal, int count, FakeTimeProvider? clock = null)
    {
        var people = Enumerable.Range(1, count).Select(number => People.Newcomer with
        {
            ObjectId = Guid.NewGuid(),
            Name = $"Recruit {number:0000}",
            UserName = $"recruit.{Guid.NewGuid():N}@larkfield.example",
            DirectoryGroups = [],
        }).ToList();
        portal.Directory.Replace([.. portal.Directory.Everyone, .. people]);
        foreach (var person in people)
        {
            portal.Enterprise.AddAppUser(person.Name, person.ExternalAppUserId);
        }

        clock?.Advance(TimeSpan.FromSeconds(1)); // what was read at this very moment is not read again
        await portal.ReadBoxAsync(); // finds them by their external IDs
        return people;
    }

    public static async Task<SyncRule> RuleAsync(this PortalHost portal, DirectoryGroup source, Group group) =>
        Assert.IsType<RuleResult.Done>(await portal.Rules().AddAsync(await portal.SessionOfAsync(People.Administrator),
            new NewRule(SyncSource.Group, source.Id.ToString(), source.Name, group.Id, group.Name), PortalHost.Cancellation)).Rule;

    public static Task<SyncRule?> FindAsync(this PortalHost portal, SyncRule rule) =>
        portal.ReadAsync(db => db.Set<SyncRule>().AsNoTracking().SingleOrDefaultAsync(other => other.Id == rule.Id));

    /// <summary>Follows the directory, and waits until what was begun has ended, or waits for somebody.</summary>
    public static async Task<Job?> SyncAsync(this PortalHost portal)
    {
        return await portal.BeginSyncAsync() is { } id ? await portal.UntilAsync(id, job => job.EndedAt is not null || job.Stage == JobStage.ToApprove) : null;
    }

    /// <summary>Rehearses a run and confirms it.</summary>
    /// <returns>Its change set; <c>null</c> where there is nothing to change.</returns>
    public static async Task<long?> BeginSyncAsync(this PortalHost portal)
    {
        var administrator = await portal.SessionOfAsync(People.Administrator);
        if (await portal.Runs().DryRunAsync(administrator, PortalHost.Cancellation) is not JobResult.Done { Job.Id: var id })
        {
            return null;
        }

        Assert.IsType<JobResult.Done>(await portal.ChangeSets().ConfirmAsync(administrator, id, rehearsed: null, PortalHost.Cancellation));
        return id;
    }

    /// <summary>Another administrator agrees, and it is carried out.</summary>
    public static async Task<Job> ApproveAsync(this PortalHost portal, long jobId)
    {
        var second = People.Tomas with { AppRoles = ["Administrator"] };
        await portal.MeetAsync(second);
        Assert.IsType<JobResult.Done>(await portal.ChangeSets().ApproveAsync(await portal.SessionOfAsync(second), jobId, PortalHost.Cancellation));
        return await portal.UntilEndedAsync(jobId);
    }

    /// <summary>Who is in a group in Box, as the directory knows them.</summary>
    public static IEnumerable<string> NamesIn(this PortalHost portal, Group group)
    {
        var ids = portal.MembersOf(group);
        lock (portal.Enterprise.Gate)
        {
            return [.. ids.Select(id => portal.Enterprise.Users[id].Name).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Calls that change who is in a group, and that Box took.</summary>
    public static int Writes(this PortalHost portal) => portal.Requests.Count(request => request.IsMembershipWrite && request.Status is 201 or 204);

    extension(SeenRequest request)
    {
        public bool IsMembershipWrite => request.Method is "POST" or "DELETE" or "PUT" && request.Path.StartsWith("/2.0/group_memberships", StringComparison.Ordinal);
    }

    public static IEnumerable<string> Names(this IEnumerable<Person> people) => people.Select(person => person.Name).Order(StringComparer.Ordinal);

    public static Task<int> SaveAsync(this PortalHost portal, params object[] rows) => portal.ReadAsync(db =>
    {
        db.AddRange(rows);
        return db.SaveChangesAsync();
    });
}
