using BoxPortal.Audit;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Sync;

/// <summary>What the rules say, and what came of them when they were last followed.</summary>
public sealed class DirectoryRules(AuditTrail audit, TimeProvider clock) : IDirectoryRules
{
    /// <inheritdoc />
    public async Task<IReadOnlyDictionary<string, string>> WordsAsync(PortalDb db, CancellationToken cancellationToken) =>
        (await db.Set<SyncRule>().AsNoTracking().ToListAsync(cancellationToken)).ToDictionary(rule => MembershipSource.OfRule(rule.Id), rule => rule.Words);

    /// <inheritdoc />
    public async Task FollowAsync(PortalDb db, Job job)
    {
        var isHeld = job.Stage == JobStage.ToApprove;
        foreach (var rehearsal in await db.Set<RuleRehearsal>().Where(rehearsal => rehearsal.JobId == job.Id).ToListAsync())
        {
            if (await db.Set<SyncRule>().SingleOrDefaultAsync(rule => rule.Id == rehearsal.RuleId) is { } rule)
            {
                Stamp(db, rule, isHeld && rehearsal.Stopped is null ? $"Waits for a second administrator. Once they agree: {rehearsal.Words}" : rehearsal.Words, rehearsal.Stopped, rehearsal.IsEmpty, job.Actor, job.ActorName);
            }

            if (!isHeld)
            {
                db.Remove(rehearsal);
            }
        }
    }

    /// <summary>Notes that a rule is followed now, and what came of it.</summary>
    internal void Stamp(PortalDb db, SyncRule rule, string words, string? stopped, bool isEmpty, EmployeeId actor, string actorName)
    {
        if (stopped is not null && stopped != rule.Stopped)
        {
            db.Add(audit.Entry(AuditKind.Sync, actor, actorName, AuditTrail.Portal, $"{rule.Name} (rule {rule.Id}) was stopped: {stopped}"));
        }

        (rule.LastRunAt, rule.LastOutcome, rule.Stopped, rule.IsEmpty) = (clock.GetUtcNow(), words, stopped, isEmpty);
        rule.MayEmpty = rule.MayEmpty && (isEmpty || stopped is not null);
    }
}
