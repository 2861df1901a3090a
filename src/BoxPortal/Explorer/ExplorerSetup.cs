namespace BoxPortal.Explorer;

/// <summary>Sets up the page that employees come for.</summary>
public static class ExplorerSetup
{
    /// <summary>Registers what the page asks the portal for.</summary>
    public static IServiceCollection AddExplorer(this IServiceCollection services) => services.AddSingleton<EmptyRoot>();
}
