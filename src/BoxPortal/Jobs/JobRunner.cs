using System.Data.Common;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace BoxPortal.Jobs;

/// <summary>
/// Goes through one job's changes, strictly one after the other. What comes next it reads from the database each time, so it
/// may be stopped, killed or triggered twice between any two steps.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class JobRunner(
    IDbContextFactory<PortalDb> databases, IEnumerable<IJobWork> works, CallBudget budget, AuditTrail audit, TimeProvider clock, ILogger<JobRunner> logger) : IJob
{
    /// <summary>How often a job that waits looks whether it still is to wait.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    /// <remarks>When the portal stops, the change in hand is finished; the next start goes on after it.</remarks>
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var jobId = JobTriggers.JobOf(context);
        using var calls = budget.ForJobs();
        try
        {
            var patience = new Patience(clock);
            while (!cancellationToken.IsCancellationRequested && await GoOnAsync(jobId, patience, cancellationToken))
            {
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the portal stops while the job waits
        }
        catch (Exception fault)
        {
            Log.Broke(logger, jobId, fault);
            await FailAsync(jobId, $"The portal failed at this job, and its log says how: {fault.GetType().Name}. Resume tries again.");
        }
    }

    /// <summary>One look, and one change or one pause.</summary>
    /// <returns>Whether there may be more to do.</returns>
    private async Task<bool> GoOnAsync(long jobId, Patience patience, CancellationToken cancellationToken)
    {
        try
        {
            await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
            var job = await db.Set<Job>().SingleAsync(job => job.Id == jobId, CancellationToken.None);
            if (job is not { Stage: JobStage.Running or JobStage.Cancelled, EndedAt: null })
            {
                return false;
            }

            if (!patience.IsOver)
            {
                await Task.Delay(s_look, clock, cancellationToken);
                return true;
            }

            var work = works.Single(work => work.IsOf(job.Kind));
            if (await work.NextAsync(db, job) is not { } changeId)
            {
                await work.ConcludeAsync(job, cancellationToken);
                await EndAsync(db, job, work);
                return true; // unless it has ended, somebody has changed their mind meanwhile
            }

            switch (await work.CarryOutAsync(changeId))
            {
                case JobStepOutcome.Waits(var refusal):
                    patience.Grow(refusal.RetryAfter);
                    await TellAsync(db, job, job.WaitingSince ?? clock.GetUtcNow(), refusal.Message);
                    break;
                case JobStepOutcome.NotAllowed when job.Stage == JobStage.Running:
                    await FailAsync(jobId, $"{job.ActorName} may not do this any more. Cancel it, and let an administrator begin it anew.");
                    break;
                default:
                    patience.Renew();
                    if (job.WaitingSince is not null)
                    {
                        await TellAsync(db, job, waitingSince: null, trouble: null);
                    }

                    break;
            }
        }
        catch (Exception fault) when (fault is DbException or DbUpdateException)
        {
            Log.StorageFailed(logger, jobId, fault); // what could not be recorded was not done
            patience.Grow();
            await Task.Delay(s_look, clock, cancellationToken);
        }

        return true;
    }

    private async Task EndAsync(PortalDb db, Job job, IJobWork work)
    {
        var stage = job.Stage;
        await using var transaction = await db.Database.BeginTransactionAsync(); // takes the one write lock
        await db.Entry(job).ReloadAsync();
        if (job.Stage != stage)
        {
            return;
        }

        var now = clock.GetUtcNow();
        await work.DropAsync(db, job, "Not begun: the job was cancelled.", now);
        var counts = (await work.CountAsync(db, [job.Id], CancellationToken.None)).GetValueOrDefault(job.Id) ?? JobProgress.None;
        (job.Stage, job.EndedAt, job.WaitingSince, job.Trouble) = (stage == JobStage.Running ? JobStage.Done : stage, now, null, null);
        Record(db, job, $"ended: {counts.Done} done, {counts.Failed} not done, {counts.Dropped} not begun", stage);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    private async Task FailAsync(long jobId, string trouble)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        if (await db.Set<Job>().SingleAsync(job => job.Id == jobId) is not { Stage: JobStage.Running } job)
        {
            return;
        }

        (job.Stage, job.WaitingSince, job.Trouble) = (JobStage.Failed, null, trouble);
        Record(db, job, $"stopped: {trouble}", JobStage.Running);
        await db.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    private static Task<int> TellAsync(PortalDb db, Job job, DateTimeOffset? waitingSince, string? trouble) =>
        db.Set<Job>().Where(other => other.Id == job.Id && other.Stage == job.Stage).ExecuteUpdateAsync(set => set
            .SetProperty(other => other.WaitingSince, waitingSince)
            .SetProperty(other => other.Trouble, trouble));

    private void Record(PortalDb db, Job job, string words, JobStage before) =>
        db.Add(audit.Entry(AuditKind.Job, job.Actor, job.ActorName, AuditTrail.Portal, $"{job.Kind} “{job.Title}” (job {job.Id}) {words}")
            .Tell($"{before}", $"{job.Stage}", job.Reason));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The database could not be used; job {JobId} tries again")]
        public static partial void StorageFailed(ILogger logger, long jobId, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "Job {JobId} stopped at a fault of the portal")]
        public static partial void Broke(ILogger logger, long jobId, Exception exception);
    }
}
