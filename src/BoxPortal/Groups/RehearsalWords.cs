using System.Globalization;
using BoxPortal.Box;

namespace BoxPortal.Groups;

/// <summary>The sentences of a rehearsal.</summary>
internal static class RehearsalWords
{
    /// <summary>How many people, then what for them, folder by folder; what is taken away, and whom nothing is left, last.</summary>
    public static IReadOnlyList<string> Summarise(IReadOnlyList<FolderChange> changes, IReadOnlyList<string> withNothing, AccessMap after)
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
            people == 0 ? "Nobody's folders change." : $"{Count(people, "person changes", "people change")}.",
            .. changes
                .GroupBy(change => (change.Kind, Folder: change.Folder.Id, From: change.Before.Rights, To: change.After.Rights, By: change.Kind == FolderChangeKind.Stays ? Ways(change) : ""))
                .OrderBy(same => s_order.IndexOf(same.Key.Kind)).ThenByDescending(same => same.Count()).ThenBy(same => same.First().Folder.Name, StringComparer.OrdinalIgnoreCase)
                .Select(same => Sentence(same.First(), same.Count(), NameOf(same.First().Folder, ambiguous, after))),
            .. withNothing.Count == 0 ? Array.Empty<string>() : [$"{Count(withNothing.Count, "ends", "end")} with nothing at all."],
        ];
    }

    /// <summary>What is left out for one who is to be added and is there.</summary>
    public static string OfMember(string name, string group) => $"{name}{IsIn}{group}{Already}";

    /// <summary>What concerns no folder: who is there already and stays, and who stops managing a group with leaving it.</summary>
    /// <param name="changes">What is done.</param>
    /// <param name="leftOut">What is left out of it, one a line.</param>
    public static IReadOnlyList<string> OfMemberships(IEnumerable<GroupChange> changes, string? leftOut) =>
    [
        .. (leftOut?.Split('\n') ?? [])
            .Where(line => line.EndsWith(Already, StringComparison.Ordinal) && line.Contains(IsIn, StringComparison.Ordinal))
            .GroupBy(line => line[(line.LastIndexOf(IsIn, StringComparison.Ordinal) + IsIn.Length)..^Already.Length])
            .Select(same => $"{Count(same.Count(), "is", "are")} also in {same.Key}: will stay."),
        .. changes.Where(change => change is { Act: GroupAct.RemoveMember, FormerMemberRole: GroupRole.Admin })
            .GroupBy(change => change.GroupName)
            .Select(same => $"{Count(same.Count(), "manages", "manage")} {same.Key.Isolated()} in Box and will not any more: {string.Join(", ", same.Select(change => change.MemberName?.Isolated()))}."),
    ];

    /// <summary>Group by group, how many come in and go out.</summary>
    public static IReadOnlyList<string> OfCounts(IEnumerable<GroupChange> changes) =>
    [
        .. changes.Where(change => change.Act is GroupAct.AddMember or GroupAct.RemoveMember).GroupBy(change => change.GroupName)
            .Select(same => $"{same.Key.Isolated()}: {InAndOut.Of(same.Select(change => (change.Act, change.FormerMemberRole, change.BoxId))).Words}"),
    ];

    /// <summary>A group that the reader may not know of.</summary>
    public const string AnotherGroup = "another group";

    private const string IsIn = " is in ";

    private const string Already = " already.";

    private static readonly List<FolderChangeKind> s_order =
        [FolderChangeKind.Gains, FolderChangeKind.Raised, FolderChangeKind.Changed, FolderChangeKind.Lowered, FolderChangeKind.Stays, FolderChangeKind.Loses];

    private static string Sentence(FolderChange change, int people, string folder) => change.Kind switch
    {
        FolderChangeKind.Gains => $"{Count(people, "gains", "gain")} {folder} ({change.After.Words}).",
        FolderChangeKind.Loses => $"{Count(people, "loses", "lose")} {folder}.",
        FolderChangeKind.Raised => $"{Count(people, "rises", "rise")} in {folder} from {change.Before.Words} to {change.After.Words}.",
        FolderChangeKind.Lowered => $"{Count(people, "falls", "fall")} in {folder} from {change.Before.Words} to {change.After.Words}.",
        FolderChangeKind.Changed => $"{Count(people, "changes", "change")} in {folder} from {change.Before.Words} to {change.After.Words}.",
        _ => $"{Count(people, "stays", "stay")} in {folder} {StaysAs(change)}.",
    };

    /// <summary>As what somebody stays in a folder, and by which way; not as what, where the way is not the reader's to know.</summary>
    public static string StaysAs(FolderChange change) =>
        change.Through.Any(path => path is AccessPath.ThroughGroup { Group.Name: AnotherGroup }) ? "by another way" : $"({change.After.Words}) through {Ways(change)}";

    private static string Ways(FolderChange change) => string.Join(" and ", change.Through.Select(path => path.Words).Distinct(StringComparer.Ordinal));

    /// <summary>With the folder it lies in, where another of the same name is spoken of.</summary>
    private static string NameOf(AccessFolder folder, HashSet<string> ambiguous, AccessMap map) =>
        !ambiguous.Contains(folder.Id) ? folder.Name : string.Join(" / ", map.SelfAndAncestors(folder.Id).Select(each => each.Name).Reverse());

    private static string Count(int count, string one, string several) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : several)}");
}
