using System.Security.Claims;
using BoxPortal.AppUsers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
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

    /// <summary>How long a session lives without a request. Each request past half of it renews the cookie.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromHours(8);

    /// <summary>The claims a session needs; everything else the directory sent stays out of the cookie, long group lists above all.</summary>
    private static readonly HashSet<string> s_keptClaims =
        [ClaimConstants.ObjectId, ClaimConstants.TenantId, "oid", "tid", "name", "preferred_username", ClaimTypes.Name, ClaimTypes.Role];

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
                await AdmitAsync(context, configuration[$"{Section}:TenantId"]);
            };
            oidc.Events.OnRemoteFailure = FailAsync;
        });

        services.Configure<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme, cookies =>
        {
            cookies.Cookie.Name = "__Host-BoxPortal";
            cookies.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            cookies.Cookie.HttpOnly = true;
            cookies.Cookie.SameSite = SameSiteMode.Lax; // Strict would drop it on the way back from the provider
            cookies.ExpireTimeSpan = IdleTimeout;
            cookies.SlidingExpiration = true;
            cookies.AccessDeniedPath = "/access-denied";
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
        Policies.Add(services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()));
        return services;
    }

    /// <summary>Maps sign-in (GET) and sign-out (POST, antiforgery-checked). Both return only to pages of the portal.</summary>
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        var authentication = routes.MapGroup("/authentication").AllowAnonymous();
        authentication.MapGet("/login", Login);
        authentication.MapPost("/logout", LogoutAsync);
    }

    private static ChallengeHttpResult Login(string? returnUrl) =>
        TypedResults.Challenge(ReturningTo(returnUrl), [OpenIdConnectDefaults.AuthenticationScheme]);

    /// <summary>Ends the session here and at the provider. The form binding is what makes the framework check antiforgery.</summary>
    private static SignOutHttpResult LogoutAsync([FromForm] string? returnUrl) =>
        TypedResults.SignOut(ReturningTo(returnUrl), [CookieAuthenticationDefaults.AuthenticationScheme, OpenIdConnectDefaults.AuthenticationScheme]);

    private static AuthenticationProperties ReturningTo(string? returnUrl) => new()
    {
        RedirectUri = RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/",
    };

    /// <summary>Lets the person in whom the provider's validated token names, or says why not.</summary>
    private static async Task AdmitAsync(TokenValidatedContext context, string? tenantId)
    {
        if (Admission.FaultOf(context, tenantId) is { } fault)
        {
            context.Fail(fault);
            return;
        }

        var identity = (ClaimsIdentity)context.Principal!.Identity!;
        var employee = Employee.From(context.Principal);
        foreach (var claim in identity.Claims.Where(claim => !s_keptClaims.Contains(claim.Type)).ToArray())
        {
            identity.RemoveClaim(claim);
        }

        await context.HttpContext.RequestServices.GetRequiredService<AppUserDirectory>()
            .RecordSignInAsync(employee, context.HttpContext.RequestAborted);
    }

    private static Task FailAsync(RemoteFailureContext context)
    {
        var logger = context.HttpContext.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SignInSetup));
        Log.SignInFailed(logger, context.Failure);
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
    }
}
