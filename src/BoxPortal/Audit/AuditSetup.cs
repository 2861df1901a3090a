namespace BoxPortal.Audit;

/// <summary>Sets up the record.</summary>
public static class AuditSetup
{
    /// <summary>Registers <see cref="AuditTrail"/> and <see cref="Timeline"/>.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<AuditTrail>().AddSingleton<Timeline>();
}
