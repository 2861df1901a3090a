using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace BoxPortal.Sandbox.SignIn;

/// <summary>An OpenID provider shaped like Entra's v2.0 endpoints: one tenant, one registered application, no passwords.</summary>
public static class SignInServer
{
    internal const string AuthorizePath = $"{Directory.TenantId}/oauth2/v2.0/authorize";
    internal const string TokenPath = $"{Directory.TenantId}/oauth2/v2.0/token";
    internal const string LogoutPath = $"{Directory.TenantId}/oauth2/v2.0/logout";

    // Made once per process, because making them is slow and nothing they sign outlives it.
    private static readonly Lazy<RsaSecurityKey> s_signingKey = new(() => new RsaSecurityKey(RSA.Create(2048)));
    private static readonly Lazy<SymmetricSecurityKey> s_encryptionKey = new(() => new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)));

    private static readonly Lazy<byte[]> s_stylesheet = new(() =>
    {
        using var resource = typeof(SignInServer).Assembly.GetManifestResourceStream("sign-in.css")!;
        using var bytes = new MemoryStream();
        resource.CopyTo(bytes);
        return bytes.ToArray();
    });

    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<Directory>();
        services.AddSingleton<RedeemedCodes>();
        services.AddSingleton<ApplicationTokens>();
        services.AddRazorComponents();
        services.AddLogging(logging => logging.AddFilter("OpenIddict", LogLevel.Error)); // what it refuses, it says in the answer
        services.AddOpenIddict().AddServer(server => server
            .SetConfigurationEndpointUris($"{Directory.TenantId}/v2.0/.well-known/openid-configuration")
            .SetJsonWebKeySetEndpointUris($"{Directory.TenantId}/discovery/v2.0/keys")
            .SetAuthorizationEndpointUris(AuthorizePath)
            .SetTokenEndpointUris(TokenPath)
            .SetEndSessionEndpointUris(LogoutPath)
            .AllowAuthorizationCodeFlow()
            .AllowClientCredentialsFlow()
            .RequireProofKeyForCodeExchange()
            .RegisterScopes(Scopes.Profile, Scopes.Email)
            .RegisterClaims(Claims.PreferredUsername, Claims.Name, Claims.Email, "oid", "tid", "ver")
            .AddSigningKey(s_signingKey.Value)
            .AddEncryptionKey(s_encryptionKey.Value)
            .DisableAccessTokenEncryption() // Entra's are signed only, and leaks of such are what to look for
            .EnableDegradedMode() // no database: the one application is checked below
            .AddEventHandler<ValidateAuthorizationRequestContext>(handler => handler.UseInlineHandler(Check))
            .AddEventHandler<ValidateTokenRequestContext>(handler => handler.UseInlineHandler(Check))
            .AddEventHandler<ValidateEndSessionRequestContext>(handler => handler.UseInlineHandler(Check))
            .UseAspNetCore()
            .DisableTransportSecurityRequirement()
            .EnableAuthorizationEndpointPassthrough()
            .EnableTokenEndpointPassthrough()
            .EnableEndSessionEndpointPassthrough());

        // Read at the first request, when the port is known even if it was asked for as 0.
        services.AddOptions<OpenIddictServerOptions>().Configure<IServer>((options, server) =>
        {
            var address = server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First().TrimEnd('/');
            options.Issuer = new Uri($"{address}/{Directory.TenantId}/v2.0");
            options.Scopes.Add(ApplicationTokens.ScopeAt(address));
            options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
            // The portal judges these tokens by its own clock, which does not move with the sandbox's.
            options.TimeProvider = TimeProvider.System;
        });
        return services;
    }

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapAuthorize();
        routes.MapToken();
        routes.MapLogout();
        routes.MapGet(SignInPage.Stylesheet, () => TypedResults.Bytes(s_stylesheet.Value, "text/css; charset=utf-8"));
    }

    internal static ForbidHttpResult Refuse(string error, string description) => TypedResults.Forbid(
        new(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);

    private static ValueTask Check(ValidateAuthorizationRequestContext context)
    {
        if (context.ClientId != Directory.ClientId)
        {
            context.Reject(Errors.UnauthorizedClient, UnknownApplication(context.ClientId));
        }
        else if (!IsLoopback(context.RedirectUri))
        {
            context.Reject(
                Errors.InvalidRequest,
                $"AADSTS50011: The redirect URI '{context.RedirectUri}' specified in the request does not match the redirect URIs configured for the application '{context.ClientId}'.");
        }

        return default;
    }

    private static ValueTask Check(ValidateTokenRequestContext context)
    {
        if (context.ClientId != Directory.ClientId)
        {
            context.Reject(Errors.UnauthorizedClient, UnknownApplication(context.ClientId));
        }
        else if (context.ClientSecret != Directory.ClientSecret)
        {
            context.Reject(
                Errors.InvalidClient,
                $"AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{context.ClientId}'.");
        }
        else if (context.Request.IsClientCredentialsGrantType() && ApplicationTokens.FaultOf(context.Request) is { } fault)
        {
            context.Reject(Errors.InvalidScope, fault);
        }

        return default;
    }

    private static ValueTask Check(ValidateEndSessionRequestContext context)
    {
        if (context.PostLogoutRedirectUri is not null && !IsLoopback(context.PostLogoutRedirectUri))
        {
            context.Reject(Errors.InvalidRequest, "AADSTS50011: The post-logout redirect URI does not match those configured for the application.");
        }

        return default;
    }

    private static string UnknownApplication(string? clientId) =>
        $"AADSTS700016: Application with identifier '{clientId}' was not found in the directory '{Directory.Company}'.";

    /// <summary>A real registration lists exact addresses; here any port of this machine will do, so that tests can choose theirs.</summary>
    private static bool IsLoopback(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && uri is { IsLoopback: true, UserInfo.Length: 0, Fragment.Length: 0 };
}
