using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Quartz;

namespace BoxPortal.Sync;

/// <summary>Runs the directory's sync every <see cref="SyncOptions.EveryMinutes"/>, counted from its last run, whichever portal ran it.</summary>
[DisallowConcurrentExecution]
internal sealed partial class SyncSchedule(SyncRuns runs, ILogger<SyncSchedule> logger) : IJob
{
    private static readonly TriggerKey s_key = new("every few minutes", nameof(SyncSchedule));

    /// <summary>A portal that comes up late is left alone for a moment.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromMinutes(1);

    /// <summary>When the next run is due; <c>null</c> where there is no schedule.</summary>
    public static async Task<DateTimeOffset?> NextAsync(ISchedulerFactory schedulers, CancellationToken cancellationToken) =>
        (await (await schedulers.GetScheduler(cancellationToken)).GetTrigger(s_key, cancellationToken))?.NextFireTimeUtc;

    /// <inheritdoc />
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken)
    {
        try
        {
            await runs.RunByScheduleAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // the portal stops
        }
        catch (Exception fault)
        {
            Log.Broke(logger, fault); // the next run begins anew
        }
    }

    /// <summary>Sets the clock when the portal has started.</summary>
    internal sealed class Start(IDbContextFactory<PortalDb> databases, ISchedulerFactory schedulers, IOptions<SyncOptions> options, TimeProvider clock) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            if (options.Value.EveryMinutes == 0)
            {
                return;
            }

            await using var db = await databases.CreateDbContextAsync(stoppingToken);
            var every = TimeSpan.FromMinutes(options.Value.EveryMinutes);
            var now = clock.GetUtcNow();
            var due = (await db.Set<SyncRule>().MaxAsync(rule => rule.LastRunAt, stoppingToken) ?? now) + every;
            var scheduler = await schedulers.GetScheduler(stoppingToken);
            await scheduler.ScheduleJob(
                JobBuilder.Create<SyncSchedule>().WithIdentity(nameof(SyncSchedule)).Build(),
                TriggerBuilder.Create(scheduler.TimeProvider).WithIdentity(s_key).StartAt(due < now + s_soon ? now + s_soon : due)
                    .WithSimpleSchedule(simple => simple.WithInterval(every).RepeatForever()).Build(),
                ScheduleJobOptions.Replacing,
                stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The directory's sync failed; the next run begins anew")]
        public static partial void Broke(ILogger logger, Exception exception);
    }
}
