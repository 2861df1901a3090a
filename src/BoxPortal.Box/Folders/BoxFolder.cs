using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>A folder in Box.</summary>
/// <param name="Id">Box's ID; <c>"0"</c> is the root of whoever asks.</param>
/// <param name="Name">Its name.</param>
/// <param name="Parent">The folder it lies in; <c>null</c> for the root.</param>
/// <param name="OwnedBy">Whose it is, and whose storage it fills; <c>null</c> for the root.</param>
/// <param name="PathCollection">The folders above it, as whoever asks sees them.</param>
/// <param name="Permissions">What whoever asks may do with it.</param>
public sealed record BoxFolder(
    string Id, string Name, BoxReference? Parent = null, BoxReference? OwnedBy = null, BoxPath? PathCollection = null, FolderPermissions? Permissions = null) : IBoxResource;

/// <summary>What Box lets a caller do with a folder.</summary>
/// <param name="CanDownload">Take files away.</param>
/// <param name="CanUpload">Add files and folders.</param>
/// <param name="CanRename">Rename it.</param>
/// <param name="CanDelete">Delete it.</param>
/// <param name="CanShare">Make shared links.</param>
/// <param name="CanInviteCollaborator">Let others in.</param>
public sealed record FolderPermissions(
    bool CanDownload = false, bool CanUpload = false, bool CanRename = false, bool CanDelete = false, bool CanShare = false, bool CanInviteCollaborator = false)
{
    /// <summary>The same as rights; what Box does not speak of is not among them.</summary>
    public FolderRights Rights =>
        FolderRights.List
        | (CanDownload ? FolderRights.Download : 0) | (CanUpload ? FolderRights.Upload : 0) | (CanRename ? FolderRights.Rename : 0)
        | (CanDelete ? FolderRights.Delete : 0) | (CanShare ? FolderRights.Share : 0) | (CanInviteCollaborator ? FolderRights.Invite : 0);

    /// <summary>The rights that Box speaks of.</summary>
    public const FolderRights Spoken = FolderRights.List | FolderRights.Download | FolderRights.Upload | FolderRights.Rename | FolderRights.Delete | FolderRights.Share | FolderRights.Invite;
}

/// <summary>The folders above another.</summary>
/// <param name="Entries">From the asker's root <c>"0"</c> down to the parent; what is above something shared with the asker is left out.</param>
public sealed record BoxPath(IReadOnlyList<BoxReference> Entries);
