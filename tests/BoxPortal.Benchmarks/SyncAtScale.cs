using BoxPortal.Tests.Sync;

namespace BoxPortal.Benchmarks;

/// <summary>What it takes to follow a directory that has put 100, 1,000 and 10,000 people into a group.</summary>
internal static class SyncAtScale
{
    public static async Task RunAsync()
    {
        foreach (var changes in new[] { 100, 1_000, 10_000 })
        {
            Console.WriteLine($"Sync, {await SyncCost.MeasureAsync(changes)}");
        }
    }
}
