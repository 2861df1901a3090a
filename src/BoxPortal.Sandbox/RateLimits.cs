using System.Globalization;

namespace BoxPortal.Sandbox;

/// <summary>
/// How many calls, uploads and searches each user may make in any minute or second, by the sandbox's clock; a refused one does
/// not count. Uploads go to a host of their own, where each part of a large file is one; a search is a call as well.
/// Source: Box's guide "Rate limits".
/// </summary>
internal sealed class RateLimits(SandboxOptions options, SandboxClock clock)
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string UserId, RateLimit Limit), Queue<DateTimeOffset>> _made = [];
    private RateLimit[] _limits = From(OfTheStart(options));

    /// <summary>Sets the limits and forgets what was asked so far; <c>null</c> is no limit.</summary>
    public void Set(WantedLimits wanted)
    {
        lock (_gate)
        {
            _limits = From(wanted);
            _made.Clear();
        }
    }

    /// <summary>Returns to the limits of the start.</summary>
    public void Reset() => Set(OfTheStart(options));

    /// <summary>Takes note of a request.</summary>
    /// <returns>After how long the user may ask again, where this request is one too many; <c>null</c> where it is not.</returns>
    public TimeSpan? Count(string userId, HttpRequest request)
    {
        lock (_gate)
        {
            var now = clock.GetUtcNow();
            var made = _limits.Where(limit => limit.IsFor(request)).Select(limit => (Limit: limit, Times: Recent(userId, limit, now))).ToList();
            var full = made.Where(each => each.Times.Count >= each.Limit.Most).ToList();
            if (full.Count > 0)
            {
                return full.Max(each => each.Times.Peek() + each.Limit.Within - now);
            }
            made.ForEach(each => each.Times.Enqueue(now));
            return null;
        }
    }

    private Queue<DateTimeOffset> Recent(string userId, RateLimit limit, DateTimeOffset now)
    {
        if (!_made.TryGetValue((userId, limit), out var times))
        {
            _made.Add((userId, limit), times = []);
        }
        // Later than now: the clock was set back, and that request was never made.
        while (times.TryPeek(out var first) && (first + limit.Within <= now || first > now))
        {
            times.Dequeue();
        }
        return times;
    }

    private static WantedLimits OfTheStart(SandboxOptions options) =>
        new(options.CallsPerMinute, options.UploadsPerMinute, options.SearchesPerMinute, options.SearchesPerSecond);

    private static RateLimit[] From(WantedLimits wanted) =>
    [
        .. Limit(wanted.CallsPerMinute, s_minute, request => request.Path.StartsWithSegments("/2.0")),
        .. Limit(wanted.UploadsPerMinute, s_minute, IsUpload),
        .. Limit(wanted.SearchesPerMinute, s_minute, IsSearch),
        .. Limit(wanted.SearchesPerSecond, s_second, IsSearch),
    ];

    private static RateLimit[] Limit(int? most, TimeSpan within, Func<HttpRequest, bool> isFor) => most is { } number ? [new(number, within, isFor)] : [];

    private static bool IsUpload(HttpRequest request) =>
        request.Path.StartsWithSegments("/api/2.0/files") && (HttpMethods.IsPost(request.Method) || HttpMethods.IsPut(request.Method));

    private static bool IsSearch(HttpRequest request) => request.Path.StartsWithSegments("/2.0/search");

    private sealed record RateLimit(int Most, TimeSpan Within, Func<HttpRequest, bool> IsFor);
}

/// <summary>How much a user may ask; <c>null</c> is no limit.</summary>
internal sealed record WantedLimits(int? CallsPerMinute, int? UploadsPerMinute, int? SearchesPerMinute, int? SearchesPerSecond);

/// <summary>Refuses the requests that are too many.</summary>
internal static class RateLimiting
{
    public static void UseRateLimits(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Features.Get<Caller>() is not { } caller
            || context.RequestServices.GetRequiredService<RateLimits>().Count(caller.User.Id, context.Request) is not { } wait)
        {
            return next(context);
        }
        context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return BoxError.Of(StatusCodes.Status429TooManyRequests).ExecuteAsync(context);
    });
}
