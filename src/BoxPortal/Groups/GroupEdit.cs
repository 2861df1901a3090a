using BoxPortal.Box;

namespace BoxPortal.Groups;

/// <summary>What can be done to a group. Stored by name.</summary>
public enum GroupAct
{
    /// <summary>Makes the group.</summary>
    CreateGroup,

    /// <summary>Changes its name or what it is for.</summary>
    DescribeGroup,

    /// <summary>Deletes it, with its memberships and its access to folders.</summary>
    DeleteGroup,

    /// <summary>Puts an app user into it.</summary>
    AddMember,

    /// <summary>Makes a member its manager in Box, or no more than a member.</summary>
    ChangeMemberRole,

    /// <summary>Takes an app user out of it.</summary>
    RemoveMember,

    /// <summary>Gives it access to a folder.</summary>
    AddFolder,

    /// <summary>Changes what it may do in a folder.</summary>
    ChangeFolderRole,

    /// <summary>Takes its access to a folder away.</summary>
    RemoveFolder,
}

/// <summary>One thing to do to one group, whoever asks for it. Safe to do twice: it names what is to be so in the end.</summary>
/// <param name="Act">What to do.</param>
/// <param name="GroupId">Box's ID of the group; empty for one that is to be made.</param>
/// <param name="AppUserId">Box's ID of the member concerned, where one is.</param>
/// <param name="FolderId">Box's ID of the folder concerned, where one is; never <c>"0"</c>.</param>
/// <param name="MemberRole">As what the member is in it afterwards.</param>
/// <param name="FolderRole">What the group may do in the folder afterwards.</param>
/// <param name="Name">The group's name afterwards; <c>null</c> where it stays.</param>
/// <param name="Description">What the group is for afterwards; <c>null</c> where it stays.</param>
public sealed record GroupEdit(
    GroupAct Act,
    string GroupId,
    string? AppUserId = null,
    string? FolderId = null,
    GroupRole? MemberRole = null,
    CollaborationRole? FolderRole = null,
    string? Name = null,
    string? Description = null);
