using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>
/// A token is exchanged for a narrower one, which lives its own hour or so. Holding the token is all the proof there is:
/// Box asks for no client here. Source: Box's guide "Downscope a token", RFC 8693.
/// </summary>
internal static class TokenExchangeGrant
{
    public const string Name = "urn:ietf:params:oauth:grant-type:token-exchange";
    private const string AccessTokenType = "urn:ietf:params:oauth:token-type:access_token";

    public static Results<Ok<TokenAnswer>, OAuthError> Answer(IFormCollection form, Enterprise enterprise, SeenRequest seen)
    {
        var subjectToken = form["subject_token"].ToString();
        seen.TokenFingerprint = Secret.Fingerprint(subjectToken);
        if (form["subject_token_type"] != AccessTokenType)
        {
            return OAuthError.BadRequest("Invalid subject_token_type parameter or parameter missing");
        }
        if (enterprise.Honour(subjectToken) is not var (subject, user))
        {
            return new OAuthError("invalid_grant", "Invalid subject token");
        }

        HashSet<string> scopes = [.. form["scope"].ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        if (scopes.Count == 0 || scopes.Any(scope => !Scope.Covers(subject.Scopes, scope)))
        {
            return new OAuthError("invalid_scope", "The requested scope is invalid, unknown, or exceeds the scope of the subject token");
        }
        if (Resource(form["resource"].ToString(), enterprise, new Caller(enterprise, subject, user), out var item) is { } refusal)
        {
            return refusal;
        }

        var (token, expiresIn) = enterprise.Issue(user, scopes, item?.Id ?? subject.ResourceId);
        seen.Issued(token);
        return TypedResults.Ok(new TokenAnswer(token.Value, expiresIn, RestrictedTo(scopes, item), AccessTokenType));
    }

    // Box names the resource by its own address whatever address it was called at, so only the path is read.
    private static OAuthError? Resource(string resource, Enterprise enterprise, Caller caller, out Item? item)
    {
        item = null;
        if (resource.Length == 0)
        {
            return null;
        }
        if (Uri.TryCreate(resource, UriKind.Absolute, out var address)
            && address.AbsolutePath.Split('/') is [.., "2.0", var kind and ("folders" or "files"), var id]
            && enterprise.Find(id) is { } found
            && found is Folder == (kind == "folders")
            && caller.On(found).HasFlag(Rights.List))
        {
            item = found;
            return null;
        }
        return new OAuthError("invalid_resource", "The requested resource is invalid");
    }

    private static JsonArray RestrictedTo(IEnumerable<string> scopes, Item? item) =>
        item is null
            ? []
            : [.. scopes.Select(scope => new JsonObject
            {
                ["scope"] = scope,
                ["object"] = new JsonObject
                {
                    ["type"] = item is Folder ? "folder" : "file",
                    ["id"] = item.Id,
                    ["sequence_id"] = $"{item.Revision}",
                    ["etag"] = $"{item.Revision}",
                    ["name"] = item.Name,
                },
            })];
}
