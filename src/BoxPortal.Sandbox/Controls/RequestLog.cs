using System.Collections.Concurrent;

namespace BoxPortal.Sandbox;

/// <summary>What was asked of the sandbox, newest last, without any token or secret; the oldest go when there are too many.</summary>
public sealed class RequestLog
{
    private const int Capacity = 20_000;
    private readonly ConcurrentQueue<SeenRequest> _requests = [];

    /// <summary>All requests remembered, in the order they came. One still being answered has no status yet.</summary>
    public IReadOnlyList<SeenRequest> Requests => [.. _requests];

    public void Clear() => _requests.Clear();

    internal void Add(SeenRequest request)
    {
        _requests.Enqueue(request);
        while (_requests.Count > Capacity)
        {
            _requests.TryDequeue(out _);
        }
    }
}

/// <summary>One request. Tokens appear as fingerprints only.</summary>
public sealed class SeenRequest
{
    public required DateTimeOffset At { get; init; }
    public required string Method { get; init; }

    /// <summary>Path and query, secrets blacked out.</summary>
    public required string Path { get; init => field = Brief(value)!; }

    public string? Origin { get; init => field = Brief(value); }
    public required string RequestId { get; init; }
    public int? Status { get; internal set; }

    /// <summary>Whom the token acts as, the one sent or the one issued.</summary>
    public string? UserId { get; internal set; }

    /// <summary>Fingerprint of the token sent, exchanged or revoked.</summary>
    public string? TokenFingerprint { get; internal set; }

    public string? GrantType { get; internal set => field = Brief(value); }

    /// <summary>The assertion's <c>box_sub_type</c>, or <c>box_subject_type</c>.</summary>
    public string? SubjectType { get; internal set => field = Brief(value); }

    public string? SubjectId { get; internal set => field = Brief(value); }

    /// <summary>Fingerprint of the token issued.</summary>
    public string? IssuedFingerprint { get; internal set; }

    /// <summary>What the issued token may do.</summary>
    public IReadOnlyList<string>? IssuedScopes { get; internal set; }

    /// <summary>How the controls spoiled the answer.</summary>
    public string? Fault { get; internal set; }

    internal void Issued(Token token)
    {
        UserId = token.UserId;
        IssuedFingerprint = Secret.Fingerprint(token.Value);
        IssuedScopes = [.. token.Scopes];
    }

    // What a caller wrote may hold anything, at any length.
    private static string? Brief(string? text) => text is null ? null : Secret.Redact(text.Length > 2048 ? text[..2048] : text);
}
