namespace BoxPortal.Access;

/// <summary>Sets up who sees which folder, and why.</summary>
public static class AccessSetup
{
    /// <summary>Registers what explains it.</summary>
    public static IServiceCollection AddAccess(this IServiceCollection services) => services.AddSingleton<KeptAudiences>().AddSingleton<AccessExplainer>();
}
