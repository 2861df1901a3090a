using Microsoft.Net.Http.Headers;

namespace BoxPortal.Sandbox;

/// <summary>What holds for all of Box's API: where it is, its version header, its envelope, one call at a time.</summary>
internal static class BoxApi
{
    private const string Version = "2024.0";

    /// <summary>Whether the path is one of the API's: <c>/2.0</c>, or <c>/api/2.0</c> as the host for uploads has it.</summary>
    public static bool IsAt(PathString path) => path.StartsWithSegments("/2.0") || path.StartsWithSegments("/api/2.0");

    /// <summary>Whether the body is in the one encoding there is. The framework fails on charsets it does not know.</summary>
    public static bool IsUtf8(HttpRequest request) =>
        !MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase);

    /// <summary>Puts what the server refuses by itself into Box's envelope, and checks the version that is asked for.</summary>
    public static void UseBoxEnvelope(this IApplicationBuilder app)
    {
        app.UseStatusCodePages(pages =>
            IsAt(pages.HttpContext.Request.Path) && pages.HttpContext.Response.StatusCode != StatusCodes.Status401Unauthorized
                ? BoxError.Of(pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext)
                : Task.CompletedTask);

        app.Use((context, next) =>
            !IsAt(context.Request.Path) ? next(context)
            : VersionFault(context.Request) is { } fault ? new BoxError(400, "invalid_api_version", fault).ExecuteAsync(context)
            : !IsUtf8(context.Request) ? BoxError.Of(StatusCodes.Status415UnsupportedMediaType).ExecuteAsync(context)
            : next(context));
    }

    /// <summary>
    /// Has the handlers of a group hold the enterprise's lock while they run. They do not await: bodies are read before,
    /// answers written afterwards.
    /// </summary>
    public static RouteGroupBuilder OneCallAtATime(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter((context, next) =>
        {
            var enterprise = context.HttpContext.RequestServices.GetRequiredService<Enterprise>();
            lock (enterprise.Gate)
            {
                enterprise.Actor = context.HttpContext.Features.Get<Caller>()?.User;
                try
                {
                    var answer = next(context);
                    return answer.IsCompleted ? answer : throw new InvalidOperationException("A handler that holds the lock must not wait.");
                }
                finally
                {
                    enterprise.Actor = null;
                }
            }
        });
        return group;
    }

    // Source: Box's guide "Versioning errors".
    private static string? VersionFault(HttpRequest request) => request.Headers["box-version"] switch
    {
        { Count: 0 } or [Version] => null,
        { Count: > 1 } => "The 'box-version' header supports only one header value per request, do not use comas.",
        [null or ""] => "Invalid (empty) API version specified in 'box-version' header.",
        [var value] when value.Contains(',') => "The 'box-version' header supports only one header value per request, do not use comas.",
        ["2025.0" or "2026.0"] => "Unsupported API version specified in 'box-version' header.",
        _ => $"Invalid API version specified in 'box-version' header. Supported API versions: [{Version}].",
    };
}
