using System.Security.Claims;
using BoxPortal.Audit;
using BoxPortal.Groups;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Sync;

/// <summary>The rules of the directory's sync, as administrators keep them. Each step is authorised here and now, and recorded.</summary>
public sealed class SyncRules(IDbContextFactory<PortalDb> databases, GroupRights rights, AuditTrail audit, PortalTenant tenant, TimeProvider clock)
{
    /// <summary>Makes a rule. Nothing changes before the next run.</summary>
    public async Task<RuleResult> AddAsync(ClaimsPrincipal actor, NewRule wish, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(actor, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var sourceId = wish.SourceId.Trim();
        if (wish.Source == SyncSource.Group)
        {
            if (!Guid.TryParse(sourceId, out var objectId))
            {
                return new RuleResult.NotSo("Choose a group of the directory, or give its object ID.");
            }

            sourceId = objectId.ToString("D");
        }

        if (sourceId.Length is 0 or > 256 || sourceId.Any(char.IsWhiteSpace))
        {
            return new RuleResult.NotSo("Give the value of an app role, as the registration has it: without spaces.");
        }

        if (wish.GroupId.Length is 0 or > 32 || !wish.GroupId.All(char.IsAsciiDigit))
        {
            return new RuleResult.NotSo("Choose a group in Box.");
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken); // takes the one write lock
        if (await db.Set<SyncRule>().AnyAsync(other => other.TenantId == tenant.Id && other.Source == wish.Source && other.SourceId == sourceId && other.GroupId == wish.GroupId, cancellationToken))
        {
            return new RuleResult.NotSo("There is this rule already.");
        }

        var employee = Employee.From(actor);
        var rule = new SyncRule
        {
            TenantId = tenant.Id,
            Source = wish.Source,
            SourceId = sourceId,
            SourceName = Brief(wish.SourceName, sourceId),
            GroupId = wish.GroupId,
            GroupName = Brief(wish.GroupName, wish.GroupId),
            CreatedAt = clock.GetUtcNow(),
            By = employee.Name,
        };
        db.Add(rule);
        await db.SaveChangesAsync(cancellationToken); // for its number
        return await RecordAsync(db, transaction, employee, rule, "made", cancellationToken);
    }

    /// <summary>Has a rule followed, or not. Who is in the group by it stays.</summary>
    public Task<RuleResult> EnableAsync(ClaimsPrincipal actor, long ruleId, bool isEnabled, CancellationToken cancellationToken) =>
        ChangeAsync(actor, ruleId, isEnabled ? "switched on" : "switched off", (_, rule) =>
        {
            rule.IsEnabled = isEnabled;
            return Task.CompletedTask;
        }, cancellationToken);

    /// <summary>Says that nobody in the directory means nobody in Box: until somebody is in it again, the rule may empty the group.</summary>
    public Task<RuleResult> LetEmptyAsync(ClaimsPrincipal actor, long ruleId, CancellationToken cancellationToken) =>
        ChangeAsync(actor, ruleId, "allowed to empty the group", (_, rule) =>
        {
            rule.MayEmpty = true;
            return Task.CompletedTask;
        }, cancellationToken);

    /// <summary>Deletes a rule, and lets whoever is in the group by it stay, as if put in by hand.</summary>
    public Task<RuleResult> DeleteAsync(ClaimsPrincipal actor, long ruleId, CancellationToken cancellationToken) =>
        ChangeAsync(actor, ruleId, "deleted; whoever was in the group by it stays", async (db, rule) =>
        {
            var source = MembershipSource.OfRule(rule.Id);
            var held = await db.Set<MembershipSource>().Where(membership => membership.Source == source).ToListAsync(cancellationToken);
            var others = (await db.Set<MembershipSource>().Where(membership => membership.GroupId == rule.GroupId && membership.Source != source)
                .Select(membership => membership.AppUserId).ToListAsync(cancellationToken)).ToHashSet();
            db.AddRange(held.Where(membership => !others.Contains(membership.AppUserId)).Select(membership => new MembershipSource
            {
                GroupId = membership.GroupId,
                AppUserId = membership.AppUserId,
                Source = MembershipSource.Hand,
                Since = clock.GetUtcNow(),
                By = Employee.From(actor).Name,
                Reason = $"Stayed when the rule {rule.Name} was deleted.",
            }));
            db.RemoveRange(held);
            db.Remove(rule);
        }, cancellationToken);

    /// <summary>Has the next run take out again whomever the rule put in, unless another reason keeps them; then it is gone.</summary>
    public Task<RuleResult> EndAsync(ClaimsPrincipal actor, long ruleId, CancellationToken cancellationToken) =>
        ChangeAsync(actor, ruleId, "to end: the next run takes out whomever it put in", (_, rule) =>
        {
            rule.IsEnding = true;
            return Task.CompletedTask;
        }, cancellationToken);

    private async Task<RuleResult> ChangeAsync(ClaimsPrincipal actor, long ruleId, string word, Func<PortalDb, SyncRule, Task> change, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(actor, cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (await db.Set<SyncRule>().SingleOrDefaultAsync(rule => rule.Id == ruleId, cancellationToken) is not { } rule)
        {
            return new RuleResult.NotSo("There is no such rule any more.");
        }

        await change(db, rule);
        return await RecordAsync(db, transaction, Employee.From(actor), rule, word, cancellationToken);
    }

    private async Task<RuleResult> RecordAsync(
        PortalDb db, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, Employee employee, SyncRule rule, string word, CancellationToken cancellationToken)
    {
        db.Add(audit.Entry(AuditKind.Sync, employee.Id, employee.Name, employee.UserName, $"{rule.Name} (rule {rule.Id}) was {word}."));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new RuleResult.Done(rule);
    }

    /// <returns><c>null</c> where the actor may.</returns>
    private async Task<RuleResult?> RefuseAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        if (await rights.IsAdministratorAsync(actor))
        {
            return null;
        }

        var employee = Employee.TryFrom(actor);
        await audit.WriteAsync(audit.Entry(AuditKind.Refused, employee?.Id ?? default, employee?.Name ?? "", employee?.UserName ?? "somebody not signed in",
            "A rule of the directory's sync was not changed: tried without being an administrator."), cancellationToken);
        return new RuleResult.NotAllowed();
    }

    private static string Brief(string name, string otherwise) => string.IsNullOrWhiteSpace(name) ? otherwise : name.Length > 256 ? name[..256] : name.Trim();
}

/// <summary>A rule that an administrator wants.</summary>
public sealed record NewRule(SyncSource Source, string SourceId, string SourceName, string GroupId, string GroupName);

/// <summary>What came of a step that somebody took with a rule.</summary>
public abstract record RuleResult
{
    private RuleResult() { }

    /// <summary>It is so, and recorded.</summary>
    public sealed record Done(SyncRule Rule) : RuleResult;

    /// <summary>The actor's role does not allow it; recorded.</summary>
    public sealed record NotAllowed : RuleResult;

    /// <summary>It cannot be, for the reason given in words.</summary>
    public sealed record NotSo(Sentence Why) : RuleResult
    {
        /// <summary>The reason in English.</summary>
        public string Reason => Why.ToString();
    }

    /// <summary>What speaks against it, for administrators; <c>null</c> where it is done.</summary>
    public Sentence? Said => this switch
    {
        NotAllowed => "Your role does not allow it. The attempt is in the record.",
        NotSo notSo => notSo.Why,
        _ => null,
    };
}
