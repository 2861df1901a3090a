using System.Diagnostics;
using BoxPortal.Box;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Audit;

/// <summary>Writes the record.</summary>
public sealed class AuditTrail(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    /// <summary>Who acted, where nobody did: the portal by itself.</summary>
    public const string Portal = "BoxPortal";

    /// <summary>An entry that is complete but for the transaction it belongs to: add it to the change's own <see cref="PortalDb"/>.</summary>
    /// <param name="kind">What happened.</param>
    /// <param name="employee">Whom it concerns.</param>
    /// <param name="name">The employee's name now.</param>
    /// <param name="actor">A sign-in name, or <see cref="Portal"/>.</param>
    /// <param name="detail">What and why, for administrators. Never a token, key or secret.</param>
    /// <param name="appUserId">The app user concerned, if any.</param>
    /// <param name="tokenFingerprint">Fingerprint of the token concerned, if any.</param>
    /// <param name="refusal">What Box answered, where Box refused.</param>
    /// <param name="reference">The number that the employee was shown, if any.</param>
    public AuditEntry Entry(
        AuditKind kind, EmployeeId employee, string name, string actor, string detail,
        string? appUserId = null, string? tokenFingerprint = null, BoxApiException? refusal = null, string? reference = null) => new()
        {
            At = clock.GetUtcNow(),
            Kind = kind,
            TenantId = employee.TenantId,
            ObjectId = employee.ObjectId,
            Name = name,
            Actor = actor,
            Detail = detail,
            AppUserId = appUserId,
            TokenFingerprint = tokenFingerprint,
            BoxCode = refusal?.Code,
            BoxRequestId = refusal?.RequestId,
            Reference = reference,
            CorrelationId = Activity.Current?.TraceId.ToHexString(),
        };

    /// <summary>Writes entries that stand for themselves.</summary>
    public async Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(entry);
        await db.SaveChangesAsync(cancellationToken);
    }
}
