using System.Security.Cryptography;

namespace BoxPortal.Audit;

/// <summary>The number an employee reads out to the help desk, e.g. <c>BP-7K3M9QXA</c>.</summary>
public static class Reference
{
    /// <summary>A new one, from letters and digits that are not mistaken for each other (Crockford's base 32).</summary>
    public static string New() => "BP-" + RandomNumberGenerator.GetString("0123456789ABCDEFGHJKMNPQRSTVWXYZ", 8);
}
