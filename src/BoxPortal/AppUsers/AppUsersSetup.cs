using Microsoft.Extensions.Options;

namespace BoxPortal.AppUsers;

/// <summary>Sets up who is who.</summary>
public static class AppUsersSetup
{
    /// <summary>Registers the directory of mappings, its recovery from Box at start, and the news of changes.</summary>
    public static IServiceCollection AddAppUsers(this IServiceCollection services)
    {
        services.AddOptions<AppUsersOptions>().BindConfiguration(AppUsersOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AppUsersOptions>, AppUsersOptionsValidator>();
        services.AddSingleton<AccessChanges>();
        services.AddSingleton<AppUserDirectory>();
        services.AddHostedService<AppUserRecovery>();
        return services;
    }
}
