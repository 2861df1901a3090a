using System.Globalization;

namespace BoxPortal.Benchmarks;

/// <summary>
/// Compares the CPU time of two ways through this whole process: in short turns, so that a noisy machine disturbs both alike,
/// and by each way's quieter rounds, since noise only ever adds.
/// </summary>
internal static class Measure
{
    private const int Rounds = 60;

    /// <summary>Until the compiler has done its last with the code on the way; it works in this process too.</summary>
    private const int WarmUpCalls = 3000;

    /// <summary>Prints what stands in which column.</summary>
    public static void Head() => Console.WriteLine($"{"",-34} {"CPU each",10} {"floor",10} {"ratio",6} {"target",7} {"allocated",10}");

    /// <summary>Prints the lower quartile of each way's CPU times, and their ratio.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="target">The ratio not to exceed; <c>null</c> where there is none and the ratio only tells.</param>
    /// <param name="times">Calls in a round.</param>
    /// <param name="subject">What is measured.</param>
    /// <param name="floor">The least that the same job could cost.</param>
    public static async Task CompareAsync(string name, double? target, int times, Func<Task> subject, Func<Task> floor)
    {
        await RoundAsync(WarmUpCalls, floor);
        await RoundAsync(WarmUpCalls, subject);
        var subjects = new List<Cost>();
        var floors = new List<Cost>();
        for (var round = 0; round < Rounds; round++)
        {
            subjects.Add(await RoundAsync(times, subject));
            floors.Add(await RoundAsync(times, floor));
        }

        var (cpu, least) = (QuietCpu(subjects), QuietCpu(floors));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-34} {cpu.TotalMicroseconds,7:F0} µs {least.TotalMicroseconds,7:F0} µs {cpu / least,6:F2} {(target is { } most ? $"≤ {most:F2}" : ""),7} {subjects.Average(cost => cost.Bytes) / 1024,7:F1} KB"));
    }

    private static async Task<Cost> RoundAsync(int times, Func<Task> act)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var bytes = GC.GetTotalAllocatedBytes();
        for (var call = 0; call < times; call++)
        {
            await act();
        }

        return new Cost((Environment.CpuUsage.TotalTime - cpu) / times, (GC.GetTotalAllocatedBytes() - bytes) / (double)times);
    }

    private static TimeSpan QuietCpu(List<Cost> rounds) => rounds.Select(round => round.Cpu).Order().ElementAt(Rounds / 4);

    private readonly record struct Cost(TimeSpan Cpu, double Bytes);
}
