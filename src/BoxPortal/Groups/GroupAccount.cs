using BoxPortal.Box;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>
/// A group by the portal's account: as Box had it when that was noted or adopted, and as the portal has changed it since. Who is in
/// it is told by <see cref="MembershipSource"/>.
/// </summary>
/// <param name="Name">What it is called; <c>null</c> where that is not known.</param>
/// <param name="Description">What it is for; <c>null</c> where that is not known.</param>
/// <param name="Folders">What it has, or had, by the folder's ID.</param>
public sealed record GroupAccount(string? Name, string? Description, IReadOnlyDictionary<string, FolderAccount> Folders)
{
    /// <summary>Reads it; asks Box nothing.</summary>
    internal static async Task<GroupAccount> ReadAsync(PortalDb db, string groupId, CancellationToken cancellationToken)
    {
        var kept = await db.Set<KeptGroup>().AsNoTracking().SingleOrDefaultAsync(group => group.GroupId == groupId, cancellationToken);
        var noted = await db.Set<KeptFolder>().AsNoTracking().Where(folder => folder.GroupId == groupId).ToDictionaryAsync(folder => folder.FolderId, cancellationToken);
        var changes = await db.Set<GroupChange>().AsNoTracking().Where(change => change.GroupId == groupId && change.HasChanged && change.AppUserId == null)
            .OrderBy(change => change.Id).ToListAsync(cancellationToken);
        var (name, description) = (kept?.Name, kept?.Description);
        var folders = noted.Values.ToDictionary(folder => folder.FolderId, folder => new FolderAccount(folder.Name, folder.Role));
        foreach (var change in changes)
        {
            if (change.FolderId is { } folderId)
            {
                if (!noted.TryGetValue(folderId, out var before) || change.EndedAt > before.Since)
                {
                    folders[folderId] = new FolderAccount(change.FolderName ?? folderId, change.Act == GroupAct.RemoveFolder ? null : change.FolderRole);
                }
            }
            else if (kept?.NamedAt is not { } namedAt || change.EndedAt > namedAt)
            {
                (name, description) = (change.Name ?? name, change.Description ?? description);
            }
        }

        return new GroupAccount(name, description, folders);
    }
}

/// <summary>What a group has of a folder, by the portal's account.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Role">What the group may do in it; <c>null</c> where it has no access.</param>
public sealed record FolderAccount(string Name, CollaborationRole? Role);
