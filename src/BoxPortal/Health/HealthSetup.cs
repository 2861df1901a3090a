using BoxPortal.Box;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using ZiggyCreatures.Caching.Fusion;

namespace BoxPortal.Health;

/// <summary>Three questions with three answers: is the process alive, can it serve, does Box answer it.</summary>
public static class HealthSetup
{
    /// <summary>Below which all of them are.</summary>
    public const string Path = "/health";

    private const string Ready = "ready";
    private const string Box = "box";

    /// <summary>How long whoever asks is kept waiting: the answer of one that does not answer is that it does not.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <summary>Registers the checks.</summary>
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddSingleton<BoxCheck>();
        services.AddHealthChecks()
            .AddCheck<DatabaseCheck>("database", tags: [Ready])
            .AddCheck<ProviderCheck>("sign-in", tags: [Ready])
            .AddCheck<BoxCheck>("box", tags: [Ready, Box]);
        return services;
    }

    /// <summary>Maps <c>/health/live</c>, <c>/health/ready</c> and <c>/health/box</c>, for anybody: they name settings and repairs, never values of secrets.</summary>
    /// <remarks>Without Box or the identity provider the portal is ready to say so: degraded, and no reason to take it away.</remarks>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var health = routes.MapGroup(Path).AllowAnonymous();
        health.MapHealthChecks("/live", Only(_ => false));
        health.MapHealthChecks("/ready", Only(check => check.Tags.Contains(Ready)));
        health.MapHealthChecks("/box", Only(check => check.Tags.Contains(Box), degraded: StatusCodes.Status503ServiceUnavailable));
    }

    private static HealthCheckOptions Only(Func<HealthCheckRegistration, bool> which, int degraded = StatusCodes.Status200OK) => new()
    {
        Predicate = which,
        ResultStatusCodes = { [HealthStatus.Degraded] = degraded },
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

    /// <summary>Asks for what a sign-in begins with; once the provider has said it, it is known for half a day.</summary>
    private sealed class ProviderCheck(IOptionsMonitor<OpenIdConnectOptions> signIn, TimeProvider clock) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var metadata = signIn.Get(OpenIdConnectDefaults.AuthenticationScheme).ConfigurationManager!;
                await metadata.GetConfigurationAsync(cancellationToken).WaitAsync(s_patience, clock, cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (Exception fault) when (fault is TimeoutException || SilentProvider.Is(fault))
            {
                return HealthCheckResult.Degraded($"Nobody can sign in: {SilentProvider.Repair}");
            }
        }
    }

    /// <summary>Asks Box at most once in ten seconds, whoever asks the portal: its answers come out of everybody's call budget.</summary>
    private sealed class BoxCheck(BoxHealth box, TimeProvider clock) : IHealthCheck, IDisposable
    {
        private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(10);
        private readonly FusionCache _answers = new(new FusionCacheOptions());

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                var answer = _answers.GetOrSetAsync<HealthCheckResult>("box", (_, _) => AskAsync(), s_rest, token: CancellationToken.None);
                return await answer.AsTask().WaitAsync(s_patience, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                return Silence(s_patience);
            }
        }

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
                return Silence(s_rest);
            }
        }

        private static HealthCheckResult Silence(TimeSpan asked) =>
            HealthCheckResult.Degraded($"Box has not answered for {asked.TotalSeconds} seconds. Check Box:ApiBaseAddress and that this machine may reach it.");

        private static HealthCheckResult Words(BoxReachability reachability) => reachability switch
        {
            BoxReachability.Reachable => HealthCheckResult.Healthy(),
            BoxReachability.Refused { Fault: var fault } => HealthCheckResult.Degraded($"Box answers and refuses the portal's app: {fault.Message.TrimEnd('.')}. "
                + "Check that the app is authorized in Box's Admin Console (again after each change of its scopes), and that Box:ConfigFile is this app's."),
            BoxReachability.Unreachable { Fault: var fault } => HealthCheckResult.Degraded($"Box does not answer: {fault.Message.TrimEnd('.')}. "
                + "Check Box:ApiBaseAddress and that this machine may reach it."),
            var unknown => throw new System.Diagnostics.UnreachableException($"No words for {unknown}."),
        };
    }
}
