using BoxPortal.Jobs;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Imports;

/// <summary>Sets up imports of people and their app users.</summary>
public static class ImportsSetup
{
    /// <summary>Registers drafts, and the checking of those that a former run of the portal left unchecked.</summary>
    public static IServiceCollection AddImports(this IServiceCollection services)
    {
        services.AddSingleton<ImportDrafts>();
        services.AddHostedService<UncheckedImports>();
        return services;
    }

    private sealed class UncheckedImports(IDbContextFactory<PortalDb> databases, JobTriggers triggers) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await using var db = await databases.CreateDbContextAsync(stoppingToken);
            foreach (var unread in await db.Set<Import>().Where(import => import.Lines == 0).Select(import => import.JobId).ToListAsync(stoppingToken))
            {
                await ImportDrafts.ForgetUnreadAsync(databases, unread, stoppingToken);
            }

            var drafts = db.Set<Job>().Where(job => job.Stage == JobStage.Draft);
            foreach (var jobId in await db.Set<Import>().Where(import => import.CheckedAt == null && drafts.Any(job => job.Id == import.JobId))
                .Select(import => import.JobId).ToListAsync(stoppingToken))
            {
                await triggers.TriggerAsync<ImportPreview>(jobId, stoppingToken);
            }
        }
    }
}
