using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxPortal.Sandbox;

/// <summary>What was posted to the door, as JSON whatever it says to be, or what of it is not understood: a word mistyped must not be a wish forgotten.</summary>
internal sealed record Wish<T>(T? Told, string? Complaint)
    where T : class
{
    private static readonly JsonSerializerOptions s_strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>How the framework makes one of a request.</summary>
    public static async ValueTask<Wish<T>> BindAsync(HttpContext context)
    {
        try
        {
            var told = await JsonSerializer.DeserializeAsync<T>(context.Request.Body, s_strict, context.RequestAborted);
            return new(told, told is null ? "the body is not a JSON object" : null);
        }
        catch (JsonException fault) when (fault.InnerException is JsonException || fault.Path is null or "$")
        {
            return new(null, $"the body is not a JSON object (line {fault.LineNumber + 1}, byte {fault.BytePositionInLine + 1})");
        }
        catch (JsonException fault)
        {
            return new(null, $"{fault.Path!.TrimStart('$', '.')} is no field here, or its value is of the wrong kind");
        }
    }
}
