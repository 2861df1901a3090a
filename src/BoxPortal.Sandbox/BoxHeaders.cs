using System.Security.Cryptography;
using BoxPortal.Sandbox.Graph;

namespace BoxPortal.Sandbox;

/// <summary>What every request and every answer has, whatever it is about: an id, a date, a line in the log.</summary>
internal static class BoxHeaders
{
    public static void UseBoxHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var clock = context.RequestServices.GetRequiredService<SandboxClock>();
        context.TraceIdentifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(9));
        // Clients correct their clocks by it, so it must be the clock that the claims are checked with.
        context.Response.Headers.Date = clock.GetUtcNow().ToString("R");
        context.Response.Headers["BOX-REQUEST-ID"] = context.TraceIdentifier;

        var request = context.Request;
        var seen = new SeenRequest
        {
            At = clock.GetUtcNow(),
            Method = request.Method,
            Path = PathOf(request),
            Origin = request.Headers.Origin.FirstOrDefault(),
            RequestId = context.TraceIdentifier,
        };
        context.Features.Set(seen);
        if (!ControlResource.IsAt(request.Path))
        {
            context.RequestServices.GetRequiredService<RequestLog>().Add(seen);
        }
        context.Response.OnCompleted(() =>
        {
            seen.Status = context.Response.StatusCode;
            return Task.CompletedTask;
        });
        return next(context);
    });

    // Outside Box's and Graph's own routes a query may hold codes and states of the sign-in, which are secrets of a kind.
    private static string PathOf(HttpRequest request) =>
        BoxApi.IsAt(request.Path) || GraphApi.IsAt(request.Path)
            ? request.Path + request.QueryString
            : request.Path;
}
