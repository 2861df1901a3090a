using System.Text.Json.Serialization;

namespace BoxPortal.Box;

/// <summary>What to change on a user; what is <c>null</c> stays.</summary>
public sealed record BoxUserChanges
{
    /// <summary>As shown in Box, at most 50 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the user may act.</summary>
    public BoxUserStatus? Status { get; init; }

    /// <summary>Our own key; only the application that made the user may set it.</summary>
    public string? ExternalAppUserId { get; init; }

    /// <summary>Storage it may fill; -1 without limit.</summary>
    [JsonPropertyName("space_amount")]
    public long? SpaceAmountInBytes { get; init; }
}
