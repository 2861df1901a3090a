using System.Net;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Graph;
using BoxPortal.Groups;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Sync;

/// <summary>
/// Reads all that a plan depends on: from the directory, from Box, one page for every thousand members of a group, and from the portal.
/// Whom it finds in a group the first time were there before.
/// </summary>
public sealed class SyncReader(IDbContextFactory<PortalDb> databases, GraphDirectory directory, BoxGroups groups, KeptGroups kept, PortalTenant tenant)
{
    /// <summary>How things stand with some rules.</summary>
    public async Task<SyncState> ReadAsync(IReadOnlyList<SyncRule> rules, CancellationToken cancellationToken)
    {
        List<RuleState> states = [];
        foreach (var rule in rules)
        {
            states.Add(new RuleState(rule, await AskAsync(rule, cancellationToken)));
        }

        Dictionary<string, IReadOnlyDictionary<string, GroupMembership>> members = [];
        Dictionary<string, string> troubles = [];
        foreach (var ofGroup in states.Where(state => state.Answer is DirectoryAnswer.People).GroupBy(state => state.Rule.GroupId))
        {
            await ReadMembersAsync(ofGroup.Key, ofGroup.All(state => state.Rule.IsEnding), members, troubles, cancellationToken);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var groupIds = rules.Select(rule => rule.GroupId).Distinct().ToArray();
        var protections = await db.Set<Protection>().AsNoTracking().ToListAsync(cancellationToken);
        return new SyncState(
            states,
            await db.Set<AppUserMapping>().Where(mapping => mapping.TenantId == tenant.Id)
                .Select(mapping => new SyncedPerson(mapping.ObjectId, mapping.Name, mapping.State, mapping.AppUserId)).ToListAsync(cancellationToken),
            members,
            troubles,
            await db.Set<MembershipSource>().AsNoTracking().Where(source => groupIds.Contains(source.GroupId)).ToListAsync(cancellationToken),
            protections.Where(protection => protection.IsGroup).Select(protection => protection.BoxId).ToHashSet(),
            protections.Where(protection => !protection.IsGroup).Select(protection => protection.BoxId).ToHashSet())
        {
            KeptOut = (await DriftVerdict.Standing(db).Where(verdict => !verdict.IsAdopted && verdict.Kind == DriftKind.Gone && groupIds.Contains(verdict.GroupId))
                .Select(verdict => new { verdict.GroupId, verdict.AppUserId }).ToListAsync(cancellationToken)).Select(kept => (kept.GroupId, kept.AppUserId)).ToHashSet(),
        };
    }

    private async Task<DirectoryAnswer> AskAsync(SyncRule rule, CancellationToken cancellationToken)
    {
        if (rule.IsEnding)
        {
            return new DirectoryAnswer.People(new HashSet<Guid>(), Known: null);
        }

        if (rule.TenantId != tenant.Id)
        {
            return new DirectoryAnswer.Failed("It was made for another directory (AzureAd:TenantId has changed since). Delete it and make it anew.");
        }

        if (!directory.IsEnabled)
        {
            return await AskSignInsAsync(rule, cancellationToken);
        }

        try
        {
            return rule.Source == SyncSource.Group
                ? new DirectoryAnswer.People(await directory.MembersAsync(Guid.Parse(rule.SourceId), cancellationToken), Known: null)
                : await directory.HoldersAsync(rule.SourceId, cancellationToken) is { } holders
                    ? new DirectoryAnswer.People(holders, Known: null)
                    : new DirectoryAnswer.Failed($"The portal's registration has no app role {rule.SourceId} any more.");
        }
        catch (GraphException fault)
        {
            return new DirectoryAnswer.Failed(fault.Status switch
            {
                HttpStatusCode.NotFound => $"{rule.SourceName} is not in the directory any more. {fault.Message}",
                HttpStatusCode.Forbidden => $"The directory does not allow it: does the registration have GroupMember.Read.All and Application.Read.All, with consent? {fault.Message}",
                _ => $"The directory gave no whole answer. {fault.Message}",
            });
        }
    }

    /// <summary>Where the directory cannot be asked: what people's own sign-ins said, and of the others nothing.</summary>
    private async Task<DirectoryAnswer> AskSignInsAsync(SyncRule rule, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var entry = DirectoryClaims.Entry(rule.SourceId);
        var claims = db.Set<DirectoryClaims>().Where(claims => claims.TenantId == tenant.Id);
        var said = rule.Source == SyncSource.Group
            ? await claims.Where(claims => claims.Groups != null).Select(claims => new { claims.ObjectId, Has = claims.Groups!.Contains(entry) }).ToListAsync(cancellationToken)
            : await claims.Select(claims => new { claims.ObjectId, Has = claims.Roles.Contains(entry) }).ToListAsync(cancellationToken);
        return new DirectoryAnswer.People(said.Where(one => one.Has).Select(one => one.ObjectId).ToHashSet(), said.Select(one => one.ObjectId).ToHashSet());
    }

    private async Task ReadMembersAsync(
        string groupId, bool mayBeGone, Dictionary<string, IReadOnlyDictionary<string, GroupMembership>> members, Dictionary<string, string> troubles, CancellationToken cancellationToken)
    {
        try
        {
            Dictionary<string, GroupMembership> found = [];
            await foreach (var membership in groups.ListMembershipsAsync(groupId, cancellationToken))
            {
                found[membership.User.Id] = membership;
            }

            await kept.NoteAsync(groupId, found.Values, cancellationToken);
            members[groupId] = found;
        }
        catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            if (mayBeGone)
            {
                members[groupId] = new Dictionary<string, GroupMembership>();
            }
            else
            {
                troubles[groupId] = "The group is not in Box any more.";
            }
        }
        catch (BoxApiException cutOff) when (cutOff.IsOfListCutOff)
        {
            // Whoever is not listed may be in it all the same, so that nothing can be said of anybody.
            troubles[groupId] = $"The group has more than {GroupWords.Number(BoxGroups.MostListed)} members, and Box lists no more of them: who is missing in it cannot be told. Nobody is added or removed.";
        }
        catch (BoxApiException refusal)
        {
            troubles[groupId] = $"Box did not say who is in the group. {refusal.Message}";
        }
    }
}
