using BoxPortal.AppUsers;
using BoxPortal.Jobs;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Imports;

/// <summary>A line as it is shown: what was said of it, and what came of it.</summary>
/// <param name="Line">The line of the file.</param>
/// <param name="Change">The change that the job shown made of it, if it did.</param>
public sealed record ImportRow(ImportLine Line, AppUserChange? Change)
{
    /// <summary>Some of the lines of a job, in their order.</summary>
    /// <param name="db">The database.</param>
    /// <param name="job">An import, or the undoing of one.</param>
    /// <param name="filter">Which of them.</param>
    /// <param name="skip">How many to leave out at first.</param>
    /// <param name="take">How many at most.</param>
    /// <param name="cancellationToken">Abandons the reading.</param>
    public static async Task<IReadOnlyList<ImportRow>> ReadAsync(PortalDb db, Job job, ImportFilter filter, int skip, int take, CancellationToken cancellationToken)
    {
        var lines = db.Set<ImportLine>().AsNoTracking().Where(line => line.JobId == (job.UndoesId ?? job.Id));
        var changes = db.Set<AppUserChange>().AsNoTracking().Where(change => change.JobId == job.Id);
        if (filter.Stage is not null || job.Kind == JobKind.Undo)
        {
            var page = await changes.Where(change => filter.Stage == null || change.Stage == filter.Stage)
                .OrderBy(change => change.Line).Skip(skip).Take(take).ToListAsync(cancellationToken);
            var numbers = page.Select(change => change.Line!.Value).ToArray();
            var theirs = await lines.Where(line => numbers.Contains(line.Line)).ToDictionaryAsync(line => line.Line, cancellationToken);
            return [.. page.Select(change => new ImportRow(theirs[change.Line!.Value], change))];
        }
        else
        {
            var page = await lines.Where(line => (filter.Verdict == null || line.Verdict == filter.Verdict) && (!filter.LeftAlone || !line.IsApplied))
                .OrderBy(line => line.Line).Skip(skip).Take(take).ToListAsync(cancellationToken);
            var numbers = page.Select(line => (int?)line.Line).ToArray();
            var theirs = await changes.Where(change => numbers.Contains(change.Line)).ToDictionaryAsync(change => change.Line!.Value, cancellationToken);
            return [.. page.Select(line => new ImportRow(line, theirs.GetValueOrDefault(line.Line)))];
        }
    }
}

/// <summary>Which lines are shown; its word stands in the address.</summary>
/// <param name="Verdict">Those of this verdict.</param>
/// <param name="Stage">Those whose change has come so far.</param>
/// <param name="LeftAlone">Those of which no change was made.</param>
public sealed record ImportFilter(LineVerdict? Verdict = null, ChangeStage? Stage = null, bool LeftAlone = false)
{
    private const string LeftAloneWord = "leftalone";

    /// <summary>All of them.</summary>
    public static ImportFilter All { get; } = new();

    /// <summary>As it stands in the address; <c>null</c> for all.</summary>
    public string? Word => LeftAlone ? LeftAloneWord : Verdict?.ToString().ToLowerInvariant() ?? Stage?.ToString().ToLowerInvariant();

    /// <summary>Reads what stands in an address. What is no filter filters nothing.</summary>
    public static ImportFilter Parse(string? word) => word switch
    {
        LeftAloneWord => new ImportFilter(LeftAlone: true),
        _ when Enum.TryParse<LineVerdict>(word, ignoreCase: true, out var verdict) && Enum.IsDefined(verdict) => new ImportFilter(verdict),
        _ when Enum.TryParse<ChangeStage>(word, ignoreCase: true, out var stage) && Enum.IsDefined(stage) => new ImportFilter(Stage: stage),
        _ => All,
    };
}
