using BoxPortal.Box;
using BoxPortal.Storage;

namespace BoxPortal.Jobs;

/// <summary>What jobs of some kinds are made of: changes that were written down when the job was made, done one at a time.</summary>
public interface IJobWork
{
    /// <summary>Whether jobs of this kind are made of it.</summary>
    bool IsOf(JobKind kind);

    /// <summary>The change to be done now; <c>null</c> if none is left. Of a cancelled job, only those begun are.</summary>
    Task<long?> NextAsync(PortalDb db, Job job);

    /// <summary>Does a change, or what is left of it. Safe to repeat. Not to be cancelled in the middle.</summary>
    Task<JobStepOutcome> CarryOutAsync(long changeId);

    /// <summary>What else is to be said of a job whose changes are all through, just before it ends. Safe to repeat.</summary>
    Task ConcludeAsync(Job job, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Drops what was not begun.</summary>
    Task DropAsync(PortalDb db, Job job, string outcome, DateTimeOffset at);

    /// <summary>How far jobs have come; one that has no changes is missing.</summary>
    Task<IReadOnlyDictionary<long, JobProgress>> CountAsync(PortalDb db, IReadOnlyCollection<long> jobIds, CancellationToken cancellationToken);
}

/// <summary>What came of one change of a job.</summary>
public abstract record JobStepOutcome
{
    private JobStepOutcome() { }

    /// <summary>It has come to an end, good or bad.</summary>
    public sealed record Ended : JobStepOutcome;

    /// <summary>Box did not say whether it is done: the same change comes again, later.</summary>
    public sealed record Waits(BoxApiException Refusal) : JobStepOutcome;

    /// <summary>Whoever confirmed the job may not do it any more.</summary>
    public sealed record NotAllowed : JobStepOutcome;
}
