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
/// <param name="Words">What its button says, which whoever hears it hears with the person's name.</param>
internal sealed record PersonAct(PersonDialog Dialog, string Words);

/// <summary>What can be done about somebody as they stand. Whoever does it is authorised, and the state looked at again, when it is done.</summary>
/// <param name="First">What their state calls for, if anything.</param>
/// <param name="Others">What else is possible.</param>
/// <param name="Absence">Why something is not on offer that one might look for.</param>
internal sealed record PersonActs(PersonAct? First, IReadOnlyList<PersonAct> Others, string? Absence)
{
    private static readonly PersonAct s_suspend = new(PersonDialog.Suspend, "Suspend…");
    private static readonly PersonAct s_unmap = new(PersonDialog.Unmap, "Unmap…");
    private static readonly PersonAct s_reactivate = new(PersonDialog.Reactivate, "Reactivate…");

    /// <summary>An administrator's.</summary>
    /// <param name="mapping">How the person stands.</param>
    /// <param name="isSelf">Whether it is the administrator themselves.</param>
    public static PersonActs Of(AppUserMapping mapping, bool isSelf)
    {
        var acts = mapping switch
        {
            { IsSuspendedHere: true } => new PersonActs(s_reactivate, [], "Mapping and unmapping are possible again once they are reactivated."),
            { State: MappingState.Waiting } => new PersonActs(new(PersonDialog.Map, "Map…"), [s_suspend, new(PersonDialog.Unmap, "Leave unmapped…")], null),
            { State: MappingState.Unmapped } => new PersonActs(new(PersonDialog.Map, "Map…"), [s_suspend], null),
            { State: MappingState.Suspended } => new PersonActs(s_reactivate, [new(PersonDialog.Map, "Re-map…"), s_suspend, s_unmap], null),
            { State: MappingState.Orphaned or MappingState.Foreign } => new PersonActs(new(PersonDialog.Map, "Map anew…"), [s_suspend, s_unmap], null),
            _ => new PersonActs(null, [new(PersonDialog.Map, "Re-map…"), s_suspend, s_unmap], null),
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
