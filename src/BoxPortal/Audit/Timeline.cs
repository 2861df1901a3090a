using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Audit;

/// <summary>Which part of somebody's timeline to show.</summary>
public enum TimelineView
{
    /// <summary>All of it.</summary>
    Everything,

    /// <summary>What changed, or was to change, in how they stand.</summary>
    Changes,

    /// <summary>When they signed in, and how each session ended.</summary>
    SignIns,

    /// <summary>Tokens made and refused.</summary>
    Tokens,
}

/// <summary>Everything that the record has of one employee, newest first; entries that repeat each other are one line.</summary>
public sealed class Timeline(IDbContextFactory<PortalDb> databases)
{
    /// <summary>How many lines <see cref="ReadAsync"/> gives at most.</summary>
    public const int LinesOnPage = 30;

    private const int Chunk = 200;

    /// <summary>However many entries repeat each other, one page reads no more.</summary>
    private const int MostRead = 4000;

    /// <summary>One page of it.</summary>
    /// <param name="employee">Whose.</param>
    /// <param name="view">Which part.</param>
    /// <param name="before">The entry to read on before, from <see cref="TimelinePage.Older"/>; <c>null</c> for the newest.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public async Task<TimelinePage> ReadAsync(EmployeeId employee, TimelineView view, long? before, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        List<TimelineLine> lines = [];
        var from = before ?? long.MaxValue;
        for (var read = 0; read < MostRead; read += Chunk)
        {
            var entries = await Entries(db, employee, view).Where(entry => entry.Id < from)
                .OrderByDescending(entry => entry.Id).Take(Chunk).ToListAsync(cancellationToken);
            foreach (var entry in entries)
            {
                if (lines.Count == 0 || !lines[^1].TryAdd(entry))
                {
                    if (lines.Count == LinesOnPage)
                    {
                        return new TimelinePage(lines, from);
                    }

                    lines.Add(new TimelineLine(entry));
                }

                from = entry.Id;
            }

            if (entries.Count < Chunk)
            {
                return new TimelinePage(lines, null);
            }
        }

        return new TimelinePage(lines, from);
    }

    private static IQueryable<AuditEntry> Entries(PortalDb db, EmployeeId employee, TimelineView view)
    {
        var entries = db.Set<AuditEntry>().AsNoTracking().Where(entry => entry.TenantId == employee.TenantId && entry.ObjectId == employee.ObjectId);
        return view switch
        {
            TimelineView.Changes => entries.Where(entry => entry.Kind != AuditKind.SignedIn && entry.Kind != AuditKind.SignedOut && entry.Kind != AuditKind.TokenMinted
                && entry.Kind != AuditKind.TokenRefused && entry.Kind != AuditKind.Proved && entry.Kind != AuditKind.Exported && entry.Kind != AuditKind.AccessExplained),
            TimelineView.SignIns => entries.Where(entry => entry.Kind == AuditKind.SignedIn || entry.Kind == AuditKind.SignedOut),
            TimelineView.Tokens => entries.Where(entry => entry.Kind == AuditKind.TokenMinted || entry.Kind == AuditKind.TokenRefused),
            _ => entries,
        };
    }
}

/// <summary>A page of somebody's timeline.</summary>
/// <param name="Lines">Newest first.</param>
/// <param name="Older">Where the next page begins; <c>null</c> at the end.</param>
public sealed record TimelinePage(IReadOnlyList<TimelineLine> Lines, long? Older);

/// <summary>One entry, or several of a kind that came one after the other.</summary>
public sealed class TimelineLine(AuditEntry newest)
{
    /// <summary>Of how many entries the traces are kept.</summary>
    public const int MostShown = 10;

    private readonly List<AuditEntry> _shown = [newest];

    /// <summary>The last of them.</summary>
    public AuditEntry Newest => newest;

    /// <summary>When the first of them was.</summary>
    public DateTimeOffset Since { get; private set; } = newest.At;

    /// <summary>How many there are.</summary>
    public int Count { get; private set; } = 1;

    /// <summary>The newest of them, <see cref="MostShown"/> at most.</summary>
    public IReadOnlyList<AuditEntry> Shown => _shown;

    /// <summary>Takes in the entry before, where it says nothing new.</summary>
    internal bool TryAdd(AuditEntry older)
    {
        if (!IsRoutine(older) || older.Kind != newest.Kind || older.AppUserId != newest.AppUserId
            || (older.Kind is AuditKind.TokenRefused or AuditKind.SignedOut && older.Detail != newest.Detail))
        {
            return false;
        }

        Count++;
        Since = older.At;
        if (_shown.Count < MostShown)
        {
            _shown.Add(older);
        }

        return true;
    }

    private static bool IsRoutine(AuditEntry entry) => entry.Kind is AuditKind.SignedIn or AuditKind.SignedOut or AuditKind.TokenMinted or AuditKind.TokenRefused;
}
