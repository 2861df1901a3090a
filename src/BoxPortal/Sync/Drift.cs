using System.Net;
using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Sync;

/// <summary>Where Box differs from what the portal has done and written down: somebody works in Box beside it.</summary>
public sealed class Drift(
    IDbContextFactory<PortalDb> databases, BoxGroups groups, GroupList list, KeptGroups kept, ChangeSets changeSets, GroupRights rights,
    IDirectoryRules rules, AuditTrail audit, TimeProvider clock)
{
    /// <summary>
    /// Compares the groups that rules or the portal's own changes name: one page of Box for every thousand members, and one for their
    /// folders. Of a group that has not been read before, whoever and whatever is in it was there before.
    /// </summary>
    /// <param name="cancellationToken">Abandons the reading.</param>
    /// <exception cref="BoxApiException">Box does not list its groups. Of a group that it does not list, the report says so.</exception>
    public async Task<DriftReport> ReadAsync(CancellationToken cancellationToken)
    {
        var readAt = clock.GetUtcNow();
        var inBox = (await list.ReadAsync(TimeSpan.Zero, cancellationToken)).Groups.ToDictionary(group => group.Id); // an older list has older names
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var groupIds = await db.Set<MembershipSource>().Select(source => source.GroupId).Union(db.Set<SyncRule>().Select(rule => rule.GroupId))
            .Union(db.Set<KeptGroup>().Select(group => group.GroupId)).Union(db.Set<GroupChange>().Where(change => change.HasChanged && change.FolderId != null).Select(change => change.GroupId))
            .ToListAsync(cancellationToken);
        var verdicts = await DriftVerdict.Standing(db).AsNoTracking().ToListAsync(cancellationToken);
        var roles = await RolesAsync(db, verdicts, cancellationToken);
        var people = await PeopleAsync(db, cancellationToken);
        var words = await rules.WordsAsync(db, cancellationToken);
        List<DriftFinding> findings = [];
        List<Sentence> troubles = [];
        Dictionary<string, int> sizes = [];
        foreach (var groupId in groupIds)
        {
            var groupName = inBox.GetValueOrDefault(groupId)?.Name ?? $"group {groupId}";
            var sources = await db.Set<MembershipSource>().AsNoTracking().Where(source => source.GroupId == groupId).ToListAsync(cancellationToken);
            try
            {
                if (!inBox.TryGetValue(groupId, out var group) || await MembersAsync(groupId, cancellationToken) is not { } members)
                {
                    if (sources.Count > 0 || await db.Set<KeptGroup>().AnyAsync(kept => kept.GroupId == groupId, cancellationToken))
                    {
                        findings.Add(GroupDrift.Deleted(groupId, await GroupAccount.ReadAsync(db, groupId, cancellationToken), sources, roles, people));
                    }

                    continue;
                }

                sizes[groupId] = members.Count;
                await kept.NoteAsync(groupId, members.Values, cancellationToken);
                sources = await db.Set<MembershipSource>().AsNoTracking().Where(source => source.GroupId == groupId).ToListAsync(cancellationToken);
                findings.AddRange(Compare(groupId, groupName, members, sources, roles, people));
                var folders = await groups.ListCollaborationsAsync(groupId, cancellationToken).Where(collaboration => collaboration.Item is { Type: "folder" }).ToListAsync(cancellationToken);
                findings.AddRange(GroupDrift.Compare(group, folders, await kept.AccountAsync(group, folders, cancellationToken)));
            }
            catch (BoxApiException cutOff) when (cutOff.IsOfListCutOff)
            {
                troubles.Add(new Sentence("{0} has more than {1} members, and Box lists no more of them: it is not compared.", groupName, BoxGroups.MostListed));
            }
            catch (BoxApiException refusal)
            {
                troubles.Add(new Sentence("Box does not tell all of {0}. {1}", groupName, refusal.Message));
            }
        }

        List<DriftFinding> all =
        [
            .. findings.OrderBy(finding => finding.GroupName, StringComparer.CurrentCulture).ThenBy(finding => finding.Subject, StringComparer.CurrentCulture)
                .Select(finding => finding with
                {
                    Kept = verdicts.Find(verdict => verdict.Keeps(finding)),
                    Why = Sources(finding.Sources, words),
                }),
        ];
        await ForgetAsync(db, verdicts.Where(verdict => !verdict.IsAdopted && sizes.ContainsKey(verdict.GroupId)).Except(all.Select(finding => finding.Kept).OfType<DriftVerdict>()), cancellationToken);
        return new DriftReport([.. all.Where(finding => finding.Kept is null)], troubles, sizes, readAt) { Kept = [.. all.Where(finding => finding.Kept is not null)] };
    }

    /// <summary>Drafts what makes Box as the portal has it again: whoever is gone comes back, a role becomes what it was, whoever came otherwise goes.</summary>
    /// <param name="actor">An administrator.</param>
    /// <param name="report">What was found.</param>
    /// <param name="findings">Which of it.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public async Task<JobResult> PutRightAsync(ClaimsPrincipal actor, DriftReport report, IReadOnlyList<DriftFinding> findings, string reason, CancellationToken cancellationToken)
    {
        if (!await rights.IsAdministratorAsync(actor))
        {
            await RefuseAsync(actor, cancellationToken);
            return new JobResult.NotAllowed();
        }

        if (findings.Count > 1 && findings.Any(finding => finding.Kind == DriftKind.Deleted))
        {
            return new JobResult.NotNow("A group that is made again is a change set of its own.");
        }

        return await DraftAsync(actor, report, [.. findings.SelectMany(finding => finding.Kind switch
        {
            DriftKind.Gone => [Plan(finding, GroupAct.AddMember, finding.RoleHere ?? GroupRole.Member, former: null) with { Source = string.Join(',', finding.Sources) }],
            DriftKind.Unknown => [Plan(finding, GroupAct.RemoveMember, role: null, finding.RoleInBox)],
            DriftKind.Role => [Plan(finding, GroupAct.ChangeMemberRole, finding.RoleHere, finding.RoleInBox)],
            _ => finding.Restores,
        })], reason, cancellationToken);
    }

    /// <summary>
    /// Leaves differences as they are, and asks about each again only once Box has something else, or the portal has changed it. The
    /// portal's own account stays what it was, and the sync leaves out whom it would else put in again. Nobody's access changes.
    /// </summary>
    /// <param name="actor">An administrator.</param>
    /// <param name="findings">What is kept.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public Task<KeepingResult> KeepAsync(ClaimsPrincipal actor, IReadOnlyList<DriftFinding> findings, string reason, CancellationToken cancellationToken) =>
        SettleAsync(actor, findings, reason, isAdopted: false, cancellationToken);

    /// <summary>
    /// Takes who is in a group in Box, as what, or is not, for the portal's own account: what differs from it later is a difference.
    /// Nobody's access changes.
    /// </summary>
    /// <param name="actor">An administrator.</param>
    /// <param name="findings">What is adopted.</param>
    /// <param name="reason">Why, for the record.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public Task<KeepingResult> AdoptAsync(ClaimsPrincipal actor, IReadOnlyList<DriftFinding> findings, string reason, CancellationToken cancellationToken) =>
        SettleAsync(actor, findings, reason, isAdopted: true, cancellationToken);

    private async Task<KeepingResult> SettleAsync(ClaimsPrincipal actor, IReadOnlyList<DriftFinding> findings, string reason, bool isAdopted, CancellationToken cancellationToken)
    {
        if (!await rights.IsAdministratorAsync(actor))
        {
            await RefuseAsync(actor, cancellationToken);
            return new KeepingResult.NotAllowed();
        }

        if (string.IsNullOrWhiteSpace(reason) || reason.Length > AppUserRequest.LongestReason)
        {
            return new KeepingResult.NotNow($"Say why, in at most {AppUserRequest.LongestReason} characters: the record keeps it.");
        }

        var employee = Employee.From(actor);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken); // takes the one write lock
        foreach (var finding in findings)
        {
            // What was kept is said anew; what was adopted stays the portal's account until something else is.
            await db.Set<DriftVerdict>().Where(verdict => verdict.GroupId == finding.GroupId && verdict.AppUserId == finding.AppUserId && verdict.FolderId == finding.FolderId && (isAdopted || !verdict.IsAdopted))
                .ExecuteDeleteAsync(cancellationToken);
            if (isAdopted)
            {
                await (finding.IsOfMember ? AdoptSourcesAsync(db, finding, employee.Name, reason, cancellationToken) : GroupDrift.AdoptAsync(db, finding, clock.GetUtcNow(), cancellationToken));
            }

            // What is adopted of folders and of the group itself is in the portal's account already.
            if (!isAdopted || finding.Kind is DriftKind.Unknown or DriftKind.Role)
            {
                db.Add(new DriftVerdict
                {
                    GroupId = finding.GroupId,
                    AppUserId = finding.AppUserId,
                    FolderId = finding.FolderId,
                    IsAdopted = isAdopted,
                    Kind = finding.Kind,
                    BoxId = finding.BoxId,
                    RoleInBox = finding.RoleInBox,
                    InBox = finding.InBox,
                    Since = clock.GetUtcNow(),
                    By = employee.Name,
                    Reason = reason,
                });
            }

            var member = finding.IsOfMember ? await db.Set<AppUserMapping>().AsNoTracking().FirstOrDefaultAsync(mapping => mapping.AppUserId == finding.AppUserId, cancellationToken) : null;
            var (here, inBox) = Accounts(finding);
            db.Add(audit.Entry(AuditKind.Sync, member?.EmployeeId ?? employee.Id, member?.Name ?? (finding.IsOfMember ? finding.MemberName : employee.Name), employee.UserName,
                $"{finding.Words} It was {(isAdopted ? "adopted" : "kept")}.", finding.IsOfMember ? finding.AppUserId : null).Tell(here, isAdopted ? inBox : here, reason));
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new KeepingResult.Done((isAdopted, findings.Count) switch
        {
            (true, 1) => "It is adopted as Box has it.",
            (true, var count) => $"{count} are adopted as Box has them.",
            (false, 1) => "It is kept as Box has it, until it changes again.",
            (false, var count) => $"{count} are kept as Box has them, until they change again.",
        });
    }

    /// <summary>Why somebody is in a group: for several reasons, it may be.</summary>
    private static Sentence Sources(IReadOnlyList<string> sources, IReadOnlyDictionary<string, string> rules) => sources.Count == 0 ? "" : sources
        .Select(source => GroupWords.OfSource(source, rules))
        .Aggregate((one, other) => new Sentence("{0} and {1}", one, other));

    private async Task AdoptSourcesAsync(PortalDb db, DriftFinding finding, string by, string reason, CancellationToken cancellationToken)
    {
        var known = await db.Set<MembershipSource>().Where(source => source.GroupId == finding.GroupId && source.AppUserId == finding.AppUserId).ToListAsync(cancellationToken);
        if (finding.Kind == DriftKind.Gone)
        {
            db.RemoveRange(known);
        }
        else if (known.Count == 0)
        {
            db.Add(new MembershipSource
            {
                GroupId = finding.GroupId,
                AppUserId = finding.AppUserId,
                Source = MembershipSource.InBox,
                Since = clock.GetUtcNow(),
                By = by,
                Reason = reason,
            });
        }
    }

    /// <summary>What the portal, and what Box has, for the record.</summary>
    private static (string Here, string InBox) Accounts(DriftFinding finding) => finding.Kind switch
    {
        DriftKind.Gone => ($"in {finding.GroupName}", "not in it"),
        DriftKind.Unknown => ("not known", $"in {finding.GroupName}"),
        DriftKind.Role => (GroupWords.Name(finding.RoleHere!.Value), GroupWords.Name(finding.RoleInBox!.Value)),
        _ => (finding.Here ?? "", finding.InBox ?? ""),
    };

    /// <summary>What was kept and is no more: should it come again, it is asked about again.</summary>
    private static async Task ForgetAsync(PortalDb db, IEnumerable<DriftVerdict> over, CancellationToken cancellationToken)
    {
        foreach (var verdict in over)
        {
            await db.Set<DriftVerdict>().Where(known => known.GroupId == verdict.GroupId && known.AppUserId == verdict.AppUserId && known.FolderId == verdict.FolderId && !known.IsAdopted && known.Since == verdict.Since)
                .ExecuteDeleteAsync(cancellationToken);
        }
    }

    private async Task<JobResult> DraftAsync(ClaimsPrincipal actor, DriftReport report, IReadOnlyList<PlannedChange> changes, string reason, CancellationToken cancellationToken) =>
        string.IsNullOrWhiteSpace(reason) || reason.Length > AppUserRequest.LongestReason
            ? new JobResult.NotNow(AppUserRequest.WantsReason)
            : await changeSets.DraftAsync(JobKind.Groups, "Differences from Box, put right", reason, Employee.From(actor), isByOwner: false,
                new GroupPlan(changes, [], report.Sizes), undoes: null, cancellationToken);

    private static PlannedChange Plan(DriftFinding finding, GroupAct act, GroupRole? role, GroupRole? former) =>
        new(new GroupEdit(act, finding.GroupId, finding.AppUserId, MemberRole: role), finding.GroupName)
        {
            MemberName = finding.MemberName,
            BoxId = finding.BoxId,
            FormerMemberRole = former,
        };

    private static IEnumerable<DriftFinding> Compare(
        string groupId, string groupName, Dictionary<string, GroupMembership> members, IReadOnlyList<MembershipSource> sources,
        IReadOnlyDictionary<(string, string), (GroupRole Role, DateTimeOffset Since)> roles, IReadOnlyDictionary<string, string> people)
    {
        var held = sources.ToLookup(source => source.AppUserId, source => source.Source);
        var noted = sources.Where(source => source.Role is not null).ToDictionary(source => source.AppUserId);
        foreach (var member in held.Where(member => !members.ContainsKey(member.Key)))
        {
            yield return new DriftFinding(DriftKind.Gone, groupId, groupName, member.Key, people.GetValueOrDefault(member.Key, member.Key), [.. member])
            {
                RoleHere = RoleHere(member.Key),
            };
        }

        foreach (var (appUserId, membership) in members)
        {
            var name = people.GetValueOrDefault(appUserId) ?? membership.User.Name ?? appUserId;
            if (!held.Contains(appUserId))
            {
                yield return new DriftFinding(DriftKind.Unknown, groupId, groupName, appUserId, name, []) { BoxId = membership.Id, RoleInBox = membership.Role };
            }
            else if (RoleHere(appUserId) is { } role && role != membership.Role)
            {
                yield return new DriftFinding(DriftKind.Role, groupId, groupName, appUserId, name, [.. held[appUserId]]) { BoxId = membership.Id, RoleInBox = membership.Role, RoleHere = role };
            }
        }

        // What the portal last made of somebody, or noted that they were.
        GroupRole? RoleHere(string appUserId) =>
            (roles.TryGetValue((groupId, appUserId), out var made), noted.GetValueOrDefault(appUserId)) switch
            {
                (true, { } note) when note.Since > made.Since => note.Role,
                (true, _) => made.Role,
                (_, var note) => note?.Role,
            };
    }

    /// <returns><c>null</c> where there is no such group any more.</returns>
    private async Task<Dictionary<string, GroupMembership>?> MembersAsync(string groupId, CancellationToken cancellationToken)
    {
        Dictionary<string, GroupMembership> members = [];
        try
        {
            await foreach (var membership in groups.ListMembershipsAsync(groupId, cancellationToken))
            {
                members[membership.User.Id] = membership;
            }
        }
        catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            return null;
        }

        return members;
    }

    /// <summary>As what the portal last made people members, or adopted them.</summary>
    private static async Task<IReadOnlyDictionary<(string, string), (GroupRole Role, DateTimeOffset Since)>> RolesAsync(PortalDb db, IReadOnlyList<DriftVerdict> verdicts, CancellationToken cancellationToken)
    {
        Dictionary<(string, string), (GroupRole, DateTimeOffset)> roles = [];
        await foreach (var change in db.Set<GroupChange>()
            .Where(change => change.HasChanged && change.AppUserId != null && change.MemberRole != null && (change.Act == GroupAct.AddMember || change.Act == GroupAct.ChangeMemberRole))
            .OrderBy(change => change.Id).Select(change => new { change.GroupId, change.AppUserId, change.MemberRole, change.EndedAt }).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            roles[(change.GroupId, change.AppUserId!)] = (change.MemberRole!.Value, change.EndedAt!.Value);
        }

        foreach (var verdict in verdicts.Where(verdict => verdict.IsAdopted))
        {
            roles[(verdict.GroupId, verdict.AppUserId)] = (verdict.RoleInBox!.Value, verdict.Since);
        }

        return roles;
    }

    private static async Task<IReadOnlyDictionary<string, string>> PeopleAsync(PortalDb db, CancellationToken cancellationToken)
    {
        var names = await db.Set<KnownAppUser>().ToDictionaryAsync(user => user.Id, user => user.Name, cancellationToken);
        foreach (var mapping in await db.Set<AppUserMapping>().Where(mapping => mapping.AppUserId != null).Select(mapping => new { mapping.AppUserId, mapping.Name }).ToListAsync(cancellationToken))
        {
            names[mapping.AppUserId!] = mapping.Name;
        }

        return names;
    }

    private Task RefuseAsync(ClaimsPrincipal actor, CancellationToken cancellationToken)
    {
        var employee = Employee.TryFrom(actor);
        return audit.WriteAsync(audit.Entry(AuditKind.Refused, employee?.Id ?? default, employee?.Name ?? "", employee?.UserName ?? "somebody not signed in",
            "A difference from Box was neither put right, nor kept, nor adopted: tried without being an administrator."), cancellationToken);
    }
}

