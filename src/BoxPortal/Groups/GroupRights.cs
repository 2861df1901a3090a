using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Jobs;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>Who may do what to which group: administrators everything, owners say who is in their own groups.</summary>
public sealed class GroupRights(IDbContextFactory<PortalDb> databases, AppUserDirectory directory, IAuthorizationService authorization)
{
    /// <summary>Whether somebody is an administrator, now.</summary>
    public async Task<bool> IsAdministratorAsync(ClaimsPrincipal actor) => (await authorization.AuthorizeAsync(actor, Policies.Administrator)).Succeeded;

    /// <summary>The groups that somebody owns, of those who may act at all.</summary>
    public async Task<IReadOnlyList<string>> OwnedAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        if (!(await authorization.AuthorizeAsync(actor, Policies.SignedIn)).Succeeded || Employee.TryFrom(actor) is not { } employee)
        {
            return [];
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await Owned(db, employee.Id).ToListAsync(cancellationToken);
    }

    /// <summary>What owners may do at all. What it may bring them is judged when it is asked for.</summary>
    public static bool IsOwnersAct(GroupAct act) => act is GroupAct.AddMember or GroupAct.RemoveMember;

    /// <summary>Whether whoever confirmed a change set may have this change done, now.</summary>
    internal async Task<bool> MayCarryOutAsync(PortalDb db, Job job, GroupChange change, CancellationToken cancellationToken)
    {
        if (job.ActorId == Guid.Empty)
        {
            return true; // the directory's sync on its schedule
        }

        if (await directory.FindAsync(job.Actor, cancellationToken) is not { IsSuspendedHere: false } actor)
        {
            return false;
        }

        var isByOwner = await db.Set<ChangeSet>().Where(set => set.JobId == job.Id).Select(set => set.IsByOwner).SingleAsync(cancellationToken);
        return isByOwner
            ? IsOwnersAct(change.Act) && await Owned(db, job.Actor).ContainsAsync(change.GroupId, cancellationToken)
            : actor.IsAdministrator;
    }

    private static IQueryable<string> Owned(PortalDb db, EmployeeId employee) =>
        db.Set<GroupOwner>().Where(owner => owner.TenantId == employee.TenantId && owner.ObjectId == employee.ObjectId).Select(owner => owner.GroupId);
}
