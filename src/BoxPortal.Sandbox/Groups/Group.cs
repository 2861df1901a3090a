namespace BoxPortal.Sandbox;

/// <summary>A group of users, to whom folders are given all at once.</summary>
public sealed class Group
{
    internal Group() { }

    public required string Id { get; init; }
    public required string Name { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ModifiedAt { get; set; }
    public string Description { get; set; } = "";
    public string? Provenance { get; set; }
    public string? ExternalSyncIdentifier { get; set; }
    public string InvitabilityLevel { get; set; } = "admins_and_members";
    public string MemberViewabilityLevel { get; set; } = "admins_and_members";

    public List<GroupMembership> Memberships { get; } = [];
    public List<Collaboration> Collaborations { get; } = [];
}
