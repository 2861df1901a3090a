using BoxPortal.Box;

namespace BoxPortal.Access;

/// <summary>What the Explorer offers: of what a role allows, what the token's scopes let through.</summary>
internal static class ExplorerButtons
{
    /// <summary>Source: Box's guide "Scopes", for the Elements' scopes.</summary>
    private static readonly (string Scope, FolderRights Rights, string Words)[] s_scopes =
    [
        ("base_explorer", FolderRights.List, "Open"),
        ("item_preview", FolderRights.Preview, "Preview"),
        ("item_download", FolderRights.Download, "Download"),
        ("item_upload", FolderRights.Upload, "Upload"),
        ("item_rename", FolderRights.Rename, "Rename"),
        ("item_delete", FolderRights.Delete, "Delete"),
        ("item_share", FolderRights.Share, "Share"),
    ];

    /// <summary>The buttons in a folder where the role brings these rights.</summary>
    public static IReadOnlyList<string> For(FolderRights rights, IReadOnlyList<string> scopes) =>
        [.. s_scopes.Where(each => rights.HasFlag(each.Rights) && LetsThrough(each, scopes)).Select(each => each.Words)];

    /// <summary>
    /// The scopes without which something is not offered that the role allows. Sharing is not counted: every viewer may share in Box,
    /// and whether the portal offers it is the company's choice for all.
    /// </summary>
    public static IReadOnlyList<string> MissingFor(FolderRights rights, IReadOnlyList<string> scopes) =>
        [.. s_scopes.Where(each => each.Rights != FolderRights.Share && rights.HasFlag(each.Rights) && !LetsThrough(each, scopes)).Select(each => each.Scope)];

    private static bool LetsThrough((string Scope, FolderRights Rights, string Words) each, IReadOnlyList<string> scopes) =>
        scopes.Contains(each.Scope) || (scopes.Contains("root_readonly") && each.Rights is (FolderRights.Preview or FolderRights.Download));
}
