namespace BoxPortal.Sandbox;

/// <summary>A token Box has issued and neither revoked nor forgotten.</summary>
/// <param name="Value">The bearer string.</param>
/// <param name="UserId">Whom it acts as.</param>
/// <param name="Scopes">What it may do at most.</param>
/// <param name="ResourceId">The one file or folder it may touch, with all below; <c>null</c> for all its user sees.</param>
/// <param name="ExpiresAt">When it stops working, by the sandbox's clock.</param>
public sealed record Token(string Value, string UserId, IReadOnlySet<string> Scopes, string? ResourceId, DateTimeOffset ExpiresAt)
{
    /// <summary>Shows the fingerprint, never the value.</summary>
    public override string ToString() => $"Token {Secret.Fingerprint(Value)}, expires {ExpiresAt:u}";
}
