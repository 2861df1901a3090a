namespace BoxPortal.Audit;

/// <summary>Sets up the record.</summary>
public static class AuditSetup
{
    /// <summary>Registers <see cref="AuditTrail"/>.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services) => services.AddSingleton<AuditTrail>();
}
