using BoxPortal.Box;

namespace BoxPortal.Groups;

/// <summary>A group, as <see cref="AccessMap"/> knows it.</summary>
/// <param name="Id">Box's ID.</param>
/// <param name="Name">Its name.</param>
public sealed record AccessGroup(string Id, string Name);

/// <summary>An app user's place in a group.</summary>
/// <param name="AppUserId">Box's ID of the app user.</param>
/// <param name="GroupId">Box's ID of the group.</param>
/// <param name="Role">As what; for folders it makes no difference.</param>
/// <param name="Id">Box's ID of the membership; <c>null</c> for one that is only thought of.</param>
public sealed record AccessMembership(string AppUserId, string GroupId, GroupRole Role = GroupRole.Member, string? Id = null);

/// <summary>A folder.</summary>
/// <param name="Id">Box's ID.</param>
/// <param name="Name">Its name.</param>
/// <param name="ParentId">The folder it lies in; <c>null</c> or <c>"0"</c> at the top, or where Box does not say.</param>
/// <param name="OwnerId">Whose it is, where that is known.</param>
public sealed record AccessFolder(string Id, string Name, string? ParentId, string? OwnerId = null);

/// <summary>A collaboration: a group's or an app user's access to a folder and all below it.</summary>
/// <param name="Id">Box's ID of the collaboration; empty for one that is only thought of.</param>
/// <param name="FolderId">On which folder it stands.</param>
/// <param name="GranteeId">Box's ID of the group or user.</param>
/// <param name="IsToGroup">Whether that is a group.</param>
/// <param name="Role">What may be done.</param>
/// <param name="Status">Box's word; anything but <c>accepted</c> brings nothing.</param>
/// <param name="IsAccessOnly">Reachable, but not listed in All Files.</param>
/// <param name="ExpiresAt">When it ends by itself, UTC.</param>
/// <param name="CreatedAt">Since when, UTC.</param>
public sealed record AccessGrant(
    string Id,
    string FolderId,
    string GranteeId,
    bool IsToGroup,
    CollaborationRole Role,
    string Status = AccessGrant.Accepted,
    bool IsAccessOnly = false,
    DateTimeOffset? ExpiresAt = null,
    DateTimeOffset? CreatedAt = null)
{
    /// <summary>The status of a collaboration that counts.</summary>
    public const string Accepted = "accepted";

    /// <summary>Why it brings nothing now; <c>null</c> where it does.</summary>
    public GrantFault? FaultAt(DateTimeOffset now) =>
        ExpiresAt <= now ? GrantFault.Ended
        : Status == Accepted ? null
        : Status == "rejected" ? GrantFault.Rejected
        : GrantFault.Pending;
}

/// <summary>Why a collaboration brings nothing.</summary>
public enum GrantFault
{
    /// <summary>It waits to be accepted.</summary>
    Pending,

    /// <summary>It was declined.</summary>
    Rejected,

    /// <summary>Its time is over.</summary>
    Ended,
}
