using System.Globalization;

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

    private static readonly List<FolderChangeKind> s_order =
        [FolderChangeKind.Gains, FolderChangeKind.Raised, FolderChangeKind.Changed, FolderChangeKind.Lowered, FolderChangeKind.Stays, FolderChangeKind.Loses];

    private static string Sentence(FolderChange change, int people, string folder) => change.Kind switch
    {
        FolderChangeKind.Gains => $"{Count(people, "gains", "gain")} {folder} ({change.After.Words}).",
        FolderChangeKind.Loses => $"{Count(people, "loses", "lose")} {folder}.",
        FolderChangeKind.Raised => $"{Count(people, "rises", "rise")} in {folder} from {change.Before.Words} to {change.After.Words}.",
        FolderChangeKind.Lowered => $"{Count(people, "falls", "fall")} in {folder} from {change.Before.Words} to {change.After.Words}.",
        FolderChangeKind.Changed => $"{Count(people, "changes", "change")} in {folder} from {change.Before.Words} to {change.After.Words}.",
        _ => $"{Count(people, "stays", "stay")} in {folder} ({change.After.Words}) through {Ways(change)}.",
    };

    private static string Ways(FolderChange change) => string.Join(" and ", change.Through.Select(path => path.Words).Distinct(StringComparer.Ordinal));

    /// <summary>With the folder it lies in, where another of the same name is spoken of.</summary>
    private static string NameOf(AccessFolder folder, HashSet<string> ambiguous, AccessMap map) =>
        !ambiguous.Contains(folder.Id) ? folder.Name : string.Join(" / ", map.SelfAndAncestors(folder.Id).Select(each => each.Name).Reverse());

    private static string Count(int count, string one, string several) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : several)}");
}
