using BoxPortal.AppUsers;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Jobs;

/// <summary>Jobs made of <see cref="AppUserChange"/>s.</summary>
internal sealed class AppUserWork(AppUserChanges changes) : IJobWork
{
    /// <inheritdoc />
    public bool IsOf(JobKind kind) => kind is JobKind.Import or JobKind.Undo;

    /// <inheritdoc />
    public Task<long?> NextAsync(PortalDb db, Job job)
    {
        var open = db.Set<AppUserChange>().Where(change => change.JobId == job.Id && change.Stage == ChangeStage.Asked);
        if (job.Stage == JobStage.Cancelled)
        {
            open = open.Where(change => change.VersionAfter != null || change.MakesAppUser);
        }

        // What came last is taken back first.
        var inOrder = job.Kind == JobKind.Undo ? open.OrderByDescending(change => change.Line) : open.OrderBy(change => change.Line);
        return inOrder.Select(change => (long?)change.Id).FirstOrDefaultAsync();
    }

    /// <inheritdoc />
    public async Task<JobStepOutcome> CarryOutAsync(long changeId) => await changes.CarryOutAsync(changeId) switch
    {
        MappingResult.BoxRefused { GoesOn: true, Refusal: var refusal } => new JobStepOutcome.Waits(refusal),
        MappingResult.NotAllowed => new JobStepOutcome.NotAllowed(),
        _ => new JobStepOutcome.Ended(),
    };

    /// <inheritdoc />
    public Task DropAsync(PortalDb db, Job job, string outcome, DateTimeOffset at) =>
        db.Set<AppUserChange>().Where(change => change.JobId == job.Id && change.Stage == ChangeStage.Asked)
            .ExecuteUpdateAsync(set => set
                .SetProperty(change => change.Stage, ChangeStage.Dropped)
                .SetProperty(change => change.Outcome, outcome)
                .SetProperty(change => change.EndedAt, at));

    /// <inheritdoc />
    public Task<IReadOnlyDictionary<long, JobProgress>> CountAsync(PortalDb db, IReadOnlyCollection<long> jobIds, CancellationToken cancellationToken) =>
        CountChangesAsync(db, jobIds, cancellationToken);

    /// <summary>As <see cref="IJobWork.CountAsync"/>.</summary>
    internal static async Task<IReadOnlyDictionary<long, JobProgress>> CountChangesAsync(PortalDb db, IReadOnlyCollection<long> jobIds, CancellationToken cancellationToken)
    {
        var counts = await db.Set<AppUserChange>()
            .Where(change => change.JobId != null && jobIds.Contains(change.JobId.Value))
            .GroupBy(change => new { change.JobId, change.Stage })
            .Select(group => new { group.Key.JobId, group.Key.Stage, Count = group.Count() })
            .ToListAsync(cancellationToken);
        return JobProgress.Of(counts.Select(count => (count.JobId!.Value, count.Stage, count.Count)));
    }
}
