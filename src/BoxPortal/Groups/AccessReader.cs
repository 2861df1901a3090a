using System.Collections.Concurrent;
using System.Net;
using BoxPortal.Box;

namespace BoxPortal.Groups;

/// <summary>
/// Reads from Box, as the service account, what an <see cref="AccessMap"/> needs for one question, and no more. Box lists what is
/// given to a group from the group's side and from the folder's, what is given to a user only from the folder's.
/// </summary>
public sealed class AccessReader(BoxGroups groups, BoxGroupMemberships memberships, BoxCollaborations collaborations, BoxFolders folders, TimeProvider clock)
{
    private const int AtOnce = 4;

    /// <summary>Up to so many people, groups are not counted to find the shorter way.</summary>
    private const int FewPeople = 50;

    /// <summary>
    /// For "why does this app user come to this folder, or not": the folder and those above it with their collaborations, and the
    /// app user's groups. One call for each folder, and two more. A folder that belongs to somebody, so that the service account is
    /// not shown it, is read as the app user; what that user is not shown is not known then.
    /// </summary>
    /// <exception cref="BoxApiException">404: there is no such folder or app user, or none that service account or app user may see. Else Box refused or did not answer.</exception>
    public async Task<AccessReading> ReadAsync(string appUserId, string folderId, CancellationToken cancellationToken)
    {
        var sheet = new AccessSheet();
        await Task.WhenAll(
            ReadMembershipsAsync(sheet, appUserId, cancellationToken),
            ReadFolderAndAboveAsync(sheet, appUserId, folderId, cancellationToken));
        return sheet.ToReading(clock.GetUtcNow());
    }

    /// <summary>
    /// For "where does this app user come to": its groups, what these have access to, and where that lies. What is given to the app
    /// user alone is not in it. One call, and one for each group and each folder.
    /// </summary>
    /// <exception cref="BoxApiException">404: there is no such app user. Else Box refused or did not answer.</exception>
    public async Task<AccessReading> ReadPersonAsync(string appUserId, CancellationToken cancellationToken)
    {
        var sheet = new AccessSheet();
        await ReadMembershipsAsync(sheet, appUserId, cancellationToken);
        await EachAsync(sheet.Memberships.Select(membership => membership.GroupId), (groupId, stop) => ReadGrantsAsync(sheet, groupId, stop), cancellationToken);
        await EachAsync(sheet.Grants.Select(grant => grant.FolderId), (folderId, stop) => ReadPlaceAsync(sheet, folderId, stop), cancellationToken);
        return sheet.ToReading(clock.GetUtcNow());
    }

    /// <summary>Where a folder lies, and nothing of who comes to it. One call.</summary>
    /// <exception cref="BoxApiException">404: there is no such folder, or none that the service account may see. Else Box refused or did not answer.</exception>
    public async Task<AccessReading> ReadPlaceAsync(string folderId, CancellationToken cancellationToken)
    {
        var sheet = new AccessSheet();
        sheet.Add(await folders.GetAsync(folderId, cancellationToken));
        return sheet.ToReading(clock.GetUtcNow());
    }

    /// <summary>
    /// For "who comes to this folder": the folder and those above it with their collaborations, and the members of the groups
    /// among these. One call, and one for each folder and each 1,000 members.
    /// </summary>
    /// <exception cref="BoxApiException">404: there is no such folder, or none that the service account may see. Else Box refused or did not answer.</exception>
    public async Task<AccessReading> ReadFolderAsync(string folderId, CancellationToken cancellationToken)
    {
        var sheet = new AccessSheet();
        await ReadFolderAndAboveAsync(sheet, await folders.GetAsync(folderId, cancellationToken), subject: null, cancellationToken);
        await EachAsync(sheet.Grants.Where(grant => grant.IsToGroup).Select(grant => grant.GranteeId), (groupId, stop) => ReadAudienceAsync(sheet, groupId, stop), cancellationToken);
        return sheet.ToReading(clock.GetUtcNow());
    }

    /// <summary>Below folders whose people change, as many are looked through for what was given there to somebody alone.</summary>
    public const int MostBelow = 500;

    /// <summary>Of those who would end with nothing, as many are asked what else they have.</summary>
    public const int MostAsked = 100;

    /// <summary>
    /// For these edits: everybody concerned, all their groups with what these have access to, and whatever else
    /// stands on the folders concerned. Whom it is about is in <see cref="AccessReading.AppUserIds"/>. What was given to one of them
    /// alone is known on the folders concerned and those above.
    /// </summary>
    /// <exception cref="BoxApiException">Box refused or did not answer. A group or folder that is gone is a gap in the reading, not a fault.</exception>
    public async Task<AccessReading> ReadForAsync(IReadOnlyList<GroupEdit> edits, CancellationToken cancellationToken)
    {
        var (sheet, people) = await ReadSheetForAsync(edits, cancellationToken);
        return sheet.ToReading(clock.GetUtcNow()) with { AppUserIds = people };
    }

