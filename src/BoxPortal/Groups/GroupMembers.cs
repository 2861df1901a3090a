using System.Net;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Shell;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>Reads who is in a group, a page at a time, with what the portal knows of each.</summary>
public sealed class GroupMembers(IDbContextFactory<PortalDb> databases, GroupPeople people, BoxGroups groups, BoxGroupMemberships memberships, IDirectoryRules rules)
{
    /// <summary>How many members a page shows.</summary>
    public const int PageSize = 50;

    /// <summary>Up to so many members, all are read to search among them: one call.</summary>
    private const int SmallGroup = 1_000;

    /// <summary>In larger groups each of the first so many people who are called so is looked up.</summary>
    private const int MostLookedUp = 25;

    private const int AtOnce = 4;

    /// <summary>One page, in Box's order; or those whom <paramref name="search"/> names.</summary>
    /// <param name="groupId">Box's ID of the group.</param>
    /// <param name="search">Any part of a name, mail address or app user ID; <c>null</c> for all.</param>
    /// <param name="page">Which page, from 1.</param>
    /// <param name="cancellationToken">Abandons the reading.</param>
    /// <exception cref="BoxApiException">404: there is no such group.</exception>
    public async Task<MembersPage> ReadAsync(string groupId, string? search, int page, CancellationToken cancellationToken)
    {
        var skip = Math.Clamp(page - 1, 0, (BoxGroups.MostListed - 1) / PageSize) * PageSize;
        if (string.IsNullOrWhiteSpace(search))
        {
            var (listed, total) = await groups.ReadMembershipsAsync(groupId, skip, PageSize, cancellationToken);
            if (listed.Count == 0 && skip > 0)
            {
                return await ReadAsync(groupId, search, (Math.Min(total, BoxGroups.MostListed) + PageSize - 1) / PageSize, cancellationToken); // an address from before it shrank
            }

            return new MembersPage(await DescribeAsync(groupId, listed, cancellationToken), skip / PageSize + 1, Math.Min(total, BoxGroups.MostListed), total, IsPartial: false);
        }

        var (all, size) = await groups.ReadMembershipsAsync(groupId, 0, SmallGroup, cancellationToken);
        var (found, isPartial) = size <= SmallGroup ? (await AmongAsync(all, search.Trim(), cancellationToken), false) : await LookUpAsync(groupId, search.Trim(), cancellationToken);
        skip = Math.Min(skip, Math.Max(0, found.Count - 1) / PageSize * PageSize);
        return new MembersPage(
            await DescribeAsync(groupId, [.. found.Skip(skip).Take(PageSize)], cancellationToken), skip / PageSize + 1, found.Count, size, isPartial);
    }

    /// <summary>The app users in a group, of a large one the first: one call.</summary>
    /// <exception cref="BoxApiException">404: there is no such group.</exception>
    public async Task<IReadOnlySet<string>> ListAsync(string groupId, CancellationToken cancellationToken) =>
        (await groups.ReadMembershipsAsync(groupId, 0, SmallGroup, cancellationToken)).Members.Select(membership => membership.User.Id).ToHashSet();

    private async Task<IReadOnlyList<GroupMembership>> AmongAsync(IReadOnlyList<GroupMembership> all, string text, CancellationToken cancellationToken)
    {
        var ids = all.Select(membership => membership.User.Id).ToArray();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var called = (await AppUserDirectory.Search(db, text).Where(mapping => ids.Contains(mapping.AppUserId!)).Select(mapping => mapping.AppUserId!).ToListAsync(cancellationToken)).ToHashSet();
        return [.. all.Where(membership => called.Contains(membership.User.Id) || membership.User.Id == text
            || membership.User.Name?.Contains(text, StringComparison.OrdinalIgnoreCase) == true)];
    }

    private async Task<(IReadOnlyList<GroupMembership> Found, bool IsPartial)> LookUpAsync(string groupId, string text, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var pattern = $"%{LikeEscape.Escape(text)}%";
        var ids = await AppUserDirectory.Search(db, text).Where(mapping => mapping.AppUserId != null).OrderBy(mapping => mapping.Name)
            .Select(mapping => mapping.AppUserId!).Take(MostLookedUp + 1).ToListAsync(cancellationToken);
        if (ids.Count <= MostLookedUp)
        {
            ids.AddRange(await db.Set<KnownAppUser>().Where(user => !ids.Contains(user.Id) && (user.Id == text || EF.Functions.Like(user.Name, pattern, LikeEscape.Character)))
                .OrderBy(user => user.Name).Select(user => user.Id).Take(MostLookedUp + 1 - ids.Count).ToListAsync(cancellationToken));
        }

        var found = new GroupMembership?[Math.Min(ids.Count, MostLookedUp)];
        await Parallel.ForAsync(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (index, stop) =>
        {
            try
            {
                await foreach (var membership in memberships.ListOfUserAsync(ids[index], stop))
                {
                    found[index] = membership.Group.Id == groupId ? membership : found[index];
                }
            }
            catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
            {
                // in no group any more
            }
        });
        return ([.. found.OfType<GroupMembership>()], ids.Count > MostLookedUp);
    }

    private async Task<IReadOnlyList<MemberRow>> DescribeAsync(string groupId, IReadOnlyList<GroupMembership> listed, CancellationToken cancellationToken)
    {
        var ids = listed.Select(membership => membership.User.Id).ToArray();
        var known = await people.NameAsync(ids, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var words = await rules.WordsAsync(db, cancellationToken);
        var sources = (await db.Set<MembershipSource>().AsNoTracking().Where(source => source.GroupId == groupId && ids.Contains(source.AppUserId)).ToListAsync(cancellationToken))
            .ToLookup(source => source.AppUserId);
        return
        [
            .. listed.Select(membership => new MemberRow(
                known.GetValueOrDefault(membership.User.Id) ?? new GroupPerson(membership.User.Id, membership.User.Name ?? membership.User.Id, "", null),
                membership.Role,
                [.. sources[membership.User.Id].OrderBy(source => source.Since).Select(source => new WordedSource(source, GroupWords.OfSource(source.Source, words)))])),
        ];
    }
}

/// <summary>Some members of a group.</summary>
/// <param name="Rows">They.</param>
/// <param name="Page">Which page it is, from 1.</param>
/// <param name="Total">How many can be leafed through.</param>
/// <param name="Members">How many the group has.</param>
/// <param name="IsPartial">Whether more people are called so than were looked up.</param>
public sealed record MembersPage(IReadOnlyList<MemberRow> Rows, int Page, int Total, int Members, bool IsPartial);

/// <summary>A member.</summary>
/// <param name="Person">Who.</param>
/// <param name="Role">As what.</param>
/// <param name="Sources">Why, oldest first; none for who was put into it in Box.</param>
public sealed record MemberRow(GroupPerson Person, GroupRole Role, IReadOnlyList<WordedSource> Sources)
{
    /// <summary>Since when they are in it, UTC; <c>null</c> where the portal does not know.</summary>
    public DateTimeOffset? Since => MembershipSource.DatesOf(Sources.Select(source => source.Source)).Since;

    /// <summary>Before when they were in it already, UTC, where that is all that is known: Box's lists have no dates.</summary>
    public DateTimeOffset? Before => MembershipSource.DatesOf(Sources.Select(source => source.Source)).Before;
}

/// <summary>Why somebody is in a group.</summary>
/// <param name="Source">Who or what gave it, why, and since when.</param>
/// <param name="Words">The reason in words; of a rule of the directory's sync, what it says.</param>
public sealed record WordedSource(MembershipSource Source, Sentence Words);
