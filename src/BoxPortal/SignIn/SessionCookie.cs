using System.Security.Claims;
using BoxPortal.AppUsers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace BoxPortal.SignIn;

/// <summary>Ties the cookie to a session: it carries the session's id, and is worth what the session is worth at each request.</summary>
internal sealed class SessionCookie(Sessions sessions, AppUserDirectory directory, ClaimsKeeping claims, TimeProvider clock) : CookieAuthenticationEvents
{
    /// <summary>Under this name the way through the provider remembers the session it began in.</summary>
    public const string ReplacedKey = nameof(ReplacedKey);

    /// <inheritdoc />
    public override async Task SigningIn(CookieSigningInContext context)
    {
        var identity = (ClaimsIdentity)context.Principal!.Identity!;
        var employee = Employee.From(context.Principal);
        await claims.TakeAsync(employee, identity, context.HttpContext.RequestAborted);
        context.Properties.Items.Remove(ReplacedKey, out var replacedKey);
        var id = await sessions.StartAsync(
            employee, cancellation => directory.RecordSignInAsync(employee, cancellation), replacedKey, context.HttpContext.RequestAborted);
        foreach (var role in identity.FindAll(ClaimTypes.Role).ToArray())
        {
            identity.RemoveClaim(role); // the session says which, see ValidatePrincipal
        }

        identity.AddClaim(new Claim(Sessions.ClaimType, id));
    }

    /// <inheritdoc />
    public override Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (sessions.Find(context.Principal!) is not { } session)
        {
            context.RejectPrincipal();
            return Task.CompletedTask;
        }

        ((ClaimsIdentity)context.Principal!.Identity!).AddClaims(session.Roles.Select(role => new Claim(ClaimTypes.Role, role)));
        if (!UnattendedAttribute.Marks(context.HttpContext))
        {
            session.ActiveAt = clock.GetUtcNow();
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override Task SigningOut(CookieSigningOutContext context) => sessions.EndAsync(context.HttpContext.User);

    /// <summary>Only what scripts ask comes here, see <see cref="SignInSetup"/>: they cannot follow a redirect to the provider.</summary>
    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}

/// <summary>On an endpoint that pages ask by themselves: being asked is no sign of a person.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class)]
public sealed class UnattendedAttribute : Attribute
{
    /// <summary>Whether this request tells nothing of its person. A circuit reconnects by itself, too; what is done on it counts there.</summary>
    internal static bool Marks(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/_blazor") || context.GetEndpoint()?.Metadata.GetMetadata<UnattendedAttribute>() is not null;
}
