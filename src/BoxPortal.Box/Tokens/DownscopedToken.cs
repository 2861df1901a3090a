namespace BoxPortal.Box;

/// <summary>A Box access token narrowed to a few scopes: the only kind that reaches a browser.</summary>
/// <param name="Value">The bearer string. A secret until <paramref name="ExpiresAt"/>.</param>
/// <param name="ExpiresAt">When Box stops honouring it, UTC.</param>
/// <param name="Scopes">The scopes that were asked for and granted.</param>
public sealed record DownscopedToken(string Value, DateTimeOffset ExpiresAt, IReadOnlyList<string> Scopes) : IExpiringToken
{
    /// <summary>First 16 hex digits of the token's SHA-256: names the token in logs and audit entries without revealing it.</summary>
    public string Fingerprint => TokenFingerprint.Of(Value);

    /// <summary>Shows the fingerprint, never the value, so that logging the record by accident is harmless.</summary>
    public override string ToString() => $"DownscopedToken {Fingerprint}, expires {ExpiresAt:u}";
}
