namespace BoxPortal.Box;

/// <summary>
/// What time it is at Box: our clock, plus the difference last learned from Box's <c>Date</c> header. Box refuses an assertion
/// whose <c>exp</c> is past or over 60 seconds ahead by its own clock, so ours need not be right.
/// </summary>
/// <param name="clock">Our clock.</param>
public sealed class BoxClock(TimeProvider clock)
{
    private long _correctionInTicks;

    /// <summary>How far Box's clock is ahead of ours; negative when it is behind.</summary>
    public TimeSpan Correction => new(Volatile.Read(ref _correctionInTicks));

    /// <summary>The time at Box, UTC, to about a second.</summary>
    public DateTimeOffset GetUtcNow() => clock.GetUtcNow() + Correction;

    /// <summary>Remembers the difference to Box's clock, for every later assertion.</summary>
    /// <param name="boxNow">The <c>Date</c> of an answer just received.</param>
    public void Correct(DateTimeOffset boxNow) => Volatile.Write(ref _correctionInTicks, (boxNow - clock.GetUtcNow()).Ticks);
}
