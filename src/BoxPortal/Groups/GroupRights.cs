using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Jobs;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>Who may do what to which group: administrators everything, owners say who is in their own groups.</summary>
public sealed class GroupRights(IDbContextFactory<PortalDb> databases, AppUserDirectory directory, AccessReader reader, IAuthorizationService authorization)
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

    /// <summary>What somebody may see and do, now.</summary>
    public async Task<GroupSight> SightAsync(ClaimsPrincipal actor, CancellationToken cancellationToken) => new(
        (await authorization.AuthorizeAsync(actor, Policies.ReadPeople)).Succeeded,
        await IsAdministratorAsync(actor),
        await OwnedAsync(actor, cancellationToken));

    /// <summary>Whether somebody may see a change set: whoever sees all groups, and the owner of all the groups concerned.</summary>
    public async Task<bool> MaySeeAsync(ClaimsPrincipal actor, long jobId, CancellationToken cancellationToken)
    {
        var sight = await SightAsync(actor, cancellationToken);
        if (sight.SeesAll || sight.Owned.Count == 0)
        {
            return sight.SeesAll;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var groups = await db.Set<GroupChange>().Where(change => change.JobId == jobId).Select(change => change.GroupId).Distinct().ToListAsync(cancellationToken);
        return groups.Count > 0 && groups.All(sight.Sees);
    }

    /// <summary>What owners may do at all. What it may bring them is judged when it is asked for.</summary>
    public static bool IsOwnersAct(GroupAct act) => act is GroupAct.AddMember or GroupAct.RemoveMember;

    /// <summary>Why an owner may not do this, though the groups are theirs: nobody rises by it, and the directory's word is the directory's.</summary>
    /// <param name="owner">Who.</param>
    /// <param name="edits">What they want.</param>
    /// <param name="cancellationToken">Abandons the reading.</param>
    /// <param name="after">What will have been done before, which says what they hold then.</param>
    /// <returns>In words for the owner; <c>null</c> where nothing speaks against it.</returns>
    /// <exception cref="BoxApiException">Box refused or did not answer.</exception>
    public async Task<string?> OwnersObjectionAsync(EmployeeId owner, IReadOnlyList<GroupEdit> edits, CancellationToken cancellationToken, IReadOnlyList<GroupEdit>? after = null)
    {
        if (edits.Any(edit => edit.MemberRole is GroupRole.Admin))
        {
            return "Managers of a group in Box are named by an administrator.";
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        foreach (var edit in edits.Where(edit => edit.Act == GroupAct.RemoveMember))
        {
            if (await IsOfDirectoryAsync(db, edit.GroupId, edit.AppUserId, cancellationToken))
            {
                var name = await db.Set<AppUserMapping>().Where(mapping => mapping.AppUserId == edit.AppUserId).Select(mapping => mapping.Name).FirstOrDefaultAsync(cancellationToken);
                return $"{name ?? edit.AppUserId} is in the group by the company's directory, and leaves it by the directory.";
            }
        }

        var added = edits.Where(edit => edit.Act == GroupAct.AddMember).Select(edit => edit.GroupId).Distinct().ToList();
        if (added.Count == 0)
        {
            return null;
        }

        if (await directory.FindAsync(owner, cancellationToken) is not { State: MappingState.Mapped, AppUserId: { } appUserId })
        {
            return "You have no app user in Box, so nothing that you could give.";
        }

        var reading = await reader.ReadForAsync([.. added.Select(groupId => new GroupEdit(GroupAct.AddMember, groupId, appUserId))], cancellationToken);
        var map = reading.Map.After(after ?? []);
        var more = added.SelectMany(map.GrantsOfGroup).Where(grant => grant.FaultAt(map.At) is null)
            .FirstOrDefault(grant => !map.AccessTo(appUserId, grant.FolderId).Rights.HasFlag(grant.Role.Rights()));
        // A file may lie anywhere; whoever is in the group has it as the group does.
        var withFile = added.FirstOrDefault(groupId => reading.WithFiles.Contains(groupId) && !map.MembershipsOf(appUserId).Any(membership => membership.GroupId == groupId));
        return more is null
            ? withFile is null ? null : $"{map.Group(withFile).Name} brings a single file, which you do not have by it yourself. Ask an administrator to add people to it."
            : $"{map.Group(more.GranteeId).Name} brings {map.Folder(more.FolderId).Name} as {more.Role.Word()}, which is more than you have there yourself. Ask an administrator to add people to it.";
    }

    /// <summary>Whether whoever confirmed a change set may have this change done, now.</summary>
    /// <exception cref="BoxApiException">Box, which is asked what an owner holds, refused or did not answer.</exception>
    internal async Task<CarryingOut> MayCarryOutAsync(PortalDb db, Job job, GroupChange change, CancellationToken cancellationToken)
    {
        if (job.ActorId == Guid.Empty)
        {
            return new CarryingOut.Allowed(); // the directory's sync on its schedule
        }

        if (await directory.FindAsync(job.Actor, cancellationToken) is not { IsSuspendedHere: false } actor)
        {
            return new CarryingOut.NotAllowed();
        }

        // An owner's draft may have been confirmed by an administrator, whose act it then is.
        if (actor.IsAdministrator)
        {
            return new CarryingOut.Allowed();
        }

        if (!await db.Set<ChangeSet>().AnyAsync(set => set.JobId == job.Id && set.IsByOwner, cancellationToken)
            || !IsOwnersAct(change.Act) || !await Owned(db, job.Actor).ContainsAsync(change.GroupId, cancellationToken))
        {
            return new CarryingOut.NotAllowed();
        }

        // What they hold, and what the group brings, may have become something else since they confirmed it.
        return await OwnersObjectionAsync(job.Actor, [change.Edit], cancellationToken) is { } words ? new CarryingOut.Refused(words) : new CarryingOut.Allowed();
    }

    private static Task<bool> IsOfDirectoryAsync(PortalDb db, string groupId, string? appUserId, CancellationToken cancellationToken) =>
        db.Set<MembershipSource>().AnyAsync(
            source => source.GroupId == groupId && source.AppUserId == appUserId && source.Source.StartsWith(MembershipSource.DirectoryPrefix), cancellationToken);

    private static IQueryable<string> Owned(PortalDb db, EmployeeId employee) =>
        db.Set<GroupOwner>().Where(owner => owner.TenantId == employee.TenantId && owner.ObjectId == employee.ObjectId).Select(owner => owner.GroupId);
}

/// <summary>Whether a change may be carried out.</summary>
internal abstract record CarryingOut
{
    private CarryingOut() { }

    /// <summary>It may.</summary>
    public sealed record Allowed : CarryingOut;

    /// <summary>Not this one, which says nothing of the others.</summary>
    /// <param name="Words">Why, for the owner.</param>
    public sealed record Refused(string Words) : CarryingOut;

    /// <summary>Whoever confirmed it may do nothing of it any more.</summary>
    public sealed record NotAllowed : CarryingOut;
}

/// <summary>What somebody may see of groups, and do.</summary>
/// <param name="SeesAll">Whether they see every group.</param>
/// <param name="IsAdministrator">Whether they may do everything.</param>
/// <param name="Owned">The groups that they own.</param>
public sealed record GroupSight(bool SeesAll, bool IsAdministrator, IReadOnlyList<string> Owned)
{
    /// <summary>Whether they see this group.</summary>
    public bool Sees(string groupId) => SeesAll || Owned.Contains(groupId);

    /// <summary>Whether they may say who is in this group.</summary>
    public bool MayChangeMembers(string groupId) => IsAdministrator || Owned.Contains(groupId);
}
