using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>Box's <c>/oauth2/token</c> and <c>/oauth2/revoke</c>. Source: Box API reference, "Authorization".</summary>
internal static class TokenEndpoint
{
    public static RouteGroupBuilder MapTokens(this IEndpointRouteBuilder routes)
    {
        var tokens = routes.MapGroup("/oauth2");
        tokens.AddEndpointFilter((context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        tokens.MapPost("/token", Grant);
        tokens.MapPost("/revoke", Revoke);
        return tokens;
    }

    private static async Task<Results<Ok<TokenAnswer>, OAuthError>> Grant(HttpContext context, Enterprise enterprise, SandboxClock clock)
    {
        if (await ReadAsync(context) is not { } form)
        {
            return OAuthError.BadGrantType;
        }

        var grantType = form["grant_type"].ToString();
        var seen = context.Features.GetRequiredFeature<SeenRequest>();
        seen.GrantType = grantType;
        lock (enterprise.Gate)
        {
            return grantType switch
            {
                JwtBearerGrant.Name => JwtBearerGrant.Answer(form, enterprise, clock, seen),
                ClientCredentialsGrant.Name => ClientCredentialsGrant.Answer(form, enterprise, seen),
                TokenExchangeGrant.Name => TokenExchangeGrant.Answer(form, enterprise, seen),
                _ => OAuthError.BadGrantType,
            };
        }
    }

    private static async Task<Results<Ok, OAuthError>> Revoke(HttpContext context, Enterprise enterprise)
    {
        if (await ReadAsync(context) is not { } form)
        {
            return OAuthError.BadRequest("Missing parameter: token");
        }
        if (!IsClient(form, enterprise.App))
        {
            return OAuthError.BadClient;
        }

        var token = form["token"].ToString();
        context.Features.GetRequiredFeature<SeenRequest>().TokenFingerprint = Secret.Fingerprint(token);
        enterprise.Revoke(token);
        return TypedResults.Ok();
    }

    /// <summary>Whether the form names the registered app and knows its secret.</summary>
    public static bool IsClient(IFormCollection form, BoxApp app) =>
        form["client_id"] == app.ClientId && form["client_secret"] == app.ClientSecret;

    // Anything that is not a readable form is answered like a form without a grant type.
    private static async Task<IFormCollection?> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || !BoxApi.IsUtf8(context.Request))
        {
            return null;
        }
        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception fault) when (fault is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }
}

/// <summary>Box's answer to a grant. The type of the issued token is told for an exchange only.</summary>
internal sealed record TokenAnswer(
    string AccessToken,
    int ExpiresIn,
    JsonArray RestrictedTo,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? IssuedTokenType = null)
{
#pragma warning disable CA1822 // Serialised.
    public string TokenType => "bearer";
#pragma warning restore CA1822

    /// <summary>A full token for the user, with all that the app may do.</summary>
    public static TokenAnswer For(User user, Enterprise enterprise, SeenRequest seen)
    {
        var (token, expiresIn) = enterprise.Issue(user, enterprise.App.Scopes, resourceId: null);
        seen.Issued(token);
        return new TokenAnswer(token.Value, expiresIn, []);
    }
}