/// <summary>In what Box differs.</summary>
public enum DriftKind
{
    /// <summary>Somebody whom the portal put into a group is not in it any more.</summary>
    Gone,

    /// <summary>Somebody is in a group that the portal keeps, and the portal does not know why.</summary>
    Unknown,

    /// <summary>Somebody is in a group as something else than the portal made them.</summary>
    Role,

    /// <summary>A group has no access any more to a folder that it had.</summary>
    FolderGone,

    /// <summary>A group has access to a folder, and the portal does not know why.</summary>
    FolderUnknown,

    /// <summary>A group may do something else in a folder than the portal knows.</summary>
    FolderRole,

    /// <summary>A group is called otherwise, or is for something else.</summary>
    Described,

    /// <summary>A group is not in Box any more.</summary>
    Deleted,
}

/// <summary>One difference.</summary>
/// <param name="Kind">In what.</param>
/// <param name="GroupId">Box's ID of the group.</param>
/// <param name="GroupName">Its name.</param>
/// <param name="AppUserId">Who, in Box; empty where it is about nobody.</param>
/// <param name="MemberName">Their name.</param>
/// <param name="Sources">Why they are in it, by the portal's account; see <see cref="MembershipSource.Source"/>.</param>
public sealed record DriftFinding(DriftKind Kind, string GroupId, string GroupName, string AppUserId, string MemberName, IReadOnlyList<string> Sources)
{
    /// <summary>Box's ID of the folder; empty where it is about none.</summary>
    public string FolderId { get; init; } = "";

