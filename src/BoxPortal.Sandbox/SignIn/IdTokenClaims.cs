using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace BoxPortal.Sandbox.SignIn;

/// <summary>What Entra says of a person. Source: Microsoft's "ID token claims reference" and "Groups overage claim".</summary>
internal static class IdTokenClaims
{
    /// <summary>More groups than this and Entra sends the address of the list in their place.</summary>
    private const int MostGroupsInToken = 200;

    /// <param name="person">Of whom.</param>
    /// <param name="roles">The app roles they have.</param>
    /// <param name="scopes">What the application asked for; <c>email</c> brings the mail address.</param>
    /// <param name="address">Where this provider is reached.</param>
    public static ClaimsIdentity Of(Person person, IReadOnlyList<string> roles, IReadOnlyCollection<string> scopes, string address)
    {
        var identity = new ClaimsIdentity(TokenValidationParameters.DefaultAuthenticationType);
        identity.SetClaim(Claims.Subject, Pairwise(person.ObjectId));
        identity.SetClaim("oid", person.ObjectId.ToString("D"));
        identity.SetClaim("tid", Directory.TenantId);
        identity.SetClaim("ver", "2.0");
        identity.SetClaim(Claims.Name, person.Name);
        identity.SetClaim(Claims.PreferredUsername, person.UserName);
        if (scopes.Contains(Scopes.Email))
        {
            identity.SetClaim(Claims.Email, person.UserName);
        }

        if (roles.Count > 0)
        {
            identity.AddClaim(List("roles", roles));
        }

        if (person.DirectoryGroups.Count > MostGroupsInToken)
        {
            var members = $"{address}/{Directory.TenantId}/users/{person.ObjectId:D}/getMemberObjects";
            identity.SetClaim("_claim_names", JsonSerializer.SerializeToElement(new { groups = "src1" }));
            identity.SetClaim("_claim_sources", JsonSerializer.SerializeToElement(new { src1 = new { endpoint = members } }));
        }
        else
        {
            identity.AddClaim(List("groups", person.DirectoryGroups));
        }

        identity.SetDestinations(static _ => [Destinations.IdentityToken]);
        return identity;
    }

    /// <summary>A list even of one, as Entra writes them; claims of one name would be a list only from two on.</summary>
    private static Claim List<T>(string type, IReadOnlyList<T> values) =>
        new(type, JsonSerializer.Serialize(values), JsonClaimValueTypes.JsonArray);

    /// <summary>Entra's <c>sub</c> differs between applications, so that two of them cannot compare notes.</summary>
    public static string Pairwise(Guid objectId) =>
        Base64UrlEncoder.Encode(SHA256.HashData(Encoding.UTF8.GetBytes($"{Directory.ClientId}:{objectId:D}")));
}
