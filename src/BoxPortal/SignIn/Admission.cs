using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace BoxPortal.SignIn;

/// <summary>Our own conditions on a sign-in, where the framework's handler is more generous than one company's portal need be.</summary>
internal static class Admission
{
    /// <summary>We ask for a code, so a code is all that is taken from the browser; the handler would take an ID token too.</summary>
    public static void RequireCodeAlone(MessageReceivedContext context)
    {
        var answer = context.ProtocolMessage;
        if (string.IsNullOrEmpty(answer.Error)
            && (string.IsNullOrEmpty(answer.Code) || !string.IsNullOrEmpty(answer.IdToken) || !string.IsNullOrEmpty(answer.AccessToken)))
        {
            context.Fail("The identity provider's answer through the browser is not a code alone.");
        }
    }

    /// <summary>What speaks against a token that the handler has validated.</summary>
    /// <param name="context">The sign-in.</param>
    /// <param name="tenantId">The one directory whose people may come in.</param>
    /// <returns><c>null</c> when nothing does.</returns>
    public static string? FaultOf(TokenValidatedContext context, string? tenantId)
    {
        // The handler trusts the provider's token endpoint so far that it takes an unsigned token from it.
        if (context.SecurityToken is not { SignatureAlgorithm: SecurityAlgorithms.RsaSha256, RawSignature.Length: > 0 } token)
        {
            return "The identity provider's token is not signed with RS256.";
        }

        if (token.Claims.Count(claim => claim.Type == "oid") != 1 || token.Claims.Count(claim => claim.Type == "tid") != 1
            || Employee.TryFrom(context.Principal!) is not { } employee)
        {
            return "The identity provider's token does not carry one object ID (oid) and one tenant ID (tid).";
        }

        return Guid.TryParse(tenantId, out var ours) && employee.Id.TenantId == ours
            ? null
            : "The identity provider's token is from another tenant.";
    }
}
