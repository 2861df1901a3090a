using System.Text.Json.Serialization;

namespace BoxPortal.Box;

/// <summary>An app user to be made.</summary>
/// <param name="Name">As shown in Box, at most 50 characters.</param>
/// <param name="ExternalAppUserId">Our own key, by which it is found again.</param>
/// <param name="Language">Box's code, e.g. <c>en</c>; <c>null</c> for the enterprise's.</param>
/// <param name="SpaceAmountInBytes">Storage it may fill, -1 without limit; <c>null</c> for the enterprise's default.</param>
public sealed record NewAppUser(
    string Name,
    string ExternalAppUserId,
    string? Language = null,
    [property: JsonPropertyName("space_amount")] long? SpaceAmountInBytes = null)
{
    /// <summary>What makes it an app user.</summary>
    [JsonInclude]
    internal bool IsPlatformAccessOnly { get; } = true;
}
