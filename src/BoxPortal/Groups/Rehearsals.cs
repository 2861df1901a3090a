using System.Text.Json;
using BoxPortal.Box;
using BoxPortal.Shell;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Groups;

/// <summary>Says what a change set means for people, before it is carried out; and afterwards, whether that is what came of it.</summary>
public sealed class Rehearsals(IDbContextFactory<PortalDb> databases, AccessReader reader, GroupsOfBox box, GroupPeople people, TimeProvider clock)
{
    /// <summary>How many people are told of by name.</summary>
    public const int MostNamed = 100;

    /// <summary>What would come of a change set, with what Box says now.</summary>
    /// <exception cref="BoxApiException">Box refused or did not answer.</exception>
    public async Task<Foretelling> ForetellAsync(long jobId, CancellationToken cancellationToken)
    {
        var (changes, leftOut, isByOwner) = await ReadAsync(jobId, cancellationToken);
        if (await box.ObstaclesAsync(changes, cancellationToken) is { Count: > 0 } obstacles)
        {
            return new Foretelling([], [], 0, [], clock.GetUtcNow()) { Obstacles = obstacles };
        }

        var edits = changes.Select(change => change.Edit).ToList();
        var (rehearsal, reading) = await reader.RehearseAsync(
            edits, map => (Discreet(map, edits, isByOwner), Discreet(map.After(edits), edits, isByOwner)), cancellationToken);
        var concerned = rehearsal.Changes.GroupBy(change => change.AppUserId).ToList();
        var shown = concerned.OrderByDescending(theirs => rehearsal.WithNothing.Contains(theirs.Key)).Take(MostNamed).ToList();
        var known = await people.NameAsync([.. shown.Select(theirs => theirs.Key)], cancellationToken);
        return new Foretelling(
            [.. rehearsal.Sentences, .. RehearsalWords.OfMemberships(changes, leftOut)],
            [
                .. shown.Select(theirs => new PersonForetold(
                    known.GetValueOrDefault(theirs.Key)?.Name.Isolated() ?? reading.Names.GetValueOrDefault(theirs.Key) ?? theirs.Key,
                    rehearsal.WithNothing.Contains(theirs.Key),
                    [.. theirs.Select(change => new FolderForetold(change.Folder.Name, change.Kind, RehearsalWords.OfPerson(change)))]))
                    .OrderByDescending(person => person.IsLeftWithNothing).ThenBy(person => person.Name, StringComparer.OrdinalIgnoreCase),
            ],
            concerned.Count,
            [.. reading.Gaps],
            clock.GetUtcNow())
        {
            Counts = RehearsalWords.OfCounts(changes),
        };
    }

    /// <summary>
    /// Sets what was foretold beside what has come: the map read again, from which what the change set did is taken back to see what
    /// it did. What failed, and what others changed meanwhile, shows as a difference.
    /// </summary>
    /// <param name="jobId">A change set that has ended.</param>
    /// <param name="foretold">What was told when it was confirmed, one sentence a line.</param>
    /// <param name="cancellationToken">Abandons the reading.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer.</exception>
    public async Task<Comparison> CompareAsync(long jobId, string foretold, CancellationToken cancellationToken)
    {
        var (changes, leftOut, isByOwner) = await ReadAsync(jobId, cancellationToken);
        var edits = changes.Select(change => change.Edit).ToList();
        List<GroupEdit> inverse = [.. changes.Where(change => change.HasChanged).Reverse().SelectMany(Inverse)];
        var (rehearsal, _) = await reader.RehearseAsync(
            [.. edits, .. inverse], map => (Discreet(map.After(inverse), edits, isByOwner), Discreet(map, edits, isByOwner)), cancellationToken);
        List<string> came = [.. rehearsal.Sentences.Concat(RehearsalWords.OfMemberships(changes.Where(change => change.HasChanged), leftOut)).Select(sentence => sentence.ToString())];
        var told = foretold.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return new Comparison([.. told.Except(came)], [.. came.Except(told)], clock.GetUtcNow());
    }

    /// <summary>A group's owner may know of no group but their own, not even that one of their members is in it.</summary>
    private static AccessMap Discreet(AccessMap map, IEnumerable<GroupEdit> edits, bool isByOwner) =>
        isByOwner ? map.NamingOnly(edits.Select(edit => edit.GroupId).ToHashSet()) : map;

