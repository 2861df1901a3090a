using System.Text.Json;
using System.Text.Json.Serialization;
using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>A user in Box: an app user of ours, or somebody else of the enterprise.</summary>
/// <param name="Id">Box's ID.</param>
/// <param name="Name">As shown in Box, at most 50 characters.</param>
/// <param name="Login">The login; for an app user an address that Box made up and nobody can sign in with.</param>
/// <param name="Status">Whether the user may act.</param>
/// <param name="ExternalAppUserId">Our own key for an app user; <c>null</c> for everybody else.</param>
/// <param name="IsPlatformAccessOnly">It is an app user.</param>
/// <param name="Language">Box's code, e.g. <c>en</c>.</param>
/// <param name="SpaceAmountInBytes">Storage it may fill; -1 is without limit.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="NotificationEmail">Where Box writes to instead of the login; an app user's only address that somebody reads.</param>
public sealed record BoxUser(
    string Id,
    string Name,
    string Login,
    BoxUserStatus Status,
    string? ExternalAppUserId = null,
    bool IsPlatformAccessOnly = false,
    string? Language = null,
    [property: JsonPropertyName("space_amount")] long SpaceAmountInBytes = 0,
    DateTimeOffset CreatedAt = default,
    [property: JsonConverter(typeof(NotificationEmailConverter))] NotificationEmail? NotificationEmail = null) : IBoxResource;

/// <summary>Another address of a user.</summary>
/// <param name="Email">The address.</param>
/// <param name="IsConfirmed">Whoever reads there has told Box so; until then anybody's address may stand here.</param>
public sealed record NotificationEmail(string? Email = null, bool IsConfirmed = false);

/// <summary>Whether a user may act.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BoxUserStatus>))]
public enum BoxUserStatus
{
    /// <summary>May act.</summary>
    [JsonStringEnumMemberName("active")]
    Active,

    /// <summary>May not; gets no token.</summary>
    [JsonStringEnumMemberName("inactive")]
    Inactive,

    /// <summary>May neither delete nor edit.</summary>
    [JsonStringEnumMemberName("cannot_delete_edit")]
    CannotDeleteEdit,

    /// <summary>May neither delete, edit nor upload.</summary>
    [JsonStringEnumMemberName("cannot_delete_edit_upload")]
    CannotDeleteEditUpload,
}

/// <summary>Box has written an empty list for "none", against its own reference. Source: box/box-openapi, issue 103.</summary>
internal sealed class NotificationEmailConverter : JsonConverter<NotificationEmail>
{
    public override NotificationEmail? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return JsonSerializer.Deserialize(ref reader, BoxJson.Default.NotificationEmail);
        }

        reader.Skip();
        return null;
    }

    public override void Write(Utf8JsonWriter writer, NotificationEmail value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, BoxJson.Default.NotificationEmail);
}
