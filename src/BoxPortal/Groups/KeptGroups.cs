using System.Net;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>Notes who is in a group, in Box, when the portal begins to keep it: what was there before is nobody's doing behind its back.</summary>
public sealed class KeptGroups(IDbContextFactory<PortalDb> databases, BoxGroups groups, TimeProvider clock)
{
    /// <summary>Begins to keep a group, before the portal changes who is in it: one page of Box for every thousand members, the first time only.</summary>
    /// <param name="groupId">Box's ID of the group.</param>
    /// <param name="cancellationToken">Abandons the reading.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer. Of a group that is gone nothing is noted.</exception>
    public async Task KeepAsync(string groupId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Set<KeptGroup>().AnyAsync(group => group.GroupId == groupId, cancellationToken))
        {
            return;
        }

        try
        {
            await NoteAsync(groupId, await groups.ListMembershipsAsync(groupId, cancellationToken).ToListAsync(cancellationToken), cancellationToken);
        }
        catch (BoxApiException cutOff) when (cutOff.IsOfListCutOff)
        {
            await NoteAsync(groupId, members: null, cancellationToken); // so that it is not read again before each change
        }
        catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
        {
            // the change itself finds out
        }
    }

    /// <summary>Notes who is in a group where that has not been noted yet.</summary>
    /// <param name="groupId">Box's ID of the group.</param>
    /// <param name="members">All who are in it, as Box lists them; <c>null</c> where it does not list them all.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public async Task NoteAsync(string groupId, IReadOnlyCollection<GroupMembership>? members, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Set<KeptGroup>().AnyAsync(group => group.GroupId == groupId && group.IsNoted, cancellationToken))
        {
            return; // most often, and without the write lock
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken); // takes the one write lock
        var kept = await db.Set<KeptGroup>().SingleOrDefaultAsync(group => group.GroupId == groupId, cancellationToken);
        if (kept is { IsNoted: true } || (kept is not null && members is null))
        {
            return;
        }

        var now = clock.GetUtcNow();
        var known = (await db.Set<MembershipSource>().Where(source => source.GroupId == groupId).Select(source => source.AppUserId).ToListAsync(cancellationToken)).ToHashSet();
        db.AddRange((members ?? []).DistinctBy(member => member.User.Id).Where(member => !known.Contains(member.User.Id)).Select(member => new MembershipSource
        {
            GroupId = groupId,
            AppUserId = member.User.Id,
            Source = MembershipSource.InBox,
            Role = member.Role,
            Since = now,
            By = AuditTrail.Portal,
            Reason = "In the group before the portal kept it.",
        }));
        if (kept is null)
        {
            db.Add(new KeptGroup { GroupId = groupId, Since = now, IsNoted = members is not null });
        }
        else
        {
            kept.IsNoted = true;
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>A group's name and folders by the portal's account. Where they have not been noted yet, what Box has and the portal did not change was so before.</summary>
    /// <param name="group">As Box has it; who is in it has been noted.</param>
    /// <param name="folders">What it has access to, as Box lists it.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public async Task<GroupAccount> AccountAsync(BoxGroup group, IReadOnlyList<Collaboration> folders, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Set<KeptGroup>().AnyAsync(kept => kept.GroupId == group.Id && kept.NamedAt == null, cancellationToken))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken); // takes the one write lock
            if (await db.Set<KeptGroup>().SingleOrDefaultAsync(kept => kept.GroupId == group.Id && kept.NamedAt == null, cancellationToken) is { } unnamed)
            {
                var known = await GroupAccount.ReadAsync(db, group.Id, cancellationToken);
                var now = clock.GetUtcNow();
                (unnamed.Name, unnamed.Description, unnamed.NamedAt) = (known.Name ?? group.Name, known.Description ?? group.Description ?? "", now);
                db.AddRange(folders.Where(folder => !known.Folders.ContainsKey(folder.Item!.Id)).DistinctBy(folder => folder.Item!.Id).Select(folder => new KeptFolder
                {
                    GroupId = group.Id,
                    FolderId = folder.Item!.Id,
                    Name = folder.Item.Name ?? folder.Item.Id,
                    Role = folder.Role,
                    Since = now,
                }));
                await db.SaveChangesAsync(cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }
        }

        return await GroupAccount.ReadAsync(db, group.Id, cancellationToken);
    }
}
