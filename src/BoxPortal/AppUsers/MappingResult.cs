using BoxPortal.Box;

namespace BoxPortal.AppUsers;

/// <summary>What came of changing a mapping. Every case is ordinary; faults are exceptions.</summary>
public abstract record MappingResult
{
    private MappingResult() { }

    /// <summary>It is as asked, now or already before.</summary>
    public sealed record Done(AppUserMapping Mapping) : MappingResult;

    /// <summary>The app user is somebody else's.</summary>
    /// <param name="Name">Whose.</param>
    public sealed record Taken(string Name) : MappingResult;

    /// <summary>That app user cannot serve, for the reason given in words.</summary>
    public sealed record Unusable(string Reason) : MappingResult;

    /// <summary>Somebody else changed the same row at the same time; nothing was written.</summary>
    public sealed record ChangedMeanwhile : MappingResult;

    /// <summary>The actor's role does not allow it; recorded.</summary>
    public sealed record NotAllowed : MappingResult;

    /// <summary>Box refused or did not answer; the exception carries code and request ID for administrators.</summary>
    public sealed record BoxRefused(BoxApiException Refusal) : MappingResult;
}

/// <summary>An app user that might serve an employee.</summary>
/// <param name="User">As Box has it.</param>
/// <param name="MappedTo">Name of the employee who acts as it already, if any.</param>
public sealed record AppUserCandidate(BoxUser User, string? MappedTo);
