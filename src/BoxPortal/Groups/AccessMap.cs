using System.Diagnostics;
using BoxPortal.Box;

namespace BoxPortal.Groups;

/// <summary>
/// Who comes to which folder, and how: what is known of groups, memberships, collaborations and folders at one moment. It asks
/// nobody. Rights flow down the tree and add up; what stands on a folder above can only be added to below. Source: Box's support
/// article on collaborator permission levels ("waterfall").
/// </summary>
public sealed class AccessMap
{
    private const string RootId = "0";

    private readonly Dictionary<string, AccessGroup> _groups;
    private readonly Dictionary<string, AccessFolder> _folders;
    private readonly ILookup<string, AccessMembership> _membershipsByAppUser;
    private readonly ILookup<string, AccessMembership> _membershipsByGroup;
    private readonly ILookup<string, AccessGrant> _grantsByFolder;
    private readonly ILookup<(bool IsToGroup, string Id), AccessGrant> _grantsByGrantee;

    /// <summary>A map of what is named; a group or folder that is only mentioned goes by its ID.</summary>
    /// <param name="at">As of when: what ends until then brings nothing.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="memberships">Who is in them; of one app user in one group, the last counts.</param>
    /// <param name="grants">Collaborations; of two with the same ID, the last counts.</param>
    /// <param name="folders">Folders, with those above them as far as they are known.</param>
    public AccessMap(
        DateTimeOffset at, IEnumerable<AccessGroup> groups, IEnumerable<AccessMembership> memberships, IEnumerable<AccessGrant> grants, IEnumerable<AccessFolder> folders)
    {
        At = at;
        _groups = Last(groups, group => group.Id);
        _folders = Last(folders, folder => folder.Id);
        Memberships = [.. Last(memberships, membership => (membership.AppUserId, membership.GroupId)).Values];
        // Nothing is given to the same grantee on the same folder twice, so this finds the same collaboration read from two lists.
        Grants = [.. Last(grants, grant => (grant.FolderId, grant.IsToGroup, grant.GranteeId)).Values];
        _membershipsByAppUser = Memberships.ToLookup(membership => membership.AppUserId);
        _membershipsByGroup = Memberships.ToLookup(membership => membership.GroupId);
        _grantsByFolder = Grants.ToLookup(grant => grant.FolderId);
        _grantsByGrantee = Grants.ToLookup(grant => (grant.IsToGroup, grant.GranteeId));
    }

    /// <summary>As of when.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The groups it knows.</summary>
    public IReadOnlyCollection<AccessGroup> Groups => _groups.Values;

    /// <summary>Who is in which group, as far as it knows.</summary>
    public IReadOnlyList<AccessMembership> Memberships { get; }

    /// <summary>The collaborations it knows.</summary>
    public IReadOnlyList<AccessGrant> Grants { get; }

    /// <summary>The folders it knows.</summary>
    public IReadOnlyCollection<AccessFolder> Folders => _folders.Values;

    /// <summary>The group of that ID; one that is not known goes by its ID.</summary>
    public AccessGroup Group(string id) => _groups.GetValueOrDefault(id) ?? new AccessGroup(id, id);

    /// <summary>The folder of that ID; one that is not known goes by its ID and lies nowhere.</summary>
    public AccessFolder Folder(string id) => _folders.GetValueOrDefault(id) ?? new AccessFolder(id, id, null);

    /// <summary>The groups that an app user is in.</summary>
    public IEnumerable<AccessMembership> MembershipsOf(string appUserId) => _membershipsByAppUser[appUserId];

    /// <summary>The collaborations of a group.</summary>
    public IEnumerable<AccessGrant> GrantsOfGroup(string groupId) => _grantsByGrantee[(true, groupId)];

    /// <summary>Everybody of whom the map knows that they come, or came, or were asked to some folder.</summary>
    public IReadOnlyCollection<string> AppUsers =>
        [.. Memberships.Select(membership => membership.AppUserId).Concat(Grants.Where(grant => !grant.IsToGroup).Select(grant => grant.GranteeId)).Distinct()];

    /// <summary>The folder itself, then the one it lies in, up to the top as far as it is known.</summary>
    public IEnumerable<AccessFolder> SelfAndAncestors(string folderId)
    {
        HashSet<string> seen = []; // folders that lie in each other are no tree, but need not be our end
        for (string? id = folderId; id is not (null or RootId) && seen.Add(id); id = Folder(id).ParentId)
        {
            yield return Folder(id);
        }
    }

    /// <summary>All ways by which an app user comes to a folder, nearest first; also those that lead nowhere now, with their fault.</summary>
    public IReadOnlyList<AccessPath> AllPathsTo(string appUserId, string folderId)
    {
        List<AccessPath> paths = [];
        if (Folder(folderId).OwnerId == appUserId)
        {
            paths.Add(new AccessPath.Ownership(Folder(folderId)));
        }

        foreach (var folder in SelfAndAncestors(folderId))
        {
            foreach (var grant in _grantsByFolder[folder.Id])
            {
                if (PathBy(grant, appUserId, folder) is { } path)
                {
                    paths.Add(path);
                }
            }
        }

        return paths;
    }

