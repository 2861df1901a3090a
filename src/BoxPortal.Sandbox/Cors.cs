namespace BoxPortal.Sandbox;

/// <summary>
/// Pages call Box from an origin that the app's maker put on its list. Downloads under <c>/d</c> know no CORS:
/// a browser is sent there, no script reads them. Source: Box's guide "CORS".
/// </summary>
internal static class Cors
{
    private const string Methods = "GET, POST, PUT, DELETE, OPTIONS";

    // All that the Elements send, and what a careful client of ours might.
    private const string Headers =
        "accept-language, authorization, box-version, boxapi, content-md5, content-range, content-type, digest, if-match, if-none-match, "
        + "x-box-client-event-info, x-box-client-name, x-box-client-version, x-rep-hints";

    public static void UseBoxCors(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var request = context.Request;
        if (!BoxApi.IsAt(request.Path) || request.Headers.Origin.FirstOrDefault() is not { } origin)
        {
            return next(context);
        }

        var response = context.Response.Headers;
        response.Vary = "Origin";
        // The upload's own check is an OPTIONS request too; only the browser's question names a method.
        if (HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey("Access-Control-Request-Method"))
        {
            // It bears no token, so Box cannot know the app, nor its list, yet.
            response.AccessControlAllowOrigin = "*";
            response.AccessControlAllowMethods = Methods;
            response.AccessControlAllowHeaders = Headers;
            response.AccessControlMaxAge = "600";
            return Task.CompletedTask;
        }
        if (!context.RequestServices.GetRequiredService<Enterprise>().App.CorsOrigins.Any(listed => Matches(listed, origin)))
        {
            return new BoxError(
                403,
                "cors_origin_not_whitelisted",
                "Access denied - Did you forget to safelist your origin in the CORS config of your app?",
                new System.Text.Json.Nodes.JsonObject { ["origin"] = origin }).ExecuteAsync(context);
        }
        response.AccessControlAllowOrigin = "*";
        return next(context);
    });

    private static bool Matches(string listed, string origin) =>
        listed.Split("//*.") is [var scheme, var domain]
            ? origin.StartsWith(scheme + "//", StringComparison.OrdinalIgnoreCase) && origin.EndsWith("." + domain, StringComparison.OrdinalIgnoreCase)
            : listed.Equals(origin, StringComparison.OrdinalIgnoreCase);
}
