using System.Linq.Expressions;
using System.Security.Claims;
using System.Text.Json;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Jobs;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BoxPortal.Groups;

/// <summary>
/// What people want done to groups: drafted with what Box says now, looked at, confirmed, agreed to by a second administrator
/// where it takes much away, and undone for a week. Each step is authorised here and now.
/// </summary>
public sealed class ChangeSets(
    IDbContextFactory<PortalDb> databases,
    GroupsOfBox box,
    GroupRights rights,
    JobSteps steps,
    JobTriggers triggers,
    IDirectoryRules directoryRules,
    AuditTrail audit,
    IOptions<GroupsOptions> options,
    TimeProvider clock)
{
    /// <summary>More than this is more than one change set.</summary>
    public const int MostEdits = 20_000;

    /// <summary>Fewer removals than this are nobody's accident, whatever their share.</summary>
    private const int FewRemovals = 5;

    /// <summary>How long a change set can be undone.</summary>
    public static readonly TimeSpan UndoableFor = TimeSpan.FromDays(7);

    /// <summary>Writes down what somebody wants, with what Box says of it now. Nothing is changed yet.</summary>
    /// <param name="actor">Who wants it: an administrator, or the owner of all the groups concerned.</param>
    /// <param name="request">What they want, and why.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer; nothing is written.</exception>
    public async Task<JobResult> DraftAsync(ClaimsPrincipal actor, GroupRequest request, CancellationToken cancellationToken)
    {
        if (await ObjectionAsync(actor, request, cancellationToken) is { } objection)
        {
            return objection;
        }

        var isAdministrator = await rights.IsAdministratorAsync(actor);
        var plan = await box.PlanAsync(request.Edits, isAdministrator ? MembershipSource.Hand : MembershipSource.Owner, cancellationToken);
        var taken = await box.TakenNamesAsync([.. plan.Changes.Select((change, index) => change.ToChange(jobId: 0, index + 1))], cancellationToken);
        if (taken.Count > 0)
        {
            return new JobResult.NotNow(Sentence.Lines(taken));
        }

        return await DraftAsync(JobKind.Groups, request.Title, request.Reason, Employee.From(actor), isByOwner: !isAdministrator, plan, undoes: null, cancellationToken);
    }

    /// <summary>Goes ahead with a draft; or asks for a second administrator, where it takes much away.</summary>
    /// <param name="actor">Who confirms: whoever drafted it, or any administrator.</param>
    /// <param name="jobId">Which change set.</param>
    /// <param name="rehearsed">What they were told of its consequences, one sentence a line; <c>null</c> where nothing was rehearsed.</param>
    /// <param name="cancellationToken">Abandons it; once it has begun it goes on.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer; nothing is confirmed.</exception>
    public async Task<JobResult> ConfirmAsync(ClaimsPrincipal actor, long jobId, string? rehearsed, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(actor, jobId, "confirmed", cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var (draft, changes) = await ReadAsync(jobId, cancellationToken);
        if (await OwnersObjectionAsync(actor, draft?.Title ?? "", [.. changes.Select(change => change.Edit)], cancellationToken) is { } objection)
        {
            return objection; // somebody's access, or the directory's word, has changed since the draft
        }

        if (await InTheWayAsync(draft, changes, cancellationToken) is { } vain)
        {
            return vain;
        }

        var employee = Employee.From(actor);
        return await steps.TakeAllowedAsync(employee, jobId, new JobStep("confirmed", [JobStage.Draft], JobStage.Running)
        {
            And = async (db, job) =>
            {
                var set = await db.Set<ChangeSet>().SingleAsync(set => set.JobId == jobId, CancellationToken.None);
                set.Rehearsed = rehearsed;
                (job.ActorId, job.ActorName, job.StartedAt) = (employee.Id.ObjectId, employee.Name, clock.GetUtcNow());
                job.Stage = set.Brake is null ? JobStage.Running : JobStage.ToApprove;
                await directoryRules.FollowAsync(db, job);
                return null;
            },
        }, cancellationToken);
    }

    /// <summary>Agrees, as a second administrator, to what somebody else has confirmed.</summary>
    /// <exception cref="BoxApiException">Box refused or did not answer; nothing is agreed to.</exception>
    public async Task<JobResult> ApproveAsync(ClaimsPrincipal actor, long jobId, CancellationToken cancellationToken)
    {
        if (await steps.RefuseAsync(actor, jobId, "agreed to", cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var (confirmed, changes) = await ReadAsync(jobId, cancellationToken);
        if (await InTheWayAsync(confirmed, changes, cancellationToken) is { } vain)
        {
            return vain;
        }

        var employee = Employee.From(actor);
        return await steps.TakeAllowedAsync(employee, jobId, new JobStep("agreed to", [JobStage.ToApprove], JobStage.Running)
        {
            And = async (db, job) =>
            {
                if (job.Actor == employee.Id)
                {
                    return "You confirmed it yourself. Another administrator must agree.";
                }

                var set = await db.Set<ChangeSet>().SingleAsync(set => set.JobId == jobId, CancellationToken.None);
                (set.ApproverId, set.ApproverName, set.ApprovedAt) = (employee.Id.ObjectId, employee.Name, clock.GetUtcNow());
                await directoryRules.FollowAsync(db, job);
                return null;
            },
        }, cancellationToken);
    }

    /// <summary>Takes one of the steps that every job knows: pause, resume, cancel.</summary>
    internal async Task<JobResult> TakeAsync(ClaimsPrincipal actor, long jobId, JobStep step, CancellationToken cancellationToken) =>
        await RefuseAsync(actor, jobId, step.Word, cancellationToken) ?? await steps.TakeAllowedAsync(Employee.From(actor), jobId, step, cancellationToken);

    /// <summary>Drafts what takes a change set back, but for what has changed since.</summary>
    /// <exception cref="BoxApiException">Box refused or did not answer; nothing is written.</exception>
    public async Task<JobResult> UndoAsync(ClaimsPrincipal actor, long jobId, string reason, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(actor, jobId, "undone", cancellationToken) is { } refusal)
        {
            return refusal;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(job => job.Id == jobId, cancellationToken) is not { EndedAt: { } endedAt } undone)
        {
            return new JobResult.NotNow("Only what has ended can be undone.");
        }

        if (clock.GetUtcNow() - endedAt > UndoableFor)
        {
            return new JobResult.NotNow("It is more than a week ago. Make the changes anew, so that their consequences are shown.");
        }

        if (await db.Set<Job>().AnyAsync(job => job.UndoesId == jobId && job.Stage != JobStage.Cancelled, cancellationToken))
        {
            return new JobResult.NotNow("It is undone already, or being undone.");
        }

        var (inverses, leftOut) = await InversesAsync(db, jobId, change => change.HasChanged, cancellationToken);
        if (await OwnersObjectionAsync(actor, $"Undoing of “{undone.Title}”", [.. inverses.Select(inverse => inverse.Edit)], cancellationToken) is { } objection)
        {
            return objection;
        }

        var plan = await box.PlanUndoAsync(inverses, leftOut, cancellationToken);
        var employee = Employee.From(actor);
        return plan.Changes.Count == 0
            ? new JobResult.NotNow(Sentence.Lines(["Nothing is left of it that could be undone.", .. plan.LeftOut]))
            : await DraftAsync(JobKind.Groups, $"Undoing of “{undone.Title}”", reason, employee, isByOwner: !await rights.IsAdministratorAsync(actor), plan, jobId, cancellationToken);
    }

    /// <summary>Why an owner could not take their change set back themselves once it is done, or cannot now that it is.</summary>
    /// <returns>In words for the owner; <c>null</c> where nothing speaks against it.</returns>
    /// <exception cref="BoxApiException">Box, which is asked what an owner holds, refused or did not answer.</exception>
    public async Task<string?> UndoObjectionAsync(EmployeeId owner, long jobId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var isEnded = await db.Set<Job>().AnyAsync(job => job.Id == jobId && job.EndedAt != null, cancellationToken);
        var (inverses, _) = await InversesAsync(db, jobId, change => change.HasChanged || !isEnded, cancellationToken);
        // Whoever takes themselves out holds less afterwards than now.
        IReadOnlyList<GroupEdit> edits = isEnded ? [] : [.. (await ReadAsync(jobId, cancellationToken)).Changes.Select(change => change.Edit)];
        return await rights.OwnersObjectionAsync(owner, [.. inverses.Select(inverse => inverse.Edit)], cancellationToken, after: edits);
    }

    /// <summary>Writes a draft down, for somebody whom the caller has authorised.</summary>
    public async Task<JobResult> DraftAsync(
        JobKind kind, string title, string reason, Employee actor, bool isByOwner, GroupPlan plan, long? undoes, CancellationToken cancellationToken)
    {
        if (plan.Changes.Count == 0)
        {
            return new JobResult.NotNow(Sentence.Lines(["There is nothing to change.", .. plan.LeftOut]));
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var job = steps.Draft(kind, title, actor, undoes);
        (job.Reason, job.Total) = (reason, plan.Changes.Count);
        db.Add(job);
        await db.SaveChangesAsync(cancellationToken); // for its number
        db.Add(new ChangeSet
        {
            JobId = job.Id,
            IsByOwner = isByOwner,
            Brake = BrakeOf(plan),
            LeftOut = plan.LeftOut.Count == 0 ? null : string.Join('\n', plan.LeftOut),
        });
        db.AddRange(plan.Changes.Select((change, index) => change.ToChange(job.Id, index + 1)));
        steps.Record(db, job, actor, $"drafted, with {GroupWords.Changes(plan.Changes.Count)}", before: null);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new JobResult.Done(job);
    }

    /// <summary>Lets a draft run without anybody's confirmation, unless it takes much away.</summary>
    internal async Task StartAsync(long jobId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var job = await db.Set<Job>().SingleAsync(job => job.Id == jobId, cancellationToken);
        var set = await db.Set<ChangeSet>().SingleAsync(set => set.JobId == jobId, cancellationToken);
        (job.Stage, job.StartedAt) = (set.Brake is null ? JobStage.Running : JobStage.ToApprove, clock.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        if (job.Stage == JobStage.Running)
        {
            await triggers.TriggerAsync<JobRunner>(jobId, CancellationToken.None);
        }
    }

    private async Task<(Job? Job, IReadOnlyList<GroupChange> Changes)> ReadAsync(long jobId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return (
            await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(job => job.Id == jobId, cancellationToken),
            await db.Set<GroupChange>().AsNoTracking().Where(change => change.JobId == jobId).OrderBy(change => change.Number).ToListAsync(cancellationToken));
    }

    /// <summary>Why there is nothing to confirm, as Box stands now; the rehearsal said the same. A sync has read its groups already, and the next run sees what is gone.</summary>
    private async Task<JobResult?> InTheWayAsync(Job? job, IReadOnlyList<GroupChange> changes, CancellationToken cancellationToken) =>
        job is { Kind: JobKind.Groups, Stage: JobStage.Draft or JobStage.ToApprove } && await box.ObstaclesAsync(changes, cancellationToken) is { Count: > 0 } obstacles
            ? new JobResult.NotNow(Sentence.Lines(obstacles))
            : null;

    /// <summary>Why a second administrator must agree to a plan; <c>null</c> where none need.</summary>
    internal string? BrakeOf(GroupPlan plan)
    {
        var removals = plan.Changes.Where(change => change.Edit.Act == GroupAct.RemoveMember && change.FormerMemberRole is not null).ToList();
        if (removals.Count > options.Value.MostRemovals)
        {
            return $"It takes {(removals.Count == 1 ? "1 membership" : $"{GroupWords.Number(removals.Count)} memberships")} away, more than {options.Value.MostRemovals}.";
        }

        foreach (var group in removals.GroupBy(removal => removal.Edit.GroupId).Where(group => group.Count() >= FewRemovals))
        {
            if (plan.Sizes.TryGetValue(group.Key, out var size) && group.Count() > size * options.Value.MostRemovedShare)
            {
                return $"It takes {group.Count()} of {size} members out of {group.First().GroupName}, more than {options.Value.MostRemovedShare:P0}.";
            }
        }

        return plan.Changes.FirstOrDefault(change => change.Edit.Act == GroupAct.DeleteGroup) is { } deletion
            && plan.Sizes.TryGetValue(deletion.Edit.GroupId, out var members)
            && (members > options.Value.MostRemovals || (members >= FewRemovals && options.Value.MostRemovedShare < 1)) // who is in it goes out of it
            ? $"It deletes {deletion.GroupName}, which takes all its {members} members out of it."
            : null;
    }

    /// <summary>What takes back some of a change set's changes, last first, and in words what was changed since and is left.</summary>
    private static async Task<(List<PlannedChange> Inverses, List<string> LeftOut)> InversesAsync(
        PortalDb db, long jobId, Expression<Func<GroupChange, bool>> which, CancellationToken cancellationToken)
    {
        var all = db.Set<GroupChange>().AsNoTracking();
        var changes = await all.Where(change => change.JobId == jobId).Where(which).OrderByDescending(change => change.Number).ToListAsync(cancellationToken);
        List<string> leftOut = [];
        List<PlannedChange> inverses = [];
        foreach (var change in changes)
        {
            if (await all.AnyAsync(later => later.Id > change.Id && later.HasChanged && later.JobId != jobId && later.GroupId == change.GroupId
                && later.AppUserId == change.AppUserId && later.FolderId == change.FolderId, cancellationToken))
            {
                leftOut.Add($"Changed since, and left: {GroupWords.Sentence(change)}");
                continue;
            }

            inverses.AddRange(Inverse(change));
        }

        return (inverses, leftOut);
    }

    private static IEnumerable<PlannedChange> Inverse(GroupChange change)
    {
        PlannedChange Plan(GroupEdit edit) => new(edit, change.GroupName)
        {
            MemberName = change.MemberName,
            FolderName = change.FolderName,
            BoxId = change.BoxId,
            Source = string.IsNullOrEmpty(change.FormerSources) ? MembershipSource.Hand : change.FormerSources,
            UndoesId = change.Id,
        };

        var (group, member, folder) = (change.GroupId, change.AppUserId, change.FolderId);
        switch (change.Act)
        {
            case GroupAct.CreateGroup:
                return [Plan(new(GroupAct.DeleteGroup, group))];
            case GroupAct.DescribeGroup:
                var described = JsonSerializer.Deserialize<FormerGroup>(change.Former!)!;
                return [Plan(new(GroupAct.DescribeGroup, group, Name: described.Name, Description: described.Description ?? ""))];
            case GroupAct.DeleteGroup:
                var deleted = JsonSerializer.Deserialize<FormerGroup>(change.Former!)!;
                return
                [
                    Plan(new(GroupAct.CreateGroup, "", Name: deleted.Name, Description: deleted.Description)),
                    .. deleted.Members.Select(former => Plan(new(GroupAct.AddMember, "", former.AppUserId, MemberRole: former.Role)) with { MemberName = former.Name }),
                    .. deleted.Folders.Select(former => Plan(new(GroupAct.AddFolder, "", FolderId: former.FolderId, FolderRole: former.Role)) with { FolderName = former.Name }),
                ];
            case GroupAct.AddMember:
                return [Plan(new(GroupAct.RemoveMember, group, member)) with { FormerMemberRole = change.MemberRole ?? GroupRole.Member }];
            case GroupAct.RemoveMember:
                return [Plan(new(GroupAct.AddMember, group, member, MemberRole: change.FormerMemberRole)) with { BoxId = null }];
            case GroupAct.ChangeMemberRole:
                return [Plan(new(GroupAct.ChangeMemberRole, group, member, MemberRole: change.FormerMemberRole)) with { FormerMemberRole = change.MemberRole }];
            case GroupAct.AddFolder:
                return [Plan(new(GroupAct.RemoveFolder, group, FolderId: folder)) with { FormerFolderRole = change.FolderRole }];
            case GroupAct.RemoveFolder:
                return [Plan(new(GroupAct.AddFolder, group, FolderId: folder, FolderRole: change.FormerFolderRole)) with { BoxId = null }];
            default:
                return [Plan(new(GroupAct.ChangeFolderRole, group, FolderId: folder, FolderRole: change.FormerFolderRole)) with { FormerFolderRole = change.FolderRole }];
        }
    }

    private async Task<JobResult?> ObjectionAsync(ClaimsPrincipal actor, GroupRequest request, CancellationToken cancellationToken)
    {
        if (!await rights.IsAdministratorAsync(actor))
        {
            var owned = await rights.OwnedAsync(actor, cancellationToken);
            if (request.Edits.Any(edit => !GroupRights.IsOwnersAct(edit.Act) || !owned.Contains(edit.GroupId)
                || edit.MemberRole is not (null or GroupRole.Member)))
            {
                return await NotAllowedAsync(actor, $"“{request.Title}” was not drafted: tried with groups that are not theirs, or beyond what an owner may do.", cancellationToken);
            }
        }

        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > AppUserRequest.LongestReason)
        {
            return new JobResult.NotNow(AppUserRequest.WantsReason);
        }

        if (request.Edits.Count is 0 or > MostEdits)
        {
            return new JobResult.NotNow(new("A change set has from 1 to {0} changes.", MostEdits));
        }

        return request.Edits.Select(Fault).FirstOrDefault(fault => fault is not null) is { } words
            ? new JobResult.NotNow(words)
            : await OwnersObjectionAsync(actor, request.Title, request.Edits, cancellationToken);
    }

    /// <summary>Nothing is said against what administrators ask for.</summary>
    private async Task<JobResult?> OwnersObjectionAsync(ClaimsPrincipal actor, string title, IReadOnlyList<GroupEdit> edits, CancellationToken cancellationToken)
    {
        if (await rights.IsAdministratorAsync(actor) || await rights.OwnersObjectionAsync(Employee.From(actor).Id, edits, cancellationToken) is not { } words)
        {
            return null;
        }

        await NotAllowedAsync(actor, $"“{title}” was refused to a group's owner: {words}", cancellationToken);
        return new JobResult.NotNow(words);
    }

    private static string? Fault(GroupEdit edit) => edit switch
    {
        { Act: GroupAct.CreateGroup, Name: null or "" } => "A group needs a name.",
        { Act: GroupAct.DescribeGroup, Name: "" } => "A group needs a name.",
        { Name.Length: > 255 } or { Description.Length: > 255 } => "Box takes at most 255 characters for a group's name and for what it is for.",
        { FolderId: "0" } => "The root folder cannot be given to a group. Choose a folder in it.",
        { FolderRole: CollaborationRole.Owner } => "A group cannot own a folder.",
        { Act: GroupAct.AddMember or GroupAct.RemoveMember or GroupAct.ChangeMemberRole, AppUserId: null or "" } => "Choose whom it concerns.",
        { Act: GroupAct.AddFolder or GroupAct.ChangeFolderRole or GroupAct.RemoveFolder, FolderId: null or "" } => "Choose a folder.",
        { Act: GroupAct.AddFolder or GroupAct.ChangeFolderRole, FolderRole: null } => "Choose what the group may do in the folder.",
        { Act: GroupAct.ChangeMemberRole, MemberRole: null } => "Choose as what the member is in the group.",
        { Act: not GroupAct.CreateGroup, GroupId: "" } => "Choose a group.",
        _ => null,
    };

    /// <returns><c>null</c> where the actor may.</returns>
    private async Task<JobResult?> RefuseAsync(ClaimsPrincipal actor, long jobId, string word, CancellationToken cancellationToken)
    {
        if (await rights.IsAdministratorAsync(actor))
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var groups = await db.Set<GroupChange>().Where(change => change.JobId == jobId).Select(change => change.GroupId).Distinct().ToListAsync(cancellationToken);
        var isTheirs = Employee.TryFrom(actor) is { } employee
            && await db.Set<Job>().AnyAsync(job => job.Id == jobId && job.TenantId == employee.Id.TenantId && job.ActorId == employee.Id.ObjectId, cancellationToken)
            && await db.Set<ChangeSet>().AnyAsync(set => set.JobId == jobId && set.IsByOwner, cancellationToken);
        var owned = isTheirs ? await rights.OwnedAsync(actor, cancellationToken) : [];
        return isTheirs && groups.All(owned.Contains)
            ? null
            : await NotAllowedAsync(actor, $"Change set {jobId} was not {word}: tried without being an administrator or the owner of its groups.", cancellationToken);
    }

    private async Task<JobResult> NotAllowedAsync(ClaimsPrincipal actor, string words, CancellationToken cancellationToken)
    {
        var employee = Employee.TryFrom(actor);
        await audit.WriteAsync(audit.Entry(
            AuditKind.Refused, employee?.Id ?? default, employee?.Name ?? "", employee?.UserName ?? "somebody not signed in", words), cancellationToken);
        return new JobResult.NotAllowed();
    }
}

/// <summary>What somebody wants done to groups.</summary>
/// <param name="Title">What to call it.</param>
/// <param name="Reason">Why, for the record.</param>
/// <param name="Edits">What to do, in this order.</param>
public sealed record GroupRequest(string Title, string Reason, IReadOnlyList<GroupEdit> Edits);
