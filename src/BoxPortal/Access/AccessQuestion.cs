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

    /// <summary>Where it is asked.</summary>
    public string Address => QueryHelpers.AddQueryString("/access", Parts);

    /// <summary>It, part by part, as fields of a form.</summary>
    public IReadOnlyDictionary<string, string?> Parts => new Dictionary<string, string?> { ["person"] = Person?.ToString(), ["folder"] = Folder, ["who"] = Who, ["in"] = In };

    /// <summary>The ID of a folder that can be given to somebody, which a root cannot.</summary>
    internal static string? IdIn(string? text) => text?.Trim() is { Length: > 0 and <= 32 } id && id != "0" && id.All(char.IsAsciiDigit) ? id : null;
}
