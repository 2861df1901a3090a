using BoxPortal.AppUsers;
using BoxPortal.Box;

namespace BoxPortal.Tokens;

/// <summary>What came of asking for an Explorer token. Every case is ordinary; faults are exceptions.</summary>
public abstract record TokenResult
{
    private TokenResult() { }

    /// <summary>A token that lives at least five minutes more.</summary>
    public sealed record Minted(DownscopedToken Token) : TokenResult;

    /// <summary>No token, and why.</summary>
    /// <param name="Refusal">The reason, for the employee's page to put into words.</param>
    /// <param name="Reference">The number under which administrators find the case.</param>
    public sealed record Refused(TokenRefusal Refusal, string Reference) : TokenResult
    {
        /// <summary>When asking again may help, where Box said so.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }
}

/// <summary>Why an employee gets no token.</summary>
public enum TokenRefusal
{
    /// <summary>Not mapped to an app user yet, or not any more.</summary>
    NotMapped,

    /// <summary>The app user is inactive.</summary>
    Suspended,

    /// <summary>The app user is gone in Box.</summary>
    AppUserGone,

    /// <summary>The app user is another application's.</summary>
    Foreign,

    /// <summary>Box refused for a reason that is not this employee's, or did not answer.</summary>
    BoxUnavailable,
}

/// <summary>The words for it that the page's script knows.</summary>
public static class TokenRefusals
{
    /// <summary>The word in answers and attributes; <c>mapped</c> where nothing is refused.</summary>
    public static string Word(this TokenRefusal? refusal) => refusal switch
    {
        null => "mapped",
        TokenRefusal.NotMapped => "not-mapped",
        TokenRefusal.Suspended => "suspended",
        TokenRefusal.AppUserGone => "app-user-gone",
        TokenRefusal.Foreign => "foreign",
        _ => "box-unavailable",
    };

    internal static TokenRefusal? Of(MappingState state) => state switch
    {
        MappingState.Mapped => null,
        MappingState.Suspended => TokenRefusal.Suspended,
        MappingState.Orphaned => TokenRefusal.AppUserGone,
        MappingState.Foreign => TokenRefusal.Foreign,
        _ => TokenRefusal.NotMapped,
    };
}
