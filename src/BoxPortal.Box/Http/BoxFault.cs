using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace BoxPortal.Box.Http;

/// <summary>
/// Understands Box's refusals, in every form they come:
/// <code>
/// {"type":"error","status":404,"code":"not_found","message":"Not Found","request_id":"…",
///  "context_info":{"errors":[{"message":"…"}]} | [{"message":"…"}] | "…"}
/// {"error":"invalid_grant","error_description":"…"}
/// an empty body with WWW-Authenticate: Bearer realm="Service", error="invalid_token", error_description="…"
/// a gateway's HTML
/// </code>
/// </summary>
internal static partial class BoxFault
{
    private const int LongestText = 300;

    /// <summary>Shorter values of a form, such as <c>user</c>, are words that Box may well use.</summary>
    private const int ShortestSecret = 8;

    public static BoxApiException Read(
        BoxCall call, HttpResponseMessage response, byte[] body, IReadOnlyCollection<string> secrets, DateTimeOffset now)
    {
        var envelope = Parse(body);
        var challenge = response.Headers.WwwAuthenticate.ToString();
        var code = Clean(Text(envelope, "code") ?? Text(envelope, "error") ?? Match(ChallengeError(), challenge), secrets);
        var description = Clean(
            Join(Text(envelope, "message"), Detail(envelope, "context_info"))
                ?? Text(envelope, "error_description")
                ?? Match(ChallengeDescription(), challenge),
            secrets);
        var requestId = Clean(
            Text(envelope, "request_id")
                ?? (response.Headers.TryGetValues("BOX-REQUEST-ID", out var ids) ? ids.FirstOrDefault() : null),
            secrets);

        return new BoxApiException(
            $"Box answered {call} with {(int)response.StatusCode}{Prefixed(" ", code)}{Prefixed(": ", description)}{Prefixed(", request ", requestId)}")
        {
            Status = response.StatusCode,
            Code = code,
            Description = description,
            RequestId = requestId,
            RetryAfter = ReadRetryAfter(response, now),
            IsTransient = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError,
            AnsweredAt = response.Headers.Date,
        };
    }

    /// <summary>
    /// Seconds or a date; a date is counted from the answer's own, so that our clock need not be right.
    /// Nothing, rubbish, zero and the past all mean: no wish.
    /// </summary>
    internal static TimeSpan? ReadRetryAfter(HttpResponseMessage response, DateTimeOffset now)
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

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The first words found in the <c>context_info</c>, which has many shapes.</summary>
    private static string? Detail(JsonElement of, string name)
    {
        if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(name, out var detail))
        {
            return null;
        }

        return detail.ValueKind switch
        {
            JsonValueKind.String => detail.GetString(),
            JsonValueKind.Array => detail.EnumerateArray().Select(entry => Text(entry, "message")).FirstOrDefault(text => text is not null),
            JsonValueKind.Object => Text(detail, "message") ?? Detail(detail, "errors"),
            _ => null,
        };
    }

    /// <summary>Other people's words, fit for a log: short, in one line, without what we sent.</summary>
    private static string? Clean(string? text, IReadOnlyCollection<string> secrets)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        text = secrets.Where(secret => secret.Length >= ShortestSecret)
            .Aggregate(text, (cleaned, secret) => cleaned.Replace(secret, "(withheld)", StringComparison.OrdinalIgnoreCase));
        text = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return text.Length > LongestText ? text[..LongestText] : text;
    }

    private static string? Join(string? message, string? detail) => (message, detail) switch
    {
        (not null, not null) => $"{message}: {detail}",
        _ => message ?? detail,
    };

    private static string Prefixed(string prefix, string? text) => text is null ? "" : prefix + text;

    private static string? Match(Regex pattern, string text) => pattern.Match(text) is { Success: true } match ? match.Groups[1].Value : null;

    [GeneratedRegex("\\berror=\"([^\"]*)\"")]
    private static partial Regex ChallengeError();

    [GeneratedRegex("\\berror_description=\"([^\"]*)\"")]
    private static partial Regex ChallengeDescription();
}
