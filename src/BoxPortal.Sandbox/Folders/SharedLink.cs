namespace BoxPortal.Sandbox;

/// <summary>An address under which an item is open to others.</summary>
/// <param name="Key">What the address ends with.</param>
/// <param name="Access"><c>open</c>, <c>company</c> or <c>collaborators</c>.</param>
/// <param name="Password">Asked for besides the address; <c>null</c> for none.</param>
/// <param name="EndsAt">When it stops leading anywhere; <c>null</c> for never.</param>
/// <param name="CanDownload">Whether more than looking is allowed.</param>
public sealed record SharedLink(string Key, string Access, string? Password, DateTimeOffset? EndsAt, bool CanDownload)
{
    /// <summary>What the link brings to whom it admits.</summary>
    internal Rights Rights => Rights.List | Rights.Preview | (CanDownload ? Rights.Download : Rights.None);
}
