using System.Security.Claims;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.Tests.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Groups;

/// <summary>What people do to groups, as tests say it.</summary>
public static class GroupHost
{
    public static ChangeSets ChangeSets(this PortalHost portal) => portal.Services.GetRequiredService<ChangeSets>();

    public static GroupEdit Add(this User user, Group group, GroupRole role = GroupRole.Member) => new(GroupAct.AddMember, group.Id, user.Id, MemberRole: role);

    public static GroupEdit Remove(this User user, Group group) => new(GroupAct.RemoveMember, group.Id, user.Id);

    /// <summary>A group of the test's own, with as many people in it.</summary>
    public static (Group Group, IReadOnlyList<User> Members) NewGroup(this PortalHost portal, int members)
    {
        var enterprise = portal.Enterprise;
        lock (enterprise.Gate)
        {
            var group = enterprise.AddGroup($"Team {Guid.NewGuid():N}");
            var users = Enumerable.Range(1, members).Select(number => enterprise.AddAppUser($"Member {number}", null)).ToList();
            users.ForEach(user => enterprise.AddMembership(user, group));
            return (group, users);
        }
    }

    public static User NewUser(this PortalHost portal)
    {
        lock (portal.Enterprise.Gate)
        {
            return portal.Enterprise.AddAppUser($"Somebody {Guid.NewGuid():N}", null);
        }
    }

    public static Folder NewFolder(this PortalHost portal)
    {
        lock (portal.Enterprise.Gate)
        {
            return portal.Enterprise.AddFolder(portal.Enterprise.ServiceAccount.Root, $"Folder {Guid.NewGuid():N}");
        }
    }

    /// <summary>Who is in a group, by Box's account of it.</summary>
    public static IReadOnlySet<string> MembersOf(this PortalHost portal, Group group)
    {
        lock (portal.Enterprise.Gate)
        {
            return portal.Enterprise.Memberships.Values.Where(membership => membership.Group == group).Select(membership => membership.User.Id).ToHashSet();
        }
    }

    public static async Task<JobResult> DraftAsync(this PortalHost portal, ClaimsPrincipal actor, params GroupEdit[] edits) =>
        await portal.ChangeSets().DraftAsync(actor, new GroupRequest("A test's wish", "because of a test", edits), PortalHost.Cancellation);

    /// <summary>Drafts, confirms, and waits for the end.</summary>
    public static async Task<Job> DoAsync(this PortalHost portal, ClaimsPrincipal actor, params GroupEdit[] edits)
    {
        var job = Assert.IsType<JobResult.Done>(await portal.DraftAsync(actor, edits)).Job;
        Assert.IsType<JobResult.Done>(await portal.ChangeSets().ConfirmAsync(actor, job.Id, "as rehearsed", PortalHost.Cancellation));
        return await portal.UntilEndedAsync(job.Id);
    }

    public static Task<List<GroupChange>> GroupChangesAsync(this PortalHost portal, long jobId) =>
        portal.ReadAsync(db => db.Set<GroupChange>().AsNoTracking().Where(change => change.JobId == jobId).OrderBy(change => change.Number).ToListAsync());

    public static Task<List<MembershipSource>> SourcesAsync(this PortalHost portal, Group group) =>
        portal.ReadAsync(db => db.Set<MembershipSource>().AsNoTracking().Where(source => source.GroupId == group.Id).ToListAsync());
}