    /// <summary>
    /// The rehearsal of these edits, with what was given to people alone, as far as Box lets one know it. Below the folders where
    /// something changes, that is one call for each folder, and one more for each that others were let into. Whoever would end with
    /// nothing is asked, as that app user, what lies at the top for them: one call each. What stays unknown is a gap in the reading:
    /// folders that belong to others, what is reachable but not listed, and whatever is beyond <see cref="MostBelow"/> and <see cref="MostAsked"/>.
    /// </summary>
    /// <param name="edits">Whatever is done between the two maps.</param>
    /// <param name="sides">From a map of how it is now, how it is before and after.</param>
    /// <param name="cancellationToken">Abandons the reading.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer. A group or folder that is gone is a gap in the reading, not a fault.</exception>
    public async Task<(Rehearsal Rehearsal, AccessReading Reading)> RehearseAsync(
        IReadOnlyList<GroupEdit> edits, Func<AccessMap, (AccessMap Before, AccessMap After)> sides, CancellationToken cancellationToken)
    {
        var (sheet, people) = await ReadSheetForAsync(edits, cancellationToken);
        var (before, after) = sides(sheet.ToReading(clock.GetUtcNow()).Map);
        await ReadBelowAsync(sheet, [.. Rehearsal.Of(before, after, people).Changes.Select(change => change.Folder.Id).Distinct()], cancellationToken);

        (before, after) = sides(sheet.ToReading(clock.GetUtcNow()).Map);
        var withNothing = Rehearsal.Of(before, after, people).WithNothing;
        ConcurrentDictionary<string, bool> withMore = [];
        await EachAsync(withNothing.Take(MostAsked), async (appUserId, stop) =>
        {
            if (await HasMoreAsync(sheet, appUserId, before, after, stop))
            {
                withMore[appUserId] = true;
            }
        }, cancellationToken);
        var rehearsal = Rehearsal.Of(before, after, people, withMore.Keys.ToHashSet());
        if (rehearsal.WithNothing.Count > 0)
        {
            sheet.Gaps.Enqueue("Whoever ends with nothing may still reach what was given to them alone without being listed: Box does not tell of it.");
        }

        if (withNothing.Count > MostAsked)
        {
            sheet.Gaps.Enqueue(new("Of those who end with nothing, only {0} were asked for what was given to them alone elsewhere.", MostAsked));
        }

        return (rehearsal, sheet.ToReading(before.At) with { AppUserIds = people });
    }

    private async Task<(AccessSheet Sheet, IReadOnlyList<string> People)> ReadSheetForAsync(IReadOnlyList<GroupEdit> edits, CancellationToken cancellationToken)
    {
        var sheet = new AccessSheet();
        var groupIds = edits.Where(edit => edit.GroupId.Length > 0 && edit.Act is not (GroupAct.CreateGroup or GroupAct.DescribeGroup)).Select(edit => edit.GroupId).Distinct().ToList();
        await EachAsync(groupIds, (groupId, stop) => ReadGrantsAsync(sheet, groupId, stop), cancellationToken);
        await EachAsync(
            edits.Where(edit => edit.GroupId.Length > 0 && edit.Act is GroupAct.DeleteGroup or GroupAct.AddFolder or GroupAct.ChangeFolderRole or GroupAct.RemoveFolder).Select(edit => edit.GroupId),
            (groupId, stop) => ReadAudienceAsync(sheet, groupId, stop),
            cancellationToken);
        var concerned = sheet.Grants.Select(grant => grant.FolderId).Concat(edits.Select(edit => edit.FolderId).OfType<string>()).Distinct().ToList();
        var people = edits.Select(edit => edit.AppUserId).OfType<string>().Concat(sheet.Memberships.Select(membership => membership.AppUserId)).Distinct().ToList();

        await ReadMembershipsAsync(sheet, people, cancellationToken);
        var theirGroups = sheet.Memberships.Where(membership => people.Contains(membership.AppUserId)).Select(membership => membership.GroupId).Except(groupIds);
        await EachAsync(theirGroups, (groupId, stop) => ReadGrantsAsync(sheet, groupId, stop), cancellationToken);
        await EachAsync(sheet.Grants.Select(grant => grant.FolderId).Concat(concerned), (folderId, stop) => ReadPlaceAsync(sheet, folderId, stop), cancellationToken);
        await EachAsync(concerned.SelectMany(sheet.SelfAndAncestors), (folderId, stop) => ReadGrantsOnAsync(sheet, folderId, subject: null, stop), cancellationToken);
        await EachAsync(groupIds.Where(groupId => !sheet.Names(groupId)), (groupId, stop) => ReadNameAsync(sheet, groupId, stop), cancellationToken);
        return (sheet, people);
    }

