using BoxPortal.Box;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ZiggyCreatures.Caching.Fusion;

namespace BoxPortal.Health;

/// <summary>Three questions with three answers: is the process alive, can it serve, does Box answer it.</summary>
public static class HealthSetup
{
    private const string Ready = "ready";
    private const string Box = "box";

    /// <summary>Registers the checks.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<BoxCheck>();
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

    /// <summary>Asks Box at most once in ten seconds, whoever asks the portal: its answers come out of everybody's call budget.</summary>
    private sealed class BoxCheck(BoxHealth box, TimeProvider clock) : IHealthCheck, IDisposable
    {
        private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);
        private readonly FusionCache _answers = new(new FusionCacheOptions());

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            await _answers.GetOrSetAsync<HealthCheckResult>("box", (_, _) => AskAsync(), s_rest, token: cancellationToken);

        public void Dispose() => _answers.Dispose();

        private async Task<HealthCheckResult> AskAsync()
        {
            using var limit = new CancellationTokenSource(s_rest, clock);
            try
            {
                return Words(await box.CheckAsync(limit.Token));
            }
            catch (OperationCanceledException)
            {
                return HealthCheckResult.Unhealthy($"Box has not answered for {s_rest.TotalSeconds} seconds. Check Box:ApiBaseAddress and that this machine may reach it.");
            }
        }

        private static HealthCheckResult Words(BoxReachability reachability) => reachability switch
        {
            BoxReachability.Reachable => HealthCheckResult.Healthy(),
            BoxReachability.Refused { Fault: var fault } => HealthCheckResult.Unhealthy($"Box answers and refuses the portal's app: {fault.Message}. "
                + "Check that the app is authorized in Box's Admin Console (again after each change of its scopes), and that Box:ConfigFile is this app's."),
            BoxReachability.Unreachable { Fault: var fault } => HealthCheckResult.Unhealthy($"Box does not answer: {fault.Message}. "
                + "Check Box:ApiBaseAddress and that this machine may reach it."),
            var unknown => throw new System.Diagnostics.UnreachableException($"No words for {unknown}."),
        };
    }
}
