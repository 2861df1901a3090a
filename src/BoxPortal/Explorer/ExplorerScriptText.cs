using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Localization;

namespace BoxPortal.Explorer;

/// <summary>What the Explorer's scripts say, in the person's language. <c>{0}</c> and so on are filled in by the script.</summary>
public sealed class ExplorerScriptText
{
    private static readonly string[] s_languages = ["en-US", "de-DE", "ja-JP"];

    /// <summary>Box's name for the language of the page: one of those that the build takes along.</summary>
    internal static string Language =>
        s_languages.FirstOrDefault(language => language[..2] == CultureInfo.CurrentUICulture.TwoLetterISOLanguageName) ?? s_languages[0];

    /// <summary>All of them by key, for the script.</summary>
    internal static string ToJson(IStringLocalizer<ExplorerScriptText> text) =>
        JsonSerializer.Serialize(text.GetAllStrings().ToDictionary(word => word.Name, word => word.Value));
}