    /// <summary>What stands on folders below these, which is told only folder by folder.</summary>
    private async Task ReadBelowAsync(AccessSheet sheet, IReadOnlyCollection<string> folderIds, CancellationToken cancellationToken)
    {
        HashSet<string> looked = [];
        for (var level = folderIds; level.Count > 0;)
        {
            if (looked.Count + level.Count > MostBelow)
            {
                sheet.Gaps.Enqueue(new("Of the folders below those that change, only {0} were looked through for what was given there to somebody alone.", looked.Count));
                return;
            }

            looked.UnionWith(level);
            ConcurrentQueue<BoxItem> below = [];
            await EachAsync(level, async (folderId, stop) =>
            {
                try
                {
                    await foreach (var folder in folders.ListFoldersAsync(folderId, stop))
                    {
                        sheet.Add(folder, folderId);
                        below.Enqueue(folder);
                    }
                }
                catch (BoxApiException hidden) when (hidden.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
                {
                    sheet.Gaps.Enqueue(new("Box does not show the service account what lies in {0}.", sheet.NameOfFolder(folderId)));
                }
            }, cancellationToken);
            await EachAsync(below.Where(folder => folder.HasCollaborations == true).Select(folder => folder.Id), (folderId, stop) => ReadGrantsOnAsync(sheet, folderId, subject: null, stop), cancellationToken);
            level = [.. below.Select(folder => folder.Id).Where(id => !looked.Contains(id))];
        }
    }

    /// <summary>Whether something lies at the top for the app user to which no way leads that is known. A single file may be by a group that has some.</summary>
    private async Task<bool> HasMoreAsync(AccessSheet sheet, string appUserId, AccessMap before, AccessMap after, CancellationToken cancellationToken)
    {
        var mayHaveFiles = before.MembershipsOf(appUserId).Concat(after.MembershipsOf(appUserId)).Any(membership => sheet.HasFiles(membership.GroupId));
        try
        {
            return await folders.ListItemsAsync("0", new BoxSubject.AppUser(appUserId), cancellationToken).AnyAsync(
                item => item.Type == "folder" ? before.PathsTo(appUserId, item.Id).Count + after.PathsTo(appUserId, item.Id).Count == 0 : !mayHaveFiles, cancellationToken);
        }
        catch (BoxApiException refusal) when (refusal.IsAboutSubject)
        {
            sheet.Gaps.Enqueue("Of those who end with nothing, Box does not say what else they have where nobody can act as them now.");
            return false;
        }
    }

    /// <summary>Everybody's groups: person by person, or from all groups' members, whichever takes fewer calls.</summary>
    private async Task ReadMembershipsAsync(AccessSheet sheet, List<string> people, CancellationToken cancellationToken)
    {
        if (people.Count > FewPeople)
        {
            var all = await groups.ListAsync(filterTerm: null, cancellationToken).ToListAsync(cancellationToken);
            var unread = all.Where(group => !sheet.HasMembersOf(group.Id)).ToList();
            if (unread.Count < people.Count)
            {
                all.ForEach(group => sheet.Name(group));
                ConcurrentBag<string> cutOff = [];
                await EachAsync(unread.Select(group => group.Id), async (groupId, stop) =>
                {
                    if (!await ReadMembersAsync(sheet, groupId, stop))
                    {
                        cutOff.Add(groupId);
                    }
                }, cancellationToken);
                people = [.. people.Where(person => cutOff.Any(groupId => !sheet.HasMember(person, groupId)))]; // whoever is not listed may be in it all the same
            }
        }

        await EachAsync(people, async (appUserId, stop) =>
        {
            try
            {
                await ReadMembershipsAsync(sheet, appUserId, stop);
            }
            catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
            {
                sheet.Gaps.Enqueue(new("Box has no app user {0}.", appUserId));
            }
        }, cancellationToken);
    }

    private async Task ReadMembershipsAsync(AccessSheet sheet, string appUserId, CancellationToken cancellationToken)
    {
        await foreach (var membership in memberships.ListOfUserAsync(appUserId, cancellationToken))
        {
            sheet.Add(membership);
        }
    }

    private async Task ReadAudienceAsync(AccessSheet sheet, string groupId, CancellationToken cancellationToken)
    {
        if (!await ReadMembersAsync(sheet, groupId, cancellationToken))
        {
            sheet.Gaps.Enqueue(new("Members of {0} beyond {1} are not listed by Box.", sheet.NameOf(groupId), BoxGroups.MostListed));
        }
    }

    /// <returns>Whether Box listed all of them.</returns>
    private async Task<bool> ReadMembersAsync(AccessSheet sheet, string groupId, CancellationToken cancellationToken)
    {
        var isWhole = true;
        try
        {
            await foreach (var membership in groups.ListMembershipsAsync(groupId, cancellationToken))
            {
                sheet.Add(membership);
            }
        }
        catch (BoxApiException cutOff) when (cutOff.IsOfListCutOff)
        {
            isWhole = false;
        }
        catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            sheet.Gaps.Enqueue(new("Box has no group {0}.", groupId));
        }

        sheet.MembersRead(groupId);
        return isWhole;
    }

