using BoxPortal.Box;
using BoxPortal.Shell;

namespace BoxPortal.Groups;

/// <summary>The sentences of a rehearsal.</summary>
internal static class RehearsalWords
{
    /// <summary>How many people, then what for them, folder by folder; what is taken away, and whom nothing is left, last.</summary>
    public static IReadOnlyList<Sentence> Summarise(IReadOnlyList<FolderChange> changes, IReadOnlyList<string> withNothing, AccessMap after)
    {
        if (changes.Count == 0)
        {
            return ["Nobody's folders change."];
        }

        var people = changes.Where(change => change.Kind != FolderChangeKind.Stays).Select(change => change.AppUserId).Distinct().Count();
        var ambiguous = changes.Select(change => change.Folder).Distinct().GroupBy(folder => folder.Name, StringComparer.OrdinalIgnoreCase)
            .Where(same => same.Count() > 1).SelectMany(same => same).Select(folder => folder.Id).ToHashSet();
        return
        [
            people == 0 ? "Nobody's folders change." : Sentence.Counted(people, "{0} person changes.", "{0} people change."),
            .. changes
                .GroupBy(change => (change.Kind, Folder: change.Folder.Id, From: change.Before.Rights, To: change.After.Rights, By: change.Kind == FolderChangeKind.Stays ? $"{Ways(change)}" : ""))
                .OrderBy(same => s_order.IndexOf(same.Key.Kind)).ThenByDescending(same => same.Count()).ThenBy(same => same.First().Folder.Name, StringComparer.OrdinalIgnoreCase)
                .Select(same => Said(same.First(), same.Count(), NameOf(same.First().Folder, ambiguous, after))),
            .. withNothing.Count == 0 ? Array.Empty<Sentence>() : [Sentence.Counted(withNothing.Count, "{0} ends with nothing at all.", "{0} end with nothing at all.")],
        ];
    }

    /// <summary>What is left out for one who is to be added and is there.</summary>
    public static string OfMember(string name, string group) => $"{name}{IsIn}{group}{Already}";

    /// <summary>What concerns no folder: who is there already and stays, and who stops managing a group with leaving it.</summary>
    /// <param name="changes">What is done.</param>
    /// <param name="leftOut">What is left out of it, one a line.</param>
    public static IReadOnlyList<Sentence> OfMemberships(IEnumerable<GroupChange> changes, string? leftOut) =>
    [
        .. (leftOut?.Split('\n') ?? [])
            .Where(line => line.EndsWith(Already, StringComparison.Ordinal) && line.Contains(IsIn, StringComparison.Ordinal))
            .GroupBy(line => line[(line.LastIndexOf(IsIn, StringComparison.Ordinal) + IsIn.Length)..^Already.Length])
            .Select(same => Sentence.Counted(same.Count(), "{0} is also in {1}: will stay.", "{0} are also in {1}: will stay.", same.Key)),
        .. changes.Where(change => change is { Act: GroupAct.RemoveMember, FormerMemberRole: GroupRole.Admin })
            .GroupBy(change => change.GroupName)
            .Select(same => Sentence.Counted(same.Count(), "{0} manages {1} in Box and will not any more: {2}.", "{0} manage {1} in Box and will not any more: {2}.",
                same.Key.Isolated(), string.Join(", ", same.Select(change => change.MemberName?.Isolated())))),
    ];

    /// <summary>Group by group, how many come in and go out.</summary>
    public static IReadOnlyList<Sentence> OfCounts(IEnumerable<GroupChange> changes) =>
    [
        .. changes.Where(change => change.Act is GroupAct.AddMember or GroupAct.RemoveMember).GroupBy(change => change.GroupName)
            .Select(same => new Sentence("{0}: {1}", same.Key.Isolated(), InAndOut.Of(same.Select(change => (change.Act, change.FormerMemberRole, change.BoxId))).Said)),
    ];

    /// <summary>A group that the reader may not know of.</summary>
    public const string AnotherGroup = "another group";

    private const string IsIn = " is in ";

    private const string Already = " already.";

    private static readonly List<FolderChangeKind> s_order =
        [FolderChangeKind.Gains, FolderChangeKind.Raised, FolderChangeKind.Changed, FolderChangeKind.Lowered, FolderChangeKind.Stays, FolderChangeKind.Loses];

    private static Sentence Said(FolderChange change, int people, string folder) => change.Kind switch
    {
        FolderChangeKind.Gains => Sentence.Counted(people, "{0} gains {1} ({2}).", "{0} gain {1} ({2}).", folder, Said(change.After)),
        FolderChangeKind.Loses => Sentence.Counted(people, "{0} loses {1}.", "{0} lose {1}.", folder),
        FolderChangeKind.Raised => Sentence.Counted(people, "{0} rises in {1} from {2} to {3}.", "{0} rise in {1} from {2} to {3}.", folder, Said(change.Before), Said(change.After)),
        FolderChangeKind.Lowered => Sentence.Counted(people, "{0} falls in {1} from {2} to {3}.", "{0} fall in {1} from {2} to {3}.", folder, Said(change.Before), Said(change.After)),
        FolderChangeKind.Changed => Sentence.Counted(people, "{0} changes in {1} from {2} to {3}.", "{0} change in {1} from {2} to {3}.", folder, Said(change.Before), Said(change.After)),
        _ when IsByAnotherWay(change) => Sentence.Counted(people, "{0} stays in {1} by another way.", "{0} stay in {1} by another way.", folder),
        _ => Sentence.Counted(people, "{0} stays in {1} ({2}) through {3}.", "{0} stay in {1} ({2}) through {3}.", folder, Said(change.After), Ways(change)),
    };

    /// <summary>What becomes of one person in a folder that is named before.</summary>
    public static Sentence OfPerson(FolderChange change) => change.Kind switch
    {
        FolderChangeKind.Gains => new Sentence("gains it as {0}", Said(change.After)),
        FolderChangeKind.Loses => new Sentence("loses it, was {0}", Said(change.Before)),
        FolderChangeKind.Stays when IsByAnotherWay(change) => "stays by another way",
        FolderChangeKind.Stays => new Sentence("stays ({0}) through {1}", Said(change.After), Ways(change)),
        _ => new Sentence("{0} now, {1} then", Said(change.Before), Said(change.After)),
    };

    /// <summary>Whether the way by which somebody stays is not the reader's to know; nor is then as what.</summary>
    private static bool IsByAnotherWay(FolderChange change) => change.Through.Any(path => path is AccessPath.ThroughGroup { Group.Name: AnotherGroup });

    /// <summary>What somebody may do.</summary>
    private static Sentence Said(FolderAccess access) =>
        access.Exists ? access.Roles.Select(role => (Sentence)role.Word()).Aggregate((more, less) => new Sentence("{0} and {1}", more, less)) : "nothing";

    /// <summary>By which ways: a group's name is said alike in every language.</summary>
    private static object Ways(FolderChange change) => change.Through.DistinctBy(path => path.Words)
        .Select(path => path is AccessPath.ThroughGroup ? path.Words : (object)(Sentence)path.Words).Aggregate((one, other) => new Sentence("{0} and {1}", one, other));

    /// <summary>With the folder it lies in, where another of the same name is spoken of.</summary>
    private static string NameOf(AccessFolder folder, HashSet<string> ambiguous, AccessMap map) =>
        !ambiguous.Contains(folder.Id) ? folder.Name : string.Join(" / ", map.SelfAndAncestors(folder.Id).Select(each => each.Name).Reverse());
}
