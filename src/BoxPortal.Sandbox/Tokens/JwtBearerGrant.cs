using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>
/// The app proves itself with an assertion signed by its key, and asks for the service account's token or an app user's.
/// Source: Box's guide "JWT without SDKs".
/// </summary>
internal static class JwtBearerGrant
{
    public const string Name = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    // Both SDKs send this text whatever base address they were given, and Box wants no other.
    private const string Audience = "https://api.box.com/oauth2/token";

    public static Results<Ok<TokenAnswer>, OAuthError> Answer(IFormCollection form, Enterprise enterprise, SandboxClock clock, SeenRequest seen)
    {
        if (!TokenEndpoint.IsClient(form, enterprise.App))
        {
            return OAuthError.BadClient;
        }
        if (Assertion.Parse(form["assertion"].ToString()) is not { } assertion)
        {
            return OAuthError.BadRequest("Invalid assertion parameter or parameter missing");
        }
        using (assertion)
        {
            seen.SubjectType = assertion.Text("box_sub_type");
            seen.SubjectId = assertion.Text("sub");
            if (Refuse(assertion, enterprise, clock.GetUtcNow()) is { } refusal)
            {
                return refusal;
            }
            return Subject(assertion, enterprise, out var user) is { } noSubject
                ? noSubject
                : TypedResults.Ok(TokenAnswer.For(user, enterprise, seen));
        }
    }

    private static OAuthError? Refuse(Assertion assertion, Enterprise enterprise, DateTimeOffset now)
    {
        if (assertion.Hash is not { } hash)
        {
            return OAuthError.BadAlgorithm;
        }
        if (assertion.Text("iss") != enterprise.App.ClientId)
        {
            return OAuthError.BadClaim("iss");
        }
        // Box's own SDKs send no kid; then any registered key will do.
        var keys = assertion.KeyId is { } keyId ? enterprise.App.PublicKeys.Where(key => key.Key == keyId) : enterprise.App.PublicKeys;
        if (!keys.Any(key => assertion.IsSignedBy(key.Value, hash)))
        {
            return OAuthError.BadSignature;
        }
        if (assertion.Text("aud") != Audience)
        {
            return OAuthError.BadClaim("aud");
        }
        if (assertion.Time("exp") is not { } expiresAt || expiresAt > now.AddSeconds(60))
        {
            return OAuthError.BadClaim("exp");
        }
        if (expiresAt <= now)
        {
            return OAuthError.Expired;
        }
        foreach (var claim in (string[])["nbf", "iat"])
        {
            if (assertion.Has(claim) && !(assertion.Time(claim) <= now))
            {
                return OAuthError.BadClaim(claim);
            }
        }
        if (assertion.Text("jti") is not { Length: >= 16 and <= 128 } jti)
        {
            return OAuthError.BadClaim("jti");
        }
        return enterprise.Witness(jti, expiresAt) ? null : OAuthError.Replayed;
    }

    private static OAuthError? Subject(Assertion assertion, Enterprise enterprise, out User user)
    {
        user = enterprise.ServiceAccount;
        if (!enterprise.App.Authorised)
        {
            return OAuthError.NotAuthorised;
        }
        switch (assertion.Text("box_sub_type"))
        {
            case "enterprise":
                return assertion.Text("sub") == Enterprise.Id ? null : OAuthError.BadSubject;

            case "user" when assertion.Text("sub") is { } id && enterprise.Users.TryGetValue(id, out var named) && named is { Status: not "inactive", IsOfAnotherApp: false }:
                user = named;
                return enterprise.App.UserAccessTokensEnabled && named != enterprise.ServiceAccount ? null : OAuthError.NoUserTokens;

            case "user":
                return OAuthError.BadSubject;

            default:
                return OAuthError.BadClaim("box_sub_type");
        }
    }

    /// <summary>A JWT taken apart, nothing about it checked.</summary>
    private sealed class Assertion(JsonDocument header, JsonDocument claims, byte[] signed, byte[] signature) : IDisposable
    {
        public static Assertion? Parse(string text)
        {
            if (text.Split('.') is not [var header, var claims, var signature])
            {
                return null;
            }
            try
            {
                var assertion = new Assertion(Read(header), Read(claims), Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature));
                return assertion.IsReadable ? assertion : null;
            }
            catch (Exception fault) when (fault is FormatException or JsonException)
            {
                return null;
            }
        }

        public string? KeyId => Text(header.RootElement, "kid");

        public HashAlgorithmName? Hash => Text(header.RootElement, "alg") switch
        {
            "RS256" => HashAlgorithmName.SHA256,
            "RS384" => HashAlgorithmName.SHA384,
            "RS512" => HashAlgorithmName.SHA512,
            _ => null,
        };

        public bool IsSignedBy(RSA key, HashAlgorithmName hash) => key.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1);

        public bool Has(string claim) => claims.RootElement.TryGetProperty(claim, out _);

        /// <summary>The claim where it is a string: Box refuses a <c>sub</c> that is a number.</summary>
        public string? Text(string claim) => Text(claims.RootElement, claim);

        /// <summary>The claim where it is a time in whole seconds that can be.</summary>
        public DateTimeOffset? Time(string claim) =>
            claims.RootElement.TryGetProperty(claim, out var value) && value.ValueKind is JsonValueKind.Number
            && value.TryGetInt64(out var seconds) && seconds is > 0 and < 253_402_300_800
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;

        public void Dispose()
        {
            header.Dispose();
            claims.Dispose();
        }

        private bool IsReadable => header.RootElement.ValueKind is JsonValueKind.Object && claims.RootElement.ValueKind is JsonValueKind.Object;

        private static string? Text(JsonElement from, string name)
        {
            try
            {
                return from.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
            }
            catch (InvalidOperationException)
            {
                return null; // Half of a surrogate pair.
            }
        }

        private static JsonDocument Read(string part) => JsonDocument.Parse(Base64Url.DecodeFromChars(part));
    }
}
