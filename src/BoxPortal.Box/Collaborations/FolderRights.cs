namespace BoxPortal.Box;

/// <summary>What can be done in a folder. Roles are sets of these, and several roles add up; they are no ladder.</summary>
[Flags]
public enum FolderRights
{
    /// <summary>Nothing: the folder does not exist for whoever has no more.</summary>
    None = 0,

    /// <summary>See what lies in it.</summary>
    List = 1 << 0,

    /// <summary>Look into files.</summary>
    Preview = 1 << 1,

    /// <summary>Take files away.</summary>
    Download = 1 << 2,

    /// <summary>Make shared links.</summary>
    Share = 1 << 3,

    /// <summary>Add files and folders.</summary>
    Upload = 1 << 4,

    /// <summary>Replace files by new versions.</summary>
    Edit = 1 << 5,

    /// <summary>Rename what lies in it.</summary>
    Rename = 1 << 6,

    /// <summary>Delete what lies in it.</summary>
    Delete = 1 << 7,

    /// <summary>Move what lies in it.</summary>
    Move = 1 << 8,

    /// <summary>Let others in.</summary>
    Invite = 1 << 9,

    /// <summary>Change the folder's settings.</summary>
    Settings = 1 << 10,

    /// <summary>Everything.</summary>
    All = (1 << 11) - 1,
}

/// <summary>What each role brings. Source: Box's support article 360044196413, "Understanding Collaborator Permission Levels".</summary>
public static class CollaborationRoles
{
    private const FolderRights Viewer = FolderRights.List | FolderRights.Preview | FolderRights.Download | FolderRights.Share;

    /// <summary>What the role brings in the folder it was given on, and in all below it.</summary>
    public static FolderRights Rights(this CollaborationRole role) => role switch
    {
        CollaborationRole.Owner or CollaborationRole.CoOwner => FolderRights.All,
        CollaborationRole.Editor => FolderRights.All & ~FolderRights.Settings,
        CollaborationRole.ViewerUploader => Viewer | FolderRights.Upload | FolderRights.Edit,
        CollaborationRole.PreviewerUploader => FolderRights.List | FolderRights.Preview | FolderRights.Upload,
        CollaborationRole.Viewer => Viewer,
        CollaborationRole.Previewer => FolderRights.List | FolderRights.Preview,
        CollaborationRole.Uploader => FolderRights.List | FolderRights.Upload,
        _ => FolderRights.None,
    };

    /// <summary>Box's word for the role.</summary>
    public static string Word(this CollaborationRole role) => role switch
    {
        CollaborationRole.CoOwner => "co-owner",
        CollaborationRole.ViewerUploader => "viewer uploader",
        CollaborationRole.PreviewerUploader => "previewer uploader",
        _ => role.ToString().ToLowerInvariant(),
    };
}
