using BoxPortal.Box;
using BoxPortal.Shell;

namespace BoxPortal.AppUsers;

/// <summary>What came of changing a mapping. Every case is ordinary; faults are exceptions.</summary>
public abstract record MappingResult
{
    private MappingResult() { }

    /// <summary>What came of it, for administrators.</summary>
    public abstract Sentence Said { get; }

    /// <summary>The same for the record.</summary>
    public string Words => Said.ToString();

    /// <summary>What Box said, where Box stands in the way. Its code and request ID are shown beside <see cref="Words"/>, so they are no part of them.</summary>
    public virtual BoxApiException? Refusal => null;

    private static string WordsOf(BoxApiException refusal) =>
        refusal.Description ?? (refusal.Status is { } status ? $"it answered {(int)status} and gave no reason." : refusal.Message);

    /// <summary>It is as asked, now or already before.</summary>
    public sealed record Done(AppUserMapping Mapping) : MappingResult
    {
        /// <summary>A part that Box would not do, although everything of the portal's is done.</summary>
        public BoxApiException? Reservation { get; init; }

        /// <inheritdoc />
        public override Sentence Said => Reservation is null ? "Done." : new Sentence("Done here, but not in Box: {0}", WordsOf(Reservation));

        /// <inheritdoc />
        public override BoxApiException? Refusal => Reservation;
    }

    /// <summary>The app user is somebody else's.</summary>
    /// <param name="Name">Whose.</param>
    public sealed record Taken(string Name) : MappingResult
    {
        /// <inheritdoc />
        public override Sentence Said => new("That app user is {0}'s. One app user is one person's: choose another, or unmap {0} first.", Name);
    }

    /// <summary>That app user cannot serve, for the reason given in words.</summary>
    public sealed record Unusable(Sentence Why) : MappingResult
    {
        /// <inheritdoc />
        public override Sentence Said => Why;

        /// <summary>The reason in English.</summary>
        public string Reason => Words;
    }

    /// <summary>Somebody else changed the same row at the same time; nothing was written.</summary>
    public sealed record ChangedMeanwhile : MappingResult
    {
        /// <inheritdoc />
        public override Sentence Said => "Somebody or something changed this person since. Look again, and decide afresh.";
    }

    /// <summary>The actor's role does not allow it; recorded.</summary>
    public sealed record NotAllowed : MappingResult
    {
        /// <inheritdoc />
        public override Sentence Said => "Your role does not allow it. The attempt is in the record.";
    }

    /// <summary>Box refused or did not answer; the exception carries code and request ID for administrators.</summary>
    public sealed record BoxRefused(BoxApiException Fault) : MappingResult
    {
        /// <summary>It was begun, and the portal tries until it is done.</summary>
        public bool GoesOn { get; init; }

        /// <inheritdoc />
        public override Sentence Said => this switch
        {
            { GoesOn: true } => "Box does not answer as it should. It was begun, and the portal finishes it by itself; nothing needs to be repeated.",
            { Fault.IsTransient: true } => "Box does not answer as it should; nothing was changed. Try again in a moment.",
            _ => new Sentence("Box refused: {0}", WordsOf(Fault)),
        };

        /// <inheritdoc />
        public override BoxApiException Refusal => Fault;
    }
}

/// <summary>An app user that might serve an employee.</summary>
/// <param name="User">As Box has it.</param>
/// <param name="MappedTo">Name of the employee who acts as it already, if any.</param>
public sealed record AppUserCandidate(BoxUser User, string? MappedTo);
