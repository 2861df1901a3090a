using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Box.Tests;

/// <summary>Time that passes when the test says so.</summary>
internal static class FakeTime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static FakeTimeProvider Clock() => new(new DateTimeOffset(2026, 2, 28, 23, 59, 30, TimeSpan.Zero));

    /// <summary>Lets time pass, a little at a time, until the task is done: whatever waits inside it gets its turn.</summary>
    public static async Task<T> PassAsync<T>(this FakeTimeProvider clock, Task<T> task)
    {
        await clock.PassUntilAsync(() => task.IsCompleted);
        return await task;
    }

    public static async Task PassUntilAsync(this FakeTimeProvider clock, Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            var now = TimeProvider.System.GetTimestamp();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < s_patience, "It never ends.");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System);
            // When the machine is too busy to give even us our turn, a call under way has not had its turn either.
            if (TimeProvider.System.GetElapsedTime(now) < TimeSpan.FromMilliseconds(20))
            {
                clock.Advance(TimeSpan.FromMilliseconds(200));
            }
        }
    }
}
