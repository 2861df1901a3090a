namespace BoxPortal.Sandbox;

/// <summary>What can be done with an item. Each <c>can_…</c> of Box's <c>permissions</c> is one of these.</summary>
[Flags]
public enum Rights
{
    None = 0,
    List = 1 << 0,
    Preview = 1 << 1,
    Download = 1 << 2,
    Share = 1 << 3,
    Upload = 1 << 4,
    NewVersion = 1 << 5,
    Rename = 1 << 6,
    Delete = 1 << 7,

    /// <summary>Describing.</summary>
    Edit = 1 << 8,
    Invite = 1 << 9,

    /// <summary>Folder settings.</summary>
    Settings = 1 << 10,

    /// <summary>To whom a shared link that is there is open.</summary>
    ShareAccess = 1 << 11,
    All = (1 << 12) - 1,
}

/// <summary>What each role of a collaboration brings. Source: Box's support article 360044196413, "Understanding Collaborator Permission Levels".</summary>
public static class Role
{
    private const Rights Viewer = Rights.List | Rights.Preview | Rights.Download | Rights.Share;
    private const Rights Editor = Viewer | Rights.Upload | Rights.NewVersion | Rights.Rename | Rights.Delete | Rights.Edit | Rights.Invite | Rights.ShareAccess;

    private static readonly Dictionary<string, Rights> s_rights = new()
    {
        ["co-owner"] = Rights.All,
        ["editor"] = Editor,
        ["viewer uploader"] = Viewer | Rights.Upload | Rights.NewVersion,
        ["previewer uploader"] = Rights.List | Rights.Preview | Rights.Upload,
        ["viewer"] = Viewer,
        ["previewer"] = Rights.List | Rights.Preview,
        ["uploader"] = Rights.List | Rights.Upload,
    };

    /// <summary>The roles Box knows, but for the owner, who is not invited.</summary>
    public static IReadOnlyCollection<string> Names => s_rights.Keys;

    /// <summary>What the role brings, on the shared item and all that is below it.</summary>
    public static Rights Of(string name) => s_rights[name];
}
