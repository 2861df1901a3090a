using Microsoft.Extensions.Options;

namespace BoxPortal.Tokens;

/// <summary>What the Explorer's tokens may do.</summary>
public sealed class ExplorerOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Explorer";

    /// <summary>Key in <see cref="Scopes"/> for employees none of whose app roles has scopes of its own.</summary>
    public const string Everyone = nameof(Everyone);

    /// <summary>
    /// Box scopes by app role of the directory, with <see cref="Everyone"/> for all others. Somebody with several roles listed gets
    /// the scopes of all of them. What an item allows is still the collaboration's role cut down to these.
    /// </summary>
    public Dictionary<string, string[]> Scopes { get; } = new(StringComparer.Ordinal);

    /// <summary>Who shows what is in a file. Default: <see cref="FilePreview.Cdn"/>.</summary>
    public FilePreview Preview { get; set; } = FilePreview.Cdn;

    /// <summary>Whether the Explorer offers to share by a link. Default: no, since opening Box's dialog makes one at once.</summary>
    public bool CanShare { get; set; }

    /// <summary>
    /// Whether files may be put at the top, beside the groups' folders. Default: no. There a file is the person's own, out of
    /// everybody's sight and of every group's rules.
    /// </summary>
    public bool CanUploadAtTop { get; set; }

    /// <summary>Whether somebody with these app roles may search: Box refuses to search without <c>root_readonly</c> (box-ui-elements #326, #780).</summary>
    public bool CanSearch(IReadOnlyList<string> roles) => Granted(roles).Contains("root_readonly");

    /// <summary>The scopes for somebody with these app roles, each once, in a fixed order.</summary>
    public IReadOnlyList<string> ScopesFor(IReadOnlyList<string> roles) =>
        [.. Granted(roles).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private string[] Granted(IReadOnlyList<string> roles)
    {
        var own = roles.Where(role => role != Everyone && Scopes.ContainsKey(role)).SelectMany(role => Scopes[role]).ToArray();
        return own.Length > 0 ? own : Scopes[Everyone];
    }
}

/// <summary>Who shows what is in a file.</summary>
public enum FilePreview
{
    /// <summary>Box's own library, from Box's CDN.</summary>
    Cdn,

    /// <summary>The portal's own, for images, text, Markdown and what Box makes a PDF of; nothing leaves for a CDN.</summary>
    Local,

    /// <summary>Nobody: opening a file downloads it.</summary>
    Off,
}

/// <summary>Refuses scopes that Box UI Elements do not have, before Box does.</summary>
internal sealed class ExplorerOptionsValidator : IValidateOptions<ExplorerOptions>
{
    private const string Base = "base_explorer";

    /// <summary>Source: Box's guide on scopes for UI Elements. <c>root_readonly</c> is what search needs.</summary>
    private static readonly HashSet<string> s_known =
        [Base, "item_preview", "item_download", "item_upload", "item_rename", "item_delete", "item_share", "root_readonly"];

    public ValidateOptionsResult Validate(string? name, ExplorerOptions options)
    {
        List<string> faults = [];
        if (!options.Scopes.ContainsKey(ExplorerOptions.Everyone))
        {
            faults.Add($"Explorer:Scopes:{ExplorerOptions.Everyone} is missing. Set it to the Box scopes of employees without a role of their own, beginning with {Base}.");
        }

        foreach (var (role, scopes) in options.Scopes)
        {
            if (!scopes.Contains(Base))
            {
                faults.Add($"Explorer:Scopes:{role} lacks {Base}, without which the Explorer lists nothing. Add it.");
            }

            foreach (var scope in scopes.Where(scope => !s_known.Contains(scope)))
            {
                faults.Add($"Explorer:Scopes:{role} has the unknown scope '{scope}'. Known are: {string.Join(", ", s_known.Order())}.");
            }
        }

        if (options.CanShare && !options.Scopes.Values.Any(scopes => scopes.Contains("item_share")))
        {
            faults.Add("Explorer:CanShare is on, but nobody has the scope item_share. Add it to the scopes of those who may share, or turn CanShare off.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
