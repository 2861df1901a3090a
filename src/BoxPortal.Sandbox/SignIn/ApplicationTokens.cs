using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace BoxPortal.Sandbox.SignIn;

/// <summary>Tokens with which the application acts for itself, at Graph: given for a scope <c>{resource}/.default</c>, and nothing else.</summary>
/// <remarks>Source: Microsoft's "OAuth 2.0 client credentials flow on the Microsoft identity platform".</remarks>
internal sealed class ApplicationTokens(IOptionsMonitor<OpenIddictServerOptions> options)
{
    private const string Default = "/.default";
    private static readonly JsonWebTokenHandler s_reader = new();

    /// <summary>The one scope there is: of the Graph at this address.</summary>
    public static string ScopeAt(string address) => $"{address}{Default}";

    /// <summary>What is wrong with the scope asked for.</summary>
    public static string? FaultOf(OpenIddictRequest request) =>
        request.GetScopes() is [var scope] && scope.EndsWith(Default, StringComparison.Ordinal)
            ? null
            : $"AADSTS1002012: The provided value for scope {request.Scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).";

    /// <summary>Whom and what a token for this request is for.</summary>
    public static ClaimsIdentity IdentityFor(OpenIddictRequest request)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType);
        identity.SetClaim(Claims.Subject, request.ClientId);
        identity.SetResources(request.Scope![..^Default.Length]);
        return identity;
    }

    /// <summary>Whether this is a token for the Graph here, and alive.</summary>
    public async Task<bool> HonourAsync(string token)
    {
        var issuer = options.CurrentValue.Issuer!;
        var result = await s_reader.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidTypes = ["at+jwt"],
            ValidIssuer = issuer.AbsoluteUri,
            ValidAudience = issuer.GetLeftPart(UriPartial.Authority),
            IssuerSigningKeys = options.CurrentValue.SigningCredentials.Select(credentials => credentials.Key),
        });
        return result.IsValid;
    }
}
