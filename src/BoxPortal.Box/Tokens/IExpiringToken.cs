namespace BoxPortal.Box;

/// <summary>A token that ends by itself.</summary>
public interface IExpiringToken
{
    /// <summary>When it is honoured no more, UTC, by our clock.</summary>
    DateTimeOffset ExpiresAt { get; }
}
