using Microsoft.Extensions.Options;

namespace BoxPortal.Graph;

/// <summary>Sets up the company's directory.</summary>
public static class GraphSetup
{
    /// <summary>Registers the directory and the way to it.</summary>
    public static IServiceCollection AddGraph(this IServiceCollection services)
    {
        services.AddOptions<GraphOptions>().Configure<IConfiguration>(Bind).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GraphOptions>, GraphOptionsValidator>();
        services.AddHttpClient(GraphHttp.ClientName, GraphHttp.Configure).ConfigurePrimaryHttpMessageHandler(GraphHttp.CreateHandler);
        services.AddGraphRetries();
        services.AddSingleton<GraphHttp>();
        services.AddSingleton<GraphTokens>();
        services.AddSingleton<GraphDirectory>();
        return services;
    }

    /// <summary>A value of the wrong kind is a fault like any other, to be reported with the others.</summary>
    private static void Bind(GraphOptions options, IConfiguration configuration)
    {
        try
        {
            configuration.GetSection(GraphOptions.Section).Bind(options);
        }
        catch (InvalidOperationException fault)
        {
            throw new OptionsValidationException(GraphOptions.Section, typeof(GraphOptions),
                [$"{fault.Message} Graph:Enabled must be true or false, and Graph:BaseAddress an address."]);
        }
    }
}
