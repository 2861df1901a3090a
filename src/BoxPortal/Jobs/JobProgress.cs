using BoxPortal.AppUsers;

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

    /// <summary>Adds up, for each job, how many of its changes have come to which stage.</summary>
    public static IReadOnlyDictionary<long, JobProgress> Of(IEnumerable<(long JobId, ChangeStage Stage, int Count)> counts) =>
        counts.GroupBy(count => count.JobId).ToDictionary(job => job.Key, job =>
        {
            int Of(ChangeStage stage) => job.SingleOrDefault(count => count.Stage == stage).Count;
            return new JobProgress(Of(ChangeStage.Done), Of(ChangeStage.Failed), Of(ChangeStage.Dropped), Of(ChangeStage.Asked));
        });
}
