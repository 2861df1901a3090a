namespace BoxPortal.Box;

/// <summary>A token that ends by itself.</summary>
public interface IExpiringToken
{
    /// <summary>When Box stops honouring it, UTC, by our clock.</summary>
    DateTimeOffset ExpiresAt { get; }
}
