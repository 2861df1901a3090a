using System.Globalization;

namespace BoxPortal.Sandbox;

/// <summary>
/// How many calls each user may make in any minute, by the sandbox's clock; a refused one does not count.
/// Source: Box's guide "Rate limits". Uploads, which go to another host, have limits of their own at Box and none here.
/// </summary>
internal sealed class RateLimits(SandboxOptions options, SandboxClock clock)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _calls = [];
    private int? _callsPerMinute = options.CallsPerMinute;

    /// <summary>Sets the limit and forgets the calls made so far; <c>null</c> is no limit.</summary>
    public void Set(int? callsPerMinute)
    {
        lock (_gate)
        {
            _callsPerMinute = callsPerMinute;
            _calls.Clear();
        }
    }

    /// <summary>Returns to the limit of the start.</summary>
    public void Reset() => Set(options.CallsPerMinute);

    /// <summary>Takes note of a call.</summary>
    /// <returns>After how long the user may call again, where this call is one too many; <c>null</c> where it is not.</returns>
    public TimeSpan? Count(string userId)
    {
        lock (_gate)
        {
            if (_callsPerMinute is null)
            {
                return null;
            }
            if (!_calls.TryGetValue(userId, out var calls))
            {
                _calls.Add(userId, calls = []);
            }

            var now = clock.GetUtcNow();
            // Later than now: the clock was set back, and that call was never made.
            while (calls.TryPeek(out var first) && (first + s_minute <= now || first > now))
            {
                calls.Dequeue();
            }
            if (calls.Count >= _callsPerMinute)
            {
                return calls.Peek() + s_minute - now;
            }
            calls.Enqueue(now);
            return null;
        }
    }
}

/// <summary>Refuses the calls that are too many.</summary>
internal static class RateLimiting
{
    public static void UseRateLimits(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!context.Request.Path.StartsWithSegments("/2.0")
            || context.Features.Get<Caller>() is not { } caller
            || context.RequestServices.GetRequiredService<RateLimits>().Count(caller.User.Id) is not { } wait)
        {
            return next(context);
        }
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return BoxError.Of(StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
    });
}
