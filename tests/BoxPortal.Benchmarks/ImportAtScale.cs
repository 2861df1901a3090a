using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Imports;
using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.Storage;
using BoxPortal.Tests;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BoxPortal.Benchmarks;

/// <summary>
/// An import of 20,000 people, one half with app users that exist and one with new ones: its preview, its pace, and what employees
/// who come meanwhile wait for their first token.
/// </summary>
internal static class ImportAtScale
{
    private const int Lines = 20_000;
    private const int Employees = 200;

    private static readonly TimeSpan s_watched = TimeSpan.FromMinutes(1);

    /// <summary>Until what the budget had saved up is spent.</summary>
    private static readonly TimeSpan s_underWay = TimeSpan.FromSeconds(20);

    public static async Task RunAsync()
    {
        await using (var unlimited = await OpenAsync(callsPerMinute: 1_000_000))
        {
            using var administrator = await SignInAsync(unlimited, BoxPortal.Sandbox.Directory.Named("priya.raman"));
            var jobId = await PreviewAsync(unlimited, administrator);
            await ConfirmAsync(unlimited, jobId);
            var pace = await PaceAsync(unlimited, jobId);
            Print($"Import, applied without call budget: {pace * 60:N0} a minute, so {Lines:N0} in {Lines / pace / 60:F1} min");
        }

        await using var ordinary = await OpenAsync(callsPerMinute: null);
        using var confirming = await SignInAsync(ordinary, BoxPortal.Sandbox.Directory.Named("priya.raman"));
        var employees = await SignEverybodyInAsync(ordinary);
        var running = await PreviewAsync(ordinary, confirming);
        await MintAsync("before the import", employees[..(Employees / 4)]);
        var confirmed = Task.Run(() => ConfirmAsync(ordinary, running)); // SQLite gives its thread back to nobody
        await MintAsync("while it is confirmed", employees[(Employees / 4)..(Employees / 2)]);
        await confirmed;
        await Task.Delay(s_underWay, TimeProvider.System);
        await MintAsync("during the import", employees[(Employees / 2)..]);
        Print($"Import, applied within the default call budget: {await PaceAsync(ordinary, running) * 60:N0} a minute");
        foreach (var (browser, _) in employees)
        {
            browser.Dispose();
        }
    }

    /// <summary>A portal and a company of which enough people have app users. Box itself counts as it does.</summary>
    /// <param name="callsPerMinute">The portal's budget, beyond what can be set; <c>null</c> for the default, with Box's own limit.</param>
    private static async Task<Laboratory> OpenAsync(int? callsPerMinute)
    {
        var laboratory = await Laboratory.OpenAsync(people: Employees * 2);
        foreach (var _ in Enumerable.Range(0, Lines / 2))
        {
            laboratory.Enterprise.AddAppUser($"Planted {laboratory.Enterprise.Users.Count}", null);
        }

        if (callsPerMinute is { } calls)
        {
            laboratory.Portal.Services.GetRequiredService<IOptions<BoxOptions>>().Value.CallsPerMinute = calls;
        }
        else
        {
            await laboratory.LimitAsync(callsPerMinute: 1000);
        }

        await laboratory.Portal.StartAsync();
        await laboratory.Portal.Services.GetRequiredService<KnownAppUsers>().FirstReading;
        return laboratory;
    }

    private static async Task<Browser> SignInAsync(Laboratory laboratory, Person person)
    {
        var browser = new Browser(laboratory.Address);
        await browser.SignInAsync(person);
        return browser;
    }

    private static async Task<(Browser Browser, string Antiforgery)[]> SignEverybodyInAsync(Laboratory laboratory)
    {
        List<(Browser, string)> employees = [];
        await using var db = await laboratory.Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        var mapped = (await db.Set<AppUserMapping>().Where(mapping => mapping.State == MappingState.Mapped).Select(mapping => mapping.ObjectId).ToListAsync()).ToHashSet();
        foreach (var person in laboratory.Directory.Everyone.Where(person => mapped.Contains(person.ObjectId) && person.AppRoles.Count == 0).Take(Employees))
        {
            var browser = await SignInAsync(laboratory, person);
            employees.Add((browser, await browser.ReadAntiforgeryAsync()));
        }

        return employees.Count == Employees ? [.. employees] : throw new InvalidOperationException($"Only {employees.Count} employees are mapped.");
    }

