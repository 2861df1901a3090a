using System.Security.Claims;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.SignIn;

/// <summary>Keeps what the directory says of people's groups and roles when they sign in, and takes the long lists out of their cookies.</summary>
internal sealed class ClaimsKeeping(IDbContextFactory<PortalDb> databases, TimeProvider clock)
{
    private const string Groups = "groups";

    /// <summary>Where one of these is, the groups were too many for the token.</summary>
    private static readonly string[] s_overage = ["_claim_names", "hasgroups"];

    /// <summary>What a sign-in keeps for this, until <see cref="TakeAsync"/>.</summary>
    public static IReadOnlyList<string> Kept { get; } = [Groups, .. s_overage];

    /// <summary>Notes what the sign-in says, and takes from it what nobody else needs.</summary>
    public async Task TakeAsync(Employee employee, ClaimsIdentity identity, CancellationToken cancellationToken)
    {
        var groups = identity.FindAll(Groups).Select(claim => Guid.TryParse(claim.Value, out var id) ? id : (Guid?)null).OfType<Guid>().Distinct().ToList();
        var areKnown = groups.Count > 0 && !identity.HasClaim(claim => s_overage.Contains(claim.Type));
        foreach (var claim in identity.Claims.Where(claim => Kept.Contains(claim.Type)).ToArray())
        {
            identity.RemoveClaim(claim);
        }

        var (tenantId, objectId) = (employee.Id.TenantId, employee.Id.ObjectId);
        var (groupText, roles) = (areKnown ? Written(groups.Select(group => group.ToString("D"))) : null, Written(employee.Roles));
        var seenAt = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "DirectoryClaims" ("TenantId", "ObjectId", "SeenAt", "Groups", "Roles") VALUES ({tenantId}, {objectId}, {seenAt}, {groupText}, {roles})
            ON CONFLICT ("TenantId", "ObjectId") DO UPDATE SET "SeenAt" = excluded."SeenAt", "Groups" = excluded."Groups", "Roles" = excluded."Roles"
            """,
            cancellationToken);
    }

    private static string Written(IEnumerable<string> values) => string.Concat(values.Select(DirectoryClaims.Entry));
}