    /// <summary>The folder's name.</summary>
    public string FolderName { get; init; } = "";

    /// <summary>Whether it is about who is in the group.</summary>
    public bool IsOfMember => Kind is DriftKind.Gone or DriftKind.Unknown or DriftKind.Role;

    /// <summary>About whom or what it is.</summary>
    public string Subject => IsOfMember ? MemberName : FolderId.Length > 0 ? FolderName : GroupName;

    /// <summary>Of a folder, or the group itself: what Box has, in words.</summary>
    public string? InBox { get; init; }

    /// <summary>Of a folder, or the group itself: what the portal has, in words.</summary>
    public string? Here { get; init; }

    /// <summary>Of a folder, or the group itself: what makes Box as the portal has it again.</summary>
    public IReadOnlyList<PlannedChange> Restores { get; init; } = [];

    /// <summary>The group as Box has it; <c>null</c> where it has none.</summary>
    public BoxGroup? Group { get; init; }

    /// <summary>What the group may do in the folder in Box; <c>null</c> where it has no access.</summary>
    public CollaborationRole? FolderRoleInBox { get; init; }

    /// <summary>Box's ID of the membership or collaboration, where there is one.</summary>
    public string? BoxId { get; init; }

    /// <summary>As what they are in it in Box.</summary>
    public GroupRole? RoleInBox { get; init; }

