using System.Diagnostics;
using BoxPortal.Tests.AppUsers;
using BoxPortal.Tests.Imports;

namespace BoxPortal.Benchmarks;

/// <summary>More deaths than a test has time for: portals killed at random points of administrators' acts, and of imports and their undoings.</summary>
internal static class Kills
{
    private const int Seed = 20261124;

    /// <summary>Prints what each half of the <paramref name="deaths"/> has left different between what was asked, Box, and the record.</summary>
    /// <returns>The exit code: 1 where there is any difference.</returns>
    public static async Task<int> RunAsync(int deaths)
    {
        var differences = await RunAsync("acts", deaths / 2, CrashTests.RunAsync);
        differences += await RunAsync("imports", deaths - (deaths / 2), ImportCrashTests.RunAsync);
        return differences == 0 ? 0 : 1;
    }

    private static async Task<int> RunAsync(string what, int deaths, Func<int, int, Task<IReadOnlyList<string>>> kill)
    {
        var watch = Stopwatch.StartNew();
        var differences = await kill(deaths, Seed);
        Console.WriteLine($"{what}: {deaths} deaths, {differences.Count} differences, {watch.Elapsed:hh\\:mm\\:ss}");
        foreach (var difference in differences)
        {
            Console.WriteLine($"- {difference}");
        }

        return differences.Count;
    }
}
