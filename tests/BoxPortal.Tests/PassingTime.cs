using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Tests;

/// <summary>Waiting without sleeping.</summary>
internal static class PassingTime
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    /// <summary>A clock that stands at the real time until it is moved.</summary>
    public static FakeTimeProvider StoppedClock() => new(TimeProvider.System.GetUtcNow());

    /// <summary>
    /// Lets the portal's time pass until the task is done: pauses between tries cost a test nothing. By default as fast as it can; where
    /// the time itself is measured, in steps so small that work is not slower by the portal's clock than it is.
    /// </summary>
    public static async Task<T> PassUntilAsync<T>(this FakeTimeProvider clock, Task<T> task, TimeSpan? step = null)
    {
        while (!task.IsCompleted)
        {
            await Task.WhenAny(task, Task.Delay(s_look, TimeProvider.System, PortalHost.Cancellation));
            clock.Advance(step ?? TimeSpan.FromMilliseconds(200));
        }

        return await task;
    }

    /// <summary>Looks again and again until it is so; a test that waits longer than <paramref name="limit"/> (10 s) fails.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, TimeSpan? limit = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(PortalHost.Cancellation);
        patience.CancelAfter(limit ?? TimeSpan.FromSeconds(10));
        while (!await isSo())
        {
            await Task.Delay(s_look, TimeProvider.System, patience.Token);
        }
    }
}
