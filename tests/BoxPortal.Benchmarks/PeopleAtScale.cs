using BoxPortal.AppUsers;
using BoxPortal.Storage;
using BoxPortal.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Benchmarks;

/// <summary>The administrator's list of 20,000 people against the same list of 100.</summary>
internal static class PeopleAtScale
{
    public static async Task RunAsync()
    {
        await using var large = await OpenAsync(20_000);
        await using var small = await OpenAsync(100);
        using var atLarge = await SignInAsync(large);
        using var atSmall = await SignInAsync(small);
        foreach (var (what, address) in new[]
        {
            ("People, first page", "/people"),
            ("People, sorted by last sign-in", "/people?order=seen"),
            ("People, one state", "/people?state=unmapped"),
            ("People, found by part of a name", "/people?q=Somebody+77+of"),
            ("People, last page", "/people?order=-name"),
        })
        {
            await Measure.CompareAsync(what, 1.25, times: 50,
                async () => await Laboratory.DrainAsync(await atLarge.GetAsync(address)),
                async () => await Laboratory.DrainAsync(await atSmall.GetAsync(address)));
        }
    }

    /// <summary>A portal that knows so many people beside those whom it finds in Box.</summary>
    public static async Task<Laboratory> OpenAsync(int people)
    {
        var laboratory = await Laboratory.OpenAsync();
        laboratory.Portal.MapGet(EmptyInteractivePage.Address, () => new RazorComponentResult<EmptyInteractivePage.Document>());
        await laboratory.Portal.StartAsync();
        await laboratory.Portal.Services.GetRequiredService<KnownAppUsers>().FirstReading;
        await using var db = await laboratory.Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        var (tenant, now) = (Guid.Parse(BoxPortal.Sandbox.Directory.TenantId), TimeProvider.System.GetUtcNow());
        db.AddRange(Enumerable.Range(0, people).Select(number => new AppUserMapping
        {
            TenantId = tenant,
            ObjectId = Guid.NewGuid(),
            Name = $"Somebody {number} of the Company",
            UserName = $"somebody.{number}@larkfield.example",
            State = MappingState.Unmapped,
            Cause = "Not mapped yet.",
            LastSignInAt = number % 3 == 0 ? null : now.AddHours(-number),
            UpdatedAt = now,
            Reference = $"BP-{number:D8}",
        }));
        await db.SaveChangesAsync();
        return laboratory;
    }

    private static async Task<Browser> SignInAsync(Laboratory laboratory)
    {
        var browser = new Browser(laboratory.Address);
        await browser.SignInAsync(BoxPortal.Sandbox.Directory.Named("priya.raman"));
        return browser;
    }
}
