using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace BoxPortal.Imports;

/// <summary>What a line's cells must be before anybody looks at what they mean, and what may be shown of those that are not.</summary>
internal static partial class LineText
{
    private const int LongestName = 256;
    private const int LongestReason = 500;

    /// <summary>As much as is kept of a cell that nobody can use.</summary>
    private const int LongestShown = 80;

    /// <summary>What begins a formula in a spreadsheet. Source: OWASP, "CSV Injection", its full-width forms included.</summary>
    private const string FormulaSigns = "=+-@\t\r\n＝＋－＠";

    /// <summary>The line, with its verdict where its text alone speaks against it.</summary>
    public static ImportLine Read(long jobId, RawLine raw)
    {
        string[] cells = [raw.ObjectId, raw.Mail, raw.Name, raw.AppUser, raw.Reason];
        var tidy = Array.ConvertAll(cells, Tidy);
        var fault = FaultOf(raw, cells, tidy);
        var shown = fault is null ? tidy : Array.ConvertAll(tidy, Show);
        return new ImportLine
        {
            JobId = jobId,
            Line = raw.Number,
            ObjectId = shown[0],
            Mail = shown[1],
            Name = shown[2],
            AppUser = shown[3],
            Reason = shown[4],
            Verdict = fault?.Verdict,
            Words = fault?.Words ?? "",
        };
    }

    /// <summary>The text for a cell of a file that we give out: no spreadsheet runs it.</summary>
    public static string Defuse(string text) => text.Length > 0 && FormulaSigns.Contains(text[0]) ? $"'{text}" : text;

    /// <summary>The text with everything made visible that hides, turns around or breaks what is written, and not too long to look at.</summary>
    public static string Show(string text)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes()) // half a surrogate pair comes as U+FFFD
        {
            if (shown.Length >= LongestShown)
            {
                return $"{shown}…";
            }

            shown.Append(IsHidden(rune) || Rune.IsControl(rune) ? Rune.ReplacementChar : rune);
        }

        return shown.ToString();
    }

    private static (LineVerdict Verdict, string Words)? FaultOf(RawLine raw, string[] cells, string[] tidy)
    {
        if (cells.Any(IsDamaged))
        {
            return (LineVerdict.BadEncoding, "Some of its bytes are no text in the file's encoding. Save the file as UTF-8, and look at the names.");
        }

        if (raw.Fault is not null)
        {
            return (LineVerdict.Invalid, raw.Fault);
        }

        if (cells.Concat(tidy).FirstOrDefault(cell => cell.Length > 1 && FormulaSigns.Contains(cell[0])) is { } formula) // a lone dash runs nothing
        {
            return (LineVerdict.Formula, $"“{Show(Tidy(formula))}” begins like a formula, which spreadsheets run. Write it without the first sign.");
        }

        if (tidy.FirstOrDefault(cell => cell.EnumerateRunes().Any(IsHidden)) is { } hidden)
        {
            return (LineVerdict.Invalid, $"“{Show(hidden)}” holds signs that cannot be seen.");
        }

        return InvalidityOf(tidy[0], tidy[1], tidy[2], tidy[3], tidy[4]) is { } words ? (LineVerdict.Invalid, words) : null;
    }

    private static string? InvalidityOf(string objectId, string mail, string name, string appUser, string reason) =>
        objectId.Length == 0 && mail.Length == 0 ? "It names nobody: neither an object ID nor a mail address."
        : objectId.Length > 0 && (!Guid.TryParseExact(objectId, "D", out var id) || id == Guid.Empty) ? $"“{Show(objectId)}” is no object ID."
        : mail.Length > 0 && !Mail().IsMatch(mail) ? $"“{Show(mail)}” is no mail address."
        : name.Length > LongestName ? $"The name is longer than {LongestName} characters."
        : reason.Length > LongestReason ? $"The reason is longer than {LongestReason} characters."
        : RoundedNumber().IsMatch(appUser) ? $"“{Show(appUser)}” is a Box ID that a spreadsheet has rounded. Format the column as text, and enter it again."
        : appUser.Length > 0 && !IsNew(appUser) && !BoxId().IsMatch(appUser) ? $"“{Show(appUser)}” is no Box ID, and not the word “new”."
        : null;

    /// <summary>Whether the cell asks for a new app user.</summary>
    public static bool IsNew(string appUser) => appUser.Equals("new", StringComparison.OrdinalIgnoreCase);

    /// <summary>Replaced bytes, halves of surrogate pairs, and controls that no keyboard makes.</summary>
    private static bool IsDamaged(string cell) => cell.EnumerateRunes().Any(rune =>
        rune == Rune.ReplacementChar || (Rune.IsControl(rune) && rune.Value is not ('\t' or '\r' or '\n')));

    /// <summary>Bidirectional overrides, zero-width spaces and the like; joiners belong to how some languages are written.</summary>
    private static bool IsHidden(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format && rune.Value is not (0x200c or 0x200d);

    private static string Tidy(string cell) => Spaces().Replace(cell, " ").Trim();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^[^@\s]{1,128}@[^@\s]{1,127}$")]
    private static partial Regex Mail();

    [GeneratedRegex(@"^[0-9]{1,20}$")]
    private static partial Regex BoxId();

    [GeneratedRegex(@"^[0-9][.,][0-9]+E\+?[0-9]+$", RegexOptions.IgnoreCase)]
    private static partial Regex RoundedNumber();
}