    private async Task ReadGrantsAsync(AccessSheet sheet, string groupId, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var collaboration in groups.ListCollaborationsAsync(groupId, cancellationToken))
            {
                sheet.Add(collaboration, folderId: null);
            }
        }
        catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            sheet.Gaps.Enqueue(new("Box has no group {0}.", groupId));
        }
    }

    /// <summary>Of a group that nobody is in, and that has nothing yet, no list tells the name.</summary>
    private async Task ReadNameAsync(AccessSheet sheet, string groupId, CancellationToken cancellationToken)
    {
        try
        {
            sheet.Name(await groups.GetAsync(groupId, cancellationToken));
        }
        catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            sheet.Gaps.Enqueue(new("Box has no group {0}.", groupId));
        }
    }

    private async Task ReadFolderAndAboveAsync(AccessSheet sheet, string appUserId, string folderId, CancellationToken cancellationToken)
    {
        try
        {
            await ReadFolderAndAboveAsync(sheet, await folders.GetAsync(folderId, cancellationToken), subject: null, cancellationToken);
        }
        catch (BoxApiException hidden) when (hidden.Status == HttpStatusCode.NotFound)
        {
            var subject = new BoxSubject.AppUser(appUserId);
            if (await FindAsync(folderId, subject, cancellationToken) is not { } folder)
            {
                throw;
            }

            sheet.Gaps.Enqueue(new("Box does not show {0} to the service account: what is said of it is what this person's app user is shown.", folder.Name));
            await ReadFolderAndAboveAsync(sheet, folder, subject, cancellationToken);
        }
    }

    private async Task ReadFolderAndAboveAsync(AccessSheet sheet, BoxFolder folder, BoxSubject? subject, CancellationToken cancellationToken)
    {
        sheet.Add(folder);
        await EachAsync(sheet.SelfAndAncestors(folder.Id), (id, stop) => ReadGrantsOnAsync(sheet, id, subject, stop), cancellationToken);
    }

    /// <summary>Nobody acts as an inactive app user, to whom nothing is shown.</summary>
    private async Task<BoxFolder?> FindAsync(string folderId, BoxSubject subject, CancellationToken cancellationToken)
    {
        try
        {
            return await folders.FindAsync(folderId, subject, cancellationToken);
        }
        catch (BoxApiException refusal) when (refusal.IsAboutSubject)
        {
            return null;
        }
    }

    private async Task ReadGrantsOnAsync(AccessSheet sheet, string folderId, BoxSubject? subject, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var collaboration in collaborations.ListOfFolderAsync(folderId, subject, cancellationToken))
            {
                sheet.Add(collaboration, folderId);
            }
        }
        catch (BoxApiException hidden) when (hidden.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
        {
            sheet.Gaps.Enqueue(new(subject is null ? "Box does not show the service account who has access to {0}." : "Box does not show this person's app user who has access to {0}.", sheet.NameOfFolder(folderId)));
        }
    }

    /// <summary>A folder that belongs to somebody else, and is shared by them, is known by its name alone.</summary>
    private async Task ReadPlaceAsync(AccessSheet sheet, string folderId, CancellationToken cancellationToken)
    {
        if (await folders.FindAsync(folderId, subject: null, cancellationToken) is { } folder)
        {
            sheet.Add(folder);
        }
        else
        {
            sheet.Gaps.Enqueue(new("Box does not show the service account where {0} lies.", sheet.NameOfFolder(folderId)));
        }
    }

    private static Task EachAsync(IEnumerable<string> ids, Func<string, CancellationToken, Task> read, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            ids.Distinct().ToList(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (id, stop) => await read(id, stop));
}
