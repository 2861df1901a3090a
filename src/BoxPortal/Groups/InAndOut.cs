using BoxPortal.Box;
using BoxPortal.Shell;

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
    public Sentence Said => Worded(new Sentence("{0} out", Out));

    /// <summary>The same in English.</summary>
    public string Words => Said.ToString();

    /// <summary>In English, where a second administrator must agree before anybody goes out.</summary>
    public string WordsWhileHeld => Out == 0 ? Words : Worded(new("{0} would be out once a second administrator agrees", Out)).ToString();

    private Sentence Worded(Sentence goings)
    {
        List<Sentence> parts =
        [
            new Sentence("{0} in", In),
            .. There == 0 ? Array.Empty<Sentence>() : [Sentence.Counted(There, "{0} was there already", "{0} were there already")],
            goings,
            .. Stay == 0 ? Array.Empty<Sentence>() : [Sentence.Counted(Stay, "{0} stays for another reason", "{0} stay for another reason")],
            .. Gone == 0 ? Array.Empty<Sentence>() : [Sentence.Counted(Gone, "{0} was gone already", "{0} were gone already")],
        ];
        return new Sentence("{0}.", parts.Aggregate((some, more) => new Sentence("{0}, {1}", some, more)));
    }
}
