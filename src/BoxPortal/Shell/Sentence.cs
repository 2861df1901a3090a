using System.Globalization;
using Microsoft.Extensions.Localization;

namespace BoxPortal.Shell;

/// <summary>
/// What the portal says both to the record, which is in English, and to whoever asked, in their language. The English words are the key of
/// the others, in the <c>…Text</c> of the room that says it.
/// </summary>
/// <param name="English">With a placeholder for each value.</param>
/// <param name="Values">What is filled in; a <see cref="Sentence"/> among them is said in the same language.</param>
public sealed record Sentence(string English, params object[] Values)
{
    /// <summary>A sentence with nothing to fill in.</summary>
    public static implicit operator Sentence(string english) => new(english);

    /// <summary>In English.</summary>
    public override string ToString() => Values.Length == 0 ? English : string.Format(CultureInfo.InvariantCulture, English, Values);

    /// <summary>In the reader's language.</summary>
    public string In(IStringLocalizer text) =>
        Values.Length == 0 ? text[English] : text[English, [.. Values.Select(value => value is Sentence part ? part.In(text) : value)]];
}
