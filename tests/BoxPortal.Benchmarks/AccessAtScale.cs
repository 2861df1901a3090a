using BoxPortal.Groups;
using BoxPortal.Sandbox;
using BoxPortal.Tests.Groups;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Benchmarks;

/// <summary>Who sees a folder that everybody in a company of 5,000 sees; and a thousand companies that nobody would think of.</summary>
internal static class AccessAtScale
{
    public static async Task RunAsync()
    {
        await using var laboratory = await Laboratory.OpenAsync(people: 5_000);
        var regions = (Folder)laboratory.Enterprise.ServiceAccount.Root.Child("Regions")!;
        foreach (var group in laboratory.Enterprise.Groups.Values.Where(group => group.Name.StartsWith("Everyone", StringComparison.Ordinal)))
        {
            laboratory.Enterprise.AddCollaboration(regions, group, "viewer");
        }

        await laboratory.Portal.StartAsync();
        var started = TimeProvider.System.GetTimestamp();
        var reading = await laboratory.Portal.Services.GetRequiredService<AccessReader>().ReadFolderAsync(regions.Id, CancellationToken.None);
        var people = reading.Map.WhoComesTo(regions.Id).Count;
        Console.WriteLine($"Who sees a folder: {people} people in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.00} s (bar: 10 s)");

        started = TimeProvider.System.GetTimestamp();
        await using var sandbox = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true });
        await RandomCompany.TryAsync(1_000, sandbox, CancellationToken.None);
        Console.WriteLine($"1,000 random companies, no difference: {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s");
    }
}
