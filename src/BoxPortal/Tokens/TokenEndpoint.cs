using System.Security.Claims;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Tokens;

/// <summary>Where the employee's own page asks for its token.</summary>
public static class TokenEndpoint
{
    /// <summary>
    /// Maps <c>POST token</c>. The request carries the session and no user ID; at most, in <c>Refused-Token</c>, the fingerprint of
    /// the caller's own token that Box refuses, so that it is not handed out again.
    /// </summary>
    public static RouteHandlerBuilder MapExplorerToken(this IEndpointRouteBuilder routes) => routes.MapPost("/token", PostAsync);

    private static async Task<Results<Ok<TokenAnswer>, ProblemHttpResult>> PostAsync(
        ClaimsPrincipal session, [FromHeader(Name = "Refused-Token")] string? refusedToken, ExplorerTokens tokens, HttpResponse response,
        CancellationToken cancellationToken)
    {
        response.Headers.CacheControl = "no-store";
        switch (await tokens.GetAsync(Employee.From(session), refusedToken, cancellationToken))
        {
            case TokenResult.Minted { Token: var token }:
                return TypedResults.Ok(new TokenAnswer(token.Value, token.ExpiresAt));

            case TokenResult.Refused refused:
                return TypedResults.Problem(
                    statusCode: refused.Refusal == TokenRefusal.BoxUnavailable ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status403Forbidden,
                    extensions:
                    [
                        new("state", TokenRefusals.Word(refused.Refusal)),
                        new("reference", refused.Reference),
                        new("retryAfterSeconds", refused.RetryAfter is { } pause ? (int)Math.Ceiling(pause.TotalSeconds) : null),
                    ]);

            case var unknown:
                throw new System.Diagnostics.UnreachableException($"No answer for {unknown}.");
        }
    }

    /// <summary>The only answer of the portal that holds a token.</summary>
    /// <param name="AccessToken">The downscoped token.</param>
    /// <param name="ExpiresAt">When Box stops honouring it, UTC.</param>
    internal sealed record TokenAnswer(string AccessToken, DateTimeOffset ExpiresAt);
}
