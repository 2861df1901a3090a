using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Html;
using Microsoft.Extensions.Localization;

namespace BoxPortal.Shell;

/// <summary>
/// Markup written as one string, for what stands in many rows: a component keeps two buffers of its own for as long as
/// a circuit lasts, however little it draws.
/// </summary>
internal static class Html
{
    // Names stay as people write them; everything that means something to HTML is encoded all the same.
    private static readonly HtmlEncoder s_encoder = HtmlEncoder.Create(UnicodeRanges.All);

    /// <summary>The markup, with each value in it as text, or as markup where it was made here.</summary>
    public static IHtmlContent Of(FormattableString markup) => new HtmlFormattableString(CultureInfo.InvariantCulture, markup.Format, markup.GetArguments());

    /// <summary>Words of a language that hold markup, with each value in them as text, or as markup where it was made here.</summary>
    public static MarkupString Markup(this IStringLocalizer text, string key, params object[] values) => text.Of(key, values).Drawn();

    /// <summary>As <see cref="Markup"/>, to be part of other markup.</summary>
    public static IHtmlContent Of(this IStringLocalizer text, string key, params object[] values) =>
        new HtmlFormattableString(CultureInfo.CurrentUICulture, text[key], values);

    /// <summary>
    /// Words that were written down, which is in English: in the reader's language where they are a key of <paramref name="text"/>,
    /// and else as they are, marked as English.
    /// </summary>
    public static IHtmlContent Written(this IStringLocalizer text, string? words) =>
        string.IsNullOrEmpty(words) ? HtmlString.Empty
        : CultureInfo.CurrentUICulture.Name == "en" ? Of($"{words}")
        : text[words] is { ResourceNotFound: false, Value: var said } ? Of($"{said}") : Of($"""<span lang="en">{words}</span>""");

    /// <summary>As <see cref="Written(IStringLocalizer, string?)"/>, part by part; what has no word of its own is no language's.</summary>
    public static IHtmlContent Written(this IStringLocalizer text, Sentence words) =>
        CultureInfo.CurrentUICulture.Name == "en" ? Of($"{words}")
        : words.Values.Length == 0 || (text[words.English].ResourceNotFound && words.English.Any(char.IsLetter)) ? text.Written(words.ToString())
        : text.Of(words.English, [.. words.Values.Select(value => value switch { Sentence part => text.Written(part), int count => Languages.Number(count), _ => value })]);

    /// <summary>For Blazor, which takes it as it is.</summary>
    public static MarkupString Drawn(this IHtmlContent markup)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        markup.WriteTo(writer, s_encoder);
        return new MarkupString(writer.ToString());
    }
}