    /// <summary>As what the portal made them a member.</summary>
    public GroupRole? RoleHere { get; init; }

    /// <summary>Why they are in it by the portal's account, in words.</summary>
    public Sentence Why { get; init; } = "";

    /// <summary>Who keeps it so, and why; <c>null</c> where it is to be asked about.</summary>
    public DriftVerdict? Kept { get; init; }

    /// <summary>The difference, in a sentence.</summary>
    public Sentence Said => Kind switch
    {
        DriftKind.Gone => new Sentence("{0} is not in {1} any more, in Box.", MemberName, GroupName),
        DriftKind.Unknown => new Sentence("{0} is in {1}, in Box, without the portal's doing.", MemberName, GroupName),
        DriftKind.Role => new Sentence("{0} is {1} of {2} in Box, and was made {3}.", MemberName, Word(RoleInBox), GroupName, Word(RoleHere)),
        DriftKind.FolderGone => new Sentence("{0} has no access to {1} any more, in Box.", GroupName, FolderName),
        DriftKind.FolderUnknown => new Sentence("{0} has access to {1}, in Box, without the portal's doing.", GroupName, FolderName),
        DriftKind.FolderRole => new Sentence("{0} is {1} in {2} in Box, and was {3}.", GroupName, Role(InBox), FolderName, Role(Here)),
        DriftKind.Described => new Sentence("{0} is called or described otherwise in Box: {1}. It was {2}.", GroupName, InBox!, Here!),
        _ => new Sentence("The group {0} was deleted in Box.", GroupName),
    };

