namespace BoxPortal.Sandbox;

/// <summary>A user's place in a group.</summary>
public sealed class GroupMembership
{
    internal GroupMembership() { }

    public required string Id { get; init; }
    public required User User { get; init; }
    public required Group Group { get; init; }

    /// <summary><c>member</c> or <c>admin</c>.</summary>
    public required string Role { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ModifiedAt { get; set; }
}
