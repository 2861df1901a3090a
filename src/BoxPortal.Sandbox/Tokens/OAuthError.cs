namespace BoxPortal.Sandbox;

/// <summary>A refusal of the token endpoint, in Box's words. Source: the fixtures and threads of Box's SDKs that show them.</summary>
internal sealed record OAuthError(string Error, string ErrorDescription) : IResult
{
    public static readonly OAuthError BadClient = new("invalid_client", "The client credentials are invalid");
    public static readonly OAuthError BadGrantType = new("invalid_request", "Invalid grant_type parameter or parameter missing");
    public static readonly OAuthError NotAuthorised = new("unauthorized_client", "This app is not authorized by the enterprise admin");
    public static readonly OAuthError NoUserTokens = new("invalid_request", "Cannot obtain user token based on the enterprise configuration for your app");
    public static readonly OAuthError BadCredentials = new("invalid_grant", "Grant credentials are invalid");
    public static readonly OAuthError BadAlgorithm = new("invalid_grant", "Algorithm not allowed");
    public static readonly OAuthError BadSignature = new("invalid_grant", "OpenSSL unable to verify data: ");
    public static readonly OAuthError Expired = new("invalid_grant", "Current date/time MUST be before the expiration date/time listed in the 'exp' claim");
    public static readonly OAuthError Replayed = new("invalid_grant", "Please check the 'jti' claim. A unique 'jti' value is required.");
    public static readonly OAuthError BadSubject = new("invalid_grant", "Please check the 'sub' claim. The 'sub' specified is invalid.");

    public static OAuthError BadClaim(string claim) => new("invalid_grant", $"Please check the '{claim}' claim.");

    public static OAuthError BadRequest(string description) => new("invalid_request", description);

    public Task ExecuteAsync(HttpContext httpContext) => TypedResults.BadRequest(this).ExecuteAsync(httpContext);
}
