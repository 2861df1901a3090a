using BoxPortal.Shell;

namespace BoxPortal.Groups;

/// <summary>
/// What an undertaking means for people, told in the folders they come to, before it is done. Only folders count on which a
/// collaboration stands that lets the person in before or after: what is below follows them.
/// </summary>
/// <param name="Changes">What becomes of whom in which folder, by person.</param>
/// <param name="WithNothing">Who has some folder now and will have none at all, by app user ID.</param>
/// <param name="Sentences">The same in sentences, the weightiest first; one that says so where nothing changes.</param>
public sealed record Rehearsal(IReadOnlyList<FolderChange> Changes, IReadOnlyList<string> WithNothing, IReadOnlyList<Sentence> Sentences)
{
    /// <summary><see cref="Sentences"/> in English.</summary>
    public IReadOnlyList<string> Summary => [.. Sentences.Select(sentence => sentence.ToString())];

    /// <summary>For how many people something changes; those who stay where they are by another way are not among them.</summary>
    public int PeopleChanged => Changes.Where(change => change.Kind != FolderChangeKind.Stays).Select(change => change.AppUserId).Distinct().Count();

    /// <summary>Compares two maps for these people.</summary>
    /// <param name="before">How it is.</param>
    /// <param name="after">How it will be.</param>
    /// <param name="appUserIds">For whom, by app user ID.</param>
    /// <param name="withMore">Who has something else that neither map knows, and so never ends with nothing; <c>null</c> for nobody.</param>
    public static Rehearsal Of(AccessMap before, AccessMap after, IEnumerable<string> appUserIds, IReadOnlySet<string>? withMore = null)
    {
        List<FolderChange> changes = [];
        List<string> withNothing = [];
        foreach (var appUserId in appUserIds.Distinct())
        {
            foreach (var folderId in before.FoldersOf(appUserId).Union(after.FoldersOf(appUserId)))
            {
                if (Compare(before, after, appUserId, folderId) is { } change)
                {
                    changes.Add(change);
                }
            }

            if (before.HasAnything(appUserId) && !after.HasAnything(appUserId) && withMore?.Contains(appUserId) != true)
            {
                withNothing.Add(appUserId);
            }
        }

        return new Rehearsal(changes, withNothing, RehearsalWords.Summarise(changes, withNothing, after));
    }

    private static FolderChange? Compare(AccessMap before, AccessMap after, string appUserId, string folderId)
    {
        var (had, will) = (before.PathsTo(appUserId, folderId), after.PathsTo(appUserId, folderId));
        var (from, to) = (FolderAccess.Of(had.Select(path => path.Role)), FolderAccess.Of(will.Select(path => path.Role)));
        FolderChangeKind? kind =
            from.Rights == to.Rights ? (will.Count > 0 && had.Any(path => !will.Any(left => IsSame(left, path))) ? FolderChangeKind.Stays : null)
            : !from.Exists ? FolderChangeKind.Gains
            : !to.Exists ? FolderChangeKind.Loses
            : to.Rights.HasFlag(from.Rights) ? FolderChangeKind.Raised
            : from.Rights.HasFlag(to.Rights) ? FolderChangeKind.Lowered
            : FolderChangeKind.Changed;
        return kind is null ? null : new FolderChange(appUserId, after.Folder(folderId), kind.Value, from, to, will);
    }

    /// <summary>Whether it is the same way, whatever it allows.</summary>
    private static bool IsSame(AccessPath one, AccessPath other) => (one, other) switch
    {
        (AccessPath.ThroughGroup a, AccessPath.ThroughGroup b) => (a.Group.Id, a.On.Id) == (b.Group.Id, b.On.Id),
        (AccessPath.Direct a, AccessPath.Direct b) => a.On.Id == b.On.Id,
        (AccessPath.Ownership, AccessPath.Ownership) => true,
        _ => false,
    };
}

/// <summary>What becomes of one person in one folder.</summary>
/// <param name="AppUserId">Whose app user.</param>
/// <param name="Folder">Which folder.</param>
/// <param name="Kind">What becomes of it.</param>
/// <param name="Before">What they may do now.</param>
/// <param name="After">What they will be able to do.</param>
/// <param name="Through">All ways that lead there afterwards; none where it is lost.</param>
public sealed record FolderChange(
    string AppUserId, AccessFolder Folder, FolderChangeKind Kind, FolderAccess Before, FolderAccess After, IReadOnlyList<AccessPath> Through);

/// <summary>What can become of somebody in a folder.</summary>
public enum FolderChangeKind
{
    /// <summary>Comes to it, and did not.</summary>
    Gains,

    /// <summary>Does not come to it any more.</summary>
    Loses,

    /// <summary>May do more than before.</summary>
    Raised,

    /// <summary>May do less than before.</summary>
    Lowered,

    /// <summary>May do other things than before, neither more nor less: roles are no ladder.</summary>
    Changed,

    /// <summary>Loses a way there, but has the same by another.</summary>
    Stays,
}
