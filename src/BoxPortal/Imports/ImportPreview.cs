using System.Data.Common;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Jobs;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace BoxPortal.Imports;

/// <summary>
/// Checks the lines of one import that nobody has confirmed. Changes nothing but what is said of the lines, and begins anew
/// after a restart.
/// </summary>
[DisallowConcurrentExecution]
internal sealed partial class ImportPreview(
    IDbContextFactory<PortalDb> databases, KnownAppUsers knownAppUsers, CallBudget budget, TimeProvider clock, ILogger<ImportPreview> logger) : IJob
{
    private const int ChunkSize = 500;

    /// <summary>Up to this age the list of Box's app users serves as it is.</summary>
    private static readonly TimeSpan s_freshness = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        var jobId = JobTriggers.JobOf(context);
        var patience = new Patience(clock);
        using var calls = budget.ForJobs();
        try
        {
            while (!await CheckAsync(jobId, patience, cancellationToken))
            {
                await Task.Delay(s_look, clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the portal stops; its next start begins anew
        }
        catch (Exception fault)
        {
            Log.Broke(logger, jobId, fault);
            await TellAsync(jobId, waitingSince: null, $"The portal failed at checking it, and its log says how: {fault.GetType().Name}. “Check again” tries again.");
        }
    }

    /// <returns>Whether there is nothing more to do.</returns>
    private async Task<bool> CheckAsync(long jobId, Patience patience, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await FindWantedAsync(db, jobId, cancellationToken) is not { } job)
        {
            return true;
        }

        if (!patience.IsOver)
        {
            return false;
        }

        try
        {
            var listedAt = await RefreshAsync(await IsFirstAsync(db, jobId, cancellationToken) ? s_freshness : TimeSpan.Zero, cancellationToken);
            if (job.WaitingSince is not null)
            {
                await TellAsync(jobId, waitingSince: null, trouble: null);
            }

            await JudgeAsync(job, listedAt, cancellationToken);
            return true;
        }
        catch (BoxApiException refusal)
        {
            patience.Grow(refusal.RetryAfter);
            await TellAsync(jobId, job.WaitingSince ?? clock.GetUtcNow(), refusal.Message);
        }
        catch (Exception fault) when (fault is DbException or DbUpdateException)
        {
            Log.StorageFailed(logger, jobId, fault);
            patience.Grow();
        }

        return false;
    }

    /// <summary>An old list of Box's app users is better than none while Box does not answer: its age is shown.</summary>
    private async Task<DateTimeOffset> RefreshAsync(TimeSpan maximumAge, CancellationToken cancellationToken)
    {
        try
        {
            return await knownAppUsers.RefreshAsync(maximumAge, cancellationToken);
        }
        catch (BoxApiException refusal) when (knownAppUsers.ReadAt is { } readAt)
        {
            Log.BoxRefused(logger, refusal);
            return readAt;
        }
    }

    private async Task JudgeAsync(Job job, DateTimeOffset listedAt, CancellationToken cancellationToken)
    {
        var judge = new LineJudge(job.TenantId);
        await ForgetAsync(job.Id, cancellationToken);
        for (var last = 0; ;)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            if (await FindWantedAsync(db, job.Id, cancellationToken) is null)
            {
                return;
            }

            var lines = await db.Set<ImportLine>().Where(line => line.JobId == job.Id && line.Verdict == null && line.Line > last)
                .OrderBy(line => line.Line).Take(ChunkSize).ToListAsync(cancellationToken);
            if (lines.Count == 0)
            {
                await db.Set<Import>().Where(import => import.JobId == job.Id).ExecuteUpdateAsync(set => set
                    .SetProperty(import => import.CheckedAt, clock.GetUtcNow())
                    .SetProperty(import => import.ListedAt, listedAt), cancellationToken);
                return;
            }

            await judge.JudgeAsync(db, lines, cancellationToken);
            await db.SaveChangesAsync(cancellationToken);
            last = lines[^1].Line;
        }
    }

    /// <summary>What the text of a line alone says stays said.</summary>
    private async Task ForgetAsync(long jobId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Set<ImportLine>()
            .Where(line => line.JobId == jobId && line.Verdict != null
                && line.Verdict != LineVerdict.BadEncoding && line.Verdict != LineVerdict.Formula && line.Verdict != LineVerdict.Invalid)
            .ExecuteUpdateAsync(set => set
                .SetProperty(line => line.Verdict, (LineVerdict?)null)
                .SetProperty(line => line.PersonId, (Guid?)null)
                .SetProperty(line => line.PersonName, (string?)null)
                .SetProperty(line => line.SeenVersion, (int?)null)
                .SetProperty(line => line.FormerAppUserId, (string?)null)
                .SetProperty(line => line.AppUserId, (string?)null), cancellationToken);
    }

    /// <returns>The job, unless it is checked, or given up.</returns>
    private static async Task<Job?> FindWantedAsync(PortalDb db, long jobId, CancellationToken cancellationToken) =>
        await db.Set<Import>().AnyAsync(import => import.JobId == jobId && import.CheckedAt == null, cancellationToken)
            ? await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(job => job.Id == jobId && job.Stage == JobStage.Draft, cancellationToken)
            : null;

    /// <summary>Whoever has it checked again has changed something in Box meanwhile.</summary>
    private static Task<bool> IsFirstAsync(PortalDb db, long jobId, CancellationToken cancellationToken) =>
        db.Set<Import>().AnyAsync(import => import.JobId == jobId && import.ListedAt == null, cancellationToken);

    private async Task TellAsync(long jobId, DateTimeOffset? waitingSince, string? trouble)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Set<Job>().Where(job => job.Id == jobId && job.Stage == JobStage.Draft).ExecuteUpdateAsync(set => set
            .SetProperty(job => job.WaitingSince, waitingSince)
            .SetProperty(job => job.Trouble, trouble));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Box could not be asked for its app users; the import is checked against the last list")]
        public static partial void BoxRefused(ILogger logger, Exception exception);

        [LoggerMessage(2, LogLevel.Error, "The database could not be used; the check of import {JobId} is tried again")]
        public static partial void StorageFailed(ILogger logger, long jobId, Exception exception);

        [LoggerMessage(3, LogLevel.Error, "The check of import {JobId} stopped at a fault of the portal")]
        public static partial void Broke(ILogger logger, long jobId, Exception exception);
    }
}
