using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Quartz;

namespace BoxPortal.Jobs;

/// <summary>Sets up the work that runs by itself.</summary>
public static class JobsSetup
{
    /// <summary>Registers Quartz with a store in memory, the steps that can be taken with jobs, and the taking up of jobs at start.</summary>
    public static IServiceCollection AddJobs(this IServiceCollection services)
    {
        services.AddSingleton<JobTriggers>();
        services.AddSingleton<JobSteps>();
        services.AddSingleton<IJobWork, AppUserWork>();
        services.AddQuartz(quartz => quartz.ConfigureScheduler(scheduler =>
            scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always));
        services.AddHostedService<UnfinishedJobs>();
        services.AddQuartzHostedService(quartz => quartz.WaitForJobsToComplete = true);
        return services;
    }

    /// <summary>Takes up what a former run of the portal was about.</summary>
    private sealed class UnfinishedJobs(IDbContextFactory<PortalDb> databases, JobTriggers triggers) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await using var db = await databases.CreateDbContextAsync(stoppingToken);
            foreach (var jobId in await db.Set<Job>()
                .Where(job => job.EndedAt == null && (job.Stage == JobStage.Running || job.Stage == JobStage.Cancelled))
                .Select(job => job.Id).ToListAsync(stoppingToken))
            {
                await triggers.TriggerAsync<JobRunner>(jobId, stoppingToken);
            }
        }
    }
}
