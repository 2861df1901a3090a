using System.Text.Json.Serialization;
using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>A group in Box.</summary>
/// <param name="Id">Box's ID.</param>
/// <param name="Name">Its name, unique in the enterprise.</param>
/// <param name="Description">What it is for, at most 255 characters.</param>
/// <param name="Provenance">Where it comes from; once set, nobody can edit the group in Box's own web app.</param>
/// <param name="ExternalSyncIdentifier">Our own key for it.</param>
/// <param name="InvitabilityLevel">Who may give the group access to something.</param>
/// <param name="MemberViewabilityLevel">Who may see its members.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
public sealed record BoxGroup(
    string Id,
    string Name,
    string? Description = null,
    string? Provenance = null,
    string? ExternalSyncIdentifier = null,
    GroupAudience? InvitabilityLevel = null,
    GroupAudience? MemberViewabilityLevel = null,
    DateTimeOffset? CreatedAt = null) : IBoxResource;

/// <summary>Who may do something with a group.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GroupAudience>))]
public enum GroupAudience
{
    /// <summary>Administrators of the enterprise and of the group: ours.</summary>
    [JsonStringEnumMemberName("admins_only")]
    AdminsOnly,

    /// <summary>These and the group's members.</summary>
    [JsonStringEnumMemberName("admins_and_members")]
    AdminsAndMembers,

    /// <summary>Everybody in the enterprise.</summary>
    [JsonStringEnumMemberName("all_managed_users")]
    AllManagedUsers,
}
