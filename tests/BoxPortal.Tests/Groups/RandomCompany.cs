using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Sandbox;
using CsCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BoxPortal.Tests.Groups;

/// <summary>
/// A company that nobody would think of, and the question whether the portal understands it as Box does: who finds what at the
/// top, what they may do in each folder, and what a change changes.
/// </summary>
/// <param name="Parents">For each folder the number of the one it lies in, or -1.</param>
/// <param name="Owners">For each folder at the top the number of the person it belongs to; -1 for the service account.</param>
/// <param name="People">How many people there are.</param>
/// <param name="GroupCount">How many groups there are.</param>
/// <param name="Members">Who is in which group.</param>
/// <param name="Grants">What is given.</param>
/// <param name="Edits">What is then done, by numbers.</param>
public sealed record RandomCompany(
    int[] Parents, int[] Owners, int People, int GroupCount, (int Person, int Group)[] Members, RandomCompany.Grant[] Grants, RandomCompany.Edit[] Edits)
{
    private static readonly CollaborationRole[] s_roles = [.. Enum.GetValues<CollaborationRole>().Where(role => role != CollaborationRole.Owner)];
    private static readonly GroupAct[] s_acts = Enum.GetValues<GroupAct>();

    private static readonly Gen<Grant> s_grant = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 9], Gen.Int[0, 4], Gen.Int[0, s_roles.Length - 1].Select(number => s_roles[number]), Gen.Int[0, 9]).Select((folder, kind, grantee, role, state) =>
        new Grant(folder, kind > 1, grantee, role, IsAccessOnly: state is 0 or 1, Status: state == 2 ? "pending" : state == 3 ? "rejected" : "accepted", HasEnded: state == 4));

    private static readonly Gen<Edit> s_edit = Gen.Select(Gen.Int[0, s_acts.Length - 1].Select(number => s_acts[number]), Gen.Int[0, 4], Gen.Int[0, 4], Gen.Int[0, 7], Gen.Int[0, s_roles.Length - 1].Select(number => s_roles[number]))
        .Select((act, group, person, folder, role) => new Edit(act, group, person, folder, role));

    /// <summary>Any company of a handful.</summary>
    public static Gen<RandomCompany> Any { get; } =
        Gen.Select(
            Gen.Int[-1, 6].Array[1, 8], Gen.Int[-6, 3].Array[8], Gen.Int[1, 4], Gen.Int[1, 4], Gen.Select(Gen.Int[0, 3], Gen.Int[0, 3]).Array[0, 8], s_grant.Array[0, 8],
            s_edit.Array[1, 6]).Select((parents, owners, people, groups, members, grants, edits) => new RandomCompany(
                [.. parents.Select((parent, number) => parent < number ? parent : -1)], owners, people, groups, members, grants, edits));

    /// <summary>Tries so many companies, one after the other in one sandbox.</summary>
    /// <param name="count">How many.</param>
    /// <param name="sandbox">Where; it is started here, and ended by whoever built it.</param>
    /// <param name="cancellationToken">Stops the trying.</param>
    public static async Task TryAsync(int count, WebApplication sandbox, CancellationToken cancellationToken)
    {
        await sandbox.StartAsync(cancellationToken);
        using var http = new HttpClient { BaseAddress = new Uri(sandbox.Urls.First()) };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Box:ConfigJson"] = await http.GetStringAsync(new Uri("/_sandbox/config.json", UriKind.Relative), cancellationToken),
            ["Box:ApiBaseAddress"] = http.BaseAddress.ToString(),
            ["Box:UploadBaseAddress"] = http.BaseAddress.ToString(),
        }).Build();
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddBox().AddSingleton<AccessReader>().BuildServiceProvider();
        services.GetRequiredService<IOptions<BoxOptions>>().Value.CallsPerMinute = 1_000_000; // this Box counts nothing
        var enterprise = sandbox.Services.GetRequiredService<Enterprise>();
        var clock = sandbox.Services.GetRequiredService<SandboxClock>();
        await Any.SampleAsync(company => company.CheckAsync(services, enterprise, clock, cancellationToken), iter: count, threads: 1);
    }

    /// <summary>Plants the company, asks Box as each of its people, does the edits through Box and asks again.</summary>
    /// <exception cref="InvalidOperationException">The portal understands something else than Box does; the message says what.</exception>
    private async Task CheckAsync(IServiceProvider portal, Enterprise enterprise, SandboxClock clock, CancellationToken cancellationToken)
    {
        var box = new Planted(this, portal, enterprise, clock);
        var before = box.Map();
        await box.CompareAsync(before, "before", cancellationToken);

        var edits = box.Edits();
        var after = before.After(edits);
        var whole = Rehearsal.Of(before, after, box.People);
        var (read, reading) = await portal.GetRequiredService<AccessReader>().RehearseAsync(edits, map => (map, map.After(edits)), cancellationToken);
        if (!reading.Gaps.Any(gap => gap.English.StartsWith("Box does not show", StringComparison.Ordinal))) // where it shows not all, it says so
        {
            Demand(Lines(read), Lines(whole), "the rehearsal from Box's lists");
            var hidden = box.ReachUnlisted; // which Box tells nobody
            Demand(
                read.WithNothing.Where(id => !hidden.Contains(id)).Order(StringComparer.Ordinal), whole.WithNothing.Where(id => !hidden.Contains(id)).Order(StringComparer.Ordinal),
                "who ends with nothing by Box's lists");
            Demand([reading.Gaps.Count], [read.WithNothing.Count == 0 ? 0 : 1], "what is not claimed");
        }

        var seenBefore = await box.SeenAsync(before, cancellationToken);
        await box.DoAsync(edits, cancellationToken);
        await box.CompareAsync(after, "after", cancellationToken);
        var seenAfter = await box.SeenAsync(before, cancellationToken);
        var told = whole.Changes.ToLookup(change => change.Kind);
        // A folder below one that is gained is gained with it, and not told by itself.
        foreach (var (kind, became) in new[] { (FolderChangeKind.Gains, seenAfter.Except(seenBefore)), (FolderChangeKind.Loses, seenBefore.Except(seenAfter)) })
        {
            var all = became.ToHashSet();
            Demand(told[kind].Select(change => (change.AppUserId, change.Folder.Id)).Where(one => !all.Contains(one)), [], $"told but not so: {kind}");
            Demand(
                all.Where(one => !told[kind].Any(change => change.AppUserId == one.AppUserId && before.SelfAndAncestors(one.FolderId).Any(folder => folder.Id == change.Folder.Id))),
                [], $"so but not told: {kind}");
        }

        Demand(
            box.People.Where(id => seenBefore.Any(one => one.AppUserId == id) && seenAfter.All(one => one.AppUserId != id)).Order(StringComparer.Ordinal),
            whole.WithNothing.Order(StringComparer.Ordinal), "who ends with nothing");
    }

    private static IEnumerable<string> Lines(Rehearsal rehearsal) => rehearsal.Changes
        .Select(change => $"{change.AppUserId} {change.Kind} {change.Folder.Name}: {change.Before.Words} → {change.After.Words} through {string.Join(", ", change.Through.Select(path => path.Words).Order(StringComparer.Ordinal))}")
        .Order(StringComparer.Ordinal);

    private static void Demand<T>(IEnumerable<T> actual, IEnumerable<T> expected, string what)
    {
        var (is_, be) = (actual.ToList(), expected.ToList());
        if (!is_.SequenceEqual(be))
        {
            throw new InvalidOperationException($"{what}: [{string.Join("; ", is_)}] is not [{string.Join("; ", be)}]");
        }
    }

    /// <param name="Folder">On which.</param>
    /// <param name="IsToGroup">To a group, not to a person.</param>
    /// <param name="Grantee">To which.</param>
    /// <param name="Role">What may be done.</param>
    /// <param name="IsAccessOnly">Not listed.</param>
    /// <param name="Status">Box's word.</param>
    /// <param name="HasEnded">Its time is over.</param>
    public sealed record Grant(int Folder, bool IsToGroup, int Grantee, CollaborationRole Role, bool IsAccessOnly, string Status, bool HasEnded);

    /// <param name="Act">What is done.</param>
    /// <param name="Group">To which group.</param>
    /// <param name="Person">With which person.</param>
    /// <param name="Folder">And which folder.</param>
    /// <param name="Role">And role.</param>
    public sealed record Edit(GroupAct Act, int Group, int Person, int Folder, CollaborationRole Role);

    /// <summary>The company in a sandbox.</summary>
    private sealed class Planted
    {
        private readonly RandomCompany _company;
        private readonly IServiceProvider _portal;
        private readonly Enterprise _enterprise;
        private readonly SandboxClock _clock;
        private readonly List<User> _users = [];
        private readonly List<Group> _groups = [];
        private readonly List<Folder> _folders = [];

        public Planted(RandomCompany company, IServiceProvider portal, Enterprise enterprise, SandboxClock clock)
        {
            (_company, _portal, _enterprise, _clock) = (company, portal, enterprise, clock);
            enterprise.Clear();
            _users.AddRange(Enumerable.Range(0, company.People).Select(number => enterprise.AddAppUser($"Person {number}", null)));
            _groups.AddRange(Enumerable.Range(0, company.GroupCount).Select(number => enterprise.AddGroup($"Group {number}")));
            foreach (var (parent, number) in company.Parents.Select((parent, number) => (parent, number)))
            {
                var owner = company.Owners[number] is >= 0 and var person ? _users[person % _users.Count] : enterprise.ServiceAccount;
                _folders.Add(enterprise.AddFolder(parent < 0 ? owner.Root : _folders[parent], $"Folder {number}", owner));
            }

            foreach (var (person, group) in company.Members.Select(one => (_users[one.Person % _users.Count], _groups[one.Group % _groups.Count])).Distinct())
            {
                enterprise.AddMembership(person, group);
            }

            foreach (var grant in company.Grants)
            {
                var folder = _folders[grant.Folder % _folders.Count];
                var (user, group) = grant.IsToGroup ? (null, _groups[grant.Grantee % _groups.Count]) : (_users[grant.Grantee % _users.Count], (Group?)null);
                if (folder.Collaborations.Any(other => other.User == user && other.Group == group) || folder.Owner == user)
                {
                    continue;
                }

                var made = user is null
                    ? enterprise.AddCollaboration(folder, group!, grant.Role.Word(), grant.IsAccessOnly)
                    : enterprise.AddCollaboration(folder, user, grant.Role.Word(), grant.IsAccessOnly);
                (made.Status, made.ExpiresAt) = (grant.Status, grant.HasEnded ? clock.GetUtcNow().AddHours(-1) : null);
            }
        }

        public IReadOnlyList<string> People => [.. _users.Select(user => user.Id)];

        /// <summary>Who has something by themselves that is listed nowhere for them.</summary>
        public HashSet<string> ReachUnlisted =>
            [.. _folders.SelectMany(folder => folder.Collaborations).Where(one => one is { User: not null, IsAccessOnly: true, Status: AccessGrant.Accepted }).Select(one => one.User!.Id)];

        /// <summary>What there is, without asking anybody.</summary>
        public AccessMap Map() => new(
            _clock.GetUtcNow(),
            _groups.Select(group => new AccessGroup(group.Id, group.Name)),
            _users.SelectMany(user => user.Memberships).Select(membership => new AccessMembership(membership.User.Id, membership.Group.Id, GroupRole.Member, membership.Id)),
            _folders.SelectMany(folder => folder.Collaborations).Select(one => new AccessGrant(
                one.Id, one.Item.Id, (one.User?.Id ?? one.Group?.Id)!, one.Group is not null, s_roles.Single(role => role.Word() == one.RoleName), one.Status, one.IsAccessOnly, one.ExpiresAt)),
            _folders.Select(folder => new AccessFolder(folder.Id, folder.Name, folder.Parent!.Id, folder.Owner.Id)));

        /// <summary>In folders of the service account, which no other can be given by it.</summary>
        public List<GroupEdit> Edits()
        {
            List<GroupEdit> edits = [];
            HashSet<int> gone = [];
            foreach (var (edit, number) in _company.Edits.Select((edit, number) => (edit, number)))
            {
                var (group, person, folder) = (edit.Group % _groups.Count, _users[edit.Person % _users.Count], _folders[edit.Folder % _folders.Count]);
                if ((edit.Act != GroupAct.CreateGroup && gone.Contains(group)) || folder.Owner != _enterprise.ServiceAccount)
                {
                    continue;
                }

                switch (edit.Act)
                {
                    case GroupAct.CreateGroup:
                        edits.Add(new GroupEdit(edit.Act, "", Name: $"New {number}"));
                        edits.Add(new GroupEdit(GroupAct.AddMember, "", person.Id, MemberRole: GroupRole.Member));
                        edits.Add(new GroupEdit(GroupAct.AddFolder, "", FolderId: folder.Id, FolderRole: edit.Role));
                        break;
                    case GroupAct.AddMember or GroupAct.RemoveMember or GroupAct.ChangeMemberRole:
                        edits.Add(new GroupEdit(edit.Act, _groups[group].Id, person.Id, MemberRole: GroupRole.Member));
                        break;
                    case GroupAct.AddFolder or GroupAct.ChangeFolderRole or GroupAct.RemoveFolder:
                        edits.Add(new GroupEdit(edit.Act, _groups[group].Id, FolderId: folder.Id, FolderRole: edit.Role));
                        break;
                    case GroupAct.DeleteGroup:
                        gone.Add(group);
                        edits.Add(new GroupEdit(edit.Act, _groups[group].Id));
                        break;
                    default:
                        edits.Add(new GroupEdit(edit.Act, _groups[group].Id, Name: $"Renamed {number}"));
                        break;
                }
            }

            return edits;
        }

        /// <summary>Through Box, as whoever carries edits out would.</summary>
        public async Task DoAsync(IReadOnlyList<GroupEdit> edits, CancellationToken cancellationToken)
        {
            var groups = _portal.GetRequiredService<BoxGroups>();
            var memberships = _portal.GetRequiredService<BoxGroupMemberships>();
            var collaborations = _portal.GetRequiredService<BoxCollaborations>();
            var made = "";
            foreach (var edit in edits)
            {
                var groupId = edit.GroupId.Length > 0 ? edit.GroupId : made;
                var group = _enterprise.Groups.GetValueOrDefault(groupId);
                var membership = group?.Memberships.FirstOrDefault(one => one.User.Id == edit.AppUserId);
                var collaboration = group?.Collaborations.FirstOrDefault(one => one.Item.Id == edit.FolderId);
                switch (edit.Act)
                {
                    case GroupAct.CreateGroup:
                        made = (await groups.CreateAsync(new BoxGroupChanges { Name = edit.Name }, cancellationToken)).Id;
                        break;
                    case GroupAct.DescribeGroup:
                        await groups.UpdateAsync(groupId, new BoxGroupChanges { Name = edit.Name }, cancellationToken);
                        break;
                    case GroupAct.DeleteGroup:
                        await groups.DeleteAsync(groupId, cancellationToken);
                        break;
                    case GroupAct.AddMember when membership is null:
                        await memberships.CreateAsync(edit.AppUserId!, groupId, GroupRole.Member, cancellationToken);
                        break;
                    case GroupAct.RemoveMember when membership is not null:
                        await memberships.DeleteAsync(membership.Id, cancellationToken);
                        break;
                    case GroupAct.AddFolder when collaboration is null:
                        await collaborations.CreateForGroupAsync(edit.FolderId!, groupId, edit.FolderRole!.Value, cancellationToken);
                        break;
                    case GroupAct.AddFolder or GroupAct.ChangeFolderRole when collaboration is not null:
                        await collaborations.UpdateRoleAsync(collaboration.Id, edit.FolderRole!.Value, cancellationToken);
                        break;
                    case GroupAct.RemoveFolder when collaboration is not null:
                        await collaborations.DeleteAsync(collaboration.Id, cancellationToken);
                        break;
                    default:
                        break; // is so already
                }
            }
        }

        /// <summary>Asks Box as each of the people, and holds the map against it.</summary>
        public async Task CompareAsync(AccessMap map, string when, CancellationToken cancellationToken)
        {
            var folders = _portal.GetRequiredService<BoxFolders>();
            foreach (var user in _users)
            {
                var subject = new BoxSubject.AppUser(user.Id);
                var root = await folders.ListItemsAsync("0", subject, cancellationToken).Select(item => item.Name).ToListAsync(cancellationToken);
                Demand(map.RootOf(user.Id).Select(folder => folder.Name).Order(StringComparer.Ordinal), root.Order(StringComparer.Ordinal), $"{when}, the root of {user.Name}");
                foreach (var folder in _folders)
                {
                    var found = await folders.FindAsync(folder.Id, subject, cancellationToken);
                    var rights = map.RightsOn(user.Id, folder.Id);
                    Demand([rights & FolderPermissions.Spoken], [found?.Permissions?.Rights ?? FolderRights.None], $"{when}, {user.Name} in {folder.Name}");
                    Demand([map.AccessTo(user.Id, folder.Id).Exists], [found is not null], $"{when}, {user.Name} and {folder.Name}");
                }
            }
        }

        /// <summary>Which folders Box shows to whom.</summary>
        public async Task<HashSet<(string AppUserId, string FolderId)>> SeenAsync(AccessMap map, CancellationToken cancellationToken)
        {
            var folders = _portal.GetRequiredService<BoxFolders>();
            HashSet<(string, string)> seen = [];
            foreach (var user in _users)
            {
                foreach (var folder in map.Folders)
                {
                    if (await folders.FindAsync(folder.Id, new BoxSubject.AppUser(user.Id), cancellationToken) is not null)
                    {
                        seen.Add((user.Id, folder.Id));
                    }
                }
            }

            return seen;
        }
    }
}
