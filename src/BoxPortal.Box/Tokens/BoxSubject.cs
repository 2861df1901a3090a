using System.Diagnostics;
using BoxPortal.Box.Configuration;

namespace BoxPortal.Box;

/// <summary>Whom a token acts as.</summary>
public abstract record BoxSubject
{
    private BoxSubject() { }

    /// <summary>Box's type and ID for it; the service account goes by the enterprise's.</summary>
    internal (string Type, string Id) ToBox(BoxApp app) => this switch
    {
        ServiceAccount => ("enterprise", app.EnterpriseId),
        AppUser user => ("user", user.Id),
        _ => throw new UnreachableException(),
    };

    /// <summary>Our application's own user in the enterprise: owns the folders, manages app users and groups.</summary>
    public sealed record ServiceAccount : BoxSubject;

    /// <summary>An app user.</summary>
    /// <param name="Id">Box's ID of the user.</param>
    public sealed record AppUser(string Id) : BoxSubject;
}
