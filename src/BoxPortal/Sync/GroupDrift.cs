using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Sync;

/// <summary>Where Box differs in a group itself: in its folders, in what it is called, or in that it is gone.</summary>
internal static class GroupDrift
{
    /// <summary>Sets what Box has beside the portal's account.</summary>
    /// <param name="group">The group in Box.</param>
    /// <param name="folders">What it has access to there.</param>
    /// <param name="account">The portal's account.</param>
    public static IEnumerable<DriftFinding> Compare(BoxGroup group, IReadOnlyList<Collaboration> folders, GroupAccount account)
    {
        var given = folders.DistinctBy(folder => folder.Item!.Id).ToDictionary(folder => folder.Item!.Id);
        foreach (var (folderId, known) in account.Folders.Where(known => known.Value.Role is not null && !given.ContainsKey(known.Key)))
        {
            yield return OfFolder(DriftKind.FolderGone, group, folderId, known.Name, known.Role, inBox: null, GroupAct.AddFolder);
        }

        foreach (var (folderId, inBox) in given)
        {
            var known = account.Folders.GetValueOrDefault(folderId);
            if (known?.Role is not { } role)
            {
                yield return OfFolder(DriftKind.FolderUnknown, group, folderId, inBox.Item!.Name ?? folderId, here: null, inBox, GroupAct.RemoveFolder);
            }
            else if (role != inBox.Role)
            {
                yield return OfFolder(DriftKind.FolderRole, group, folderId, inBox.Item!.Name ?? folderId, role, inBox, GroupAct.ChangeFolderRole);
            }
        }

        var (name, description) = (account.Name ?? group.Name, account.Description ?? group.Description ?? "");
        if (name != group.Name || description != (group.Description ?? ""))
        {
            yield return new DriftFinding(DriftKind.Described, group.Id, group.Name, "", "", [])
            {
                Group = group,
                Here = Words(name, description),
                InBox = Words(group.Name, group.Description),
                Restores =
                [
                    new(new GroupEdit(GroupAct.DescribeGroup, group.Id, Name: name == group.Name ? null : name, Description: description == (group.Description ?? "") ? null : description), group.Name),
                ],
            };
        }
    }

    /// <summary>A group that is gone, and what makes it again: with those whom people put into it, since the directory's rules name the old one.</summary>
    public static DriftFinding Deleted(
        string groupId, GroupAccount account, IReadOnlyList<MembershipSource> sources,
        IReadOnlyDictionary<(string, string), (GroupRole Role, DateTimeOffset Since)> roles, IReadOnlyDictionary<string, string> people)
    {
        var name = account.Name ?? $"group {groupId}";
        return new DriftFinding(DriftKind.Deleted, groupId, name, "", "", [])
        {
            Here = "there",
            InBox = "gone",
            Restores =
            [
                new(new GroupEdit(GroupAct.CreateGroup, "", Name: name, Description: account.Description), name),
                .. sources.Where(source => !source.IsDirectory).GroupBy(source => source.AppUserId).Select(member => new PlannedChange(
                    new GroupEdit(GroupAct.AddMember, "", member.Key, MemberRole: roles.TryGetValue((groupId, member.Key), out var made) ? made.Role : member.First().Role ?? GroupRole.Member), name)
                {
                    MemberName = people.GetValueOrDefault(member.Key, member.Key),
                    Source = string.Join(',', member.Select(source => source.Source)),
                }),
                .. account.Folders.Where(folder => folder.Value.Role is not null).Select(folder => new PlannedChange(
                    new GroupEdit(GroupAct.AddFolder, "", FolderId: folder.Key, FolderRole: folder.Value.Role), name)
                {
                    FolderName = folder.Value.Name,
                }),
            ],
        };
    }

    /// <summary>Takes what Box has for the portal's own account.</summary>
    public static async Task AdoptAsync(PortalDb db, DriftFinding finding, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var kept = db.Set<KeptGroup>().Where(group => group.GroupId == finding.GroupId);
        switch (finding)
        {
            case { Kind: DriftKind.Deleted }:
                await db.Set<MembershipSource>().Where(source => source.GroupId == finding.GroupId).ExecuteDeleteAsync(cancellationToken);
                await db.Set<KeptFolder>().Where(folder => folder.GroupId == finding.GroupId).ExecuteDeleteAsync(cancellationToken);
                await db.Set<DriftVerdict>().Where(verdict => verdict.GroupId == finding.GroupId).ExecuteDeleteAsync(cancellationToken);
                await kept.ExecuteDeleteAsync(cancellationToken);
                break;
            case { Kind: DriftKind.Described, Group: { } group }:
                await kept.ExecuteUpdateAsync(set => set.SetProperty(known => known.Name, group.Name).SetProperty(known => known.Description, group.Description ?? "")
                    .SetProperty(known => known.NamedAt, now), cancellationToken);
                break;
            default:
                await db.Set<KeptFolder>().Where(folder => folder.GroupId == finding.GroupId && folder.FolderId == finding.FolderId).ExecuteDeleteAsync(cancellationToken);
                db.Add(new KeptFolder { GroupId = finding.GroupId, FolderId = finding.FolderId, Name = finding.FolderName, Role = finding.FolderRoleInBox, Since = now });
                break;
        }
    }

    private static DriftFinding OfFolder(DriftKind kind, BoxGroup group, string folderId, string name, CollaborationRole? here, Collaboration? inBox, GroupAct act) =>
        new(kind, group.Id, group.Name, "", "", [])
        {
            FolderId = folderId,
            FolderName = name,
            BoxId = inBox?.Id,
            FolderRoleInBox = inBox?.Role,
            Here = here is { } role ? GroupWords.Name(role) : "no access",
            InBox = inBox is null ? "no access" : GroupWords.Name(inBox.Role),
            Restores =
            [
                new(new GroupEdit(act, group.Id, FolderId: folderId, FolderRole: act == GroupAct.RemoveFolder ? null : here), group.Name)
                {
                    FolderName = name,
                    BoxId = inBox?.Id,
                    FormerFolderRole = inBox?.Role,
                },
            ],
        };

    private static string Words(string name, string? description) => string.IsNullOrEmpty(description) ? $"“{name}”" : $"“{name}”, “{description}”";
}
