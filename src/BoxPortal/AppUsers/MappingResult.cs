using BoxPortal.Box;

namespace BoxPortal.AppUsers;

/// <summary>What came of changing a mapping. Every case is ordinary; faults are exceptions.</summary>
public abstract record MappingResult
{
    private MappingResult() { }

    /// <summary>What came of it, for administrators.</summary>
    public abstract string Words { get; }

    /// <summary>What Box said, where Box stands in the way. Its code and request ID are shown beside <see cref="Words"/>, so they are no part of them.</summary>
    public virtual BoxApiException? Refusal => null;

    private static string Said(BoxApiException refusal) =>
        refusal.Description ?? (refusal.Status is { } status ? $"it answered {(int)status} and gave no reason." : refusal.Message);

    /// <summary>It is as asked, now or already before.</summary>
    public sealed record Done(AppUserMapping Mapping) : MappingResult
    {
        /// <summary>A part that Box would not do, although everything of the portal's is done.</summary>
        public BoxApiException? Reservation { get; init; }

        /// <inheritdoc />
        public override string Words => Reservation is null ? "Done." : $"Done here, but not in Box: {Said(Reservation)}";

        /// <inheritdoc />
        public override BoxApiException? Refusal => Reservation;
    }

    /// <summary>The app user is somebody else's.</summary>
    /// <param name="Name">Whose.</param>
    public sealed record Taken(string Name) : MappingResult
    {
        /// <inheritdoc />
        public override string Words => $"That app user is {Name}'s. One app user is one person's: choose another, or unmap {Name} first.";
    }

    /// <summary>That app user cannot serve, for the reason given in words.</summary>
    public sealed record Unusable(string Reason) : MappingResult
    {
        /// <inheritdoc />
        public override string Words => Reason;
    }

    /// <summary>Somebody else changed the same row at the same time; nothing was written.</summary>
    public sealed record ChangedMeanwhile : MappingResult
    {
        /// <inheritdoc />
        public override string Words => "Somebody or something changed this person since. Look again, and decide afresh.";
    }

    /// <summary>The actor's role does not allow it; recorded.</summary>
    public sealed record NotAllowed : MappingResult
    {
        /// <inheritdoc />
        public override string Words => "Your role does not allow it. The attempt is in the record.";
    }

    /// <summary>Box refused or did not answer; the exception carries code and request ID for administrators.</summary>
    public sealed record BoxRefused(BoxApiException Fault) : MappingResult
    {
        /// <summary>It was begun, and the portal tries until it is done.</summary>
        public bool GoesOn { get; init; }

        /// <inheritdoc />
        public override string Words => this switch
        {
            { GoesOn: true } => "Box does not answer as it should. It was begun, and the portal finishes it by itself; nothing needs to be repeated.",
            { Fault.IsTransient: true } => "Box does not answer as it should; nothing was changed. Try again in a moment.",
            _ => $"Box refused: {Said(Fault)}",
        };

        /// <inheritdoc />
        public override BoxApiException Refusal => Fault;
    }
}

/// <summary>An app user that might serve an employee.</summary>
/// <param name="User">As Box has it.</param>
/// <param name="MappedTo">Name of the employee who acts as it already, if any.</param>
public sealed record AppUserCandidate(BoxUser User, string? MappedTo);
