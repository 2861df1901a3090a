using System.Net;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Shell;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>Sets what is wanted of groups beside what Box says of them now.</summary>
public sealed class GroupsOfBox(IDbContextFactory<PortalDb> databases, BoxGroups groups, BoxGroupMemberships memberships)
{
    /// <summary>Up to so many members it is cheaper to ask of each than of the whole group.</summary>
    private const int FewMembers = 3;

    /// <summary>What is left to do of <paramref name="edits"/>, each with what is so before it.</summary>
    /// <param name="edits">What is wanted.</param>
    /// <param name="source">For whom memberships are given or taken.</param>
    /// <param name="cancellationToken">Abandons the reading.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer.</exception>
    public async Task<GroupPlan> PlanAsync(IReadOnlyList<GroupEdit> edits, string source, CancellationToken cancellationToken)
    {
        var now = await ReadAsync(edits, cancellationToken);
        var names = await NamesAsync([.. edits.Select(edit => edit.AppUserId).OfType<string>().Distinct()], cancellationToken);
        List<PlannedChange> changes = [];
        List<string> leftOut = [];
        foreach (var edit in edits.Distinct())
        {
            var group = edit.Act == GroupAct.CreateGroup ? edit.Name! : now.Names.GetValueOrDefault(edit.GroupId);
            if (edit.Act == GroupAct.DeleteGroup && now.CutOff.Contains(edit.GroupId))
            {
                leftOut.Add($"{group} has {GroupWords.Number(now.Sizes[edit.GroupId])} members, and Box lists no more than {GroupWords.Number(BoxGroups.MostListed)} of them: what its deletion means cannot be shown, nor could it be undone. Take people out of it first.");
                continue;
            }

            if (group is null)
            {
                leftOut.Add($"There is no group {edit.GroupId} in Box any more.");
                continue;
            }

            var membership = edit.AppUserId is null ? null : now.Memberships.GetValueOrDefault((edit.GroupId, edit.AppUserId));
            var folder = edit.FolderId is null ? null : now.Folders.GetValueOrDefault((edit.GroupId, edit.FolderId));
            var member = edit.AppUserId is null ? null : names.GetValueOrDefault(edit.AppUserId) ?? membership?.User.Name ?? edit.AppUserId;
            var change = new PlannedChange(edit, group)
            {
                MemberName = member,
                FolderName = edit.FolderId is null ? null : folder?.Item?.Name ?? edit.Name ?? edit.FolderId,
                BoxId = membership?.Id ?? folder?.Id,
                FormerMemberRole = membership?.Role,
                FormerFolderRole = folder?.Role,
                Source = source,
            };
            if (IsSo(change) is { } words)
            {
                leftOut.Add(words);
            }
            else
            {
                changes.Add(change);
            }
        }

        return new GroupPlan(changes, leftOut, now.Sizes);
    }

    /// <summary>What can be taken back still: where Box stands as the change left it.</summary>
    internal async Task<GroupPlan> PlanUndoAsync(IReadOnlyList<PlannedChange> inverses, IReadOnlyList<string> alreadyLeftOut, CancellationToken cancellationToken)
    {
        var now = await ReadAsync([.. inverses.Select(inverse => inverse.Edit)], cancellationToken);
        List<PlannedChange> changes = [];
        List<string> leftOut = [.. alreadyLeftOut];
        foreach (var inverse in inverses)
        {
            var edit = inverse.Edit;
            var membership = edit.AppUserId is null ? null : now.Memberships.GetValueOrDefault((edit.GroupId, edit.AppUserId));
            var folder = edit.FolderId is null ? null : now.Folders.GetValueOrDefault((edit.GroupId, edit.FolderId));
            var isAsLeft = edit.GroupId.Length == 0 || (now.Names.ContainsKey(edit.GroupId)
                && membership?.Role == inverse.FormerMemberRole && folder?.Role == inverse.FormerFolderRole);
            if (isAsLeft)
            {
                changes.Add(inverse with { BoxId = membership?.Id ?? folder?.Id });
            }
            else
            {
                leftOut.Add($"Changed since in Box, and left: {inverse.MemberName ?? inverse.FolderName ?? inverse.GroupName} in {inverse.GroupName}.");
            }
        }

        return new GroupPlan(changes, leftOut, now.Sizes);
    }

