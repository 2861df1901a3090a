using System.Security.Claims;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace BoxPortal.Sandbox.SignIn;

/// <summary>
/// Entra's <c>/authorize</c>. Whoever gets here has a valid request (OpenIddict saw to it) and picks a person to be.
/// There is no session: every visit asks again, because switching people is what a sandbox is for.
/// </summary>
public static class AuthorizeEndpoint
{
    public static void MapAuthorize(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(SignInServer.AuthorizePath, Ask);
        routes.MapPost(SignInServer.AuthorizePath, Choose).DisableAntiforgery();
    }

    private static Results<ForbidHttpResult, RazorComponentResult<SignInPage>> Ask(HttpContext context, Directory directory)
    {
        var request = context.GetOpenIddictServerRequest()!;
        return request.HasPromptValue(PromptValues.None) ? Silent() : Page(context, request, directory);
    }

    /// <summary>A form posted here is either a person chosen or, as the protocol allows, the request itself.</summary>
    private static Results<SignInHttpResult, ForbidHttpResult, RazorComponentResult<SignInPage>> Choose(
        HttpContext context, Directory directory)
    {
        var request = context.GetOpenIddictServerRequest()!;
        if (Guid.TryParse((string?)request[SignInPage.Person], out var objectId) && directory.Find(objectId) is { } person)
        {
            return TypedResults.SignIn(
                new ClaimsPrincipal(CodeFor(person, request)),
                authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        }

        return request.HasPromptValue(PromptValues.None) ? Silent() : Page(context, request, directory);
    }

    private static ForbidHttpResult Silent() => SignInServer.Refuse(
        Errors.LoginRequired, "AADSTS50058: A silent sign-in request was sent but no user is signed in.");

    private static RazorComponentResult<SignInPage> Page(HttpContext context, OpenIddictRequest request, Directory directory)
    {
        // The form leads here and then, by redirection, to the application: browsers hold both against form-action.
        var application = new Uri(request.RedirectUri!).GetLeftPart(UriPartial.Authority);
        PageHeaders.Write(context.Response, formAction: $"'self' {application}");
        return new RazorComponentResult<SignInPage>(new { Request = request, Directory = directory });
    }

    /// <summary>What the code carries: who it is for and a number of its own. The rest is looked up when it is redeemed.</summary>
    private static ClaimsIdentity CodeFor(Person person, OpenIddictRequest request)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType);
        identity.SetClaim(Claims.Subject, IdTokenClaims.Pairwise(person.ObjectId));
        identity.SetClaim("oid", person.ObjectId.ToString("D"));
        identity.SetClaim(RedeemedCodes.Claim, Guid.NewGuid().ToString("N"));
        identity.SetScopes(request.GetScopes());
        return identity;
    }
}
