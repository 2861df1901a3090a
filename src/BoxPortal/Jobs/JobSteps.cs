using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Jobs;

/// <summary>What administrators do with a job. Each step is authorised here and now, and recorded in the transaction that takes it.</summary>
public sealed class JobSteps(
    IDbContextFactory<PortalDb> databases, AppUserChanges changes, JobTriggers triggers, AuditTrail audit, IAuthorizationService authorization, TimeProvider clock)
    : IDisposable
{
    /// <summary>Two who undo the same import would write its undoing twice.</summary>
    private readonly SemaphoreSlim _undoing = new(1, 1);

    /// <summary>Lets a running job stand still after the change in hand.</summary>
    public Task<JobResult> PauseAsync(ClaimsPrincipal actor, long jobId, CancellationToken cancellationToken) =>
        TakeAsync(actor, jobId, JobStep.Pause, cancellationToken);

    /// <summary>Lets a job that stands still go on where it stood.</summary>
    public Task<JobResult> ResumeAsync(ClaimsPrincipal actor, long jobId, CancellationToken cancellationToken) =>
        TakeAsync(actor, jobId, JobStep.Resume, cancellationToken);

    /// <summary>Gives a job up: the change in hand is finished, those not begun are dropped.</summary>
    public Task<JobResult> CancelAsync(ClaimsPrincipal actor, long jobId, CancellationToken cancellationToken) =>
        TakeAsync(actor, jobId, JobStep.Cancel, cancellationToken);

    /// <summary>Begins a job that takes back what an earlier one changed, newest first, except what changed since.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="jobId">The earlier job, which has ended.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="cancellationToken">Abandons the step.</param>
    /// <returns>The new job.</returns>
    public async Task<JobResult> UndoAsync(ClaimsPrincipal actor, long jobId, string reason, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(actor, jobId, "undone", cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (string.IsNullOrWhiteSpace(reason) || reason.Length > AppUserRequest.LongestReason)
        {
            return new JobResult.NotNow(AppUserRequest.WantsReason);
        }

        await _undoing.WaitAsync(cancellationToken);
        try
        {
            return await UndoOneAsync(Employee.From(actor), jobId, reason, cancellationToken);
        }
        finally
        {
            _undoing.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _undoing.Dispose();

    private async Task<JobResult> UndoOneAsync(Employee actor, long jobId, string reason, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var jobs = db.Set<Job>().AsNoTracking();
        if (await jobs.SingleOrDefaultAsync(job => job.Id == jobId, cancellationToken) is not { Kind: JobKind.Import, EndedAt: not null } undone)
        {
            return new JobResult.NotNow("Only an import that has ended can be undone.");
        }

        if (await jobs.AnyAsync(job => job.UndoesId == jobId && job.Stage != JobStage.Cancelled && job.Stage != JobStage.Draft, cancellationToken))
        {
            return new JobResult.NotNow("It is undone already, or being undone.");
        }

        var all = db.Set<AppUserChange>();
        var done = await all.AsNoTracking()
            .Where(change => change.JobId == jobId && change.Stage == ChangeStage.Done && change.VersionAfter != null
                && !all.Any(undo => undo.UndoesId == change.Id && undo.Stage == ChangeStage.Done))
            .ToListAsync(cancellationToken);
        if (done.Count == 0)
        {
            return new JobResult.NotNow("Nothing is left of it that could be undone.");
        }

        // What a portal that died in the middle of this has left is written anew.
        var job = await jobs.FirstOrDefaultAsync(job => job.UndoesId == jobId && job.Stage == JobStage.Draft, cancellationToken);
        if (job is null)
        {
            job = Draft(JobKind.Undo, undone.Title, actor, undoes: jobId);
            db.Add(job);
            await db.SaveChangesAsync(cancellationToken); // for its number
        }

        await all.Where(change => change.JobId == job.Id).ExecuteDeleteAsync(cancellationToken);
        await databases.WriteInTurnsAsync(
            done,
            (turn, some) =>
            {
                turn.AddRange(some.Select(change => changes.ChangeOf(actor,
                    new AppUserRequest(AppUserAct.Undo, change.EmployeeId, reason) { UndoesId = change.Id, JobId = job.Id, Line = change.Line })));
                return Task.CompletedTask;
            },
            clock,
            cancellationToken);
        return await TakeAllowedAsync(actor, job.Id, new JobStep($"begun, to take back {done.Count} {(done.Count == 1 ? "change" : "changes")} of job {jobId}", [JobStage.Draft], JobStage.Running)
        {
            And = (_, draft) =>
            {
                Begin(draft, actor, reason, done.Count);
                return Task.FromResult<string?>(null);
            },
        }, cancellationToken);
    }

    /// <summary>A job that has changed nothing yet.</summary>
    internal Job Draft(JobKind kind, string title, Employee actor, long? undoes = null) => new()
    {
        Kind = kind,
        Title = title,
        Stage = JobStage.Draft,
        TenantId = actor.Id.TenantId,
        ActorId = actor.Id.ObjectId,
        ActorName = actor.Name,
        CreatedAt = clock.GetUtcNow(),
        UndoesId = undoes,
    };

    /// <summary>Takes a step: whoever may not is refused, the job must stand so that it can be taken, and its record goes with it.</summary>
    /// <param name="actor">Who takes it.</param>
    /// <param name="jobId">With which job.</param>
    /// <param name="step">Which step.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    internal async Task<JobResult> TakeAsync(ClaimsPrincipal actor, long jobId, JobStep step, CancellationToken cancellationToken)
    {
        return await RefuseAsync(actor, jobId, step.Word, cancellationToken) ?? await TakeAllowedAsync(Employee.From(actor), jobId, step, cancellationToken);
    }

    /// <summary>As <see cref="TakeAsync"/>, for somebody who may.</summary>
    internal async Task<JobResult> TakeAllowedAsync(Employee actor, long jobId, JobStep step, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken); // takes the one write lock
        if (await db.Set<Job>().SingleOrDefaultAsync(job => job.Id == jobId, cancellationToken) is not { } job || !step.From.Contains(job.Stage))
        {
            return new JobResult.NotNow("It stands otherwise by now, so this cannot be done. Look at it again.");
        }

        var before = job.Stage;
        (job.Stage, job.Trouble, job.WaitingSince) = (step.To, null, null);
        if (step.And is not null && await step.And(db, job) is { } objection)
        {
            return new JobResult.NotNow(objection);
        }

        Record(db, job, actor, step.Word, before);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (job.Stage is JobStage.Running or JobStage.Cancelled)
        {
            await triggers.TriggerAsync<JobRunner>(jobId, CancellationToken.None);
        }

        return new JobResult.Done(job);
    }

    /// <summary>Says of a draft whose changes are written that it runs, from the commit on.</summary>
    internal void Begin(Job job, Employee actor, string reason, int total)
    {
        (job.ActorId, job.ActorName, job.Reason) = (actor.Id.ObjectId, actor.Name, reason);
        (job.Stage, job.StartedAt, job.Total) = (JobStage.Running, clock.GetUtcNow(), total);
    }

    /// <returns><c>null</c> where the actor may.</returns>
    internal async Task<JobResult?> RefuseAsync(ClaimsPrincipal actor, long? jobId, string word, CancellationToken cancellationToken)
    {
        if ((await authorization.AuthorizeAsync(actor, Policies.Administrator)).Succeeded)
        {
            return null;
        }

        var employee = Employee.TryFrom(actor);
        await audit.WriteAsync(audit.Entry(AuditKind.Refused, employee?.Id ?? default, employee?.Name ?? "", employee?.UserName ?? "somebody not signed in",
            $"{(jobId is null ? "A job" : $"Job {jobId}")} was not {word}: tried without being an administrator."), cancellationToken);
        return new JobResult.NotAllowed();
    }

    /// <summary>Adds to <paramref name="db"/> what is told of a step.</summary>
    internal void Record(PortalDb db, Job job, Employee actor, string word, JobStage? before) =>
        db.Add(audit.Entry(AuditKind.Job, actor.Id, actor.Name, actor.UserName, $"{job.Kind} “{job.Title}” (job {job.Id}) {word}.")
            .Tell(before?.ToString(), job.Stage.ToString(), job.Reason.Length == 0 ? null : job.Reason));
}

/// <summary>A step that can be taken with a job.</summary>
/// <param name="Word">What is then done to it, e.g. <c>paused</c>.</param>
/// <param name="From">How it must stand.</param>
/// <param name="To">How it stands afterwards.</param>
internal sealed record JobStep(string Word, JobStage[] From, JobStage To)
{
    /// <summary>Lets a running job stand still after the change in hand.</summary>
    public static JobStep Pause { get; } = new("paused", [JobStage.Running], JobStage.Paused);

    /// <summary>Lets a job that stands still go on where it stood.</summary>
    public static JobStep Resume { get; } = new("resumed", [JobStage.Paused, JobStage.Failed], JobStage.Running);

    /// <summary>Gives a job up: the change in hand is finished, those not begun are dropped.</summary>
    public static JobStep Cancel { get; } =
        new("cancelled", [JobStage.Draft, JobStage.ToApprove, JobStage.Running, JobStage.Paused, JobStage.Failed], JobStage.Cancelled);

    /// <summary>What else belongs to it, in the same transaction.</summary>
    /// <returns>What speaks against the step, in words; <c>null</c> where nothing does.</returns>
    public Func<PortalDb, Job, Task<string?>>? And { get; init; }
}
