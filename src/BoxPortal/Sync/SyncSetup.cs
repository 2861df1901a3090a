using BoxPortal.Groups;
using Microsoft.Extensions.Options;

namespace BoxPortal.Sync;

/// <summary>Sets up the following of the company's directory.</summary>
public static class SyncSetup
{
    /// <summary>Registers rules, runs and their schedule.</summary>
    public static IServiceCollection AddSync(this IServiceCollection services)
    {
        services.AddOptions<SyncOptions>().BindConfiguration(SyncOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SyncOptions>, SyncOptionsValidator>();
        services.AddSingleton<PortalTenant>();
        services.AddSingleton<SyncReader>();
        services.AddSingleton<SyncRuns>();
        services.AddSingleton<SyncRules>();
        services.AddSingleton<DirectoryRules>();
        services.AddSingleton<IDirectoryRules>(provider => provider.GetRequiredService<DirectoryRules>());
        services.AddSingleton<Drift>();
        services.AddHostedService<SyncSchedule.Start>();
        return services;
    }
}