    /// <summary>Hands the file in as the page's form does, and opens pages while it is checked.</summary>
    private static async Task<long> PreviewAsync(Laboratory laboratory, Browser administrator)
    {
        var file = FileOf(laboratory);
        var antiforgery = await administrator.ReadAntiforgeryAsync();
        var watch = Stopwatch.StartNew();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(laboratory.Address, "/imports/files"))
        {
            Content = new MultipartFormDataContent
            {
                { new StringContent(antiforgery), "__RequestVerificationToken" },
                { new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } }, "file", "people.csv" },
            },
        };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        using var answer = await administrator.SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var (read, place) = (watch.Elapsed, answer.Headers.Location!.ToString());
        var jobId = long.Parse(place.Split('/')[^1], CultureInfo.InvariantCulture);
        List<TimeSpan> looks = [];
        while (!await ReadAsync(laboratory, db => db.Set<Import>().AnyAsync(import => import.JobId == jobId && import.CheckedAt != null)))
        {
            var look = Stopwatch.StartNew();
            await Laboratory.DrainAsync(await administrator.GetAsync(place));
            looks.Add(look.Elapsed);
        }

        Print($"Import, {Lines:N0} lines previewed in {watch.Elapsed.TotalSeconds:F1} s (target < 60), {read.TotalSeconds:F1} s of it reading");
        Print($"Import, its page meanwhile: {Spread(looks)}");
        return jobId;
    }

    private static byte[] FileOf(Laboratory laboratory)
    {
        var text = new StringBuilder("object_id,mail,name,app_user,reason\n");
        var planted = laboratory.Enterprise.Users.Values.Where(user => user.Name.StartsWith("Planted ", StringComparison.Ordinal)).Select(user => user.Id).ToArray();
        for (var number = 0; number < Lines; number++)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{Guid.NewGuid()},entered.{number}@larkfield.example,Łucja Importée {number},{(number % 2 == 0 ? planted[number / 2] : "new")},\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static async Task ConfirmAsync(Laboratory laboratory, long jobId)
    {
        var checkedAt = (await ReadAsync(laboratory, db => db.Set<Import>().SingleAsync(import => import.JobId == jobId))).CheckedAt!.Value;
        var watch = Stopwatch.StartNew();
        var result = await laboratory.Portal.Services.GetRequiredService<ImportDrafts>().ConfirmAsync(
            await laboratory.SessionOfAsync(BoxPortal.Sandbox.Directory.Named("priya.raman")), jobId, new ImportConfirmation("measured", AlsoRemap: false, checkedAt), CancellationToken.None);
        Print($"Import, confirmed in {watch.Elapsed.TotalSeconds:F1} s: {(result is JobResult.Done { Job.Total: var total } ? $"{total:N0} changes" : result.Objection)}");
    }

    /// <returns>Changes a second, over a minute of many.</returns>
    private static async Task<double> PaceAsync(Laboratory laboratory, long jobId)
    {
        var (before, watch) = (await EndedAsync(), Stopwatch.StartNew());
        await Task.Delay(s_watched, TimeProvider.System);
        return (await EndedAsync() - before) / watch.Elapsed.TotalSeconds;

        Task<int> EndedAsync() => ReadAsync(laboratory, db => db.Set<AppUserChange>().CountAsync(change => change.JobId == jobId && change.Stage == ChangeStage.Done));
    }

    /// <summary>Everybody's first token, one after the other, from the request to the answer's last byte.</summary>
    private static async Task MintAsync(string when, IEnumerable<(Browser Browser, string Antiforgery)> employees)
    {
        List<TimeSpan> mints = [];
        var refused = 0;
        foreach (var (browser, antiforgery) in employees)
        {
            var watch = Stopwatch.StartNew();
            using var answer = await browser.AskForTokenAsync(request =>
            {
                request.Headers.Remove("RequestVerificationToken");
                request.Headers.Add("RequestVerificationToken", antiforgery);
            });
            mints.Add(watch.Elapsed);
            refused += answer.IsSuccessStatusCode ? 0 : 1;
        }

        Print($"First token, {when} (target p95 < 1,000): {Spread(mints)}, {refused} refused");
    }

    private static string Spread(List<TimeSpan> times)
    {
        var inOrder = times.Order().ToList();
        double At(double part) => inOrder[(int)(part * (inOrder.Count - 1))].TotalMilliseconds;
        return string.Create(CultureInfo.InvariantCulture, $"p50 {At(0.5):N0} ms, p95 {At(0.95):N0} ms, longest {At(1):N0} ms of {inOrder.Count}");
    }

    private static async Task<T> ReadAsync<T>(Laboratory laboratory, Func<PortalDb, Task<T>> read)
    {
        await using var db = await laboratory.Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        return await read(db);
    }

    private static void Print(FormattableString words) => Console.WriteLine(words.ToString(CultureInfo.InvariantCulture));
}
