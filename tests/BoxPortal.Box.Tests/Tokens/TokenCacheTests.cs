using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Box.Tests.Tokens;

public sealed class TokenCacheTests
{
    private static readonly TimeSpan s_minimumLife = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Two_hundred_who_ask_at_once_share_one_mint()
    {
        var clock = FakeTime.Clock();
        using var cache = new TokenCache(clock, NullLoggerFactory.Instance);
        var mint = new Mint(clock);

        for (var rounds = 1; rounds <= 4; rounds++)
        {
            var tokens = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => AskAsync(cache, mint))));

            Assert.Single(tokens.Distinct());
            Assert.Equal(rounds, mint.Count);
            clock.Advance(TimeSpan.FromHours(2));
        }
    }

    [Fact]
    public async Task A_token_about_to_end_is_not_handed_out()
    {
        var clock = FakeTime.Clock();
        using var cache = new TokenCache(clock, NullLoggerFactory.Instance);
        var mint = new Mint(clock);
        var first = await AskAsync(cache, mint);

        clock.Advance(TimeSpan.FromMinutes(55));
        Assert.Same(first, await AskAsync(cache, mint));

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotSame(first, await AskAsync(cache, mint));
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(-100_000)]
    [InlineData(0)]
    [InlineData(54)]
    public async Task A_clock_that_jumps_lets_no_token_outlive_its_hour(int jumpInMinutes)
    {
        var clock = new JumpyClock();
        using var cache = new TokenCache(clock, NullLoggerFactory.Instance);
        var mint = new Mint(clock);
        var first = await AskAsync(cache, mint);

        clock.Jump = TimeSpan.FromMinutes(jumpInMinutes);
        Assert.Same(first, await AskAsync(cache, mint));
        clock.Steady.Advance(TimeSpan.FromMinutes(56));

        Assert.NotSame(first, await AskAsync(cache, mint));
        Assert.Equal(2, mint.Count);
    }

    [Fact]
    public async Task Keys_are_kept_apart()
    {
        var clock = FakeTime.Clock();
        using var cache = new TokenCache(clock, NullLoggerFactory.Instance);
        var mint = new Mint(clock);

        var (one, other) = (await AskAsync(cache, mint, "one"), await AskAsync(cache, mint, "other"));

        Assert.NotSame(one, other);
        Assert.Equal(2, mint.Count);
    }

    [Fact]
    public async Task One_who_gives_up_spoils_nothing_for_the_others()
    {
        var clock = FakeTime.Clock();
        using var cache = new TokenCache(clock, NullLoggerFactory.Instance);
        var mint = new Mint(clock) { Gate = new() };
        using var impatience = new CancellationTokenSource();
        var impatient = cache.GetOrMintAsync("key", s_minimumLife, mint.MintAsync, impatience.Token).AsTask();
        var patient = Task.Run(() => AskAsync(cache, mint), TestContext.Current.CancellationToken);
        await clock.PassUntilAsync(() => mint.Count == 1);

        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        mint.Gate.SetResult();

        await patient;
        Assert.Equal(1, mint.Count);
    }

    [Fact]
    public async Task A_failed_mint_is_shared_by_those_who_waited_and_by_nobody_else()
    {
        var clock = FakeTime.Clock();
        using var cache = new TokenCache(clock, NullLoggerFactory.Instance);
        var mint = new Mint(clock) { Gate = new(), Fault = new BoxApiException("Box is away.") };
        var waiting = Enumerable.Range(0, 200).Select(_ => AskAsync(cache, mint)).ToArray(); // all have asked when this line is done
        clock.Advance(TimeSpan.FromSeconds(30));

        mint.Gate.SetResult();
        foreach (var task in waiting)
        {
            Assert.Same(mint.Fault, await Assert.ThrowsAsync<BoxApiException>(() => task));
        }

        Assert.Equal(1, mint.Count);
        mint.Fault = null;
        await AskAsync(cache, mint);
        Assert.Equal(2, mint.Count);
    }

    [Fact]
    public async Task A_forgotten_token_is_minted_anew()
    {
        var clock = FakeTime.Clock();
        using var cache = new TokenCache(clock, NullLoggerFactory.Instance);
        var mint = new Mint(clock);
        var first = await AskAsync(cache, mint);

        await cache.ForgetAsync("key", TestContext.Current.CancellationToken);

        Assert.NotSame(first, await AskAsync(cache, mint));
    }

    [Fact]
    public async Task A_token_that_lives_too_short_from_the_start_is_a_fault()
    {
        var clock = FakeTime.Clock();
        using var cache = new TokenCache(clock, NullLoggerFactory.Instance);
        var mint = new Mint(clock) { Life = TimeSpan.FromMinutes(4) };

        await Assert.ThrowsAsync<BoxApiException>(() => AskAsync(cache, mint));
    }

    [Fact]
    public async Task A_token_is_renewed_behind_the_scenes_after_most_of_its_life()
    {
        // FusionCache renews by the machine's clock, so this one test lives by that too.
        var clock = TimeProvider.System;
        using var cache = new TokenCache(clock, NullLoggerFactory.Instance);
        var mint = new Mint(clock) { Life = TimeSpan.FromSeconds(2) };
        var first = await cache.GetOrMintAsync("key", TimeSpan.Zero, mint.MintAsync, TestContext.Current.CancellationToken);
        mint.Gate = new(); // whoever waited for a mint from here on would wait forever

        AccessToken last;
        do
        {
            last = await cache.GetOrMintAsync("key", TimeSpan.Zero, mint.MintAsync, TestContext.Current.CancellationToken);
            await Task.Delay(TimeSpan.FromMilliseconds(10), clock, TestContext.Current.CancellationToken);
        }
        while (mint.Count == 1);

        Assert.Same(first, last);
        Assert.True(first.ExpiresAt > clock.GetUtcNow());
        mint.Gate.SetResult();
    }

    private static async Task<AccessToken> AskAsync(TokenCache cache, Mint mint, string key = "key") =>
        await cache.GetOrMintAsync(key, s_minimumLife, mint.MintAsync, TestContext.Current.CancellationToken);

    /// <summary>Time that passes steadily, read from a clock that somebody sets; FakeTimeProvider's own two never part.</summary>
    private sealed class JumpyClock : TimeProvider
    {
        public FakeTimeProvider Steady { get; } = FakeTime.Clock();

        public TimeSpan Jump { get; set; }

        public override long TimestampFrequency => Steady.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Steady.GetUtcNow() + Jump;

        public override long GetTimestamp() => Steady.GetTimestamp();
    }

    private sealed class Mint(TimeProvider clock)
    {
        private int _count;

        public int Count => _count;

        public TaskCompletionSource? Gate { get; set; }

        public BoxApiException? Fault { get; set; }

        public TimeSpan Life { get; init; } = TimeSpan.FromHours(1);

        public async Task<AccessToken> MintAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            await Task.Yield();
            if (Gate is not null)
            {
                await Gate.Task.WaitAsync(cancellationToken);
            }

            return Fault is null ? new AccessToken(Guid.NewGuid().ToString(), clock.GetUtcNow() + Life) : throw Fault;
        }
    }
}
