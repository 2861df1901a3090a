namespace BoxPortal.Sandbox;

/// <summary>Nothing under <c>/2.0</c> is answered without a token that is good by the sandbox's clock.</summary>
internal static class BearerAuthentication
{
    /// <summary>The challenge where there was a token.</summary>
    public const string InvalidToken = "Bearer realm=\"Service\", error=\"invalid_token\", error_description=\"The access token provided is invalid.\"";

    public static void UseBearerAuthentication(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!BoxApi.IsAt(context.Request.Path))
        {
            return next(context);
        }
        if (TokenOf(context.Request) is not { } value)
        {
            return Refuse(context, "Bearer realm=\"Service\"");
        }

        var enterprise = context.RequestServices.GetRequiredService<Enterprise>();
        var seen = context.Features.Get<SeenRequest>()!;
        seen.TokenFingerprint = Secret.Fingerprint(value);
        if (enterprise.Honour(value) is not var (token, user))
        {
            return Refuse(context, InvalidToken);
        }

        seen.UserId = user.Id;
        context.Features.Set(new Caller(enterprise, token, user)
        {
            BaseAddress = $"{context.Request.Scheme}://{context.Request.Host}",
            Linked = context.Request.Headers["BoxApi"] is [{ Length: > 0 } link]
                ? SharedLinkResource.Find(link, user, enterprise, context.RequestServices.GetRequiredService<SandboxClock>())
                : null,
            RepresentationHints = context.Request.Headers["X-Rep-Hints"].ToString(),
        });
        return next(context);
    });

    // The Elements read a 401 by its empty body.
    private static Task Refuse(HttpContext context, string challenge)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = challenge;
        return Task.CompletedTask;
    }

    // A browser can be sent to a file or shown an image only with the token in the address.
    private static string? TokenOf(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim()
            : HttpMethods.IsGet(request.Method) && request.Path.Value!.Contains("/content", StringComparison.Ordinal) && request.Query["access_token"] is [{ Length: > 0 } token] ? token
            : null;
    }
}
