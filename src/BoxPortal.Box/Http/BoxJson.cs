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
internal sealed partial class BoxJson : JsonSerializerContext;
