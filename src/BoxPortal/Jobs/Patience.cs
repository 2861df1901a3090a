namespace BoxPortal.Jobs;

/// <summary>Pauses that grow, between tries at something that does not answer.</summary>
internal sealed class Patience(TimeProvider clock)
{
    private static readonly TimeSpan s_first = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    private TimeSpan _pause;
    private DateTimeOffset _until;

    /// <summary>Whether it is time to try.</summary>
    public bool IsOver => clock.GetUtcNow() >= _until;

    /// <summary>It did not answer: the next try comes later than the last did.</summary>
    /// <param name="atLeast">How long it asked to be left alone, if it did.</param>
    public void Grow(TimeSpan? atLeast = null)
    {
        _pause = _pause == TimeSpan.Zero ? s_first : _pause * 2 < s_longest ? _pause * 2 : s_longest;
        _until = clock.GetUtcNow() + (atLeast > _pause ? atLeast.Value : _pause);
    }

    /// <summary>It answered.</summary>
    public void Renew() => _pause = TimeSpan.Zero;
}
