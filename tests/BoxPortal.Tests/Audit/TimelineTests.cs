using BoxPortal.Audit;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Audit;

public sealed class TimelineTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private readonly EmployeeId _employee = People.Maya.Id() with { ObjectId = Guid.NewGuid() };

    [Fact]
    public async Task Entries_of_a_kind_that_follow_each_other_are_one_line_and_changes_never()
    {
        await WriteAsync([.. Repeat(AuditKind.SignedIn, 3), .. Repeat(AuditKind.TokenMinted, 500), AuditKind.Mapped, AuditKind.Mapped, .. Repeat(AuditKind.TokenMinted, 2)]);

        var page = await ReadAsync(TimelineView.Everything);

        Assert.Equal(
            [(AuditKind.TokenMinted, 2), (AuditKind.Mapped, 1), (AuditKind.Mapped, 1), (AuditKind.TokenMinted, 500), (AuditKind.SignedIn, 3)],
            page.Lines.Select(line => (line.Newest.Kind, line.Count)));
        Assert.Null(page.Older);
        var tokens = page.Lines[3];
        Assert.Equal((TimelineLine.MostShown, tokens.Newest), (tokens.Shown.Count, tokens.Shown[0]));
        Assert.Equal(tokens.Newest.At.AddMinutes(-499), tokens.Since);
    }

    [Fact]
    public async Task Refusals_are_one_line_only_where_they_say_the_same()
    {
        await WriteAsync([AuditKind.TokenRefused, AuditKind.TokenRefused], "not mapped");
        await WriteAsync([AuditKind.TokenRefused], "Box gave none");

        var page = await ReadAsync(TimelineView.Everything);

        Assert.Equal([1, 2], page.Lines.Select(line => line.Count));
    }

    [Fact]
    public async Task Every_entry_is_on_one_page_and_on_one_only()
    {
        await WriteAsync([.. Enumerable.Range(0, 25).SelectMany(_ => (AuditKind[])[AuditKind.Suspended, AuditKind.Reactivated, AuditKind.SignedIn, AuditKind.SignedIn])]);
        List<TimelineLine> lines = [];

        var page = await ReadAsync(TimelineView.Everything);
        lines.AddRange(page.Lines);
        while (page.Older is { } older)
        {
            Assert.Equal(Timeline.LinesOnPage, page.Lines.Count);
            page = await ReadAsync(TimelineView.Everything, older);
            lines.AddRange(page.Lines);
        }

        Assert.Equal(75, lines.Count);
        Assert.Equal(100, lines.Sum(line => line.Count));
        Assert.Equal(75, lines.Select(line => line.Newest.Id).Distinct().Count());
        Assert.Equal(lines.OrderByDescending(line => line.Newest.Id), lines);
    }

    [Fact]
    public async Task However_often_something_repeats_a_page_comes_to_an_end()
    {
        await WriteAsync([AuditKind.Mapped, .. Repeat(AuditKind.TokenMinted, 5000)]);

        var first = await ReadAsync(TimelineView.Everything);
        var second = await ReadAsync(TimelineView.Everything, first.Older);

        Assert.Equal(4000, Assert.Single(first.Lines).Count);
        Assert.Equal([(AuditKind.TokenMinted, 1000), (AuditKind.Mapped, 1)], second.Lines.Select(line => (line.Newest.Kind, line.Count)));
    }

    [Fact]
    public async Task Each_kind_of_entry_is_in_the_view_where_one_looks_for_it()
    {
        var kinds = Enum.GetValues<AuditKind>();
        await WriteAsync(kinds);

        async Task<IEnumerable<AuditKind>> KindsAsync(TimelineView view) => (await ReadAsync(view)).Lines.Select(line => line.Newest.Kind).Order();

        Assert.Equal(kinds.Order(), await KindsAsync(TimelineView.Everything));
        Assert.Equal([AuditKind.SignedIn, AuditKind.SignedOut], await KindsAsync(TimelineView.SignIns));
        Assert.Equal([AuditKind.TokenMinted, AuditKind.TokenRefused], await KindsAsync(TimelineView.Tokens));
        Assert.Equal(
            kinds.Except([AuditKind.SignedIn, AuditKind.SignedOut, AuditKind.TokenMinted, AuditKind.TokenRefused, AuditKind.Proved, AuditKind.Exported, AuditKind.AccessExplained]).Order(),
            await KindsAsync(TimelineView.Changes));
    }

    [Fact]
    public async Task Nobody_elses_entries_are_in_it()
    {
        await WriteAsync([AuditKind.Mapped]);
        var other = _employee with { TenantId = Guid.NewGuid() }; // the same object ID in another directory is somebody else

        var page = await host.Portal.Services.GetRequiredService<Timeline>().ReadAsync(other, TimelineView.Everything, null, PortalHost.Cancellation);

        Assert.Empty(page.Lines);
    }

    private static IEnumerable<AuditKind> Repeat(AuditKind kind, int times) => Enumerable.Repeat(kind, times);

    private Task<TimelinePage> ReadAsync(TimelineView view, long? before = null) =>
        host.Portal.Services.GetRequiredService<Timeline>().ReadAsync(_employee, view, before, PortalHost.Cancellation);

    /// <summary>In this order, a minute apart.</summary>
    private async Task WriteAsync(AuditKind[] kinds, string detail = "so")
    {
        var start = new DateTimeOffset(2026, 11, 2, 8, 0, 0, TimeSpan.Zero);
        await using var db = await host.Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation);
        db.AddRange(kinds.Select((kind, minute) => new AuditEntry
        {
            At = start.AddMinutes(minute),
            Kind = kind,
            TenantId = _employee.TenantId,
            ObjectId = _employee.ObjectId,
            Name = "Somebody",
            Actor = AuditTrail.Portal,
            Detail = detail,
        }));
        await db.SaveChangesAsync(PortalHost.Cancellation);
    }
}
