using System.Net;
using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using BoxPortal.Tokens;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BoxPortal.Access;

/// <summary>
/// Says why a person sees a folder or does not, and who sees one. What it says of one person it holds against Box's own answer
/// to that person's app user. Every look is recorded before anything is shown.
/// </summary>
public sealed class AccessExplainer(
    IDbContextFactory<PortalDb> databases,
    AppUserDirectory directory,
    AccessReader reader,
    BoxUsers users,
    BoxFolders folders,
    BoxGroupMemberships memberships,
    IDirectoryRules rules,
    KeptAudiences kept,
    AuditTrail audit,
    IAuthorizationService authorization,
    IOptions<ExplorerOptions> explorer,
    TimeProvider clock)
{
    /// <summary>A change younger than this may not have reached every part of Box; an older one that does not show is wrong.</summary>
    public static readonly TimeSpan SpreadsWithin = TimeSpan.FromMinutes(15);

    /// <summary>Of many groups that would do, as many are offered.</summary>
    private const int MostPlaces = 3;

    /// <summary>Why the person sees the folder or does not.</summary>
    /// <param name="actor">Who asks; authorised here and now.</param>
    /// <param name="employee">About whom.</param>
    /// <param name="folderId">Box's ID of the folder.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public async Task<AccessResult> ExplainAsync(ClaimsPrincipal actor, EmployeeId employee, string folderId, CancellationToken cancellationToken)
    {
        if (!await MayLookAsync(actor))
        {
            return new AccessResult.NotAllowed();
        }

        if (await directory.FindAsync(employee, cancellationToken) is not { } mapping)
        {
            return new AccessResult.NoSuchPerson();
        }

        await audit.WriteAsync(audit.Entry(AuditKind.AccessExplained, employee, mapping.Name, Employee.From(actor).UserName,
            $"Looked at why they see folder {folderId}, or not.", mapping.AppUserId), cancellationToken);
        try
        {
            return new AccessResult.Explained(await ExplainAsync(mapping, folderId, cancellationToken));
        }
        catch (BoxApiException unknown) when (unknown.Status == HttpStatusCode.NotFound)
        {
            return new AccessResult.NoSuchFolder();
        }
        catch (BoxApiException refusal)
        {
            return new AccessResult.BoxRefused(refusal);
        }
    }

    /// <summary>Who sees the folder, down to individuals.</summary>
    /// <param name="actor">Who asks; authorised here and now.</param>
    /// <param name="folderId">Box's ID of the folder.</param>
    /// <param name="at">As of when, to go on with what was said then while it is kept: the same look; <c>null</c> to ask Box.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public async Task<AccessResult> ListAsync(ClaimsPrincipal actor, string folderId, DateTimeOffset? at, CancellationToken cancellationToken)
    {
        if (!await MayLookAsync(actor))
        {
            return new AccessResult.NotAllowed();
        }

        if (at is { } moment && kept.Find(folderId, moment) is { } same)
        {
            return new AccessResult.Listed(same);
        }

        var looker = Employee.From(actor);
        await audit.WriteAsync(audit.Entry(AuditKind.AccessExplained, looker.Id, looker.Name, looker.UserName, $"Looked at who sees folder {folderId}."), cancellationToken);
        try
        {
            var me = users.GetMeAsync(cancellationToken);
            var reading = await reader.ReadFolderAsync(folderId, cancellationToken);
            var account = (await me).Id;
            var suspended = await SuspendedAsync(cancellationToken);
            var readers = reading.Map.WhoComesTo(folderId)
                .Select(one => new FolderReader(one.Key, reading.Names.GetValueOrDefault(one.Key) ?? one.Key, FolderAccess.Of(one.Value.Select(path => path.Role)), one.Value) { IsSuspended = suspended.Contains(one.Key) })
                .OrderBy(one => one.IsSuspended).ThenBy(one => one.Name, StringComparer.CurrentCultureIgnoreCase).ThenBy(one => one.AppUserId, StringComparer.Ordinal).ToList();
            var audience = new FolderAudience(
                reading.Map.Folder(folderId),
                TrailOf(reading.Map, folderId),
                [.. readers.Where(one => one.AppUserId != account)],
                readers.Find(one => one.AppUserId == account),
                reading.Gaps,
                reading.Map.At);
            kept.Keep(audience);
            return new AccessResult.Listed(audience);
        }
        catch (BoxApiException unknown) when (unknown.Status == HttpStatusCode.NotFound)
        {
            return new AccessResult.NoSuchFolder();
        }
        catch (BoxApiException refusal)
        {
            return new AccessResult.BoxRefused(refusal);
        }
    }

    /// <summary>App users whom Box shows nothing, or whose person the portal does not let in.</summary>
    private async Task<HashSet<string>> SuspendedAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var here = db.Set<AppUserMapping>().Where(mapping => mapping.State == MappingState.Suspended && mapping.AppUserId != null).Select(mapping => mapping.AppUserId!);
        return await here.Union(db.Set<KnownAppUser>().Where(user => !user.IsActive && !db.Set<AppUserMapping>().Any(mapping => mapping.AppUserId == user.Id && mapping.State == MappingState.Mapped))
            .Select(user => user.Id)).ToHashSetAsync(cancellationToken);
    }

    /// <summary>The first folders in a folder by name, and those above it from the top, as the service account sees them; nothing for whoever may not look.</summary>
    /// <param name="actor">Who asks; authorised here and now.</param>
    /// <param name="folderId">Box's ID of the folder; <c>"0"</c> for the top.</param>
    /// <param name="name">Any part of their names; <c>null</c> for all.</param>
    /// <param name="most">How many are shown.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer.</exception>
    public async Task<FolderLevel> BrowseAsync(ClaimsPrincipal actor, string folderId, string? name, int most, CancellationToken cancellationToken)
    {
        if (!await MayLookAsync(actor))
        {
            return new FolderLevel([], [], 0);
        }

        IReadOnlyList<BoxReference> trail = folderId != "0" && await folders.FindAsync(folderId, subject: null, cancellationToken) is { } folder
            ? [.. (folder.PathCollection?.Entries ?? []).Where(each => each.Id != "0"), new BoxReference(folder.Id, "folder", folder.Name)]
            : [];
        // Box lists folders before everything else.
        var inIt = await folders.ListItemsAsync(folderId, subject: null, cancellationToken).TakeWhile(item => item.Type == "folder")
            .Where(folder => name is null || folder.Name.Contains(name, StringComparison.CurrentCultureIgnoreCase)).ToListAsync(cancellationToken);
        return new FolderLevel(trail, [.. inIt.OrderBy(each => each.Name, StringComparer.CurrentCultureIgnoreCase).Take(most)], inIt.Count);
    }

    private async Task<bool> MayLookAsync(ClaimsPrincipal actor) => (await authorization.AuthorizeAsync(actor, Policies.ProveMapping)).Succeeded;

    private async Task<AccessExplanation> ExplainAsync(AppUserMapping mapping, string folderId, CancellationToken cancellationToken)
    {
        var person = await PersonAsync(mapping, cancellationToken);
        var scopes = explorer.Value.ScopesFor(person.Roles);
        var actsAs = mapping.State is MappingState.Mapped or MappingState.Suspended ? mapping.AppUserId : null;
        AccessReading? reading = null;
        BoxUser? appUser = null;
        BoxApiException? lacking = null;
        try
        {
            appUser = actsAs is null ? null : await users.FindAsync(actsAs, cancellationToken);
            if (appUser?.Status == BoxUserStatus.Inactive)
            {
                // Somebody did that in Box: from now on the person's page offers to reactivate them.
                mapping = await directory.DiagnoseAsync(mapping.EmployeeId, appUser.Id, refusal: null, cancellationToken) ?? mapping;
            }

            reading = appUser is null ? await reader.ReadPlaceAsync(folderId, cancellationToken) : await reader.ReadAsync(appUser.Id, folderId, cancellationToken);
        }
        catch (BoxApiException refusal) when (refusal.Status == HttpStatusCode.Forbidden)
        {
            lacking = refusal;
        }

        var map = reading?.Map ?? new AccessMap(clock.GetUtcNow(), [], [], [], []);
        var access = actsAs is null ? FolderAccess.None : map.AccessTo(actsAs, folderId);
        var dating = actsAs is null ? Task.FromResult<IReadOnlyList<ExplainedPath>>([]) : DatedAsync(map, actsAs, folderId, cancellationToken);
        var asking = appUser is null or { Status: BoxUserStatus.Inactive } ? Task.FromResult<BoxSays?>(null) : AskBoxAsync(appUser.Id, folderId, cancellationToken);
        await Task.WhenAll(dating, asking);
        var (paths, box) = (await dating, await asking);
        var broken = FirstBroken(mapping, appUser, map, folderId, paths, access, scopes, box, lacking, person);
        return new AccessExplanation(
            mapping, person.MappedBy, person.MappedAt, appUser, map.Folder(folderId), TrailOf(map, folderId), paths, access, scopes,
            broken is null or { Reason: AccessReason.TokenScope or AccessReason.CachedList or AccessReason.AccessOnly } ? ExplorerButtons.For(access.Rights, scopes) : [],
            broken, ProofOf(box, map, actsAs, folderId, access, broken), reading?.Gaps ?? []);
    }

    /// <summary>What the portal's own tables say: who mapped them, their roles, and when their page last began.</summary>
    private async Task<PersonFacts> PersonAsync(AppUserMapping mapping, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var record = db.Set<AuditEntry>().AsNoTracking().Where(entry => entry.TenantId == mapping.TenantId && entry.ObjectId == mapping.ObjectId);
        var mapped = mapping.AppUserId is null ? null : await record.Where(entry => entry.Kind == AuditKind.Mapped && entry.AppUserId == mapping.AppUserId)
            .OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);
        var minted = await record.Where(entry => entry.Kind == AuditKind.TokenMinted).OrderByDescending(entry => entry.Id).FirstOrDefaultAsync(cancellationToken);
        var session = await db.Set<Session>().AsNoTracking().Where(each => each.TenantId == mapping.TenantId && each.ObjectId == mapping.ObjectId)
            .OrderByDescending(each => each.CreatedAt).FirstOrDefaultAsync(cancellationToken);
        return new PersonFacts(mapped?.Actor, mapped?.At, session?.Roles ?? [], session is null ? null : minted?.At);
    }

    private async Task<IReadOnlyList<ExplainedPath>> DatedAsync(AccessMap map, string appUserId, string folderId, CancellationToken cancellationToken)
    {
        var paths = map.AllPathsTo(appUserId, folderId);
        var asked = paths.OfType<AccessPath.ThroughGroup>().Select(path => path.Membership.Id).OfType<string>().Distinct().ToDictionary(id => id, id => SinceAsync(id, cancellationToken));
        var sources = await SourcesAsync(appUserId, [.. paths.OfType<AccessPath.ThroughGroup>().Select(path => path.Group.Id).Distinct()], cancellationToken);
        List<ExplainedPath> dated = [];
        foreach (var path in paths)
        {
            dated.Add(new ExplainedPath(
                path,
                path is AccessPath.ThroughGroup { Membership.Id: { } id } ? await asked[id] : null,
                path is AccessPath.ThroughGroup { Group.Id: var groupId } ? [.. sources[groupId]] : [],
                map.Without(path).AccessTo(appUserId, folderId)));
        }

        return dated;
    }

    /// <summary>Why they are in these groups, by group. What Box does not know: its date is the membership's, not the reason's.</summary>
    private async Task<ILookup<string, ExplainedSource>> SourcesAsync(string appUserId, IReadOnlyList<string> groupIds, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var sources = await db.Set<MembershipSource>().AsNoTracking().Where(source => source.AppUserId == appUserId && groupIds.Contains(source.GroupId)).ToListAsync(cancellationToken);
        var given = await db.Set<GroupChange>().AsNoTracking()
            .Where(change => change.AppUserId == appUserId && groupIds.Contains(change.GroupId) && change.Act == GroupAct.AddMember && change.Stage == ChangeStage.Done)
            .OrderBy(change => change.Id).ToListAsync(cancellationToken);
        var words = await rules.WordsAsync(db, cancellationToken);
        return sources.OrderBy(source => source.Since).ToLookup(source => source.GroupId, source => new ExplainedSource(source, GroupWords.OfSource(source.Source, words), source.IsDirectory
            ? new RepairPlace("Directory sync", "/groups/sync")
            : given.FirstOrDefault(change => change.GroupId == source.GroupId && change.EndedAt >= source.Since && change.Source.Split(',').Contains(source.Source)) is { JobId: var jobId }
                ? new RepairPlace(new("Change set {0}", jobId), $"/groups/changes/{jobId}")
                : null));
    }

    private async Task<DateTimeOffset?> SinceAsync(string membershipId, CancellationToken cancellationToken)
    {
        try
        {
            return (await memberships.GetAsync(membershipId, cancellationToken)).CreatedAt;
        }
        catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            return null; // since the list was read
        }
    }

    /// <summary>Names only; asked as the app user itself, with a token that does not leave the server.</summary>
    private async Task<BoxSays?> AskBoxAsync(string appUserId, string folderId, CancellationToken cancellationToken)
    {
        var subject = new BoxSubject.AppUser(appUserId);
        try
        {
            var found = folders.FindAsync(folderId, subject, cancellationToken);
            var root = await folders.ListItemsAsync("0", subject, cancellationToken).Where(item => item.Type == "folder").Select(item => item.Id).ToListAsync(cancellationToken);
            return new BoxSays(clock.GetUtcNow(), await found, root, null);
        }
        catch (BoxApiException refusal) when (refusal.Status != HttpStatusCode.NotFound)
        {
            return new BoxSays(clock.GetUtcNow(), null, [], refusal);
        }
    }

    private BrokenLink? FirstBroken(
        AppUserMapping mapping, BoxUser? appUser, AccessMap map, string folderId, IReadOnlyList<ExplainedPath> paths, FolderAccess access,
        IReadOnlyList<string> scopes, BoxSays? box, BoxApiException? lacking, PersonFacts person)
    {
        var (name, personPage) = (mapping.Name.Isolated(), $"/people/{mapping.ObjectId}");
        if (mapping.State == MappingState.Suspended)
        {
            // Whoever the portal suspended can be mapped only afterwards.
            return new BrokenLink(AccessReason.Suspended,
                new(mapping.IsSuspendedHere ? "{0} is suspended:" : "{0} is suspended in Box alone: it shows an inactive app user nothing.", name),
                mapping.IsSuspendedHere ? "Reactivate them." : "Reactivate them: the app user becomes active in Box again.",
                new RepairPlace(new("Reactivate {0}", name), personPage))
            { Cause = mapping.IsSuspendedHere ? mapping.Cause : null };
        }

        if (mapping.State is MappingState.Waiting or MappingState.Unmapped or MappingState.Orphaned or MappingState.Foreign || mapping.AppUserId is null
            || box?.Refusal?.IsAboutSubject == true)
        {
            return new BrokenLink(AccessReason.NotMapped, new("{0} acts as no app user that the portal may act as:", name),
                "Map them to an app user.", new RepairPlace(new("Map {0}", name), personPage))
            { Cause = mapping.Cause };
        }

        if ((lacking ?? box?.Refusal) is { IsTransient: false } refusal)
        {
            return new BrokenLink(AccessReason.AppScope, new("Box does not let our application do what it must ({0}):", refusal.Code ?? "refused"),
                "In Box's developer console, give the application its scopes and “Generate user access tokens”, then authorise it anew in the Admin Console.")
            { Cause = refusal.Description ?? refusal.Message };
        }

        if (lacking is null && appUser is null)
        {
            return new BrokenLink(AccessReason.NotMapped, new("Box has no app user {0} any more.", mapping.AppUserId!), "Map them anew.", new RepairPlace(new("Map {0}", name), personPage));
        }

        var inForce = paths.Where(path => path.Path.Fault is null).ToList();
        if (inForce.Count == 0)
        {
            return Unopened(mapping, map, folderId, paths);
        }

        return box is { Refusal: null } ? NotShown(mapping, map, folderId, inForce, access, scopes, box, person) : null;
    }

    /// <summary>No way leads there.</summary>
    private static BrokenLink Unopened(AppUserMapping mapping, AccessMap map, string folderId, IReadOnlyList<ExplainedPath> paths)
    {
        if (paths.FirstOrDefault(path => path.Path.Fault == GrantFault.Ended) is { } ended)
        {
            return new BrokenLink(AccessReason.Ended, new("Access to {0} by {1} has ended.", ended.Path.On.Name, Way(ended.Path)), "Give it anew, or without an end.", GroupOf(ended.Path));
        }

        if (paths.Count > 0)
        {
            var waiting = paths[0].Path;
            return new BrokenLink(AccessReason.Pending,
                new(waiting.Fault == GrantFault.Rejected ? "Access to {0} by {1} was declined." : "Access to {0} by {1} waits to be accepted.", waiting.On.Name, Way(waiting)),
                "Accept it in Box, or give it anew to a group: groups accept at once.", GroupOf(waiting));
        }

        var name = map.Folder(folderId).Name;
        var having = map.SelfAndAncestors(folderId).SelectMany(folder => map.Grants.Where(grant => grant.FolderId == folder.Id && grant.IsToGroup && grant.FaultAt(map.At) is null))
            .Select(grant => map.Group(grant.GranteeId)).Distinct().OrderBy(group => group.Name, StringComparer.CurrentCultureIgnoreCase).ToList();
        return having.Count > 0
            ? new BrokenLink(AccessReason.NotMember, new("{0} is in none of the groups that have {1}: {2}.", mapping.Name.Isolated(), name, string.Join(", ", having.Select(group => group.Name))),
                "Add them to one of these groups.", [.. having.Take(MostPlaces).Select(PlaceOf)])
            : new BrokenLink(AccessReason.NoSuchFolder, new("No group has {0} or a folder above it.", name), new("Give {0} to one of {1}'s groups.", name, mapping.Name.Isolated()), new RepairPlace("Open groups", "/groups"));
    }

    /// <summary>The way is open; what stands between it and the screen.</summary>
    private BrokenLink? NotShown(
        AppUserMapping mapping, AccessMap map, string folderId, List<ExplainedPath> inForce, FolderAccess access, IReadOnlyList<string> scopes, BoxSays box, PersonFacts person)
    {
        var newest = inForce.Select(Opened).Max();
        var name = map.Folder(folderId).Name;
        if (box.Folder is null)
        {
            return newest is { } changed && clock.GetUtcNow() - changed < SpreadsWithin
                ? new BrokenLink(AccessReason.Spreading,
                    new("Given {0} ago, and Box does not show it to them yet. Changes may take {1} minutes.", Ago(clock.GetUtcNow() - changed), (int)SpreadsWithin.TotalMinutes),
                    "Wait, then ask again.")
                : null; // Box disagrees, which the proof says
        }

        if (box.Folder.Permissions is { } permissions && RoleThatCounts(map, mapping.AppUserId!, folderId, inForce, permissions) is { } counted)
        {
            return new BrokenLink(AccessReason.RoleDropped,
                new("{0} was given on {1}, but Box goes by {2}, which a folder above grants: a collaboration below was dropped beside it.", access.Said, name, counted.Said),
                "Raise the role on the folder above, or take that away and give the folder alone.", GroupOf(inForce[^1].Path));
        }

        if (inForce.All(path => !path.Path.IsListed))
        {
            return new BrokenLink(AccessReason.AccessOnly, new("{0} is given so that it can be opened, but is not listed in All Files (is_access_only).", name),
                new("Give it anew without that, or send them the direct link to folder {0}.", folderId), GroupOf(inForce[0].Path));
        }

        if (ExplorerButtons.MissingFor(access.Rights, scopes) is { Count: > 0 } missing)
        {
            return new BrokenLink(AccessReason.TokenScope,
                new("{0} sees {1} and may act as {2}, but their tokens lack {3}.", mapping.Name.Isolated(), name, access.Said, string.Join(", ", missing)),
                "Add the scopes to Explorer:Scopes for one of their roles, if they are to have them.");
        }

        return person.ListedAt is { } listed && newest > listed && clock.GetUtcNow() - newest < TimeSpan.FromHours(1)
            ? new BrokenLink(AccessReason.CachedList, new("Box shows {0} to them. Their page was opened before it was given, and may still show the old list.", name), "Have them reload the page.")
            : null;
    }

    /// <summary>What the folders above grant, where Box's permissions are just that and less than all ways add up to.</summary>
    private static FolderAccess? RoleThatCounts(AccessMap map, string appUserId, string folderId, List<ExplainedPath> inForce, FolderPermissions permissions)
    {
        var above = FolderAccess.Of(inForce.Where(path => path.Path.On.Id != folderId).Select(path => path.Path.Role));
        var expected = map.RightsOn(appUserId, folderId) & FolderPermissions.Spoken;
        return above.Exists && permissions.Rights != expected && permissions.Rights == (above.Rights & FolderPermissions.Spoken) ? above : null;
    }

    private static AccessProof ProofOf(BoxSays? box, AccessMap map, string? appUserId, string folderId, FolderAccess access, BrokenLink? broken)
    {
        if (box is null || appUserId is null)
        {
            return new AccessProof(map.At, null, "Box was not asked: nobody can act as this person now.");
        }

        if (box.Refusal is { } refusal)
        {
            return new AccessProof(box.At, null, "Box did not answer as this app user.", refusal);
        }

        var entry = map.SelfAndAncestors(folderId).LastOrDefault(folder => map.PathsTo(appUserId, folder.Id).Any(path => path.On.Id == folder.Id && path.IsListed));
        var isListed = entry is not null && box.Root.Contains(entry.Id);
        return (access.Exists, box.Folder is not null) switch
        {
            (true, true) when entry is null || isListed => new AccessProof(box.At, true, entry is null ? "Box opens it for this app user, and does not list it." : new Sentence("Box lists {0} for this app user.", entry.Name)),
            (false, false) => new AccessProof(box.At, true, "Box has no such folder for this app user."),
            (true, true) => new AccessProof(box.At, false, new("Box opens the folder for this app user, but {0} is not listed at the top. Believe Box: it is what the Explorer shows.", entry!.Name)),
            (true, false) => new AccessProof(box.At, false, broken?.Reason == AccessReason.Spreading
                ? "Box does not show the folder to this app user yet. Believe the chain, if Box catches up; until then Box is what the Explorer shows."
                : "Box does not show the folder to this app user, though everything here says it should. Believe Box: it is what the Explorer shows."),
            (false, true) => new AccessProof(box.At, false,
                "Box shows the folder to this app user, though nothing here leads to it. Believe Box: it was given in a way that is hidden from the service account, or was taken away a moment ago."),
        };
    }

    private static DateTimeOffset? Opened(ExplainedPath path) => path.Path switch
    {
        AccessPath.ThroughGroup { Grant.CreatedAt: var given } => path.MemberSince > given || given is null ? path.MemberSince : given,
        AccessPath.Direct { Grant.CreatedAt: var given } => given,
        _ => null,
    };

    private static RepairPlace[] GroupOf(AccessPath path) => path is AccessPath.ThroughGroup through ? [PlaceOf(through.Group)] : [];

    private static RepairPlace PlaceOf(AccessGroup group) => new(new("Open {0}", group.Name), $"/groups/{group.Id}");

    private static IReadOnlyList<AccessFolder> TrailOf(AccessMap map, string folderId) => [.. map.SelfAndAncestors(folderId).Skip(1).Reverse()];

    /// <summary>A group by its name, which is nobody's to translate, or else a way in words.</summary>
    private static Sentence Way(AccessPath path) => path is AccessPath.ThroughGroup ? new Sentence("{0}", path.Words) : path.Words;

    private static Sentence Ago(TimeSpan time) => (int)Math.Round(time.TotalMinutes) switch
    {
        _ when time.TotalMinutes < 1 => "less than a minute",
        1 => "1 minute",
        var minutes => new Sentence("{0} minutes", minutes),
    };

    /// <param name="At">When.</param>
    /// <param name="Folder">The folder as the app user sees it, if it does.</param>
    /// <param name="Root">What is at the top for it, by ID.</param>
    /// <param name="Refusal">Why it could not be asked.</param>
    private sealed record BoxSays(DateTimeOffset At, BoxFolder? Folder, IReadOnlyList<string> Root, BoxApiException? Refusal);

    /// <param name="MappedBy">Who mapped them.</param>
    /// <param name="MappedAt">When.</param>
    /// <param name="Roles">The app roles they have.</param>
    /// <param name="ListedAt">When a page of theirs last got a token, if they are signed in.</param>
    private sealed record PersonFacts(string? MappedBy, DateTimeOffset? MappedAt, IReadOnlyList<string> Roles, DateTimeOffset? ListedAt);
}
