using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>
/// Who owns a group, and which groups the directory's sync never takes from: what the portal itself keeps of them. Only
/// administrators say so, and each word is recorded in the transaction that makes it true.
/// </summary>
public sealed class GroupKeeping(IDbContextFactory<PortalDb> databases, GroupRights rights, AccessChanges changes, AuditTrail audit, TimeProvider clock)
{
    /// <summary>Makes an employee an owner of a group.</summary>
    public Task<KeepingResult> AddOwnerAsync(ClaimsPrincipal actor, string groupId, string groupName, EmployeeId owner, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(actor, groupName, reason, owner, async (db, by) =>
        {
            if (await db.Set<AppUserMapping>().FirstOrDefaultAsync(mapping => mapping.TenantId == owner.TenantId && mapping.ObjectId == owner.ObjectId, cancellationToken) is not { } person)
            {
                return new Word(null, null, "The portal knows nobody of that number.");
            }

            if (await db.Set<GroupOwner>().AnyAsync(known => known.GroupId == groupId && known.TenantId == owner.TenantId && known.ObjectId == owner.ObjectId, cancellationToken))
            {
                return new Word(null, null, new("{0} owns {1} already.", person.Name, groupName));
            }

            db.Add(new GroupOwner { GroupId = groupId, TenantId = owner.TenantId, ObjectId = owner.ObjectId, Since = clock.GetUtcNow(), By = by });
            return new Word(person, new("{0} owns the group {1} from now on.", person.Name, groupName), null);
        }, cancellationToken);

    /// <summary>Ends somebody's ownership of a group; what they ask for from then on is refused.</summary>
    public Task<KeepingResult> RemoveOwnerAsync(ClaimsPrincipal actor, string groupId, string groupName, EmployeeId owner, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(actor, groupName, reason, owner, async (db, _) =>
        {
            if (await db.Set<GroupOwner>().FirstOrDefaultAsync(
                known => known.GroupId == groupId && known.TenantId == owner.TenantId && known.ObjectId == owner.ObjectId, cancellationToken) is not { } known)
            {
                return new Word(null, null, "They do not own it any more.");
            }

            db.Remove(known);
            var person = await db.Set<AppUserMapping>().FirstOrDefaultAsync(mapping => mapping.TenantId == owner.TenantId && mapping.ObjectId == owner.ObjectId, cancellationToken);
            var isLast = !await db.Set<GroupOwner>().AnyAsync(other => other.GroupId == groupId && other != known, cancellationToken);
            return new Word(person, new(
                isLast ? "{0} no longer owns the group {1}. Nobody owns it now: only administrators say who is in it." : "{0} no longer owns the group {1}.",
                (object?)person?.Name ?? new Sentence("Somebody gone"), groupName), null);
        }, cancellationToken);

    /// <summary>Says that the directory's sync never takes anybody out of a group, or that it may again.</summary>
    public Task<KeepingResult> ProtectAsync(ClaimsPrincipal actor, string groupId, string groupName, bool isProtected, string reason, CancellationToken cancellationToken) =>
        ChangeAsync(actor, groupName, reason, employee: null, async (db, by) =>
        {
            var known = await db.Set<Protection>().FirstOrDefaultAsync(protection => protection.BoxId == groupId && protection.IsGroup, cancellationToken);
            if ((known is not null) == isProtected)
            {
                return new Word(null, null, "It is so already.");
            }

            if (known is null)
            {
                db.Add(new Protection { BoxId = groupId, IsGroup = true, Since = clock.GetUtcNow(), By = by, Reason = reason });
                return new Word(null, new("The group {0} is protected from now on: the directory's sync takes nobody out of it.", groupName), null);
            }

            db.Remove(known);
            return new Word(null, new("The group {0} is no longer protected.", groupName), null);
        }, cancellationToken);

    private async Task<KeepingResult> ChangeAsync(
        ClaimsPrincipal actor, string groupName, string reason, EmployeeId? employee, Func<PortalDb, string, Task<Word>> change, CancellationToken cancellationToken)
    {
        var by = Employee.TryFrom(actor);
        if (!await rights.IsAdministratorAsync(actor))
        {
            await audit.WriteAsync(audit.Entry(AuditKind.Refused, by?.Id ?? default, by?.Name ?? "", by?.UserName ?? "somebody not signed in",
                $"The group {groupName} was not changed: tried without being an administrator."), cancellationToken);
            return new KeepingResult.NotAllowed();
        }

        if (string.IsNullOrWhiteSpace(reason) || reason.Length > AppUserRequest.LongestReason)
        {
            return new KeepingResult.NotNow(AppUserRequest.WantsReason);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken); // takes the one write lock
        var word = await change(db, by!.Name);
        if (word.Objection is not null)
        {
            return new KeepingResult.NotNow(word.Objection);
        }

        db.Add(audit.Entry(AuditKind.GroupChanged, employee ?? by.Id, word.Person?.Name ?? by.Name, by.UserName, word.Done!.ToString(), word.Person?.AppUserId).Tell(null, null, reason));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (employee is { } concerned)
        {
            changes.Publish(concerned); // an owner's open page looks again
        }

        return new KeepingResult.Done(word.Done!);
    }

    private sealed record Word(AppUserMapping? Person, Sentence? Done, Sentence? Objection);
}

/// <summary>What came of saying who owns a group, or whether it is protected. Every case is ordinary; faults are exceptions.</summary>
public abstract record KeepingResult
{
    private KeepingResult() { }

    /// <summary>It is so, with its record; in words.</summary>
    public sealed record Done(Sentence What) : KeepingResult;

    /// <summary>The actor's role does not allow it; recorded.</summary>
    public sealed record NotAllowed : KeepingResult;

    /// <summary>It cannot be so, for the reason given in words.</summary>
    public sealed record NotNow(Sentence Why) : KeepingResult;

    /// <summary>What speaks against it; <c>null</c> where it is done.</summary>
    public Sentence? Said => this switch
    {
        NotAllowed => "Your role does not allow it. The attempt is in the record.",
        NotNow notNow => notNow.Why,
        _ => null,
    };

    /// <summary>The same in English.</summary>
    public string? Objection => Said?.ToString();
}
