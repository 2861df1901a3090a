using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using ZiggyCreatures.Caching.Fusion;

namespace BoxPortal.Box;

/// <summary>
/// Tokens in memory, each until it ends. One mint at a time for a key, shared by all who wait for it, its failure too; renewed in
/// the background on the first use after 80 % of its life.
/// </summary>
/// <remarks>
/// FusionCache does the work, but by the machine's clock: whether a token still lives is decided here, by the injected one. It
/// must live by the time of day and by the time that has passed: the one alone forgets a clock that was set back, the other a
/// machine that slept.
/// </remarks>
/// <param name="clock">Our clock, by which tokens expire.</param>
/// <param name="loggers">FusionCache's.</param>
public sealed class TokenCache(TimeProvider clock, ILoggerFactory loggers) : IDisposable
{
    private readonly FusionCache _cache = new(
        new FusionCacheOptions { DefaultEntryOptions = new() { EagerRefreshThreshold = 0.8f } }, logger: loggers.CreateLogger<FusionCache>());
    private readonly Lock _forgetting = new();

    /// <summary>The token kept under <paramref name="key"/>, or a new one.</summary>
    /// <param name="key">Whom and what the token is for. Written to logs: nothing secret.</param>
    /// <param name="minimumLife">How long the token must live on, by the injected clock.</param>
    /// <param name="mint">Makes a new token. Never cancelled by one caller, since others may wait for it too.</param>
    /// <param name="cancellationToken">Stops this caller's waiting, not the mint.</param>
    /// <exception cref="BoxApiException">As <paramref name="mint"/> throws; or the new token lives shorter than <paramref name="minimumLife"/>.</exception>
    public async ValueTask<T> GetOrMintAsync<T>(
        string key, TimeSpan minimumLife, Func<CancellationToken, Task<T>> mint, CancellationToken cancellationToken)
        where T : class, IExpiringToken
    {
        cancellationToken.ThrowIfCancellationRequested();
        var askedAt = clock.GetTimestamp();
        var kept = await AskAsync(key, askedAt, mint, cancellationToken);
        if (!Lives(kept, minimumLife))
        {
            Forget(key, kept.Token);
            kept = await AskAsync(key, askedAt, mint, cancellationToken);
        }

        return Lives(kept, minimumLife)
            ? kept.Token
            : throw new BoxApiException($"Box gave a token for {key} that ends within {minimumLife}.");
    }

    /// <summary>Forgets a token; the next one to ask gets a new one.</summary>
    /// <param name="key">Whom and what the token is for.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public ValueTask ForgetAsync(string key, CancellationToken cancellationToken) => _cache.RemoveAsync(key, token: cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();

    /// <summary>Forgets <paramref name="token"/> and no newer one, so that any number who find it wanting cause one mint.</summary>
    /// <param name="key">Whom and what the token is for.</param>
    /// <param name="token">The one that <see cref="GetOrMintAsync"/> gave.</param>
    /// <returns>Whether it was still kept: of all who forget the same token, one is told so.</returns>
    public bool Forget<T>(string key, T token) where T : class, IExpiringToken
    {
        lock (_forgetting)
        {
            if (_cache.TryGet<Kept<T>>(key) is { HasValue: true, Value: var kept } && ReferenceEquals(kept.Token, token))
            {
                _cache.Remove(key);
                return true;
            }

            return false;
        }
    }

    private bool Lives<T>(Kept<T> kept, TimeSpan minimumLife) where T : class, IExpiringToken =>
        kept.Token.ExpiresAt - clock.GetUtcNow() >= minimumLife && kept.Life - clock.GetElapsedTime(kept.Since) >= minimumLife;

    private ValueTask<Kept<T>> AskAsync<T>(string key, long askedAt, Func<CancellationToken, Task<T>> mint, CancellationToken cancellationToken)
        where T : class, IExpiringToken
    {
        var asked = _cache.GetOrSetAsync<Kept<T>>(
            key, (entry, _) => MintAsync(key, askedAt, mint, entry.Options), token: CancellationToken.None);
        return asked.IsCompletedSuccessfully ? asked : new(asked.AsTask().WaitAsync(cancellationToken));
    }

    /// <summary>
    /// FusionCache lets those who wait try one after the other when a mint fails. With Box down that would be a queue of
    /// time-outs: so a failure is left for those who had asked before it came, and for nobody else.
    /// </summary>
    private async Task<Kept<T>> MintAsync<T>(
        string key, long askedAt, Func<CancellationToken, Task<T>> mint, FusionCacheEntryOptions entry)
        where T : class, IExpiringToken
    {
        var failureKey = $"failure of {key}";
        if (_cache.TryGet<Failure>(failureKey) is { HasValue: true, Value: var failure } && failure.At > askedAt)
        {
            failure.Cause.Throw();
        }

        try
        {
            var token = await mint(CancellationToken.None);
            var life = token.ExpiresAt - clock.GetUtcNow();
            entry.Duration = life > TimeSpan.Zero ? life : TimeSpan.Zero;
            return new(token, life, clock.GetTimestamp());
        }
        catch (Exception fault)
        {
            _cache.Set(failureKey, new Failure(clock.GetTimestamp(), ExceptionDispatchInfo.Capture(fault)), TimeSpan.FromMinutes(1));
            throw;
        }
    }

    private sealed record Kept<T>(T Token, TimeSpan Life, long Since) where T : class, IExpiringToken;

    private sealed record Failure(long At, ExceptionDispatchInfo Cause);
}
