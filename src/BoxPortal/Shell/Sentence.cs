using System.Globalization;
using Microsoft.Extensions.Localization;

namespace BoxPortal.Shell;

/// <summary>
/// What the portal says both to the record, which is in English, and to whoever asked, in their language. The English words are the key of
/// the others, in the <c>…Text</c> of the room that says it.
/// </summary>
/// <param name="English">With a placeholder for each value.</param>
/// <param name="Values">What is filled in; a <see cref="Sentence"/> among them is said in the same language, and a count is written as it is in that.</param>
public sealed record Sentence(string English, params object[] Values)
{
    /// <summary>Alike in every language.</summary>
    private const string TwoLines = "{0}\n{1}";

    /// <summary>A sentence with nothing to fill in.</summary>
    public static implicit operator Sentence(string english) => new(english);

    /// <summary>One that tells of a number, which is <c>{0}</c>; further values follow.</summary>
    public static Sentence Counted(int count, string one, string other, params object[] values) => new(count == 1 ? one : other, [count, .. values]);

    /// <summary>Several, a line each.</summary>
    public static Sentence Lines(IEnumerable<Sentence> sentences) => sentences.Aggregate((above, below) => new Sentence(TwoLines, above, below));

    /// <summary>In English.</summary>
    public override string ToString() => Values.Length == 0
        ? English
        : string.Format(CultureInfo.InvariantCulture, English, [.. Values.Select(value => value is int count ? count.ToString("N0", CultureInfo.InvariantCulture) : value)]);

    /// <summary>In the reader's language.</summary>
    public string In(IStringLocalizer text) =>
        Values.Length == 0
            ? text[English]
            : text[English, [.. Values.Select(value => value switch { Sentence part => part.In(text), int count => Languages.Number(count), _ => value })]];

    /// <summary>Two are the same that say the same.</summary>
    public bool Equals(Sentence? other) => other is not null && ToString() == other.ToString();

    /// <inheritdoc />
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);
}
