namespace BoxPortal.Sandbox;

/// <summary>
/// What each scope lets a token do with content. Source: Box's guide "Scopes", for the Elements' scopes, which Box
/// describes by the control they switch on, and for the application's.
/// </summary>
internal static class Scope
{
    public const string RootReadWrite = "root_readwrite";
    public const string RootReadOnly = "root_readonly";
    public const string ManageAppUsers = "manage_app_users";
    public const string ManageManagedUsers = "manage_managed_users";
    public const string ManageGroups = "manage_groups";
    public const string ManageEnterpriseProperties = "manage_enterprise_properties";

    private static readonly Dictionary<string, Rights> s_content = new()
    {
        [RootReadWrite] = Rights.All,
        [RootReadOnly] = Rights.List | Rights.Preview | Rights.Download,
        ["base_explorer"] = Rights.List,
        ["base_picker"] = Rights.List,
        ["base_preview"] = Rights.List | Rights.Preview,
        ["base_sidebar"] = Rights.List,
        ["base_upload"] = Rights.Upload | Rights.NewVersion,
        ["item_read"] = Rights.List,
        ["item_preview"] = Rights.Preview,
        ["item_download"] = Rights.Download,
        ["item_upload"] = Rights.Upload | Rights.NewVersion,
        ["item_rename"] = Rights.Rename,
        ["item_delete"] = Rights.Delete,
        ["item_share"] = Rights.Share | Rights.ShareAccess,
        ["annotation_edit"] = Rights.None,
        ["annotation_view_all"] = Rights.None,
        ["annotation_view_self"] = Rights.None,
    };

    /// <summary>What the scopes add up to.</summary>
    public static Rights OnContent(IEnumerable<string> scopes) =>
        scopes.Aggregate(Rights.None, (rights, scope) => rights | s_content.GetValueOrDefault(scope));

    /// <summary>Whether a token that holds <paramref name="held"/> may hand on <paramref name="wanted"/>.</summary>
    public static bool Covers(IReadOnlySet<string> held, string wanted) =>
        held.Contains(wanted) || (s_content.ContainsKey(wanted) && wanted != RootReadWrite && held.Contains(RootReadWrite));
}
