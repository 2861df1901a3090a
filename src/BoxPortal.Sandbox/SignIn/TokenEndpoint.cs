using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace BoxPortal.Sandbox.SignIn;

/// <summary>Entra's <c>/token</c>: a code, once, for an ID token.</summary>
public static class TokenEndpoint
{
    public static void MapToken(this IEndpointRouteBuilder routes) =>
        routes.MapPost(SignInServer.TokenPath, Redeem).DisableAntiforgery();

    /// <summary>By now OpenIddict has checked the code, its verifier, its redirect address and the application's secret.</summary>
    private static async Task<Results<SignInHttpResult, ForbidHttpResult>> Redeem(
        HttpContext context, Directory directory, RedeemedCodes redeemed)
    {
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

        var address = $"{context.Request.Scheme}://{context.Request.Host}";
        return TypedResults.SignIn(
            new ClaimsPrincipal(IdTokenClaims.Of(person, code.GetScopes(), address)),
            authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }
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
