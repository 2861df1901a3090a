using BoxPortal.Shell;
using Microsoft.AspNetCore.WebUtilities;

namespace BoxPortal.Access;

/// <summary>What is asked on the access page: everything that stands in its address.</summary>
/// <param name="Person">About whom, by object ID; <c>null</c> for everybody.</param>
/// <param name="Folder">About which folder, by Box's ID.</param>
/// <param name="Who">What a person is searched by.</param>
/// <param name="In">Which folder's folders are offered; <c>null</c> for those at the top.</param>
public sealed record AccessQuestion(Guid? Person, string? Folder, string? Who, string? In)
{
    /// <summary>Reads what an address says. What it cannot mean, it does not say.</summary>
    public static AccessQuestion Parse(string? person, string? folder, string? who, string? @in) =>
        new(Guid.TryParse(person, out var id) ? id : null, IdIn(folder), string.IsNullOrWhiteSpace(who) ? null : who.Trim(), IdIn(@in));

    /// <summary>What to do about an address that names no person or no folder where it tries to; <c>null</c> where there is nothing to do.</summary>
    public static Sentence? FaultOf(string? person, string? folder) =>
        !string.IsNullOrWhiteSpace(person) && !Guid.TryParse(person, out _) ? new Sentence("The address names nobody: what stands in it for the person is no object ID. Find the person above by name, mail or ID.")
        : string.IsNullOrWhiteSpace(folder) || IdIn(folder) is not null ? null
        : folder.Trim() == "0" ? new Sentence("All files as a whole is given to nobody. Choose a folder in it above.")
        : new Sentence("The address names no folder: a folder’s ID is a number, the one at the end of the folder’s own address in Box. Type that number above, or choose the folder there.");

    /// <summary>Where it is asked.</summary>
    public string Address => QueryHelpers.AddQueryString("/access", Parts);

    /// <summary>It, part by part, as fields of a form.</summary>
    public IReadOnlyDictionary<string, string?> Parts => new Dictionary<string, string?> { ["person"] = Person?.ToString(), ["folder"] = Folder, ["who"] = Who, ["in"] = In };

    /// <summary>The ID of a folder that can be given to somebody, which a root cannot.</summary>
    internal static string? IdIn(string? text) => text?.Trim() is { Length: > 0 and <= 32 } id && id != "0" && id.All(char.IsAsciiDigit) ? id : null;
}