    /// <summary>What makes the whole of it vain as Box stands now, in words that say what to do: a group that is gone, a name that is taken.</summary>
    /// <exception cref="BoxApiException">Box refused or did not answer.</exception>
    internal async Task<IReadOnlyList<Sentence>> ObstaclesAsync(IReadOnlyList<GroupChange> changes, CancellationToken cancellationToken)
    {
        List<Sentence> obstacles = [];
        // Whom the sync takes out of a group that is gone, it forgets, and asks nothing of Box.
        foreach (var change in changes.Where(change => change.GroupId.Length > 0 && change.Act != GroupAct.CreateGroup && change is not { Act: GroupAct.RemoveMember, FormerMemberRole: null })
            .DistinctBy(change => change.GroupId))
        {
            try
            {
                await groups.GetAsync(change.GroupId, cancellationToken);
            }
            catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
            {
                obstacles.Add(new Sentence("The group {0} is not in Box any more. Discard this; what is still wanted of other groups can be asked for anew.", change.GroupName.Isolated()));
            }
        }

        return [.. obstacles, .. await TakenNamesAsync(changes, cancellationToken)];
    }

    /// <summary>The names that changes would give to a group while another has them, in words that say what to do.</summary>
    /// <exception cref="BoxApiException">Box refused or did not answer.</exception>
    internal async Task<IReadOnlyList<Sentence>> TakenNamesAsync(IReadOnlyList<GroupChange> changes, CancellationToken cancellationToken)
    {
        List<Sentence> taken = [];
        var named = changes.Where(change => change is { Act: GroupAct.CreateGroup or GroupAct.DescribeGroup, Name: not null }).ToList();
        foreach (var change in named)
        {
            // Whoever gives the name up earlier in the same change set is not in the way.
            var freed = changes.TakeWhile(earlier => earlier != change)
                .Where(earlier => earlier.Act == GroupAct.DeleteGroup || (earlier is { Act: GroupAct.DescribeGroup, Name: { } other } && !IsSame(other, change.Name)))
                .Select(earlier => earlier.GroupId).Append(change.GroupId).ToHashSet();
            if (named.TakeWhile(earlier => earlier != change).Any(earlier => IsSame(earlier.Name, change.Name))
                || await groups.ListAsync(change.Name, cancellationToken).AnyAsync(group => IsSame(group.Name, change.Name) && !freed.Contains(group.Id), cancellationToken))
            {
                taken.Add(NameIsTaken(change.Name!));
            }
        }

        return taken;

        static bool IsSame(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>What to say to a name that another group has.</summary>
    internal static Sentence NameIsTaken(string name) => new Sentence("There is another group named {0} in Box already. Choose another name, or rename that group first.", name.Isolated());

    private static string? IsSo(PlannedChange change)
    {
        var (group, member, folder) = (change.GroupName.Isolated(), change.MemberName?.Isolated(), change.FolderName?.Isolated());
        return change.Edit switch
        {
            { Act: GroupAct.AddMember } when change.FormerMemberRole is not null => RehearsalWords.OfMember(member!, group),
            { Act: GroupAct.RemoveMember } when change.FormerMemberRole is null => $"{member} is not in {group}.",
            { Act: GroupAct.ChangeMemberRole } when change.FormerMemberRole is null => $"{member} is not in {group}.",
            { Act: GroupAct.ChangeMemberRole, MemberRole: var role } when change.FormerMemberRole == role => $"{member} is that in {group} already.",
            { Act: GroupAct.AddFolder } when change.FormerFolderRole is not null => $"{group} has access to {folder} already, as {change.FormerFolderRole.Value.Word()}.",
            { Act: GroupAct.RemoveFolder or GroupAct.ChangeFolderRole } when change.FormerFolderRole is null => $"{group} has no access to {folder}.",
            { Act: GroupAct.ChangeFolderRole, FolderRole: var role } when change.FormerFolderRole == role => $"{group} is {role!.Value.Word()} in {folder} already.",
            _ => null,
        };
    }

    private async Task<Now> ReadAsync(IReadOnlyList<GroupEdit> edits, CancellationToken cancellationToken)
    {
        var now = new Now([], [], [], [], []);
        foreach (var ofGroup in edits.Where(edit => edit.GroupId.Length > 0).GroupBy(edit => edit.GroupId))
        {
            try
            {
                now.Names[ofGroup.Key] = (await groups.GetAsync(ofGroup.Key, cancellationToken)).Name;
            }
            catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
            {
                continue;
            }

            await ReadMembersAsync(now, ofGroup.Key, [.. ofGroup], cancellationToken);
            if (ofGroup.Any(edit => edit.FolderId is not null))
            {
                await foreach (var collaboration in groups.ListCollaborationsAsync(ofGroup.Key, cancellationToken))
                {
                    if (collaboration.Item is { } item)
                    {
                        now.Folders[(ofGroup.Key, item.Id)] = collaboration;
                    }
                }
            }
        }

        return now;
    }

    private async Task ReadMembersAsync(Now now, string groupId, IReadOnlyList<GroupEdit> edits, CancellationToken cancellationToken)
    {
        var members = edits.Select(edit => edit.AppUserId).OfType<string>().Distinct().ToList();
        var isDeletion = edits.Any(edit => edit.Act == GroupAct.DeleteGroup);
        if (members.Count > FewMembers || isDeletion)
        {
            try
            {
                var size = 0;
                await foreach (var membership in groups.ListMembershipsAsync(groupId, cancellationToken))
                {
                    size++;
                    now.Memberships[(groupId, membership.User.Id)] = membership;
                }

                now.Sizes[groupId] = size;
                return;
            }
            catch (BoxApiException cutOff) when (cutOff.IsOfListCutOff)
            {
                // Whoever is not listed may be in it all the same: each is asked about by itself.
                now.CutOff.Add(groupId);
                now.Sizes[groupId] = (await groups.ReadMembershipsAsync(groupId, 0, 1, cancellationToken)).Total;
            }
        }

        foreach (var member in members)
        {
            try
            {
                await foreach (var membership in memberships.ListOfUserAsync(member, cancellationToken))
                {
                    now.Memberships[(membership.Group.Id, member)] = membership;
                }
            }
            catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
            {
                // no such app user, so in no group
            }
        }
    }

    private async Task<Dictionary<string, string>> NamesAsync(IReadOnlyCollection<string> appUserIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var names = await db.Set<KnownAppUser>().Where(known => appUserIds.Contains(known.Id)).ToDictionaryAsync(known => known.Id, known => known.Name, cancellationToken);
        foreach (var mapping in await db.Set<AppUserMapping>().Where(mapping => appUserIds.Contains(mapping.AppUserId!))
            .Select(mapping => new { mapping.AppUserId, mapping.Name }).ToListAsync(cancellationToken))
        {
            names[mapping.AppUserId!] = mapping.Name;
        }

        return names;
    }

    /// <summary>What Box says of the groups concerned.</summary>
    private sealed record Now(
        Dictionary<string, string> Names,
        Dictionary<(string GroupId, string AppUserId), GroupMembership> Memberships,
        Dictionary<(string GroupId, string FolderId), Collaboration> Folders,
        Dictionary<string, int> Sizes,
        HashSet<string> CutOff);
}

/// <summary>What is to be done, in its order, and what was left out of it.</summary>
/// <param name="Changes">What is to be done.</param>
/// <param name="LeftOut">What is so already, or cannot be, in words.</param>
/// <param name="Sizes">How many members the groups have now, as far as they were counted.</param>
public sealed record GroupPlan(IReadOnlyList<PlannedChange> Changes, IReadOnlyList<string> LeftOut, IReadOnlyDictionary<string, int> Sizes);

/// <summary>An edit beside what is so before it.</summary>
/// <param name="Edit">What is to be done.</param>
/// <param name="GroupName">The group's name.</param>
public sealed record PlannedChange(GroupEdit Edit, string GroupName)
{
    /// <summary>The member's name, where one is concerned.</summary>
    public string? MemberName { get; init; }

    /// <summary>The folder's name, where one is concerned.</summary>
    public string? FolderName { get; init; }

    /// <summary>Box's ID of the membership or collaboration, where there is one.</summary>
    public string? BoxId { get; init; }

    /// <summary>As what the member is in the group before; <c>null</c> where they are not in it.</summary>
    public GroupRole? FormerMemberRole { get; init; }

    /// <summary>What the group may do in the folder before; <c>null</c> where it has no access.</summary>
    public CollaborationRole? FormerFolderRole { get; init; }

    /// <summary>For whom a membership is given or taken; see <see cref="MembershipSource.Source"/>.</summary>
    public string Source { get; init; } = MembershipSource.Hand;

    /// <summary>The change that it takes back.</summary>
    public long? UndoesId { get; init; }

    internal GroupChange ToChange(long jobId, int number) => new()
    {
        JobId = jobId,
        Number = number,
        Act = Edit.Act,
        GroupId = Edit.GroupId,
        GroupName = GroupName,
        AppUserId = Edit.AppUserId,
        MemberName = MemberName,
        FolderId = Edit.FolderId,
        FolderName = FolderName,
        MemberRole = Edit.Act == GroupAct.AddMember ? Edit.MemberRole ?? GroupRole.Member : Edit.MemberRole,
        FolderRole = Edit.FolderRole,
        Name = Edit.Name,
        Description = Edit.Description,
        Source = Source,
        BoxId = BoxId,
        UndoesId = UndoesId,
        FormerMemberRole = FormerMemberRole,
        FormerFolderRole = FormerFolderRole,
    };
}
