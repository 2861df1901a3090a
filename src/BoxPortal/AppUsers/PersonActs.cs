namespace BoxPortal.AppUsers;

/// <summary>A dialog that a person's page can open.</summary>
internal enum PersonDialog
{
    Map,
    AcceptSuggestion,
    Suspend,
    Reactivate,
    Unmap,
    Undo,
    Suggest,
}

/// <summary>An act on offer.</summary>
/// <param name="Dialog">What it opens.</param>
/// <param name="Words">What its button says.</param>
/// <param name="Spoken">What it says to whoever hears it, with the person's name.</param>
internal sealed record PersonAct(PersonDialog Dialog, string Words, string Spoken);

/// <summary>What can be done about somebody as they stand, in words that are keys of <see cref="AppUsersText"/>. Whoever does it is authorised, and the state looked at again, when it is done.</summary>
/// <param name="First">What their state calls for, if anything.</param>
/// <param name="Others">What else is possible.</param>
/// <param name="Absence">Why something is not on offer that one might look for.</param>
internal sealed record PersonActs(PersonAct? First, IReadOnlyList<PersonAct> Others, string? Absence)
{
    private static readonly PersonAct s_suspend = new(PersonDialog.Suspend, "Suspend…", "Suspend {0}");
    private static readonly PersonAct s_unmap = new(PersonDialog.Unmap, "Unmap…", "Unmap {0}");
    private static readonly PersonAct s_reactivate = new(PersonDialog.Reactivate, "Reactivate…", "Reactivate {0}");

    /// <summary>An administrator's.</summary>
    /// <param name="mapping">How the person stands.</param>
    /// <param name="isSelf">Whether it is the administrator themselves.</param>
    public static PersonActs Of(AppUserMapping mapping, bool isSelf)
    {
        var acts = mapping switch
        {
            { IsSuspendedHere: true } => new PersonActs(s_reactivate, [], "Mapping and unmapping are possible again once they are reactivated."),
            { State: MappingState.Waiting } => new PersonActs(new(PersonDialog.Map, "Map…", "Map {0}"), [s_suspend, new(PersonDialog.Unmap, "Leave unmapped…", "Leave unmapped {0}")], null),
            { State: MappingState.Unmapped } => new PersonActs(new(PersonDialog.Map, "Map…", "Map {0}"), [s_suspend], null),
            { State: MappingState.Suspended } => new PersonActs(s_reactivate, [new(PersonDialog.Map, "Re-map…", "Re-map {0}"), s_suspend, s_unmap], null),
            { State: MappingState.Orphaned or MappingState.Foreign } => new PersonActs(new(PersonDialog.Map, "Map anew…", "Map anew {0}"), [s_suspend, s_unmap], null),
            _ => new PersonActs(null, [new(PersonDialog.Map, "Re-map…", "Re-map {0}"), s_suspend, s_unmap], null),
        };
        return isSelf
            ? acts with
            {
                Others = [.. acts.Others.Where(act => act.Dialog is not (PersonDialog.Suspend or PersonDialog.Unmap))],
                Absence = "This is you: suspending and unmapping you is for another administrator, so that nobody shuts themselves out.",
            }
            : acts;
    }
}
