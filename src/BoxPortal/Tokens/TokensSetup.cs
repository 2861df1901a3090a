using Microsoft.Extensions.Options;

namespace BoxPortal.Tokens;

/// <summary>Sets up the token broker.</summary>
public static class TokensSetup
{
    /// <summary>Registers <see cref="ExplorerTokens"/> and its scopes.</summary>
    public static IServiceCollection AddExplorerTokens(this IServiceCollection services)
    {
        services.AddOptions<ExplorerOptions>().BindConfiguration(ExplorerOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ExplorerOptions>, ExplorerOptionsValidator>();
        services.AddSingleton<ExplorerTokens>();
        return services;
    }
}
