using BoxPortal.AppUsers;
using BoxPortal.Jobs;
using BoxPortal.Shell;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace BoxPortal.Imports;

/// <summary>One import, or the undoing of one, as it stands at one moment.</summary>
/// <param name="Job">The job.</param>
/// <param name="Import">Where its lines came from; <c>null</c> for an undoing.</param>
/// <param name="Progress">How many changes have come how far.</param>
/// <param name="Verdicts">How many lines have which verdict.</param>
/// <param name="UndoneBy">The job that takes it back, if one does.</param>
/// <param name="LeftAsTheyAre">Names of those whom an undoing could not take back.</param>
public sealed record ImportView(
    Job Job, Import? Import, JobProgress Progress, IReadOnlyDictionary<LineVerdict, int> Verdicts, long? UndoneBy, IReadOnlyList<string> LeftAsTheyAre)
{
    /// <summary>How many lines there are to see.</summary>
    public int Lines => Import?.Lines ?? Job.Total;

    /// <summary>How many of them are checked.</summary>
    public int Checked => Verdicts.Values.Sum();

    /// <summary>Whether some of them are not.</summary>
    public bool IsChecking => Import is { CheckedAt: null };

    /// <summary>Lines of which no change was made.</summary>
    public int LeftAlone => Job.StartedAt is null ? 0 : Lines - Job.Total;

    /// <summary>Whether it has done something that nobody has taken back.</summary>
    public bool IsUndoable => Job is { Kind: JobKind.Import, EndedAt: not null } && Progress.Done > 0 && UndoneBy is null;

    /// <summary>What people call the job.</summary>
    internal static string NameOf(Job job, IStringLocalizer<ImportsText> text) => text[job.Kind == JobKind.Undo ? "Name.Undo" : "Name.Import", job.Title];

    /// <summary>Reads it; <c>null</c> where there is no such job.</summary>
    public static async Task<ImportView?> ReadAsync(PortalDb db, long jobId, CancellationToken cancellationToken)
    {
        if (await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(job => job.Id == jobId, cancellationToken) is not { } job)
        {
            return null;
        }

        var verdicts = await db.Set<ImportLine>().Where(line => line.JobId == jobId && line.Verdict != null).GroupBy(line => line.Verdict)
            .Select(group => new { Verdict = group.Key, Count = group.Count() }).ToListAsync(cancellationToken);
        var failed = db.Set<AppUserChange>().Where(change => job.UndoesId != null && change.JobId == jobId && change.Stage == ChangeStage.Failed);
        return new ImportView(
            job,
            await db.Set<Import>().AsNoTracking().SingleOrDefaultAsync(import => import.JobId == jobId, cancellationToken),
            (await AppUserWork.CountChangesAsync(db, [jobId], cancellationToken)).GetValueOrDefault(jobId) ?? JobProgress.None,
            verdicts.ToDictionary(verdict => verdict.Verdict!.Value, verdict => verdict.Count),
            await db.Set<Job>().Where(other => other.UndoesId == jobId && other.Stage != JobStage.Cancelled).Select(other => (long?)other.Id).FirstOrDefaultAsync(cancellationToken),
            await db.Set<ImportLine>().Where(line => line.JobId == job.UndoesId && failed.Any(change => change.Line == line.Line)).Select(line => line.PersonName!).ToListAsync(cancellationToken));
    }

    /// <summary>How many lines have this verdict.</summary>
    public int Of(LineVerdict verdict) => Verdicts.GetValueOrDefault(verdict);

    /// <summary>How many lines confirming would make changes of.</summary>
    public int Applied(bool alsoRemap) => ImportDrafts.Applied(alsoRemap).Sum(Of);

    /// <summary>How many lines the filter lets through.</summary>
    public int CountOf(ImportFilter filter) => filter switch
    {
        { LeftAlone: true } => LeftAlone,
        { Verdict: { } verdict } => Of(verdict),
        { Stage: { } stage } => stage switch
        {
            ChangeStage.Done => Progress.Done,
            ChangeStage.Failed => Progress.Failed,
            ChangeStage.Dropped => Progress.Dropped,
            _ => Progress.Left,
        },
        _ => Lines,
    };

    /// <summary>The filters that fit how it stands, in words.</summary>
    internal IEnumerable<(ImportFilter Filter, string Word)> Filters(IStringLocalizer<ImportsText> text, IStringLocalizer<JobsText> jobs) => Job.StartedAt is null
        ? Enum.GetValues<LineVerdict>().Select(verdict => (new ImportFilter(verdict), text[VerdictChip.Word(verdict)].Value))
        : [.. Enum.GetValues<ChangeStage>().Select(stage => (new ImportFilter(Stage: stage), jobs[OutcomeChip.Word(stage)].Value)), (new ImportFilter(LeftAlone: true), text["LeftAlone"])];

    /// <summary>What applying means, for the people it is about.</summary>
    internal string Consequence(bool alsoRemap, IStringLocalizer<ImportsText> text)
    {
        var changed = alsoRemap ? Of(LineVerdict.Change) : 0;
        string[] parts =
        [
            .. Part("Consequence.Map", Of(LineVerdict.Map)),
            .. Part("Consequence.Create", Of(LineVerdict.Create)),
            .. Part("Consequence.Change", changed),
        ];
        return parts.Length == 0
            ? text["Consequence.Nothing"]
            : text[changed > 0 ? "Consequence.NobodyElseLoses" : "Consequence.NobodyLoses", string.Join(text["Consequence.Separator"], parts)];

        string[] Part(string key, int count) => count == 0 ? [] : [text.Counted(key, count)];
    }
}
