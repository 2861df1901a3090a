using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Server.AspNetCore;

namespace BoxPortal.Sandbox.SignIn;

/// <summary>Entra's <c>/logout</c>: there is no session to end, so it goes back to the application or says goodbye.</summary>
public static class LogoutEndpoint
{
    public static void MapLogout(this IEndpointRouteBuilder routes) =>
        routes.MapMethods(SignInServer.LogoutPath, [HttpMethods.Get, HttpMethods.Post], End).DisableAntiforgery();

    private static Results<SignOutHttpResult, RazorComponentResult> End(HttpContext context)
    {
        if (context.GetOpenIddictServerRequest() is { PostLogoutRedirectUri: not null })
        {
            return TypedResults.SignOut(authenticationSchemes: [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);
        }

        PageHeaders.Write(context.Response, formAction: "'none'");
        return new RazorComponentResult(typeof(SignedOutPage)); // by type: the generator of handlers runs before the page has a class
    }
}