    /// <summary>The same in English.</summary>
    public string Words => Said.ToString();

    /// <summary>What is so here, or in Box, in as many words as stand beside the group's name.</summary>
    public Sentence Brief => Kind switch
    {
        DriftKind.Gone => Why,
        DriftKind.Unknown => Word(RoleInBox),
        DriftKind.Role => new Sentence("{0} here, {1} in Box", Word(RoleHere), Word(RoleInBox)),
        DriftKind.FolderUnknown => Role(InBox),
        DriftKind.Deleted => "The portal keeps it, and Box has it no more.",
        DriftKind.Described => new Sentence("{0} here, {1} in Box", Here!, InBox!),
        _ => new Sentence("{0} here, {1} in Box", Role(Here), Role(InBox)),
    };

    private static Sentence Word(GroupRole? role) => role == GroupRole.Admin ? "manager" : "member";

    private static Sentence Role(string? words) => words!;
}

/// <summary>All differences at one moment.</summary>
/// <param name="Findings">What is to be asked about, by group and name.</param>
/// <param name="Troubles">What could not be compared, in words.</param>
/// <param name="Sizes">How many members the groups have.</param>
/// <param name="ReadAt">When Box was asked, UTC.</param>
public sealed record DriftReport(IReadOnlyList<DriftFinding> Findings, IReadOnlyList<Sentence> Troubles, IReadOnlyDictionary<string, int> Sizes, DateTimeOffset ReadAt)
{
    /// <summary>What somebody keeps as it is, by group and name.</summary>
    public IReadOnlyList<DriftFinding> Kept { get; init; } = [];
}