    /// <summary>All ways by which an app user comes to a folder now, nearest first.</summary>
    public IReadOnlyList<AccessPath> PathsTo(string appUserId, string folderId) => [.. AllPathsTo(appUserId, folderId).Where(path => path.Fault is null)];

    /// <summary>What an app user may do in a folder.</summary>
    public FolderAccess AccessTo(string appUserId, string folderId) => FolderAccess.Of(PathsTo(appUserId, folderId).Select(path => path.Role));

    /// <summary>
    /// What an app user may do with the folder itself, rather than in it: an editor may not delete or move the folder that was
    /// shared. Source: it.umn.edu, "Box access levels".
    /// </summary>
    public FolderRights RightsOn(string appUserId, string folderId) => PathsTo(appUserId, folderId).Aggregate(FolderRights.None, (sum, path) => sum
        | (path.On.Id == folderId && !path.Role.Rights().HasFlag(FolderRights.Settings) ? path.Role.Rights() & ~(FolderRights.Delete | FolderRights.Move) : path.Role.Rights()));

    /// <summary>
    /// The folders on an app user's root <c>"0"</c>: those they own at the top, and those that are listed for them and lie in none that is.
    /// </summary>
    public IReadOnlyList<AccessFolder> RootOf(string appUserId)
    {
        var listed = GrantsOf(appUserId).Where(grant => grant.FaultAt(At) is null && !grant.IsAccessOnly && Folder(grant.FolderId).OwnerId != appUserId)
            .Select(grant => grant.FolderId).ToHashSet();
        return
        [
            .. _folders.Values.Where(folder => folder.OwnerId == appUserId && folder.ParentId is null or RootId),
            .. listed.Where(id => !SelfAndAncestors(id).Skip(1).Any(above => listed.Contains(above.Id))).Select(Folder),
        ];
    }

    /// <summary>The folders on which a collaboration stands that lets the app user in now.</summary>
    public IEnumerable<string> FoldersOf(string appUserId) =>
        GrantsOf(appUserId).Where(grant => grant.FaultAt(At) is null).Select(grant => grant.FolderId).Distinct();

    /// <summary>Whether the app user comes to any folder at all, as far as the map knows.</summary>
    public bool HasAnything(string appUserId) => FoldersOf(appUserId).Any() || _folders.Values.Any(folder => folder.OwnerId == appUserId);

    /// <summary>Everybody who comes to a folder now, each with all their ways.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<AccessPath>> WhoComesTo(string folderId)
    {
        Dictionary<string, List<AccessPath>> found = [];
        if (Folder(folderId).OwnerId is { } owner)
        {
            Of(owner).Add(new AccessPath.Ownership(Folder(folderId)));
        }

        foreach (var folder in SelfAndAncestors(folderId))
        {
            foreach (var grant in _grantsByFolder[folder.Id].Where(grant => grant.FaultAt(At) is null))
            {
                if (!grant.IsToGroup)
                {
                    Of(grant.GranteeId).Add(new AccessPath.Direct(grant, folder));
                    continue;
                }

                foreach (var membership in _membershipsByGroup[grant.GranteeId])
                {
                    Of(membership.AppUserId).Add(new AccessPath.ThroughGroup(membership, Group(grant.GranteeId), grant, folder));
                }
            }
        }

        return found.ToDictionary(one => one.Key, IReadOnlyList<AccessPath> (one) => one.Value);

        List<AccessPath> Of(string appUserId) => found.TryGetValue(appUserId, out var paths) ? paths : found[appUserId] = [];
    }

    /// <summary>
    /// The map as it is once these things are done, one after the other. What is done already changes nothing. Where an edit names
    /// no group's ID it concerns the group of its <see cref="GroupEdit.Name"/>, else the one made last before it.
    /// </summary>
    public AccessMap After(IReadOnlyList<GroupEdit> edits)
    {
        var plan = new Plan(this);
        foreach (var edit in edits)
        {
            plan.Do(edit);
        }

        return plan.ToMap();
    }

    /// <summary>
    /// The map without one way: without the membership, with whatever else that brings, or without the app user's own collaboration.
    /// What somebody owns stays theirs.
    /// </summary>
    public AccessMap Without(AccessPath path) => path switch
    {
        AccessPath.ThroughGroup { Membership: var membership } => new AccessMap(At, Groups, Memberships.Where(other => other != membership), Grants, Folders),
        AccessPath.Direct { Grant: var grant } => new AccessMap(At, Groups, Memberships, Grants.Where(other => other != grant), Folders),
        _ => this,
    };

    /// <summary>The map without the names of all other groups: for those who may know of none but these.</summary>
    public AccessMap NamingOnly(IReadOnlySet<string> groupIds) =>
        new(At, [.. Groups.Select(group => groupIds.Contains(group.Id) ? group : group with { Name = RehearsalWords.AnotherGroup })], Memberships, Grants, Folders);

