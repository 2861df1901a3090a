using BoxPortal.Box;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BoxPortal.Health;

/// <summary>Three questions with three answers: is the process alive, can it serve, does Box answer it.</summary>
public static class HealthSetup
{
    private const string Ready = "ready";
    private const string Box = "box";

    /// <summary>Registers the checks.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks()
            .AddCheck<DatabaseCheck>("database", tags: [Ready])
            .AddCheck<BoxCheck>("box", tags: [Box]);
        return services;
    }

    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c> and <c>/health/box</c>, for anybody: they name settings and repairs, never values of secrets.</summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup("/health").AllowAnonymous();
        health.MapHealthChecks("/live", Only(_ => false));
        health.MapHealthChecks("/ready", Only(check => check.Tags.Contains(Ready)));
        health.MapHealthChecks("/box", Only(check => check.Tags.Contains(Box)));
    }

    private static HealthCheckOptions Only(Func<HealthCheckRegistration, bool> which) => new()
    {
        Predicate = which,
        ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(new
        {
            status = report.Status.ToString(),
            checks = report.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), entry.Value.Description }),
        }),
    };

    private sealed class DatabaseCheck(IDbContextFactory<PortalDb> databases) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            return await db.Database.CanConnectAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("The database cannot be opened. Check that the folder Storage:DataFolder exists, has space, and is the portal's to write.");
        }
    }

    private sealed class BoxCheck(BoxHealth box) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            var found = await box.CheckAsync(cancellationToken);
            return found.IsReachable ? HealthCheckResult.Healthy(found.Description) : HealthCheckResult.Unhealthy(found.Description);
        }
    }
}
