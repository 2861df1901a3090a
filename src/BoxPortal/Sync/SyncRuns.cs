using System.Security.Claims;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Sync;

/// <summary>
/// Lets Box's groups follow the directory, by change sets that are like any other. A run goes by the state of its moment and
/// remembers nothing of those before it; what takes too much away is set apart and waits for an administrator. One run at a time.
/// </summary>
public sealed class SyncRuns(
    IDbContextFactory<PortalDb> databases,
    SyncReader reader,
    DirectoryRules directoryRules,
    ChangeSets changeSets,
    GroupRights rights,
    JobSteps steps,
    AuditTrail audit,
    PortalTenant tenant,
    CallBudget budget) : IDisposable
{
    private const string Title = "Directory sync";

    private readonly SemaphoreSlim _one = new(1);

    /// <summary>
    /// Writes down what a run would do now. Nothing is changed until the draft, which says what it means, is confirmed; where there is
    /// nothing to confirm, that was the run.
    /// </summary>
    /// <param name="actor">An administrator.</param>
    /// <param name="cancellationToken">Abandons the reading.</param>
    /// <returns>The draft; or that there is nothing to change, and what was left alone.</returns>
    public async Task<JobResult> DryRunAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(actor, "The directory's sync was not begun", cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await _one.WaitAsync(cancellationToken);
        try
        {
            if (await AtWorkAsync(cancellationToken) is { } atWork)
            {
                return new JobResult.NotNow(new("The sync before this one has not ended: change set {0}.", atWork));
            }

            var (employee, plan) = (Employee.From(actor), await PlanAsync(cancellationToken));
            if (plan.Changes.Count == 0)
            {
                await StampAsync(employee, plan.Outcomes, isHeld: false, cancellationToken);
            }

            var result = await changeSets.DraftAsync(
                JobKind.Sync, Title, "The directory's sync, rehearsed first.", employee, isByOwner: false, plan.Whole, undoes: null, cancellationToken);
            if (result is JobResult.Done(var draft))
            {
                await NoteAsync(draft, plan.Outcomes);
            }

            return result;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Follows the directory, in nobody's name. What takes too much away waits for an administrator.</summary>
    public async Task RunByScheduleAsync(CancellationToken cancellationToken)
    {
        using var calls = budget.ForJobs();
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (await AtWorkAsync(cancellationToken) is not null)
            {
                return; // the next run finds what this one would have
            }

            var plan = await PlanAsync(cancellationToken);
            var isMuch = changeSets.BrakeOf(plan.Whole) is not null;
            await StampAsync(tenant.Nobody, plan.Outcomes, isMuch, cancellationToken);
            var held = isMuch ? plan.Changes.Where(change => change.Edit.Act == GroupAct.RemoveMember).ToList() : [];
            if (!await IsWaitingAsync(held, cancellationToken) && isMuch)
            {
                await BeginAsync(plan, held);
            }

            var done = plan.Changes.Except(held).ToList();
            if (done.Count > 0)
            {
                await BeginAsync(plan, done);
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _one.Dispose();

    private async Task BeginAsync(SyncPlan plan, IReadOnlyList<PlannedChange> changes)
    {
        if (await changeSets.DraftAsync(
            JobKind.Sync, Title, "The directory's sync, on its schedule.", tenant.Nobody, isByOwner: false, plan.Of(changes), undoes: null, CancellationToken.None) is not JobResult.Done(var job))
        {
            throw new InvalidOperationException("A plan with changes was not drafted.");
        }

        if (changeSets.BrakeOf(plan.Of(changes)) is not null)
        {
            // What the rules are to say once somebody has agreed.
            await NoteAsync(job, plan.Outcomes.Select(outcome => outcome.Counting(changes)).Where(outcome => !outcome.Count.IsNothing));
        }

        await changeSets.StartAsync(job.Id, CancellationToken.None);
    }

    /// <summary>What the rules are to say once a draft is confirmed, or agreed to.</summary>
    private async Task NoteAsync(Job draft, IEnumerable<RuleOutcome> outcomes)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        db.AddRange(outcomes.Select(outcome => new RuleRehearsal
        {
            JobId = draft.Id,
            RuleId = outcome.Rule.Id,
            Words = outcome.Words,
            Stopped = outcome.Stopped,
            IsEmpty = outcome.IsEmpty,
        }));
        await db.SaveChangesAsync(CancellationToken.None);
    }

    private async Task<SyncPlan> PlanAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rules = await db.Set<SyncRule>().AsNoTracking().Where(rule => rule.IsEnabled || rule.IsEnding).OrderBy(rule => rule.Id).ToListAsync(cancellationToken);
        return SyncPlanner.Plan(await reader.ReadAsync(rules, cancellationToken));
    }

    private async Task<long?> AtWorkAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<Job>().Where(job => job.Kind == JobKind.Sync && (job.Stage == JobStage.Running || job.Stage == JobStage.Paused || job.Stage == JobStage.Failed))
            .Select(job => (long?)job.Id).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>When the rules were followed and what came of it. A rule that has taken out everybody whom it put in, and was to, is gone.</summary>
    private async Task StampAsync(Employee actor, IReadOnlyList<RuleOutcome> followed, bool isHeld, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var outcomes = followed.ToDictionary(outcome => outcome.Rule.Id);
        foreach (var rule in await db.Set<SyncRule>().Where(rule => outcomes.Keys.Contains(rule.Id)).ToListAsync(cancellationToken))
        {
            var outcome = outcomes[rule.Id];
            directoryRules.Stamp(db, rule, isHeld ? outcome.WordsWhileHeld : outcome.Words, outcome.Stopped, outcome.IsEmpty, actor.Id, actor.Name);
            var source = MembershipSource.OfRule(rule.Id);
            if (rule.IsEnding && !await db.Set<MembershipSource>().AnyAsync(other => other.Source == source, cancellationToken))
            {
                db.Remove(rule);
                db.Add(audit.Entry(AuditKind.Sync, actor.Id, actor.Name, AuditTrail.Portal, $"{rule.Name} (rule {rule.Id}) is deleted: nobody is in {rule.GroupName} by it any more."));
            }
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// Drops what waits for an administrator and is not so any more: the directory has spoken again since. Also drafts of the
    /// portal's own, which a death has left behind.
    /// </summary>
    /// <returns>Whether something waits that still is exactly what is to be done.</returns>
    private async Task<bool> IsWaitingAsync(IReadOnlyList<PlannedChange> held, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var isKept = false;
        var wanted = held.Select(change => (change.Edit.GroupId, change.Edit.AppUserId, change.Source)).ToHashSet();
        foreach (var job in await db.Set<Job>().AsNoTracking()
            .Where(job => job.Kind == JobKind.Sync && (job.Stage == JobStage.ToApprove || (job.Stage == JobStage.Draft && job.ActorId == Guid.Empty)))
            .OrderBy(job => job.Id).ToListAsync(cancellationToken))
        {
            var asked = await db.Set<GroupChange>().Where(change => change.JobId == job.Id)
                .Select(change => new { change.GroupId, change.AppUserId, change.Source }).ToListAsync(cancellationToken);
            if (!isKept && job.Stage == JobStage.ToApprove && wanted.SetEquals(asked.Select(change => (change.GroupId, change.AppUserId, change.Source))))
            {
                isKept = true;
            }
            else
            {
                await steps.TakeAllowedAsync(tenant.Nobody, job.Id,
                    new JobStep("cancelled, since the directory says otherwise by now", [JobStage.Draft, JobStage.ToApprove], JobStage.Cancelled), cancellationToken);
            }
        }

        return isKept;
    }

    /// <returns><c>null</c> where the actor may.</returns>
    private async Task<JobResult?> RefuseAsync(ClaimsPrincipal actor, string attempt, CancellationToken cancellationToken)
    {
        if (await rights.IsAdministratorAsync(actor))
        {
            return null;
        }

        var employee = Employee.TryFrom(actor);
        await audit.WriteAsync(audit.Entry(AuditKind.Refused, employee?.Id ?? default, employee?.Name ?? "", employee?.UserName ?? "somebody not signed in",
            $"{attempt}: tried without being an administrator."), cancellationToken);
        return new JobResult.NotAllowed();
    }
}
