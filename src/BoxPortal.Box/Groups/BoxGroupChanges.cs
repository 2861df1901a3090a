namespace BoxPortal.Box;

/// <summary>A group to be made, which needs a name, or what to change on one; what is <c>null</c> stays, or is Box's default.</summary>
public sealed record BoxGroupChanges
{
    /// <summary>Its name, unique in the enterprise.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for, at most 255 characters.</summary>
    public string? Description { get; init; }

    /// <summary>Where it comes from; once set, nobody can edit the group in Box's own web app.</summary>
    public string? Provenance { get; init; }

    /// <summary>Our own key for it.</summary>
    public string? ExternalSyncIdentifier { get; init; }

    /// <summary>Who may give the group access to something.</summary>
    public GroupAudience? InvitabilityLevel { get; init; }

    /// <summary>Who may see its members.</summary>
    public GroupAudience? MemberViewabilityLevel { get; init; }
}
