using System.Text.Json.Serialization;
using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>A user's place in a group. Has an ID of its own.</summary>
/// <param name="Id">Box's ID of the membership.</param>
/// <param name="User">Who.</param>
/// <param name="Group">Where.</param>
/// <param name="Role">As what.</param>
/// <param name="CreatedAt">Since when, UTC; <c>null</c> in lists, where Box does not say it.</param>
public sealed record GroupMembership(string Id, BoxReference User, BoxReference Group, GroupRole Role, DateTimeOffset? CreatedAt = null) : IBoxResource;

/// <summary>What a member may do in a group.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GroupRole>))]
public enum GroupRole
{
    /// <summary>Has what the group has.</summary>
    [JsonStringEnumMemberName("member")]
    Member,

    /// <summary>May also manage the group.</summary>
    [JsonStringEnumMemberName("admin")]
    Admin,
}

/// <summary>What a membership is made or changed with.</summary>
internal sealed record MembershipBody(BoxReference? User, BoxReference? Group, GroupRole Role);
