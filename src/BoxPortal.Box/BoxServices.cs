using BoxPortal.Box.Configuration;
using BoxPortal.Box.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BoxPortal.Box;

/// <summary>Registers the Box client.</summary>
public static class BoxServices
{
    /// <summary>
    /// Adds everything of this project as singletons, on settings section <c>Box</c>, which is checked when the host starts.
    /// </summary>
    /// <param name="services">Where to; a <see cref="TimeProvider"/> already there is used, else the system's.</param>
    public static IServiceCollection AddBox(this IServiceCollection services)
    {
        services.AddOptions<BoxOptions>()
            .Configure<IConfiguration>((options, configuration) => options.Bind(configuration.GetSection(BoxOptions.Section)))
            .PostConfigure(options => options.App = BoxApp.Read(options))
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<BoxOptions>, BoxOptionsValidator>();
        // The instance checked at start is everybody's, so that the key is opened once.
        services.AddSingleton(provider => Options.Create(provider.GetRequiredService<IOptionsMonitor<BoxOptions>>().CurrentValue));

        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(BoxHttp.ClientName, BoxHttp.Configure).ConfigurePrimaryHttpMessageHandler(BoxHttp.CreateHandler);
        services.AddBoxRetries();
        services.AddSingleton<CallBudget>();
        services.AddSingleton<BoxHttp>();
        services.AddSingleton<BoxApi>();

        services.AddSingleton<BoxClock>();
        services.AddSingleton<BoxTokens>();
        services.AddSingleton<TokenCache>();
        services.AddSingleton<BoxSubjectTokens>();

        services.AddSingleton<BoxUsers>();
        services.AddSingleton<BoxGroups>();
        services.AddSingleton<BoxGroupMemberships>();
        services.AddSingleton<BoxCollaborations>();
        services.AddSingleton<BoxFolders>();
        services.AddSingleton<BoxHealth>();
        return services;
    }
}
