using BoxPortal.Audit;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;

namespace BoxPortal.Sync;

/// <summary>The directory whose people the portal lets in.</summary>
public sealed class PortalTenant(IOptionsMonitor<MicrosoftIdentityOptions> signIn)
{
    /// <summary>Its ID.</summary>
    public Guid Id => Guid.Parse(signIn.Get(OpenIdConnectDefaults.AuthenticationScheme).TenantId!);

    /// <summary>Who acts where nobody does.</summary>
    public Employee Nobody => new(new EmployeeId(Id, Guid.Empty), AuditTrail.Portal, AuditTrail.Portal, []);
}
