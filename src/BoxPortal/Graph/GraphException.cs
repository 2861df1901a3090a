using System.Net;

namespace BoxPortal.Graph;

/// <summary>
/// Graph or the identity provider refused, failed, answered something that cannot be right, or did not answer at all. No
/// secret is ever part of it.
/// </summary>
/// <param name="message">What was asked of whom and what came of it, in one line.</param>
/// <param name="innerException">What the network said, if anything.</param>
public sealed class GraphException(string message, Exception? innerException = null) : Exception(message, innerException)
{
    /// <summary>The status that was answered; <c>null</c> when there was no whole answer.</summary>
    public HttpStatusCode? Status { get; init; }

    /// <summary>Their own name for the fault, e.g. <c>Authorization_RequestDenied</c>, <c>invalid_client</c>.</summary>
    public string? Code { get; init; }

    /// <summary>What Microsoft's support asks for: Graph's request ID, or the trace ID of the token endpoint.</summary>
    public string? RequestId { get; init; }

    /// <summary>How long we were asked to wait; never zero or negative.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same call may well succeed later.</summary>
    public bool IsTransient { get; init; }
}
