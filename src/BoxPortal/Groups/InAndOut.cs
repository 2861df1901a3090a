using BoxPortal.Box;

namespace BoxPortal.Groups;

/// <summary>How many come into a group and go out of it, apart from those for whom only a reason comes or goes.</summary>
/// <param name="In">Who were not in it.</param>
/// <param name="There">Who were in it already, and are in it for this reason, too.</param>
/// <param name="Out">Who are to be in it no more.</param>
/// <param name="Stay">Who stay for another reason.</param>
/// <param name="Gone">Who were to go, and are gone already.</param>
public sealed record InAndOut(int In, int There, int Out, int Stay, int Gone)
{
    /// <summary>Whether it makes no difference to anybody.</summary>
    public bool IsNothing => this == new InAndOut(0, 0, 0, 0, 0);

    /// <summary>Counts what is planned for a group's members, each with what was so before it.</summary>
    public static InAndOut Of(IEnumerable<(GroupAct Act, GroupRole? Former, string? BoxId)> changes)
    {
        var all = changes.ToList();
        var removals = all.Where(change => change.Act == GroupAct.RemoveMember).ToList();
        return new InAndOut(
            all.Count(change => change is { Act: GroupAct.AddMember, Former: null }),
            all.Count(change => change is { Act: GroupAct.AddMember, Former: not null }),
            removals.Count(change => change.Former is not null),
            removals.Count(change => change is { Former: null, BoxId: not null }),
            removals.Count(change => change is { Former: null, BoxId: null }));
    }

    /// <summary>In words, as done.</summary>
    public string Words => Worded($"{GroupWords.Number(Out)} out");

    /// <summary>In words, where a second administrator must agree before anybody goes out.</summary>
    public string WordsWhileHeld => Out == 0 ? Words : Worded($"{GroupWords.Number(Out)} would be out once a second administrator agrees");

    private string Worded(string goings) => string.Join(", ",
    [
        $"{GroupWords.Number(In)} in",
        .. Some(There, "was there already", "were there already"),
        goings,
        .. Some(Stay, "stays for another reason", "stay for another reason"),
        .. Some(Gone, "was gone already", "were gone already"),
    ]) + ".";

    private static string[] Some(int count, string one, string several) => count == 0 ? [] : [$"{GroupWords.Number(count)} {(count == 1 ? one : several)}"];
}
