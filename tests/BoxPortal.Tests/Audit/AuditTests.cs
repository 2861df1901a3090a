using System.Net;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Storage;
using CsvHelper;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Audit;

public sealed class AuditTests(AuditTests.Host host) : IClassFixture<AuditTests.Host>
{
    [Theory]
    [InlineData("UPDATE AuditEntries SET Actor = 'somebody else'")]
    [InlineData("DELETE FROM AuditEntries")]
    [InlineData("DELETE FROM AuditEntries WHERE Id = 1")]
    [InlineData("UPDATE AuditEntries SET Id = Id + 1000")]
    [InlineData("INSERT OR REPLACE INTO AuditEntries (Id, At, Kind, TenantId, ObjectId, Name, Actor, Detail) SELECT Id, At, Kind, TenantId, ObjectId, Name, 'somebody else', Detail FROM AuditEntries")]
    public async Task What_is_in_the_record_stays_as_it_is(string statement)
    {
        var before = await ReadAsync();
        await using var db = await OpenAsync();

        await Assert.ThrowsAsync<SqliteException>(() => db.Database.ExecuteSqlRawAsync(statement, PortalHost.Cancellation));

        Assert.Equal(before, await ReadAsync());
    }

    [Fact]
    public async Task A_change_tells_what_was_before_what_is_since_and_why()
    {
        var changes = host.Portal.Services.GetRequiredService<AppUserChanges>();
        var user = host.Portal.Enterprise.AddAppUser("Another of Maya's", null);
        var former = host.Portal.AppUserOf(People.Maya).Id;

        await changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), People.Maya.Id(), user.Id, "merged two accounts");

        var entry = Assert.Single(await host.Portal.ReadRecordAsync(user.Id), entry => entry.Kind == AuditKind.Mapped);
        Assert.Equal(($"Mapped {former}", $"Mapped {user.Id}", "merged two accounts", People.Administrator.UserName), (entry.Before, entry.After, entry.Reason, entry.Actor));
    }

    [Fact]
    public async Task A_change_that_cannot_be_recorded_is_not_made()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var changes = portal.Services.GetRequiredService<AppUserChanges>();
        var directory = portal.Services.GetRequiredService<AppUserDirectory>();
        await using (var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation))
        {
            await db.Database.ExecuteSqlRawAsync("CREATE TRIGGER Full BEFORE INSERT ON AuditEntries BEGIN SELECT RAISE(ABORT, 'disk full'); END", PortalHost.Cancellation);

            await Assert.ThrowsAsync<DbUpdateException>(async () => await changes.AskAsync(await portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, People.Maya.Id(), "left"));
            Assert.Equal(MappingState.Mapped, (await directory.FindAsync(People.Maya.Id(), PortalHost.Cancellation))!.State);

            await db.Database.ExecuteSqlRawAsync("DROP TRIGGER Full", PortalHost.Cancellation);
        }

        // And what was asked for is done once it can be, without anybody asking again.
        foreach (var change in await changes.ListUnfinishedAsync(PortalHost.Cancellation))
        {
            await changes.CarryOutAsync(change);
        }

        Assert.Equal(MappingState.Unmapped, (await directory.FindAsync(People.Maya.Id(), PortalHost.Cancellation))!.State);
        Assert.Single(await portal.ReadRecordAsync(People.Maya.Name), entry => entry.Kind == AuditKind.Unmapped);
    }

    [Fact]
    public async Task The_record_is_taken_away_as_a_file_that_is_safe_to_open_and_that_is_recorded_too()
    {
        var trail = host.Portal.Services.GetRequiredService<AuditTrail>();
        var hostile = new[] { "=HYPERLINK(\"https://evil.example\")", "+1", "-1", "@SUM(A1)", "\tx", "a,b;\"c\"\r\nd", "<svg onload=alert(1)>", "ünï" };
        foreach (var name in hostile)
        {
            await trail.WriteAsync(trail.Entry(AuditKind.Refused, People.Tomas.Id(), name, "a test", "hostile"), PortalHost.Cancellation);
        }

        using var auditor = await host.Portal.SignInAsync(People.Auditor);
        using var answer = await auditor.GetAsync("/record.csv?q=a+test");
        var file = await answer.Content.ReadAsByteArrayAsync(PortalHost.Cancellation);

        Assert.Equal((HttpStatusCode.OK, "text/csv", "attachment"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.DispositionType));
        List<string> names = [];
        using (var csv = CsvReader.Create(file, new CsvReaderOptions { HasHeader = true }))
        {
            while (csv.Read())
            {
                names.Add(csv.GetString(2));
            }
        }

        Assert.Equal(hostile.Select(name => name[0] is '=' or '+' or '-' or '@' or '\t' ? $"'{name}" : name).Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        Assert.Contains(await host.Portal.ReadRecordAsync(People.Auditor.UserName), entry => entry.Kind == AuditKind.Exported && entry.Detail.Contains("a test", StringComparison.Ordinal));
    }

    private async Task<List<(long, string, string)>> ReadAsync()
    {
        await using var db = await OpenAsync();
        return [.. (await db.Set<AuditEntry>().OrderBy(entry => entry.Id).ToListAsync(PortalHost.Cancellation)).Select(entry => (entry.Id, entry.Actor, entry.Detail))];
    }

    private Task<PortalDb> OpenAsync() => host.Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation);

    public sealed class Host : IAsyncLifetime
    {
        public PortalHost Portal { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Portal = await PortalHost.StartRecoveredAsync();

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }
}
