namespace BoxPortal.Box;

/// <summary>A Box access token with all scopes of its user. Never leaves the server.</summary>
/// <param name="Value">The bearer string. A secret until <paramref name="ExpiresAt"/>.</param>
/// <param name="ExpiresAt">When Box stops honouring it, UTC.</param>
public sealed record AccessToken(string Value, DateTimeOffset ExpiresAt) : IExpiringToken
{
    /// <summary>First 16 hex digits of the token's SHA-256: names the token in logs and audit entries without revealing it.</summary>
    public string Fingerprint => TokenFingerprint.Of(Value);

    /// <summary>Shows the fingerprint, never the value, so that logging the record by accident is harmless.</summary>
    public override string ToString() => $"AccessToken {Fingerprint}, expires {ExpiresAt:u}";
}
