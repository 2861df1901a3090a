using System.Net;
using System.Text.Json;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Jobs;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>
/// Does what change sets ask of groups: one call to Box for each change, none where Box has nothing to do, and before the first change
/// to a group's members one reading of who is in it. Each is marked as begun before its call, and recorded in the transaction that
/// says that it is done: a portal that dies in between does it again, and what Box then finds done is this change's doing.
/// </summary>
internal sealed partial class GroupChanges(
    IDbContextFactory<PortalDb> databases,
    BoxGroups groups,
    BoxGroupMemberships memberships,
    BoxCollaborations collaborations,
    GroupRights rights,
    KeptGroups kept,
    IDirectoryRules rules,
    Rehearsals rehearsals,
    AccessChanges accessChanges,
    AuditTrail audit,
    TimeProvider clock,
    ILogger<GroupChanges> logger) : IJobWork
{
    /// <inheritdoc />
    public bool IsOf(JobKind kind) => kind is JobKind.Groups or JobKind.Sync;

    /// <inheritdoc />
    public Task<long?> NextAsync(PortalDb db, Job job) =>
        db.Set<GroupChange>()
            .Where(change => change.JobId == job.Id && change.Stage == ChangeStage.Asked && (job.Stage != JobStage.Cancelled || change.IsBegun))
            .OrderBy(change => change.Number).Select(change => (long?)change.Id).FirstOrDefaultAsync();

    /// <inheritdoc />
    public async Task<JobStepOutcome> CarryOutAsync(long changeId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var change = await db.Set<GroupChange>().SingleAsync(change => change.Id == changeId);
        if (change.Stage != ChangeStage.Asked)
        {
            return new JobStepOutcome.Ended();
        }

        var job = await db.Set<Job>().AsNoTracking().SingleAsync(job => job.Id == change.JobId);
        var work = new Work(db, change, job);
        Result result;
        try
        {
            // What was begun may be done: it is brought to its end, whoever has lost which right meanwhile.
            switch (change.IsBegun ? new CarryingOut.Allowed() : await rights.MayCarryOutAsync(db, job, change, CancellationToken.None))
            {
                case CarryingOut.NotAllowed:
                    return new JobStepOutcome.NotAllowed();
                case CarryingOut.Refused(var words):
                    result = Result.Not(words);
                    break;
                default:
                    result = await DoAsync(work);
                    break;
            }
        }
        catch (BoxApiException refusal) when (refusal.IsTransient)
        {
            Log.Unfinished(logger, changeId, refusal.Message);
            return new JobStepOutcome.Waits(refusal);
        }
        catch (BoxApiException refusal)
        {
            result = new Result(IsDone: false, HasChanged: false, "Box refused it.") { Refusal = refusal };
        }

        await EndAsync(work, result);
        return new JobStepOutcome.Ended();
    }

    /// <inheritdoc />
    /// <remarks>Now or never: what others change later is no outcome of this change set. Where Box does not answer, it stays uncompared.</remarks>
    public async Task ConcludeAsync(Job job, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var set = await db.Set<ChangeSet>().SingleAsync(set => set.JobId == job.Id, cancellationToken);
        if (string.IsNullOrEmpty(set.Rehearsed) || !await db.Set<GroupChange>().AnyAsync(change => change.JobId == job.Id && change.HasChanged, cancellationToken))
        {
            return;
        }

        try
        {
            var comparison = await rehearsals.CompareAsync(job.Id, set.Rehearsed, cancellationToken);
            (set.ComparedAt, set.NotCome, set.NotForetold) = (comparison.At, string.Join('\n', comparison.NotCome), string.Join('\n', comparison.NotForetold));
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (BoxApiException refusal)
        {
            Log.NotCompared(logger, job.Id, refusal.Message);
        }
    }

    /// <inheritdoc />
    public Task DropAsync(PortalDb db, Job job, string outcome, DateTimeOffset at) =>
        db.Set<GroupChange>().Where(change => change.JobId == job.Id && change.Stage == ChangeStage.Asked)
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
        var counts = await db.Set<GroupChange>().Where(change => jobIds.Contains(change.JobId))
            .GroupBy(change => new { change.JobId, change.Stage })
            .Select(group => new { group.Key.JobId, group.Key.Stage, Count = group.Count() })
            .ToListAsync(cancellationToken);
        return JobProgress.Of(counts.Select(count => (count.JobId, count.Stage, count.Count)));
    }

    private async Task<Result> DoAsync(Work work)
    {
        var (db, change, _) = work;
        if (change.GroupId.Length == 0 && change.Act != GroupAct.CreateGroup)
        {
            // The group that the same change set has made before.
            var made = await db.Set<GroupChange>().AsNoTracking()
                .FirstOrDefaultAsync(other => other.JobId == change.JobId && other.Act == GroupAct.CreateGroup && other.Stage == ChangeStage.Done);
            if (made is null)
            {
                return Result.Not($"The group {change.GroupName} was not made.");
            }

            change.GroupId = made.GroupId;
        }

        var wasBegun = change.IsBegun;
        if (change.AppUserId is not null && !wasBegun)
        {
            await kept.KeepAsync(change.GroupId, CancellationToken.None);
        }

        return change.Act switch
        {
            GroupAct.CreateGroup => await CreateGroupAsync(work),
            GroupAct.DescribeGroup => await DescribeGroupAsync(work),
            GroupAct.DeleteGroup => await DeleteGroupAsync(work, wasBegun),
            GroupAct.AddMember => await AddMemberAsync(work, wasBegun),
            GroupAct.ChangeMemberRole => await ChangeMemberRoleAsync(work),
            GroupAct.RemoveMember => await RemoveMemberAsync(work, wasBegun),
            GroupAct.AddFolder => await AddFolderAsync(work, wasBegun),
            GroupAct.ChangeFolderRole => await ChangeFolderRoleAsync(work),
            _ => await RemoveFolderAsync(work, wasBegun),
        };
    }

    private async Task<Result> CreateGroupAsync(Work work)
    {
        var change = work.Change;
        var mark = $"boxportal-{change.JobId}-{change.Number}"; // by which it is known again if the answer is lost
        await BeginAsync(work);
        try
        {
            var made = await groups.CreateAsync(
                new BoxGroupChanges { Name = change.Name, Description = change.Description, ExternalSyncIdentifier = mark }, CancellationToken.None);
            change.GroupId = made.Id;
            return Result.Done("Made.");
        }
        catch (BoxApiException taken) when (taken.Status == HttpStatusCode.Conflict)
        {
            await foreach (var group in groups.ListAsync(change.Name, CancellationToken.None))
            {
                if (group.ExternalSyncIdentifier == mark)
                {
                    change.GroupId = group.Id;
                    return Result.Done("Made.");
                }
            }

            return Result.Not(GroupsOfBox.NameIsTaken(change.Name!).ToString(), taken);
        }
    }

    private async Task<Result> DescribeGroupAsync(Work work)
    {
        var change = work.Change;
        if (change.Former is null)
        {
            var before = await groups.GetAsync(change.GroupId, CancellationToken.None);
            change.Former = JsonSerializer.Serialize(new FormerGroup(before.Name, before.Description, [], []));
        }

        await BeginAsync(work);
        try
        {
            await groups.UpdateAsync(change.GroupId, new BoxGroupChanges { Name = change.Name, Description = change.Description }, CancellationToken.None);
            return Result.Done("Changed.");
        }
        catch (BoxApiException taken) when (taken.Status == HttpStatusCode.Conflict && change.Name is not null)
        {
            return Result.Not(GroupsOfBox.NameIsTaken(change.Name).ToString(), taken);
        }
    }

    private async Task<Result> DeleteGroupAsync(Work work, bool wasBegun)
    {
        var (db, change, _) = work;
        try
        {
            if (!wasBegun)
            {
                var group = await groups.GetAsync(change.GroupId, CancellationToken.None);
                List<FormerMember> members = [];
                await foreach (var membership in groups.ListMembershipsAsync(change.GroupId, CancellationToken.None))
                {
                    members.Add(new FormerMember(membership.User.Id, membership.User.Name ?? membership.User.Id, membership.Role));
                }

                List<FormerFolder> folders = [];
                await foreach (var collaboration in groups.ListCollaborationsAsync(change.GroupId, CancellationToken.None))
                {
                    if (collaboration.Item is { Type: "folder" } folder)
                    {
                        folders.Add(new FormerFolder(folder.Id, folder.Name ?? folder.Id, collaboration.Role));
                    }
                }

                change.Former = JsonSerializer.Serialize(new FormerGroup(group.Name, group.Description, members, folders));
            }

            await BeginAsync(work);
            await groups.DeleteAsync(change.GroupId, CancellationToken.None);
        }
        catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            if (!wasBegun)
            {
                return Result.Already("It was gone already.");
            }
        }

        await db.Set<MembershipSource>().Where(source => source.GroupId == change.GroupId).ExecuteDeleteAsync();
        await db.Set<KeptGroup>().Where(group => group.GroupId == change.GroupId).ExecuteDeleteAsync();
        await db.Set<KeptFolder>().Where(folder => folder.GroupId == change.GroupId).ExecuteDeleteAsync();
        return Result.Done("Deleted.");
    }

    private async Task<Result> AddMemberAsync(Work work, bool wasBegun)
    {
        var change = work.Change;
        if (change.FormerMemberRole is not null)
        {
            await AddSourcesAsync(work); // in it already; from now on for this reason, too
            return Result.Already("In the group already; from now on for this reason, too.");
        }

        await BeginAsync(work);
        try
        {
            change.BoxId = (await memberships.CreateAsync(change.AppUserId!, change.GroupId, change.MemberRole ?? GroupRole.Member, CancellationToken.None)).Id;
        }
        catch (BoxApiException there) when (there.Status == HttpStatusCode.Conflict)
        {
            if (!wasBegun)
            {
                await AddSourcesAsync(work, wasThere: true);
                return Result.Already("In the group already; from now on for this reason, too.");
            }
        }

        await AddSourcesAsync(work);
        return Result.Done("Added.");
    }

    private async Task<Result> ChangeMemberRoleAsync(Work work)
    {
        var change = work.Change;
        change.BoxId ??= await FindMembershipAsync(change);
        if (change.BoxId is null)
        {
            return Result.Not($"{change.MemberName} is not in {change.GroupName} any more.");
        }

        await BeginAsync(work);
        await memberships.UpdateRoleAsync(change.BoxId, change.MemberRole!.Value, CancellationToken.None);
        return Result.Done("Changed.");
    }

    private async Task<Result> RemoveMemberAsync(Work work, bool wasBegun)
    {
        var (db, change, _) = work;
        var sources = await db.Set<MembershipSource>().Where(source => source.GroupId == change.GroupId && source.AppUserId == change.AppUserId).ToListAsync();
        change.FormerSources = string.Join(',', sources.Select(source => source.Source));
        // An administrator takes somebody out for good; a rule of the sync takes back only what it gave.
        var taken = change.Source.StartsWith(MembershipSource.DirectoryPrefix, StringComparison.Ordinal)
            ? [.. sources.Where(source => source.Source == change.Source)]
            : sources;
        if (taken.Count < sources.Count)
        {
            db.RemoveRange(taken);
            var words = await rules.WordsAsync(db, CancellationToken.None);
            return Result.Already($"Stays in the group: also {string.Join(" and ", sources.Except(taken).Select(source => GroupWords.OfSource(source.Source, words)))}.");
        }

        await BeginAsync(work);
        change.BoxId ??= await FindMembershipAsync(change);
        var isGone = change.BoxId is null;
        if (!isGone)
        {
            try
            {
                await memberships.DeleteAsync(change.BoxId!, CancellationToken.None);
            }
            catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
            {
                isGone = true;
                // Somebody may have taken them out and put them in again: that is another membership.
                if (!wasBegun && await FindMembershipAsync(change) is { } other && other != change.BoxId)
                {
                    change.BoxId = other;
                    await memberships.DeleteAsync(other, CancellationToken.None);
                    isGone = false;
                }
            }
        }

        db.RemoveRange(taken);
        return isGone && !wasBegun ? Result.Already("Was not in the group any more.") : Result.Done("Removed.");
    }

    private async Task<Result> AddFolderAsync(Work work, bool wasBegun)
    {
        var change = work.Change;
        await BeginAsync(work);
        try
        {
            change.BoxId = (await collaborations.CreateForGroupAsync(change.FolderId!, change.GroupId, change.FolderRole!.Value, CancellationToken.None)).Id;
            return Result.Done("Given.");
        }
        catch (BoxApiException there) when (there is { Status: HttpStatusCode.Conflict } or { Code: "user_already_collaborator" })
        {
            var found = await FindCollaborationAsync(change);
            change.BoxId = found?.Id;
            return found?.Role == change.FolderRole
                ? wasBegun ? Result.Done("Given.") : Result.Already("Had it already.")
                : Result.Not("The group has other access to this folder already. Change that instead.", there);
        }
    }

    private async Task<Result> ChangeFolderRoleAsync(Work work)
    {
        var change = work.Change;
        change.BoxId ??= (await FindCollaborationAsync(change))?.Id;
        if (change.BoxId is null)
        {
            return Result.Not($"{change.GroupName} has no access to {change.FolderName} any more.");
        }

        await BeginAsync(work);
        await collaborations.UpdateRoleAsync(change.BoxId, change.FolderRole!.Value, CancellationToken.None);
        return Result.Done("Changed.");
    }

    private async Task<Result> RemoveFolderAsync(Work work, bool wasBegun)
    {
        var change = work.Change;
        change.BoxId ??= (await FindCollaborationAsync(change))?.Id;
        var isGone = change.BoxId is null;
        await BeginAsync(work);
        if (!isGone)
        {
            try
            {
                await collaborations.DeleteAsync(change.BoxId!, CancellationToken.None);
            }
            catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
            {
                isGone = true;
            }
        }

        return isGone && !wasBegun ? Result.Already("Had no access any more.") : Result.Done("Taken away.");
    }

    private static async Task BeginAsync(Work work)
    {
        if (!work.Change.IsBegun)
        {
            work.Change.IsBegun = true;
            await work.Db.SaveChangesAsync();
        }
    }

    private async Task AddSourcesAsync(Work work, bool wasThere = false)
    {
        var (db, change, job) = work;
        var sources = await db.Set<MembershipSource>().Where(source => source.GroupId == change.GroupId && source.AppUserId == change.AppUserId).ToListAsync();
        var known = sources.Select(source => source.Source).ToList();
        change.FormerSources = string.Join(',', known);
        var added = change.Source.Split(',', StringSplitOptions.RemoveEmptyEntries).ToList();
        if (!wasThere && change.FormerMemberRole is null)
        {
            // It is another membership than the one that was there in Box, and there by hand: "from before" would be older than it.
            db.RemoveRange(sources.Where(source => source.Source == MembershipSource.InBox));
            added = [.. added.Select(source => source == MembershipSource.InBox ? MembershipSource.Hand : source).Distinct()];
        }
        else if (known.Count == 0)
        {
            added.Add(MembershipSource.InBox); // what nobody here gave, nobody here takes back
        }

        db.AddRange(added.Except(known).Select(source => new MembershipSource
        {
            GroupId = change.GroupId,
            AppUserId = change.AppUserId!,
            Source = source,
            Role = source == MembershipSource.InBox ? change.FormerMemberRole : null,
            Since = clock.GetUtcNow(),
            By = job.ActorName,
            Reason = job.Reason,
        }));
    }

    private async Task<string?> FindMembershipAsync(GroupChange change)
    {
        try
        {
            await foreach (var membership in memberships.ListOfUserAsync(change.AppUserId!, CancellationToken.None))
            {
                if (membership.Group.Id == change.GroupId)
                {
                    return membership.Id;
                }
            }
        }
        catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            // no such app user any more, so in no group
        }

        return null;
    }

    private async Task<Collaboration?> FindCollaborationAsync(GroupChange change)
    {
        try
        {
            await foreach (var collaboration in groups.ListCollaborationsAsync(change.GroupId, CancellationToken.None))
            {
                if (collaboration.Item?.Id == change.FolderId)
                {
                    return collaboration;
                }
            }
        }
        catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            // no such group any more, so no access
        }

        return null;
    }

    /// <summary>What came of it, the sources, and the record, in one transaction.</summary>
    private async Task EndAsync(Work work, Result result)
    {
        var (db, change, job) = work;
        var now = clock.GetUtcNow();
        change.Stage = result.IsDone ? ChangeStage.Done : ChangeStage.Failed;
        (change.HasChanged, change.Outcome, change.EndedAt) = (result.HasChanged, result.Words, now);
        (change.BoxCode, change.BoxRequestId) = (result.Refusal?.Code, result.Refusal?.RequestId);
        var member = change.AppUserId is null ? null : await db.Set<AppUserMapping>().AsNoTracking().FirstOrDefaultAsync(mapping => mapping.AppUserId == change.AppUserId);
        var (before, after) = GroupWords.BeforeAndAfter(change);
        db.Add(audit.Entry(
                result.IsDone ? AuditKind.GroupChanged : AuditKind.Refused,
                member?.EmployeeId ?? job.Actor,
                member?.Name ?? change.MemberName ?? job.ActorName,
                job.ActorName,
                $"{GroupWords.Sentence(change)} {result.Words} (change set {job.Id})",
                change.AppUserId,
                refusal: result.Refusal)
            .Tell(before, result.HasChanged ? after : before, job.Reason));
        await db.SaveChangesAsync();
        if (result.HasChanged && member is not null)
        {
            accessChanges.Publish(member.EmployeeId);
        }
    }

    /// <summary>A change being done; what is saved is saved through this context.</summary>
    private sealed record Work(PortalDb Db, GroupChange Change, Job Job);

    private sealed record Result(bool IsDone, bool HasChanged, string Words)
    {
        public BoxApiException? Refusal { get; init; }

        public static Result Done(string words) => new(IsDone: true, HasChanged: true, words);

        /// <summary>As asked, without this change's doing.</summary>
        public static Result Already(string words) => new(IsDone: true, HasChanged: false, words);

        public static Result Not(string words, BoxApiException? refusal = null) => new(IsDone: false, HasChanged: false, words) { Refusal = refusal };
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Box did not say whether group change {ChangeId} is done; it is tried again: {Refusal}")]
        public static partial void Unfinished(ILogger logger, long changeId, string refusal);

        [LoggerMessage(2, LogLevel.Warning, "What came of change set {JobId} could not be compared with what was foretold: {Refusal}")]
        public static partial void NotCompared(ILogger logger, long jobId, string refusal);
    }
}

/// <summary>A group as it was before it was deleted or described anew.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it was for.</param>
/// <param name="Members">Who was in it.</param>
/// <param name="Folders">What it had access to.</param>
internal sealed record FormerGroup(string Name, string? Description, IReadOnlyList<FormerMember> Members, IReadOnlyList<FormerFolder> Folders);

/// <summary>Who was in a group.</summary>
internal sealed record FormerMember(string AppUserId, string Name, GroupRole Role);

/// <summary>What a group had access to.</summary>
internal sealed record FormerFolder(string FolderId, string Name, CollaborationRole Role);
