using BoxPortal.Sandbox.SignIn;

namespace BoxPortal.Sandbox.Graph;

/// <summary>What holds for all of Microsoft Graph: where it is, its envelope, its request id, and that it takes a token.</summary>
internal static class GraphApi
{
    public static bool IsAt(PathString path) => path.StartsWithSegments("/v1.0");

    public static void MapGraph(this IEndpointRouteBuilder routes)
    {
        routes.MapUsersOfGraph();
        routes.MapGroupsOfGraph();
        routes.MapServicePrincipals();
    }

    /// <summary>Puts what the server refuses by itself into Graph's envelope, and answers nothing without a token of the sign-in server's for Graph.</summary>
    public static void UseGraph(this IApplicationBuilder app) => app.UseWhen(context => IsAt(context.Request.Path), graph =>
    {
        graph.UseStatusCodePages(pages => GraphError.Of(pages.HttpContext.Response.StatusCode).ExecuteAsync(pages.HttpContext));
        graph.Use(AuthenticateAsync);
    });

    private static async Task AuthenticateAsync(HttpContext context, RequestDelegate next)
    {
        const string Scheme = "Bearer ";
        context.Response.Headers[GraphError.RequestId] = context.TraceIdentifier;
        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            await GraphError.Unauthorised("Access token is empty.").ExecuteAsync(context);
            return;
        }

        var token = header[Scheme.Length..].Trim();
        context.Features.Get<SeenRequest>()!.TokenFingerprint = Secret.Fingerprint(token);
        if (!await context.RequestServices.GetRequiredService<ApplicationTokens>().HonourAsync(token))
        {
            await GraphError.Of(StatusCodes.Status401Unauthorized).ExecuteAsync(context);
            return;
        }

        await next(context);
    }
}
