using Microsoft.Extensions.Options;

namespace BoxPortal.AppUsers;

/// <summary>Sets up who is who.</summary>
public static class AppUsersSetup
{
    /// <summary>Registers the directory of mappings, what Box lists of it, and the news of changes.</summary>
    public static IServiceCollection AddAppUsers(this IServiceCollection services)
    {
        services.AddOptions<AppUsersOptions>().Configure<IConfiguration>(Bind).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AppUsersOptions>, AppUsersOptionsValidator>();
        services.AddSingleton<AccessChanges>();
        services.AddSingleton<AppUserDirectory>();
        services.AddSingleton<AppUserChanges>();
        services.AddSingleton<AppUserGroups>();
        services.AddSingleton<AppUserMatching>();
        services.AddSingleton<KnownAppUsers>();
        services.AddHostedService(provider => provider.GetRequiredService<KnownAppUsers>());
        services.AddSingleton<AppUserSuggestions>();
        services.AddSingleton<MappingProofs>();
        services.AddSingleton<OwnedContent>();
        services.AddHostedService<UnfinishedChanges>();
        return services;
    }

    /// <summary>A value of the wrong kind is a fault like any other, to be reported with the others.</summary>
    private static void Bind(AppUsersOptions options, IConfiguration configuration)
    {
        try
        {
            configuration.GetSection(AppUsersOptions.Section).Bind(options);
        }
        catch (InvalidOperationException fault)
        {
            throw new OptionsValidationException(AppUsersOptions.Section, typeof(AppUsersOptions),
                [$"{fault.Message} AppUsers:Newcomers must be Off, Ask or Automatic, and AppUsers:SpaceInBytes a whole number."]);
        }
    }
}
