using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace BoxPortal.SignIn;

/// <summary>Signs employees in with the company's identity provider (Microsoft Entra ID, or whatever has its shape).</summary>
public static partial class SignInSetup
{
    /// <summary>Configuration section, read by Microsoft.Identity.Web.</summary>
    public const string Section = "AzureAd";

    /// <summary>Where a sign-in ends that the provider or our checks refused.</summary>
    public const string FailedPath = "/sign-in-failed";

    /// <summary>The claims a session needs, and those that are noted before it begins; everything else the directory sent stays out of the cookie.</summary>
    private static readonly HashSet<string> s_keptClaims =
        [ClaimConstants.ObjectId, ClaimConstants.TenantId, "oid", "tid", "name", "preferred_username", ClaimTypes.Name, ClaimTypes.Role, .. ClaimsKeeping.Kept];

    /// <summary>Addresses, or their beginnings, where nobody wants to be who has just signed in.</summary>
    private static readonly string[] s_doors = ["/authentication/", "/signed-out", FailedPath];

    /// <summary>Authorization code flow with PKCE, cookies, and the policies. Everyone must be signed in where nothing else is said.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
    {
        services.AddAuthentication(OpenIdConnectDefaults.AuthenticationScheme).AddMicrosoftIdentityWebApp(configuration.GetSection(Section));
        services.AddOptions<MicrosoftIdentityOptions>(OpenIdConnectDefaults.AuthenticationScheme).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MicrosoftIdentityOptions>, SignInOptionsValidator>();

        services.Configure<OpenIdConnectOptions>(OpenIdConnectDefaults.AuthenticationScheme, oidc =>
        {
            oidc.ResponseType = OpenIdConnectResponseType.Code; // Microsoft.Identity.Web's default is the implicit flow
            oidc.UsePkce = true;
            oidc.SaveTokens = false;
            oidc.BackchannelTimeout = TimeSpan.FromSeconds(10); // somebody waits before an empty page
            // A frame at the provider never carries our cookie, so this path would only let any page sign people out.
            oidc.RemoteSignOutPath = default;
            if (environment.IsDevelopment() && LoopbackIssuer(configuration) is { } issuer)
            {
                // An http provider on this very machine, for development: its issuer cannot be looked up the way Entra's is.
                oidc.RequireHttpsMetadata = false;
                oidc.TokenValidationParameters.ValidIssuer = issuer;
            }

            var received = oidc.Events.OnMessageReceived;
            oidc.Events.OnMessageReceived = async context =>
            {
                await received(context);
                Admission.RequireCodeAlone(context);
            };
            var validated = oidc.Events.OnTokenValidated;
            oidc.Events.OnTokenValidated = async context =>
            {
                await validated(context);
                Admit(context, configuration[$"{Section}:TenantId"]);
            };
            oidc.Events.OnRemoteFailure = FailAsync;
            // What scripts ask for is answered 401 by the cookie: they cannot follow a redirect, and each would leave two cookies behind.
            oidc.ForwardDefaultSelector = context => IsAskedByScripts(context) ? CookieAuthenticationDefaults.AuthenticationScheme : null;
        });

        services.AddExceptionHandler<SilentProvider>();
        services.AddOptions<SessionsOptions>().Configure<IConfiguration>(SessionsOptions.Bind).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SessionsOptions>, SessionsOptionsValidator>();
        services.AddSingleton<Sessions>();
        services.AddHostedService<SessionUpkeep>();
        services.AddSingleton<ClaimsKeeping>();
        services.AddScoped<SessionCookie>();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme).Configure<IOptions<SessionsOptions>>((cookies, sessions) =>
        {
            cookies.Cookie.Name = "__Host-BoxPortal";
            cookies.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            cookies.Cookie.HttpOnly = true;
            cookies.Cookie.SameSite = SameSiteMode.Lax; // Strict would drop it on the way back from the provider
            cookies.ExpireTimeSpan = sessions.Value.Lifetime;
            cookies.SlidingExpiration = false; // whether somebody is active, the session knows
            cookies.AccessDeniedPath = "/access-denied";
            cookies.EventsType = typeof(SessionCookie);
        });
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "__Host-BoxPortal-Antiforgery";
            // Always would make it refuse to work behind http on the developer's machine; the cookie policy marks it Secure all the same.
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
        });

        services.Configure<CookiePolicyOptions>(cookies => cookies.Secure = CookieSecurePolicy.Always);

        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthenticationStateProvider, SessionState>();
        services.AddSingleton<CircuitGuard>();
        services.Configure<HubOptions>(hubs => hubs.AddFilter<CircuitGuard>());
        services.AddSingleton<IAuthorizationHandler, SessionRequirement.Handler>();
        Policies.Add(services.AddAuthorizationBuilder());
        return services;
    }

    /// <summary>Maps sign-in (GET) and sign-out (POST, antiforgery-checked). Both return only to pages of the portal.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var authentication = routes.MapGroup("/authentication").AllowAnonymous();
        authentication.MapGet("/login", Login);
        authentication.MapPost("/logout", Logout);
    }

    /// <summary>The session that this is asked in ends once another has begun: the provider's answer comes without our cookie.</summary>
    private static ChallengeHttpResult Login(string? returnUrl, ClaimsPrincipal user, Sessions sessions)
    {
        var isDoor = s_doors.Any(door => returnUrl?.StartsWith(door, StringComparison.OrdinalIgnoreCase) == true);
        var properties = ReturningTo(isDoor ? "/" : returnUrl);
        properties.Items[SessionCookie.ReplacedKey] = sessions.Find(user)?.Key;
        return TypedResults.Challenge(properties, [OpenIdConnectDefaults.AuthenticationScheme]);
    }

    /// <summary>Ends the session here and at the provider. The form binding is what makes the framework check antiforgery.</summary>
    private static SignOutHttpResult Logout([FromForm] string? returnUrl) =>
        TypedResults.SignOut(ReturningTo(returnUrl), [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme]);

    private static AuthenticationProperties ReturningTo(string? returnUrl) => new()
    {
        RedirectUri = RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/",
    };

    /// <summary>Lets the person in whom the provider's validated token names, or says why not.</summary>
    private static void Admit(TokenValidatedContext context, string? tenantId)
    {
        if (Admission.FaultOf(context, tenantId) is { } fault)
        {
            context.Fail(fault);
            return;
        }

        var identity = (ClaimsIdentity)context.Principal!.Identity!;
        foreach (var claim in identity.Claims.Where(claim => !s_keptClaims.Contains(claim.Type)).ToArray())
        {
            identity.RemoveClaim(claim);
        }
    }

    private static bool IsAskedByScripts(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/_blazor")
        || (context.GetEndpoint()?.Metadata is { } metadata && metadata.GetMetadata<IDisableCookieRedirectMetadata>() is not null && metadata.GetMetadata<IAllowCookieRedirectMetadata>() is null);

    private static Task FailAsync(RemoteFailureContext context)
    {
        var logger = context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SignInSetup));
        if (context.Properties is null)
        {
            Log.NotBegunHere(logger, context.Failure?.Message); // anybody can send that, as often as they like
        }
        else
        {
            Log.SignInFailed(logger, context.Failure);
        }

        context.HandleResponse();
        context.Response.Redirect(FailedPath);
        return Task.CompletedTask;
    }

    private static string? LoopbackIssuer(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return Uri.TryCreate(section["Instance"], UriKind.Absolute, out var instance) && instance is { Scheme: "http", IsLoopback: true }
            ? $"{instance.GetLeftPart(UriPartial.Authority)}/{section["TenantId"]}/v2.0"
            : null;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "A sign-in was refused")]
        public static partial void SignInFailed(ILogger logger, Exception? failure);

        [LoggerMessage(2, LogLevel.Information, "An answer to no sign-in of ours was refused: {Failure}")]
        public static partial void NotBegunHere(ILogger logger, string? failure);
    }
}
