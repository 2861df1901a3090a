using System.Collections.Concurrent;
using BoxPortal.Box;
using BoxPortal.Shell;

namespace BoxPortal.Groups;

/// <summary>What <see cref="AccessReader"/> has read so far, by several hands.</summary>
internal sealed class AccessSheet
{
    private readonly ConcurrentDictionary<string, string> _groupNames = [];
    private readonly ConcurrentDictionary<string, string> _userNames = [];
    private readonly ConcurrentDictionary<string, AccessFolder> _folders = [];
    private readonly ConcurrentDictionary<string, AccessFolder> _namedFolders = [];
    private readonly ConcurrentDictionary<(string, string), AccessMembership> _memberships = [];
    private readonly ConcurrentDictionary<string, AccessGrant> _grants = [];
    private readonly ConcurrentDictionary<string, bool> _withMembers = [];
    private readonly ConcurrentDictionary<string, bool> _withFiles = [];

    public ConcurrentQueue<Sentence> Gaps { get; } = [];

    public ICollection<AccessMembership> Memberships => _memberships.Values;

    public ICollection<AccessGrant> Grants => _grants.Values;

    public void Name(BoxGroup group) => _groupNames[group.Id] = group.Name.Isolated();

    public bool Names(string groupId) => _groupNames.ContainsKey(groupId);

    public string NameOf(string groupId) => _groupNames.GetValueOrDefault(groupId) ?? $"group {groupId}";

    public string NameOfFolder(string folderId) => (_folders.GetValueOrDefault(folderId) ?? _namedFolders.GetValueOrDefault(folderId))?.Name ?? $"folder {folderId}";

    public bool HasMember(string appUserId, string groupId) => _memberships.ContainsKey((appUserId, groupId));

    public bool HasMembersOf(string groupId) => _withMembers.ContainsKey(groupId);

    public void MembersRead(string groupId) => _withMembers[groupId] = true;

    public void Add(GroupMembership membership)
    {
        Note(_groupNames, membership.Group);
        Note(_userNames, membership.User);
        _memberships[(membership.User.Id, membership.Group.Id)] = new AccessMembership(membership.User.Id, membership.Group.Id, membership.Role, membership.Id);
    }

    /// <param name="collaboration">As Box says it; of one on a file only that the group has some is noted.</param>
    /// <param name="folderId">On which folder, where Box does not say so: a pending one names no item.</param>
    public void Add(Collaboration collaboration, string? folderId)
    {
        if (collaboration is { AccessibleBy: { Type: "group", Id: { } holder }, Item: { Type: not "folder" } })
        {
            _withFiles[holder] = true;
        }

        if (collaboration is not { AccessibleBy: { Id.Length: > 0 } grantee } || collaboration.Item is { Type: not "folder" } || (collaboration.Item?.Id ?? folderId) is not { } on)
        {
            return;
        }

        Note(grantee.Type == "group" ? _groupNames : _userNames, grantee);
        if (collaboration.Item is { Name: { } name })
        {
            _namedFolders[on] = new AccessFolder(on, name.Isolated(), null);
        }

        _grants[collaboration.Id] = new AccessGrant(
            collaboration.Id, on, grantee.Id, grantee.Type == "group", collaboration.Role, collaboration.Status, collaboration.IsAccessOnly == true,
            collaboration.ExpiresAt, collaboration.CreatedAt);
    }

    public bool HasFiles(string groupId) => _withFiles.ContainsKey(groupId);

    /// <summary>What lies in a folder belongs to whom the folder belongs to.</summary>
    public void Add(BoxItem folder, string parentId) =>
        _folders.TryAdd(folder.Id, new AccessFolder(folder.Id, folder.Name.Isolated(), parentId, _folders.GetValueOrDefault(parentId)?.OwnerId));

    public void Add(BoxFolder folder)
    {
        if (folder.OwnedBy is { } owner)
        {
            Note(_userNames, owner);
        }

        var above = folder.PathCollection?.Entries ?? (folder.Parent is null ? [] : [folder.Parent]);
        string? parentId = null;
        foreach (var each in above)
        {
            // What lies in a folder belongs to whom the folder belongs to.
            _folders.TryAdd(each.Id, new AccessFolder(each.Id, each.Name?.Isolated() ?? each.Id, parentId, folder.OwnedBy?.Id));
            parentId = each.Id;
        }

        _folders[folder.Id] = new AccessFolder(folder.Id, folder.Name.Isolated(), parentId, folder.OwnedBy?.Id);
    }

    public IEnumerable<string> SelfAndAncestors(string folderId)
    {
        for (string? id = folderId; id is not (null or "0"); id = _folders.GetValueOrDefault(id)?.ParentId)
        {
            yield return id;
        }
    }

    public AccessReading ToReading(DateTimeOffset at) => new(
        new AccessMap(
            at,
            _groupNames.Select(group => new AccessGroup(group.Key, group.Value)),
            _memberships.Values,
            _grants.Values.OrderBy(grant => grant.Id, StringComparer.Ordinal),
            _namedFolders.Values.Concat(_folders.Values.Where(folder => folder.Id != "0"))),
        _userNames,
        [],
        _withFiles.Keys.ToHashSet(),
        [.. Gaps.Distinct().OrderBy(gap => gap.ToString(), StringComparer.Ordinal)]);

    private static void Note(ConcurrentDictionary<string, string> names, BoxReference reference)
    {
        if (reference.Name is { } name)
        {
            names[reference.Id] = name.Isolated();
        }
    }
}

/// <summary>What was read from Box for one question.</summary>
/// <param name="Map">It, as a map.</param>
/// <param name="Names">Names of users by their ID, as Box has them.</param>
/// <param name="AppUserIds">Whom a rehearsal is about; empty for other questions.</param>
/// <param name="WithFiles">Groups that have single files besides folders, by Box's ID. The map has folders only.</param>
/// <param name="Gaps">What Box does not tell, in sentences for people: what follows from the map holds but for that.</param>
public sealed record AccessReading(AccessMap Map, IReadOnlyDictionary<string, string> Names, IReadOnlyList<string> AppUserIds, IReadOnlySet<string> WithFiles, IReadOnlyList<Sentence> Gaps);