    private async Task<(List<GroupChange> Changes, string? LeftOut, bool IsByOwner)> ReadAsync(long jobId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var set = await db.Set<ChangeSet>().AsNoTracking().SingleOrDefaultAsync(set => set.JobId == jobId, cancellationToken);
        return (
            await db.Set<GroupChange>().AsNoTracking().Where(change => change.JobId == jobId).OrderBy(change => change.Number).ToListAsync(cancellationToken),
            set?.LeftOut,
            set?.IsByOwner == true);
    }

    private static IEnumerable<GroupEdit> Inverse(GroupChange change)
    {
        var (group, member, folder) = (change.GroupId, change.AppUserId, change.FolderId);
        switch (change.Act)
        {
            case GroupAct.CreateGroup:
                return [new(GroupAct.DeleteGroup, group)];
            case GroupAct.DeleteGroup:
                var former = JsonSerializer.Deserialize<FormerGroup>(change.Former!)!;
                return
                [
                    new(GroupAct.CreateGroup, group, Name: former.Name),
                    .. former.Members.Select(one => new GroupEdit(GroupAct.AddMember, group, one.AppUserId, MemberRole: one.Role)),
                    .. former.Folders.Select(one => new GroupEdit(GroupAct.AddFolder, group, FolderId: one.FolderId, FolderRole: one.Role)),
                ];
            case GroupAct.AddMember:
                return [new(GroupAct.RemoveMember, group, member)];
            case GroupAct.RemoveMember:
                return [new(GroupAct.AddMember, group, member, MemberRole: change.FormerMemberRole)];
            case GroupAct.AddFolder:
                return [new(GroupAct.RemoveFolder, group, FolderId: folder)];
            case GroupAct.ChangeFolderRole:
                return [new(GroupAct.ChangeFolderRole, group, FolderId: folder, FolderRole: change.FormerFolderRole)];
            case GroupAct.RemoveFolder:
                return [new(GroupAct.AddFolder, group, FolderId: folder, FolderRole: change.FormerFolderRole)];
            default:
                return []; // names and managers open no folder
        }
    }
}

/// <summary>What would come of a change set.</summary>
/// <param name="Sentences">In sentences, the weightiest first.</param>
/// <param name="People">For whom what, at most <see cref="Rehearsals.MostNamed"/>: those left with nothing first.</param>
/// <param name="Concerned">How many people it concerns.</param>
/// <param name="Gaps">What Box does not tell, in sentences.</param>
/// <param name="At">As of when, UTC.</param>
public sealed record Foretelling(IReadOnlyList<Sentence> Sentences, IReadOnlyList<PersonForetold> People, int Concerned, IReadOnlyList<Sentence> Gaps, DateTimeOffset At)
{
    /// <summary><see cref="Sentences"/> in English, for the record.</summary>
    public IReadOnlyList<string> Summary => [.. Sentences.Select(sentence => sentence.ToString())];

    /// <summary>Why there is nothing to confirm, in sentences that say what to do; none where it can be done.</summary>
    public IReadOnlyList<Sentence> Obstacles { get; init; } = [];

    /// <summary>Group by group, how many come in and go out, in sentences.</summary>
    public IReadOnlyList<Sentence> Counts { get; init; } = [];
}

/// <summary>What would come of a change set for one person.</summary>
/// <param name="Name">Who.</param>
/// <param name="IsLeftWithNothing">Whether no folder is left to them.</param>
/// <param name="Folders">In which folder what.</param>
public sealed record PersonForetold(string Name, bool IsLeftWithNothing, IReadOnlyList<FolderForetold> Folders);

/// <summary>What would come of a change set for one person in one folder.</summary>
/// <param name="Name">Which folder.</param>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Words">The same in words.</param>
public sealed record FolderForetold(string Name, FolderChangeKind Kind, Sentence Words);

/// <summary>What was foretold beside what has come.</summary>
/// <param name="NotCome">Foretold, and not so.</param>
/// <param name="NotForetold">So, and not foretold.</param>
/// <param name="At">As of when, UTC.</param>
public sealed record Comparison(IReadOnlyList<string> NotCome, IReadOnlyList<string> NotForetold, DateTimeOffset At)
{
    /// <summary>Whether it came as foretold.</summary>
    public bool IsSame => NotCome.Count == 0 && NotForetold.Count == 0;
}
