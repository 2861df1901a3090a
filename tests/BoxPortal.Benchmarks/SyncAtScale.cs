using BoxPortal.Tests.Sync;

namespace BoxPortal.Benchmarks;

/// <summary>What it takes to follow a directory that has put 100, 1,000 and 10,000 people into a group.</summary>
internal static class SyncAtScale
{
    /// <summary>Every 5 ms: time passes four times as fast as it does, and leaves the portal the processor time that it needs.</summary>
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync()
    {
        foreach (var changes in new[] { 100, 1_000, 10_000 })
        {
            Console.WriteLine($"Sync, {await SyncCost.MeasureAsync(changes, s_step)}");
        }
    }
}
