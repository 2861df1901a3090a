using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Localization;

namespace BoxPortal.Explorer;

/// <summary>What the Explorer's scripts say, in the person's language. <c>{0}</c> and so on are filled in by the script.</summary>
public sealed class ExplorerScriptText
{
    /// <summary>Box's name for the language of the page, e.g. <c>de-DE</c>.</summary>
    internal static string Language => CultureInfo.CreateSpecificCulture(CultureInfo.CurrentUICulture.Name).Name;

    /// <summary>All of them by key, for the script.</summary>
    internal static string ToJson(IStringLocalizer<ExplorerScriptText> text) =>
        JsonSerializer.Serialize(text.GetAllStrings().ToDictionary(word => word.Name, word => word.Value));
}
