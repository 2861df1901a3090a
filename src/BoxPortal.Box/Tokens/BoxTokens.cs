using System.Net;
using System.Text.RegularExpressions;
using BoxPortal.Box.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BoxPortal.Box;

/// <summary>Box's token endpoint: asks for tokens, narrows them, ends them. Caches nothing; see <see cref="BoxSubjectTokens"/>.</summary>
/// <param name="http">The wire.</param>
/// <param name="options">Which app we are.</param>
/// <param name="boxClock">The time at Box.</param>
/// <param name="clock">Our clock, by which tokens expire.</param>
/// <param name="logger">Tells of tokens by their fingerprints.</param>
public sealed partial class BoxTokens(
    BoxHttp http, IOptions<BoxOptions> options, BoxClock boxClock, TimeProvider clock, ILogger<BoxTokens> logger)
{
    private readonly IBoxGrant _grant = options.Value.Authentication switch
    {
        BoxAuthentication.ClientCredentials => new ClientCredentialsGrant(options.Value.App),
        _ => new JwtGrant(options.Value.App, boxClock),
    };

    /// <summary>Asks for a token that acts as <paramref name="subject"/>.</summary>
    /// <param name="subject">The service account or an app user.</param>
    /// <param name="cancellationToken">Abandons the request.</param>
    /// <returns>A new token, never an empty one; <c>ExpiresAt</c> is our clock plus Box's <c>expires_in</c>.</returns>
    /// <exception cref="BoxApiException">Box refused (e.g. <c>invalid_grant</c> for a user that is gone or inactive), or gave no usable answer.</exception>
    /// <remarks>
    /// Where Box finds the assertion's <c>exp</c> or <c>jti</c> wrong, one more is sent by the clock that Box's answer shows.
    /// Source: Box API reference, <c>POST /oauth2/token</c>.
    /// </remarks>
    public async Task<AccessToken> MintAsync(BoxSubject subject, CancellationToken cancellationToken)
    {
        TokenAnswer answer;
        var askedAt = clock.GetUtcNow();
        try
        {
            answer = await RequestAsync(() => _grant.FormFor(subject), cancellationToken);
        }
        catch (BoxApiException fault) when (IsAboutTime(fault))
        {
            boxClock.Correct(fault.AnsweredAt!.Value);
            Log.ClockCorrected(logger, boxClock.Correction);
            askedAt = clock.GetUtcNow();
            answer = await RequestAsync(() => _grant.FormFor(subject), cancellationToken);
        }

        var token = new AccessToken(answer.AccessToken, askedAt.AddSeconds(answer.ExpiresIn));
        Log.Minted(logger, token.Fingerprint, subject, token.ExpiresAt);
        return token;
    }

    /// <summary>Narrows a token to <paramref name="scopes"/>, over all that its user sees.</summary>
    /// <param name="subjectToken">The token to narrow; it must already hold every scope asked for.</param>
    /// <param name="scopes">Downscoping scopes, at least one, e.g. <c>base_explorer</c>, <c>item_preview</c>.</param>
    /// <param name="cancellationToken">Abandons the exchange.</param>
    /// <returns>The narrowed token. Its life is its own: it neither ends with <paramref name="subjectToken"/> nor outlasts it by rule.</returns>
    /// <exception cref="BoxApiException">Box refused: the subject token has expired or lacks a scope; or gave no usable answer.</exception>
    /// <exception cref="ArgumentException">No scope is named: Box would take that for all of them.</exception>
    /// <remarks>
    /// No <c>resource</c> is sent: a person's root, folder <c>0</c>, is nobody's resource.
    /// Source: Box API reference, <c>POST /oauth2/token</c> with the token-exchange grant (RFC 8693).
    /// </remarks>
    public async Task<DownscopedToken> DownscopeAsync(
        AccessToken subjectToken, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        if (scopes.Count == 0 || scopes.Any(string.IsNullOrWhiteSpace))
        {
            throw new ArgumentException("Name at least one scope, and no empty one: Box would take none for all.", nameof(scopes));
        }

        Dictionary<string, string> form = new()
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["subject_token"] = subjectToken.Value,
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["scope"] = string.Join(' ', scopes),
        };
        var askedAt = clock.GetUtcNow();
        var answer = await RequestAsync(() => form, cancellationToken);
        if (answer.AccessToken == subjectToken.Value)
        {
            throw new BoxApiException("Box gave the token back as it was instead of a narrowed one.");
        }

        var token = new DownscopedToken(answer.AccessToken, askedAt.AddSeconds(answer.ExpiresIn), scopes);
        Log.Downscoped(logger, subjectToken.Fingerprint, token.Fingerprint, token.ExpiresAt);
        return token;
    }

    /// <summary>Ends a token at once, wherever it is.</summary>
    /// <param name="token">The bearer string of a full or a narrowed token.</param>
    /// <param name="cancellationToken">Abandons the request.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer: take the token for alive.</exception>
    /// <remarks>Whether narrowed tokens end with the one they came from, Box does not say. Source: Box API reference, <c>POST /oauth2/revoke</c>.</remarks>
    public async Task RevokeAsync(string token, CancellationToken cancellationToken)
    {
        var app = options.Value.App;
        Dictionary<string, string> form = new()
        {
            ["client_id"] = app.ClientId,
            ["client_secret"] = app.ClientSecret,
            ["token"] = token,
        };
        var call = new BoxCall(HttpMethod.Post, "/oauth2/revoke") { Form = () => form, IsRepeatable = true };
        await http.SendAsync(call, _ => true, cancellationToken); // 200 without a body
        Log.Revoked(logger, TokenFingerprint.Of(token));
    }

    private Task<TokenAnswer> RequestAsync(Func<IReadOnlyDictionary<string, string>> form, CancellationToken cancellationToken) =>
        http.SendAsync(
            new BoxCall(HttpMethod.Post, "/oauth2/token") { Form = form, IsRepeatable = true }, TokenAnswer.Read, cancellationToken);

    /// <summary>Box says so only in its words, e.g. "Please check the 'exp' claim."</summary>
    private static bool IsAboutTime(BoxApiException fault) =>
        fault is { Status: HttpStatusCode.BadRequest, Code: "invalid_grant", Description: { } words, AnsweredAt: not null }
        && TimeClaims().IsMatch(words);

    [GeneratedRegex(@"\b(exp|jti)\b")]
    private static partial Regex TimeClaims();

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Token {Fingerprint} for {Subject}, good until {ExpiresAt}")]
        public static partial void Minted(ILogger logger, string fingerprint, BoxSubject subject, DateTimeOffset expiresAt);

        [LoggerMessage(2, LogLevel.Information, "Token {ParentFingerprint} narrowed to {Fingerprint}, good until {ExpiresAt}")]
        public static partial void Downscoped(ILogger logger, string parentFingerprint, string fingerprint, DateTimeOffset expiresAt);

        [LoggerMessage(3, LogLevel.Information, "Token {Fingerprint} revoked")]
        public static partial void Revoked(ILogger logger, string fingerprint);

        [LoggerMessage(4, LogLevel.Warning, "Box's clock is {Correction} ahead of ours; assertions follow it from now on. Set this machine's clock")]
        public static partial void ClockCorrected(ILogger logger, TimeSpan correction);
    }
}
