using System.Diagnostics;
using System.Globalization;
using BoxPortal.AppUsers;
using BoxPortal.Sandbox;
using BoxPortal.Tests;
using BoxPortal.Tests.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Benchmarks;

/// <summary>What a circuit keeps of this process's memory while its page is open: the list of people, against an empty page, and pages about groups.</summary>
internal static class Circuits
{
    /// <summary>Opens the circuits: their other ends take memory as well, so a process of their own has those.</summary>
    public const string Browsers = "browsers";

    /// <summary>These empty the pools of arrays that circuits before them have left.</summary>
    private const int First = 50;

    private const int Measured = 100;

    public static async Task RunAsync()
    {
        await using var large = await PeopleAtScale.OpenAsync(10_000);
        await using var small = await PeopleAtScale.OpenAsync(100);
        var empty = await MeasureAsync(large, EmptyInteractivePage.Address, EmptyInteractivePage.Words);
        var ofMany = await MeasureAsync(large, "/people", "Last sign-in");
        var ofFew = await MeasureAsync(small, "/people", "Last sign-in");
        Print("Circuit, 10,000 people : empty", ofMany, empty, "≤ 1.75");
        Print("Circuit, 10,000 people : 100", ofMany, ofFew, "± 0.05");
        await GroupsAsync();
    }

    /// <summary>Pages about groups in a company of 20,000 people with 2,000 groups, the largest of 12,000, against the same pages in an ordinary one.</summary>
    private static async Task GroupsAsync()
    {
        await using var large = await OpenAsync(people: 20_000);
        await using var ordinary = await OpenAsync(people: null);
        while (ordinary.Enterprise.Groups.Count < 25)
        {
            ordinary.Enterprise.AddGroup($"Group {ordinary.Enterprise.Groups.Count} of a full page");
        }

        foreach (var (what, path, words) in new (string, Func<Laboratory, string>, string)[]
        {
            ("2,000 groups : 25", _ => "/groups", "Group ID"),
            ("12,000 members : 50", laboratory => $"/groups/{laboratory.Enterprise.Groups.Values.MaxBy(group => group.Memberships.Count)!.Id}", "Since"),
            ("access, 20,000 people : 60", _ => "/access", "Choose a folder"),
        })
        {
            var first = await FirstPaintAsync(large, path(large));
            Print($"Circuit, {what}", await MeasureAsync(large, path(large), words), await MeasureAsync(ordinary, path(ordinary), words), "± 0.05");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"",-34} first drawn in {first.TotalMilliseconds:F0} ms (bar: 1,000)"));
        }

        // The same people first by name, so that the page shows the same.
        var most = large.Enterprise.Groups.Values.MaxBy(group => group.Memberships.Count)!;
        var some = large.Enterprise.AddGroup("Sixty of them");
        foreach (var member in most.Memberships.OrderBy(member => member.User.Name, StringComparer.CurrentCultureIgnoreCase).Take(60).ToList())
        {
            large.Enterprise.AddMembership(member.User, some, "member");
        }

        Print("Circuit, 12,000 who see a folder : 60", await MeasureAsync(large, WhoSees(most), "Who sees "), await MeasureAsync(large, WhoSees(some), "Who sees "), "± 0.05");

        string WhoSees(Group group)
        {
            var folder = large.Enterprise.AddFolder(large.Enterprise.ServiceAccount.Root, $"Of {group.Name}");
            large.Enterprise.AddCollaboration(folder, group, "viewer");
            return $"/access?folder={folder.Id}";
        }
    }

    private static async Task<Laboratory> OpenAsync(int? people)
    {
        var laboratory = await Laboratory.OpenAsync(people);
        await laboratory.Portal.StartAsync();
        await laboratory.Portal.Services.GetRequiredService<KnownAppUsers>().FirstReading;
        return laboratory;
    }

    /// <summary>The page whole, the first time that anybody asks for it.</summary>
    private static async Task<TimeSpan> FirstPaintAsync(Laboratory laboratory, string path)
    {
        using var browser = new Browser(laboratory.Address);
        await browser.SignInAsync(BoxPortal.Sandbox.Directory.Named("priya.raman"));
        var watch = Stopwatch.StartNew();
        await Laboratory.DrainAsync(await browser.GetAsync(path));
        return watch.Elapsed;
    }

    /// <summary>The other process: opens circuits whenever it is told how many, and ends them all with its input.</summary>
    public static async Task BrowseAsync(string address, string path, string words)
    {
        using var browser = new Browser(new Uri(address));
        await browser.SignInAsync(BoxPortal.Sandbox.Directory.Named("priya.raman"));
        List<(CircuitClient Client, string Id)> open = [];
        while (Console.ReadLine() is { } count)
        {
            for (var number = int.Parse(count, CultureInfo.InvariantCulture); number > 0; number--)
            {
                var client = await CircuitClient.ConnectAsync(browser);
                open.Add((client, await client.StartCircuitAsync(path)));
                await client.ExpectAsync(words);
            }

            Console.WriteLine(open.Count);
        }

        foreach (var (client, id) in open)
        {
            await Laboratory.DrainAsync(await browser.PostAsync("/_blazor/disconnect", new() { ["circuitId"] = id }));
            await client.DisposeAsync();
        }
    }

    private static async Task<double> MeasureAsync(Laboratory laboratory, string path, string words)
    {
        using var browsers = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [Browsers, $"{laboratory.Address}", path, words])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await OpenAsync(First);
        var before = await SettledHeapAsync(laboratory);
        await OpenAsync(Measured);
        var after = await SettledHeapAsync(laboratory);
        browsers.StandardInput.Close();
        await browsers.WaitForExitAsync();
        return (after - before) / (double)Measured;

        async Task OpenAsync(int count)
        {
            await browsers.StandardInput.WriteLineAsync(count.ToString(CultureInfo.InvariantCulture));
            await browsers.StandardInput.FlushAsync();
            _ = await browsers.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The browsers are gone.");
        }
    }

    /// <summary>What is alive when nothing comes or goes any more: pages still draw what they had to wait for.</summary>
    private static async Task<long> SettledHeapAsync(Laboratory laboratory)
    {
        laboratory.ForgetRequests();
        for (var last = 0L; ;)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            if (Math.Abs(heap - last) < 64 * 1024)
            {
                return heap;
            }

            last = heap;
        }
    }

    private static void Print(string name, double subject, double floor, string target) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-34} {subject / 1024,7:F1} KB {floor / 1024,7:F1} KB {subject / floor,6:F2} {target,7}"));
}
