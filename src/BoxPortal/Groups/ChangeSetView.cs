using BoxPortal.AppUsers;
using BoxPortal.Jobs;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>A change set as its page shows it.</summary>
/// <param name="Job">The job that it is.</param>
/// <param name="Set">What else is known of it.</param>
/// <param name="Progress">How far it has come.</param>
/// <param name="UndoneBy">The change set that takes it back, if there is one.</param>
/// <param name="HasChanged">Whether it has changed anything.</param>
/// <param name="TakesAway">Whether it takes anything from anybody.</param>
/// <param name="WhyNothing">Why nothing of it was done, where it has ended so; a few reasons, each once.</param>
/// <param name="IsOvertaken">Whether later change sets have changed its groups since it ended.</param>
public sealed record ChangeSetView(Job Job, ChangeSet Set, JobProgress Progress, long? UndoneBy, bool HasChanged, bool TakesAway, IReadOnlyList<string> WhyNothing, bool IsOvertaken)
{
    private const int MostReasons = 5;

    /// <summary>How many of its changes stand so.</summary>
    public int CountOf(ChangeStage stage) => stage switch
    {
        ChangeStage.Asked => Progress.Left,
        ChangeStage.Done => Progress.Done,
        ChangeStage.Failed => Progress.Failed,
        _ => Progress.Dropped,
    };

    /// <summary>Whether it can be taken back.</summary>
    public bool IsUndoable(DateTimeOffset now) => HasChanged && UndoneBy is null && Job.EndedAt is { } endedAt && now - endedAt <= ChangeSets.UndoableFor;

    /// <summary>What was found at its end; <c>null</c> where it was not compared.</summary>
    public Comparison? Comparison => Set.ComparedAt is { } at ? new Comparison(Lines(Set.NotCome), Lines(Set.NotForetold), at) : null;

    /// <summary>Whether it is still to be told what it means: before it begins.</summary>
    public bool IsToForetell => Job.Stage is JobStage.Draft or JobStage.ToApprove;

    /// <summary>Reads it.</summary>
    /// <returns><c>null</c> where there is none of that number.</returns>
    public static async Task<ChangeSetView?> ReadAsync(PortalDb db, long jobId, CancellationToken cancellationToken)
    {
        if (await db.Set<ChangeSet>().AsNoTracking().SingleOrDefaultAsync(set => set.JobId == jobId, cancellationToken) is not { } set)
        {
            return null;
        }

        var job = await db.Set<Job>().AsNoTracking().SingleAsync(job => job.Id == jobId, cancellationToken);
        var progress = await GroupChanges.CountChangesAsync(db, [jobId], cancellationToken);
        var undoneBy = await db.Set<Job>().Where(undo => undo.UndoesId == jobId && undo.Stage != JobStage.Cancelled).Select(undo => (long?)undo.Id)
            .OrderBy(id => id).FirstOrDefaultAsync(cancellationToken);
        var reached = progress.GetValueOrDefault(jobId) ?? JobProgress.None;
        var changes = db.Set<GroupChange>().Where(change => change.JobId == jobId);
        return new ChangeSetView(
            job,
            set,
            reached,
            undoneBy,
            await changes.AnyAsync(change => change.HasChanged, cancellationToken),
            await changes.AnyAsync(change => change.Act == GroupAct.RemoveMember || change.Act == GroupAct.RemoveFolder || change.Act == GroupAct.DeleteGroup, cancellationToken),
            job.EndedAt is not null && reached.Done == 0
                ? await changes.Select(change => change.Outcome).Where(outcome => outcome != "").Distinct().Take(MostReasons).ToListAsync(cancellationToken)
                : [],
            job.EndedAt is { } endedAt && await db.Set<GroupChange>().AnyAsync(later => later.JobId != jobId && later.HasChanged && later.EndedAt > endedAt
                && changes.Any(change => change.GroupId == later.GroupId), cancellationToken));
    }

    private static string[] Lines(string? lines) => lines?.Split('\n', StringSplitOptions.RemoveEmptyEntries) ?? [];
}

/// <summary>A change of a change set.</summary>
/// <param name="Change">It.</param>
/// <param name="Directory">The rule of the directory by which the membership that it ends is there, in words; <c>null</c> where by none.</param>
public sealed record ChangeRow(GroupChange Change, string? Directory)
{
    /// <summary>Some of them, in their order.</summary>
    public static async Task<IReadOnlyList<ChangeRow>> ReadAsync(
        PortalDb db, IDirectoryRules rules, Job job, ChangeStage? stage, int skip, int take, CancellationToken cancellationToken)
    {
        var changes = await db.Set<GroupChange>().AsNoTracking().Where(change => change.JobId == job.Id && (stage == null || change.Stage == stage))
            .OrderBy(change => change.Number).Skip(skip).Take(take).ToListAsync(cancellationToken);
        var removed = changes.Where(change => change is { Act: GroupAct.RemoveMember, Stage: ChangeStage.Asked } && job.Kind == JobKind.Groups).ToList();
        var members = removed.Select(change => change.AppUserId).ToArray();
        var groups = removed.Select(change => change.GroupId).Distinct().ToArray();
        var sources = removed.Count == 0 ? [] : await db.Set<MembershipSource>().AsNoTracking()
            .Where(source => groups.Contains(source.GroupId) && members.Contains(source.AppUserId) && source.Source.StartsWith(MembershipSource.DirectoryPrefix))
            .ToListAsync(cancellationToken);
        var words = sources.Count == 0 ? new Dictionary<string, string>() : await rules.WordsAsync(db, cancellationToken);
        return
        [
            .. changes.Select(change => new ChangeRow(change, removed.Contains(change)
                && sources.FirstOrDefault(source => source.GroupId == change.GroupId && source.AppUserId == change.AppUserId) is { Source: var source }
                    ? words.GetValueOrDefault(source, "a rule that is gone")
                    : null)),
        ];
    }
}
