using System.Globalization;

namespace BoxPortal.Benchmarks;

/// <summary>Compares the CPU time of two ways through this whole process, in turns, so that a noisy machine disturbs both alike.</summary>
internal static class Measure
{
    private const int Rounds = 15;

    /// <summary>Prints the median of the rounds' CPU times and of their ratios.</summary>
    /// <param name="name">What is measured.</param>
    /// <param name="target">The ratio not to exceed.</param>
    /// <param name="times">Calls in a round.</param>
    /// <param name="subject">What is measured.</param>
    /// <param name="floor">The least that the same job could cost.</param>
    public static async Task CompareAsync(string name, double target, int times, Func<Task> subject, Func<Task> floor)
    {
        await RoundAsync(times, floor);
        await RoundAsync(times, subject);
        var rounds = new List<(Cost Subject, Cost Floor)>();
        for (var round = 0; round < Rounds; round++)
        {
            rounds.Add((await RoundAsync(times, subject), await RoundAsync(times, floor)));
        }

        var ratio = Median(rounds.Select(round => round.Subject.Cpu / round.Floor.Cpu));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-34} {Median(rounds.Select(round => round.Subject.Cpu.TotalMicroseconds)),7:F0} µs {Median(rounds.Select(round => round.Floor.Cpu.TotalMicroseconds)),7:F0} µs {ratio,6:F2} {"≤ " + target.ToString("F2", CultureInfo.InvariantCulture),7} {Median(rounds.Select(round => round.Subject.Bytes / 1024.0)),7:F1} KB"));
    }

    private static async Task<Cost> RoundAsync(int times, Func<Task> act)
    {
        GC.Collect();
        var cpu = Environment.CpuUsage.TotalTime;
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        for (var call = 0; call < times; call++)
        {
            await act();
        }

        return new Cost((Environment.CpuUsage.TotalTime - cpu) / times, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)times);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(Rounds / 2);

    private readonly record struct Cost(TimeSpan Cpu, double Bytes);
}
