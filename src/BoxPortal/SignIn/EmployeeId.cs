namespace BoxPortal.SignIn;

/// <summary>Names one employee for life: the directory's tenant and the object ID in it (claims <c>tid</c> and <c>oid</c>).</summary>
/// <remarks>Never an e-mail address: those are renamed, reused, and spelled in look-alike letters.</remarks>
public readonly record struct EmployeeId(Guid TenantId, Guid ObjectId)
{
    /// <summary>How this employee's app user is marked in Box (<c>external_app_user_id</c>): <c>objectId@tenantId</c>, lower case.</summary>
    /// <remarks>The tenant is part of it, since two tenants may hold the same object ID.</remarks>
    public string ExternalAppUserId => $"{ObjectId:D}@{TenantId:D}";

    /// <summary>Reads back what <see cref="ExternalAppUserId"/> wrote.</summary>
    /// <returns><c>null</c> for an identifier that somebody else gave the app user.</returns>
    /// <remarks>Exactly that and nothing like it: .NET reads more than one spelling as the same GUID, 0x in the middle included.</remarks>
    public static EmployeeId? FromExternalAppUserId(string? externalAppUserId) =>
        externalAppUserId?.Split('@') is [var objectId, var tenantId]
        && Guid.TryParse(objectId, out var parsedObjectId) && Guid.TryParse(tenantId, out var parsedTenantId)
        && new EmployeeId(parsedTenantId, parsedObjectId) is var employee && employee.ExternalAppUserId == externalAppUserId
            ? employee
            : null;
}
