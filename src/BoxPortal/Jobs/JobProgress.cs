using BoxPortal.AppUsers;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Jobs;

/// <summary>How many of a job's changes have come how far.</summary>
/// <param name="Done">Done.</param>
/// <param name="Failed">Not done, each with its reason.</param>
/// <param name="Dropped">Not begun when the job was cancelled.</param>
/// <param name="Left">Still to come.</param>
public sealed record JobProgress(int Done, int Failed, int Dropped, int Left)
{
    /// <summary>Of a job that has no changes.</summary>
    public static JobProgress None { get; } = new(0, 0, 0, 0);

    /// <summary>Those that have come to an end by being worked on.</summary>
    public int Ended => Done + Failed;

    /// <summary>Counts, for each of <paramref name="jobIds"/> that has changes.</summary>
    public static async Task<IReadOnlyDictionary<long, JobProgress>> CountAsync(PortalDb db, IReadOnlyCollection<long> jobIds, CancellationToken cancellationToken)
    {
        var counts = await db.Set<AppUserChange>()
            .Where(change => change.JobId != null && jobIds.Contains(change.JobId.Value))
            .GroupBy(change => new { change.JobId, change.Stage })
            .Select(group => new { group.Key.JobId, group.Key.Stage, Count = group.Count() })
            .ToListAsync(cancellationToken);
        return counts.GroupBy(count => count.JobId!.Value).ToDictionary(job => job.Key, job =>
        {
            int Of(ChangeStage stage) => job.SingleOrDefault(count => count.Stage == stage)?.Count ?? 0;
            return new JobProgress(Of(ChangeStage.Done), Of(ChangeStage.Failed), Of(ChangeStage.Dropped), Of(ChangeStage.Asked));
        });
    }
}
