using System.Globalization;

namespace BoxPortal.Jobs;

/// <summary>How fast something goes on, reckoned from what was seen of it in the last half minute.</summary>
public sealed class Pace(TimeProvider clock)
{
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(30);

    private readonly Queue<(DateTimeOffset At, int Ended)> _seen = new();

    /// <summary>Takes note of how far it is now.</summary>
    public void Note(int ended)
    {
        if (_seen.LastOrDefault().Ended > ended)
        {
            _seen.Clear(); // the page has gone on to another job
        }

        var now = clock.GetUtcNow();
        _seen.Enqueue((now, ended));
        while (now - _seen.Peek().At > s_memory)
        {
            _seen.Dequeue();
        }
    }

    /// <summary>The rate, and how long <paramref name="left"/> more will take at it, in English words.</summary>
    /// <returns><c>null</c> while nothing was seen to go on.</returns>
    public string? Words(int left) => Reckon(left) is var (perMinute, minutes)
        ? string.Create(CultureInfo.InvariantCulture, $"{perMinute:N0} a minute, about {minutes} {(minutes == 1 ? "minute" : "minutes")} left")
        : null;

    /// <summary>How many end in a minute, and how many minutes <paramref name="left"/> more will take at that.</summary>
    /// <returns><c>null</c> while nothing was seen to go on.</returns>
    public (int PerMinute, int Minutes)? Reckon(int left)
    {
        if (_seen.Count == 0 || _seen.Last() is var (at, ended) && (ended == _seen.Peek().Ended || at - _seen.Peek().At < TimeSpan.FromSeconds(2)))
        {
            return null;
        }

        var perMinute = (ended - _seen.Peek().Ended) / (at - _seen.Peek().At).TotalMinutes;
        return ((int)Math.Round(perMinute), (int)Math.Ceiling(left / perMinute));
    }
}
