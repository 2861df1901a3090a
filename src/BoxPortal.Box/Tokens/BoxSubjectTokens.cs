using System.Diagnostics;

namespace BoxPortal.Box;

/// <summary>The full token of each subject, kept while it lives. Server only.</summary>
/// <param name="tokens">Where new ones come from.</param>
/// <param name="cache">Where they are kept.</param>
public sealed class BoxSubjectTokens(BoxTokens tokens, TokenCache cache)
{
    /// <summary>
    /// A call that somebody waits for ends within 30 seconds, all its retries included; the token must outlive it. A job's call
    /// may wait longer, and gets another token when this one has ended.
    /// </summary>
    private static readonly TimeSpan s_minimumLife = TimeSpan.FromMinutes(1);

    /// <summary>The token that acts as <paramref name="subject"/>, with at least a minute to live.</summary>
    /// <param name="subject">The service account or an app user.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="BoxApiException">As <see cref="BoxTokens.MintAsync"/>.</exception>
    public ValueTask<AccessToken> GetAsync(BoxSubject subject, CancellationToken cancellationToken) =>
        cache.GetOrMintAsync(Key(subject), s_minimumLife, stop => tokens.MintAsync(subject, stop), cancellationToken);

    /// <summary>Forgets the subject's token: it was revoked, or its user may no longer have one.</summary>
    /// <param name="subject">The service account or an app user.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public ValueTask ForgetAsync(BoxSubject subject, CancellationToken cancellationToken) =>
        cache.ForgetAsync(Key(subject), cancellationToken);

    /// <summary>Forgets exactly the token that Box did not honour, not one that others have fetched since.</summary>
    internal void Forget(BoxSubject subject, AccessToken refused) => cache.Forget(Key(subject), refused);

    private static string Key(BoxSubject subject) => subject switch
    {
        BoxSubject.ServiceAccount => "token of the service account",
        BoxSubject.AppUser user => $"token of app user {user.Id}",
        _ => throw new UnreachableException(),
    };
}
