using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace BoxPortal.Sandbox;

/// <summary>A refusal in Box's envelope. Source: Box's guide "Common errors", and the fixtures of its SDKs.</summary>
internal sealed class BoxError(int status, string code, string message, JsonNode? contextInfo = null) : IResult
{
    private const string HelpUrl = "http://developers.box.com/docs/#errors";

    /// <summary>The user may not, whatever the token.</summary>
    public static BoxError AccessDenied => new(403, "access_denied_insufficient_permissions", "Access denied - insufficient permission");

    /// <summary>The user might, but not with this token.</summary>
    public static BoxError InsufficientScope => new(403, "insufficient_scope", "The request requires higher privileges than provided by the access token.");

    public static BoxError MethodNotAllowed => new(405, "method_not_allowed", "Method Not Allowed");

    public static BoxError PreconditionFailed => new(412, "precondition_failed", "The resource has been modified. Please retrieve the resource again and retry");

    /// <summary>There is none, or none the caller has any access to.</summary>
    public static BoxError NotFound(string kind, string id) =>
        new(404, "not_found", "Not Found", Errors("invalid_parameter", kind, $"Invalid value '{id}'. '{kind}' with value '{id}' not found"));

    public static BoxError BadRequest(string parameter, string message, string reason = "invalid_parameter") =>
        new(400, "bad_request", "Bad Request", Errors(reason, parameter, message));

    public static BoxError Missing(string parameter) => BadRequest(parameter, $"'{parameter}' is required", "missing_parameter");

    public static BoxError Conflict(string parameter, string message) =>
        new(409, "conflict", "Conflict", Errors("invalid_parameter", parameter, message));

    /// <summary>What the server itself refused, before any handler: in the same envelope.</summary>
    public static BoxError Of(int status) => status switch
    {
        413 => new(413, "request_entity_too_large", "Request Entity Too Large"),
        429 => new(429, "rate_limit_exceeded", "Request rate limit exceeded, please try again later"),
        503 => new(503, "unavailable", "Unavailable"),
        _ => new(status, ReasonPhrases.GetReasonPhrase(status).ToLowerInvariant().Replace(' ', '_'), ReasonPhrases.GetReasonPhrase(status)),
    };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (code == "insufficient_scope")
        {
            httpContext.Response.Headers.WWWAuthenticate = $"Bearer realm=\"Service\", error=\"{code}\", error_description=\"{message}\"";
        }
        JsonObject body = new() { ["type"] = "error", ["status"] = status, ["code"] = code };
        if (contextInfo is not null)
        {
            body["context_info"] = contextInfo;
        }
        body["help_url"] = HelpUrl;
        body["message"] = message;
        body["request_id"] = httpContext.TraceIdentifier;
        return TypedResults.Json(body, statusCode: status).ExecuteAsync(httpContext);
    }

    private static JsonObject Errors(string reason, string name, string message) =>
        new() { ["errors"] = new JsonArray(new JsonObject { ["reason"] = reason, ["name"] = name, ["message"] = message }) };
}
