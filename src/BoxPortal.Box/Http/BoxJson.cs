using System.Text.Json.Serialization;

namespace BoxPortal.Box.Http;

/// <summary>
/// Box's JSON, generated at build. Strict where a lax reading would hand on half an answer: what is not marked optional must be
/// there and not null, and nothing may be said twice.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(BoxUser))]
[JsonSerializable(typeof(Page<BoxUser>))]
[JsonSerializable(typeof(NotificationEmail))]
[JsonSerializable(typeof(NewAppUser))]
[JsonSerializable(typeof(BoxUserChanges))]
[JsonSerializable(typeof(BoxGroup))]
[JsonSerializable(typeof(Page<BoxGroup>))]
[JsonSerializable(typeof(BoxGroupChanges))]
[JsonSerializable(typeof(GroupMembership))]
[JsonSerializable(typeof(Page<GroupMembership>))]
[JsonSerializable(typeof(MembershipBody))]
[JsonSerializable(typeof(Collaboration))]
[JsonSerializable(typeof(Page<Collaboration>))]
[JsonSerializable(typeof(CollaborationBody))]
[JsonSerializable(typeof(BoxFolder))]
[JsonSerializable(typeof(Page<BoxItem>))]
internal sealed partial class BoxJson : JsonSerializerContext;
