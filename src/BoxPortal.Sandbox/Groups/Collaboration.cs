namespace BoxPortal.Sandbox;

/// <summary>A user's or a group's access to an item and all that is below it.</summary>
public sealed class Collaboration
{
    internal Collaboration() { }

    public required string Id { get; init; }
    public required Item Item { get; init; }

    /// <summary>Whom the item is shared with; <c>null</c> when it is <see cref="Group"/>.</summary>
    public User? User { get; init; }

    /// <summary>Whom the item is shared with; <c>null</c> when it is <see cref="User"/>.</summary>
    public Group? Group { get; init; }

    /// <summary>One of <see cref="Role.Names"/>.</summary>
    public required string RoleName { get; set; }

    public required User CreatedBy { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ModifiedAt { get; set; }

    /// <summary>Reachable by id, but not listed in the collaborator's All Files.</summary>
    public bool IsAccessOnly { get; init; }

    /// <summary><c>accepted</c>, <c>pending</c> or <c>rejected</c>; only the first brings anything.</summary>
    public string Status { get; set; } = "accepted";

    /// <summary>When it ends by itself; <c>null</c> for never.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>Listed, but without effect: Box kept to the lower role that a folder above already grants.</summary>
    public bool IsDropped { get; set; }
}
