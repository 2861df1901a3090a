using System.Security.Claims;
using Microsoft.Identity.Web;

namespace BoxPortal.SignIn;

/// <summary>The person signed in, as the company's directory knows them.</summary>
/// <param name="Id">Who, for life.</param>
/// <param name="Name">For people to read; may change.</param>
/// <param name="UserName">The sign-in name (<c>preferred_username</c>); for people to read, never a key.</param>
/// <param name="Roles">App roles, e.g. <c>Administrator</c>: at the sign-in those of the directory, afterwards those of the session.</param>
public sealed record Employee(EmployeeId Id, string Name, string UserName, IReadOnlyList<string> Roles)
{
    /// <summary>Reads the employee from a sign-in that the identity provider's handler has validated.</summary>
    /// <exception cref="InvalidOperationException">The principal carries no <c>oid</c> or <c>tid</c>: sign-in refuses such people, so this is a fault.</exception>
    public static Employee From(ClaimsPrincipal principal) =>
        TryFrom(principal) ?? throw new InvalidOperationException("The signed-in principal has no object ID or tenant ID.");

    /// <summary>As <see cref="From"/>, with <c>null</c> for a principal that is not an employee.</summary>
    public static Employee? TryFrom(ClaimsPrincipal principal)
    {
        if (!Guid.TryParse(principal.GetObjectId(), out var objectId) || !Guid.TryParse(principal.GetTenantId(), out var tenantId))
        {
            return null;
        }

        var userName = principal.FindFirstValue("preferred_username") ?? principal.Identity?.Name ?? "";
        var name = principal.FindFirstValue("name") ?? principal.FindFirstValue(ClaimTypes.Name) ?? userName;
        return new Employee(new EmployeeId(tenantId, objectId), name, userName, [.. principal.FindAll(ClaimTypes.Role).Select(role => role.Value)]);
    }
}
