using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace BoxPortal.Sandbox.Graph;

/// <summary>A refusal in Graph's envelope. Source: Microsoft's "Microsoft Graph error responses and resource types".</summary>
internal sealed class GraphError(int status, string code, string message) : IResult
{
    /// <summary>The header that Graph repeats its request's id in.</summary>
    public const string RequestId = "request-id";

    /// <summary>The page that a link led to is not there any more.</summary>
    public static GraphError ExpiredPage =>
        new(400, "Directory_ExpiredPageToken", "The specified page token value has expired and can no longer be included in your request.");

    public static GraphError NoResource(string id) =>
        new(404, "Request_ResourceNotFound", $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.");

    public static GraphError BadRequest(string message) => new(400, "Request_BadRequest", message);

    public static GraphError Unsupported(string message) => new(400, "Request_UnsupportedQuery", message);

    public static GraphError Unauthorised(string message) => new(401, "InvalidAuthenticationToken", message);

    /// <summary>What the server itself refused, or the controls: in the same envelope.</summary>
    public static GraphError Of(int status) => status switch
    {
        401 => Unauthorised("Access token validation failure."),
        403 => new(403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."),
        _ => new(status, ReasonPhrases.GetReasonPhrase(status).Replace(" ", "", StringComparison.Ordinal), ReasonPhrases.GetReasonPhrase(status)),
    };

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers[RequestId] = httpContext.TraceIdentifier;
        if (status == StatusCodes.Status401Unauthorized)
        {
            httpContext.Response.Headers.WWWAuthenticate = "Bearer realm=\"\"";
        }

        JsonObject error = new()
        {
            ["code"] = code,
            ["message"] = message,
            ["innerError"] = new JsonObject { ["request-id"] = httpContext.TraceIdentifier },
        };
        return TypedResults.Json(new JsonObject { ["error"] = error }, statusCode: status).ExecuteAsync(httpContext);
    }
}
