using System.Net;
using System.Text.Json;

namespace BoxPortal.Graph;

/// <summary>
/// Understands refusals, in every form they come:
/// <code>
/// {"error":{"code":"Authorization_RequestDenied","message":"…","innerError":{"request-id":"…"}}}
/// {"error":"invalid_client","error_description":"AADSTS7000215: …","trace_id":"…"}
/// a gateway's HTML, or nothing
/// </code>
/// </summary>
internal static class GraphFault
{
    private const int LongestText = 300;

    public static GraphException Read(GraphCall call, HttpResponseMessage response, byte[] body, DateTimeOffset now)
    {
        var envelope = Parse(body);
        var error = Member(envelope, "error");
        var code = Clean(call, Text(Member(error, "code")) ?? Text(error));
        var description = Clean(call, Text(Member(error, "message")) ?? Text(Member(envelope, "error_description")));
        var requestId = Clean(
            call,
            Text(Member(Member(error, "innerError"), "request-id"))
                ?? Text(Member(envelope, "trace_id"))
                ?? (response.Headers.TryGetValues("request-id", out var ids) ? ids.FirstOrDefault() : null));

        return new GraphException(
            $"{call.Address.Host} answered {call} with {(int)response.StatusCode}{Prefixed(" ", code)}{Prefixed(": ", description)}{Prefixed(", request ", requestId)}")
        {
            Status = response.StatusCode,
            Code = code,
            RequestId = requestId,
            RetryAfter = ReadRetryAfter(response, now),
            IsTransient = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError,
        };
    }

    /// <summary>Seconds or a date; a date is counted from the answer's own, so that our clock need not be right.</summary>
    private static TimeSpan? ReadRetryAfter(HttpResponseMessage response, DateTimeOffset now)
    {
        var wish = response.Headers.RetryAfter;
        var wait = wish?.Delta ?? (wish?.Date - (response.Headers.Date ?? now));
        return wait > TimeSpan.Zero ? wait : null;
    }

    private static JsonElement Parse(byte[] body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return default; // a gateway's page, or nothing: the status says enough
        }
    }

    private static JsonElement Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement of) => of.ValueKind == JsonValueKind.String ? of.GetString() : null;

    /// <summary>Other people's words, fit for a log: short, in one line, without what we sent.</summary>
    private static string? Clean(GraphCall call, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        text = text.Replace(call.Secret, "(withheld)", StringComparison.OrdinalIgnoreCase);
        text = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return text.Length > LongestText ? text[..LongestText] : text;
    }

    private static string Prefixed(string prefix, string? text) => text is null ? "" : prefix + text;
}
