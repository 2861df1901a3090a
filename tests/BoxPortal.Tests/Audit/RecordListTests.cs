using System.Net;
using BoxPortal.Audit;
using BoxPortal.Storage;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Tests.Audit;

/// <summary>The record by kind and by day: on its page, in its file, and off an index.</summary>
public sealed class RecordListTests(RecordListTests.Host host) : IClassFixture<RecordListTests.Host>
{
    [Theory]
    [InlineData("", 6)]
    [InlineData("?kind=mapped", 3)]
    [InlineData("?kind=MAPPED&from=2026-03-02", 2)]
    [InlineData("?from=2026-03-02&until=2026-03-02", 2)]
    [InlineData("?until=2026-03-01", 2)]
    [InlineData("?from=2026-03-02", 4)]
    [InlineData("?kind=unmapped&q=Day+3", 1)]
    [InlineData("?from=9999-12-31&until=9999-12-31", 0)]
    [InlineData("?kind=7&from=2026-13-45&until=tomorrow", 6)] // what it cannot mean, it does not say
    public async Task Page_and_file_hold_what_the_address_says(string query, int expected)
    {
        var address = query.Contains("q=", StringComparison.Ordinal) ? query : $"{query}{(query.Length == 0 ? '?' : '&')}q=Day";
        using var page = await host.Auditor.GetAsync($"/record{address}");
        var shown = await page.Content.ReadAsStringAsync(PortalHost.Cancellation);
        using var file = await host.Auditor.GetAsync($"/record.csv{address}");
        using var csv = CsvReader.Create(await file.Content.ReadAsByteArrayAsync(PortalHost.Cancellation), new CsvReaderOptions { HasHeader = true });
        List<string> names = [];
        while (csv.Read())
        {
            names.Add(csv.GetString(2));
        }

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (page.StatusCode, file.StatusCode));
        Assert.Equal(expected, names.Count);
        Assert.Equal(names.OrderDescending(StringComparer.Ordinal), names); // newest first
        Assert.Equal(expected, shown.Split("fact-when").Skip(1).Count(cell => cell.Contains("<time", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_record_tells_which_part_of_it_was_taken_away()
    {
        (await host.Auditor.GetAsync("/record.csv?q=nobody&kind=signedin&from=2026-03-01&until=2026-03-02")).Dispose();
        (await host.Auditor.GetAsync("/record.csv")).Dispose();

        Assert.Equal(
            ["The whole record.", "The record of “nobody”, only “Signed in”, from 2026-03-01, until 2026-03-02."],
            (await host.Portal.ReadRecordAsync(People.Auditor.UserName)).Where(entry => entry.Kind == AuditKind.Exported).Take(2).Select(entry => entry.Detail));
    }

    /// <summary>So a page of it costs the same after a week and after ten years.</summary>
    [Theory]
    [InlineData(null, null, null, "SCAN a USING INDEX IX_AuditEntries_At")]
    [InlineData("mapped", null, null, "SEARCH a USING INDEX IX_AuditEntries_Kind_At (Kind=?)")]
    [InlineData(null, "2026-03-01", null, "SEARCH a USING INDEX IX_AuditEntries_At (At>?)")]
    [InlineData(null, "2026-03-01", "2026-03-02", "SEARCH a USING INDEX IX_AuditEntries_At (At>? AND At<?)")]
    [InlineData("mapped", "2026-03-01", "2026-03-02", "SEARCH a USING INDEX IX_AuditEntries_Kind_At (Kind=? AND At>? AND At<?)")]
    public async Task A_page_is_read_off_an_index(string? kind, string? from, string? until, string step)
    {
        await using var db = await host.OpenAsync();
        await using var command = RecordList.Parse(null, kind, from, until).Of(db).Take(50).CreateDbCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {command.CommandText[command.CommandText.IndexOf("SELECT", StringComparison.Ordinal)..]}";
        await db.Database.OpenConnectionAsync(PortalHost.Cancellation);
        await using var reader = await command.ExecuteReaderAsync(PortalHost.Cancellation);
        List<string> plan = [];
        while (await reader.ReadAsync(PortalHost.Cancellation))
        {
            plan.Add(reader.GetString(3));
        }

        Assert.Equal([step], plan); // and nothing is sorted
    }

    /// <summary>A portal whose record has two entries on each of three days in March 2026.</summary>
    public sealed class Host : IAsyncLifetime
    {
        public PortalHost Portal { get; private set; } = null!;

        public Browser Auditor { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Portal = await PortalHost.StartRecoveredAsync();
            Auditor = await Portal.SignInAsync(People.Auditor);
            var clock = new FakeTimeProvider();
            var trail = new AuditTrail(Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>(), clock);
            for (var day = 1; day <= 3; day++)
            {
                clock.AdjustTime(new DateTimeOffset(2026, 3, day, 0, 0, 0, TimeSpan.Zero)); // its first moment
                await trail.WriteAsync(trail.Entry(AuditKind.Mapped, People.Maya.Id(), $"Day {day}a", "a test", "mapped"), PortalHost.Cancellation);
                clock.AdjustTime(new DateTimeOffset(2026, 3, day, 23, 59, 59, 999, TimeSpan.Zero)); // and its last
                await trail.WriteAsync(trail.Entry(AuditKind.Unmapped, People.Maya.Id(), $"Day {day}b", "a test", "unmapped"), PortalHost.Cancellation);
            }
        }

        public async ValueTask DisposeAsync()
        {
            Auditor.Dispose();
            await Portal.DisposeAsync();
        }

        public Task<PortalDb> OpenAsync() => Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation);
    }
}
