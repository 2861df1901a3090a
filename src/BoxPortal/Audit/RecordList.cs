using System.Globalization;
using BoxPortal.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Audit;

/// <summary>Which part of the record is listed: everything that stands in the list's address.</summary>
/// <param name="Search">A reference, app user, token fingerprint or Box request ID, or any part of a name or sign-in name.</param>
/// <param name="Kind">What happened.</param>
/// <param name="From">The first day, as UTC counts days.</param>
/// <param name="Until">The last day.</param>
public sealed record RecordList(string? Search, AuditKind? Kind, DateOnly? From, DateOnly? Until)
{
    private const string Day = "yyyy-MM-dd";

    /// <summary>Reads what an address says. What it cannot mean, it does not say.</summary>
    public static RecordList Parse(string? search, string? kind, string? from, string? until) => new(
        string.IsNullOrWhiteSpace(search) ? null : search.Trim(),
        Enum.GetValues<AuditKind>().Cast<AuditKind?>().FirstOrDefault(known => Word(known).Equals(kind, StringComparison.OrdinalIgnoreCase)),
        DayOf(from),
        DayOf(until));

    /// <summary>The part of the address after the question mark, without the page.</summary>
    public string Query => QueryHelpers.AddQueryString("", new Dictionary<string, string?>
    {
        ["q"] = Search,
        ["kind"] = Kind is null ? null : Word(Kind),
        ["from"] = WordOf(From),
        ["until"] = WordOf(Until),
    });

    /// <summary>What it is a list of, in words for the record.</summary>
    public string Words => string.Join(", ", ((string?[])
    [
        Search is null ? this == new RecordList(null, null, null, null) ? "The whole record" : "The record" : $"The record of “{Search}”",
        Kind is { } kind ? $"only “{kind.Words()}”" : null,
        From is null ? null : $"from {WordOf(From)}",
        Until is null ? null : $"until {WordOf(Until)}",
    ]).OfType<string>()) + ".";

    /// <summary>A kind's word in the address.</summary>
    public static string Word(AuditKind? kind) => $"{kind}".ToLowerInvariant();

    /// <summary>A day's word in the address, which is what a browser's field for dates takes.</summary>
    public static string? WordOf(DateOnly? day) => day?.ToString(Day, CultureInfo.InvariantCulture);

    /// <summary>The list itself, newest first.</summary>
    public IQueryable<AuditEntry> Of(PortalDb db)
    {
        var entries = db.Set<AuditEntry>().AsNoTracking();
        if (Search is { } text)
        {
            var pattern = $"%{LikeEscape.Escape(text)}%";
            entries = entries.Where(entry => entry.Reference == text || entry.AppUserId == text || entry.TokenFingerprint == text || entry.BoxRequestId == text
                || EF.Functions.Like(entry.Name, pattern, LikeEscape.Character) || EF.Functions.Like(entry.Actor, pattern, LikeEscape.Character));
        }

        entries = Kind is { } kind ? entries.Where(entry => entry.Kind == kind) : entries;
        if (From is { } first)
        {
            var since = BeginOf(first);
            entries = entries.Where(entry => entry.At >= since);
        }

        if (Until is { } last && last < DateOnly.MaxValue)
        {
            var before = BeginOf(last.AddDays(1));
            entries = entries.Where(entry => entry.At < before);
        }

        return entries.OrderByDescending(entry => entry.At).ThenByDescending(entry => entry.Id);
    }

    private static DateOnly? DayOf(string? word) => DateOnly.TryParseExact(word, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static DateTimeOffset BeginOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);
}
