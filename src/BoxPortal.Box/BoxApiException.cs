using System.Net;

namespace BoxPortal.Box;

/// <summary>
/// Box refused, failed, answered something that cannot be right, or did not answer at all. No secret is ever part of it:
/// what was sent is cut out of what Box said about it.
/// </summary>
/// <param name="message">What was asked and what came of it, in one line.</param>
/// <param name="innerException">What the network said, if anything.</param>
public sealed class BoxApiException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The status Box answered; <c>null</c> when there was no whole answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Box's own name for the fault, e.g. <c>not_found</c>, <c>user_login_already_used</c>, <c>invalid_grant</c>.</summary>
    public string? Code { get; init; }

    /// <summary>What Box support asks for: the body's <c>request_id</c>, else the <c>BOX-REQUEST-ID</c> header.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long Box asked to be left alone, in whichever form it said so; never zero or negative.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Box's words about the fault, at most 300 characters.</summary>
    public string? Description { get; init; }

    /// <summary>
    /// The same call may well succeed later. After a create, first look whether it took effect: its answer may have been
    /// lost after Box did the work.
    /// </summary>
    public bool IsTransient { get; init; }

    /// <summary>The list has more entries than Box gives by offset: what was read of it is true, and not all.</summary>
    public bool IsOfListCutOff { get; init; }

    /// <summary>
    /// A token was refused because of whom it was for: Box does not know that user, or our application may not act as it.
    /// Source: Box's support article on the <c>sub</c> claim.
    /// </summary>
    public bool IsAboutSubject => Code == "invalid_grant" && Description?.Contains("'sub'", StringComparison.Ordinal) == true;

    /// <summary>The answer's <c>Date</c>: what time it is at Box.</summary>
    internal DateTimeOffset? AnsweredAt { get; init; }

    /// <summary>How often the call had been tried when this came of it.</summary>
    internal int Tries { get; set; }
}
