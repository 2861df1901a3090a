namespace BoxPortal.Sandbox;

/// <summary>The sandbox's time: real time plus what the controls have added, so that an hour can pass in a moment.</summary>
public sealed class SandboxClock : TimeProvider
{
    private long _aheadTicks;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;

    /// <summary>How far the time is ahead of real time; negative where it is behind.</summary>
    public TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _aheadTicks));

    /// <summary>Moves the time on, or back where <paramref name="by"/> is negative.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _aheadTicks, by.Ticks);

    /// <summary>Returns to real time.</summary>
    public void Reset() => Interlocked.Exchange(ref _aheadTicks, 0);
}