    private AccessPath? PathBy(AccessGrant grant, string appUserId, AccessFolder folder) => grant.IsToGroup
        ? _membershipsByAppUser[appUserId].FirstOrDefault(membership => membership.GroupId == grant.GranteeId) is { } membership
            ? new AccessPath.ThroughGroup(membership, Group(grant.GranteeId), grant, folder) { Fault = grant.FaultAt(At) }
            : null
        : grant.GranteeId == appUserId ? new AccessPath.Direct(grant, folder) { Fault = grant.FaultAt(At) } : null;

    private IEnumerable<AccessGrant> GrantsOf(string appUserId) =>
        _grantsByGrantee[(false, appUserId)].Concat(_membershipsByAppUser[appUserId].SelectMany(membership => _grantsByGrantee[(true, membership.GroupId)]));

    private static Dictionary<TKey, T> Last<TKey, T>(IEnumerable<T> all, Func<T, TKey> key)
        where TKey : notnull
    {
        Dictionary<TKey, T> last = [];
        foreach (var one in all)
        {
            last[key(one)] = one;
        }

        return last;
    }

    /// <summary>What becomes of a map, edit by edit.</summary>
    private sealed class Plan(AccessMap map)
    {
        private readonly Dictionary<string, AccessGroup> _groups = new(map._groups);
        private readonly Dictionary<(string AppUserId, string GroupId), AccessMembership> _memberships = Last(map.Memberships, one => (one.AppUserId, one.GroupId));
        private readonly Dictionary<(string FolderId, bool IsToGroup, string GranteeId), AccessGrant> _grants = Last(map.Grants, one => (one.FolderId, one.IsToGroup, one.GranteeId));
        private readonly Dictionary<string, string> _made = new(StringComparer.OrdinalIgnoreCase); // as Box compares names of groups
        private string _lastMade = "";

        public void Do(GroupEdit edit)
        {
            var groupId = edit.Act == GroupAct.CreateGroup ? Make(edit) : IdOf(edit);
            switch (edit)
            {
                case { Act: GroupAct.CreateGroup }:
                    break;
                case { Act: GroupAct.DescribeGroup }:
                    _groups[groupId] = new AccessGroup(groupId, edit.Name ?? (_groups.GetValueOrDefault(groupId) ?? map.Group(groupId)).Name);
                    break;
                case { Act: GroupAct.DeleteGroup }:
                    _groups.Remove(groupId);
                    Forget(_memberships, membership => membership.GroupId == groupId);
                    Forget(_grants, grant => grant.IsToGroup && grant.GranteeId == groupId);
                    break;
                case { Act: GroupAct.AddMember, AppUserId: { } appUserId }:
                    var joined = _memberships.GetValueOrDefault((appUserId, groupId)) ?? new AccessMembership(appUserId, groupId);
                    _memberships[(appUserId, groupId)] = joined with { Role = edit.MemberRole ?? joined.Role };
                    break;
                case { Act: GroupAct.ChangeMemberRole, AppUserId: { } appUserId, MemberRole: { } role }:
                    if (_memberships.TryGetValue((appUserId, groupId), out var held))
                    {
                        _memberships[(appUserId, groupId)] = held with { Role = role };
                    }

                    break;
                case { Act: GroupAct.RemoveMember, AppUserId: { } appUserId }:
                    _memberships.Remove((appUserId, groupId));
                    break;
                case { Act: GroupAct.AddFolder, FolderId: { } folderId, FolderRole: { } role }:
                    _grants[(folderId, true, groupId)] = _grants.TryGetValue((folderId, true, groupId), out var known)
                        ? known with { Role = role }
                        : new AccessGrant("", folderId, groupId, IsToGroup: true, role);
                    break;
                case { Act: GroupAct.ChangeFolderRole, FolderId: { } folderId, FolderRole: { } role }:
                    if (_grants.TryGetValue((folderId, true, groupId), out var given))
                    {
                        _grants[(folderId, true, groupId)] = given with { Role = role };
                    }

                    break;
                case { Act: GroupAct.RemoveFolder, FolderId: { } folderId }:
                    _grants.Remove((folderId, true, groupId));
                    break;
                default:
                    throw new UnreachableException($"{edit.Act} does not say enough to be done.");
            }
        }

        public AccessMap ToMap() => new(map.At, _groups.Values, _memberships.Values, _grants.Values, map.Folders);

        private string Make(GroupEdit edit)
        {
            var name = edit.Name ?? "";
            var id = edit.GroupId.Length > 0 ? edit.GroupId : $"new {name}"; // no ID of Box's has a space
            _groups[id] = new AccessGroup(id, name);
            (_made[name], _lastMade) = (id, id);
            return id;
        }

        private string IdOf(GroupEdit edit) =>
            edit.GroupId.Length > 0 ? edit.GroupId
            : edit.Name is { } name && _made.TryGetValue(name, out var id) ? id
            : _lastMade;

        private static void Forget<TKey, T>(Dictionary<TKey, T> all, Func<T, bool> which)
            where TKey : notnull
        {
            foreach (var (key, _) in all.Where(one => which(one.Value)).ToList())
            {
                all.Remove(key);
            }
        }
    }
}
