using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>The app proves itself with its secret alone. Box gives every refusal the same words. Source: Box's guide "Client Credentials Grant".</summary>
internal static class ClientCredentialsGrant
{
    public const string Name = "client_credentials";

    public static Results<Ok<TokenAnswer>, OAuthError> Answer(IFormCollection form, Enterprise enterprise, SeenRequest seen)
    {
        var (subjectType, subjectId) = (form["box_subject_type"].ToString(), form["box_subject_id"].ToString());
        (seen.SubjectType, seen.SubjectId) = (subjectType, subjectId);
        if (!TokenEndpoint.IsClient(form, enterprise.App) || !enterprise.App.Authorised)
        {
            return OAuthError.BadCredentials;
        }
        var user = subjectType switch
        {
            "enterprise" when subjectId == Enterprise.Id => enterprise.ServiceAccount,
            "user" when enterprise.App.UserAccessTokensEnabled => enterprise.Users.GetValueOrDefault(subjectId),
            _ => null,
        };
        return user is null or { Status: "inactive" } or { IsOfAnotherApp: true } || (subjectType == "user" && user == enterprise.ServiceAccount)
            ? OAuthError.BadCredentials
            : TypedResults.Ok(TokenAnswer.For(user, enterprise, seen));
    }
}
