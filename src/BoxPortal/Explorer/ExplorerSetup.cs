using Microsoft.AspNetCore.RateLimiting;

namespace BoxPortal.Explorer;

/// <summary>Sets up the page that employees come for.</summary>
public static class ExplorerSetup
{
    /// <summary>Registers what the page asks the portal for, and how much of it.</summary>
    public static IServiceCollection AddExplorer(this IServiceCollection services)
    {
        services.AddSingleton<EmptyRoot>();
        services.AddSingleton(new ExplorerLimits());
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<ExplorerLimits>((limiter, limits) => limits.Apply(limiter));
        return services;
    }
}
