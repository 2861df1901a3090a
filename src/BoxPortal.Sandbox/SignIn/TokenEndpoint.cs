using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace BoxPortal.Sandbox.SignIn;

/// <summary>Entra's <c>/token</c>: a code, once, for an ID token; the application's secret for a token of its own.</summary>
public static class TokenEndpoint
{
    public static void MapToken(this IEndpointRouteBuilder routes) =>
        routes.MapPost(SignInServer.TokenPath, Redeem).DisableAntiforgery();

    /// <summary>By now OpenIddict has checked the application's secret and scope, or the code, its verifier and its redirect address.</summary>
    private static async Task<Results<SignInHttpResult, ForbidHttpResult>> Redeem(
        HttpContext context, Directory directory, RedeemedCodes redeemed)
    {
        if (context.GetOpenIddictServerRequest()! is var request && request.IsClientCredentialsGrantType())
        {
            return SignIn(ApplicationTokens.IdentityFor(request));
        }

        var code = (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal!;
        if (!redeemed.TryAdd(code.GetClaim(RedeemedCodes.Claim)!))
        {
            return SignInServer.Refuse(
                Errors.InvalidGrant,
                "AADSTS54005: OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.");
        }

        if (directory.Find(Guid.Parse(code.GetClaim("oid")!)) is not { } person)
        {
            return SignInServer.Refuse(Errors.InvalidGrant, "AADSTS50034: The user account does not exist in the directory.");
        }

        if (!person.AccountEnabled)
        {
            return SignInServer.Refuse(Errors.InvalidGrant, "AADSTS50057: The user account is disabled.");
        }

        var address = $"{context.Request.Scheme}://{context.Request.Host}";
        return SignIn(IdTokenClaims.Of(person, directory.RolesOf(person), code.GetScopes(), address));
    }

    private static SignInHttpResult SignIn(ClaimsIdentity identity) => TypedResults.SignIn(
        new ClaimsPrincipal(identity), authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
}

/// <summary>Codes that have been given in. They live minutes and a sandbox a day: nothing is ever taken out.</summary>
public sealed class RedeemedCodes
{
    /// <summary>Names the code, inside the code.</summary>
    internal const string Claim = "code_id";

    private readonly ConcurrentDictionary<string, bool> _ids = new();

    /// <returns><c>false</c> when it was there already.</returns>
    public bool TryAdd(string id) => _ids.TryAdd(id, true);
}
