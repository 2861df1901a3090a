using BoxPortal.AppUsers;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

public sealed class PeopleListTests(PeopleListTests.Host host) : IClassFixture<PeopleListTests.Host>
{
    private static readonly DateTimeOffset s_now = TimeProvider.System.GetUtcNow();

    [Theory]
    [InlineData("okaf", "Maya Okafor")]
    [InlineData("A OKA", "Maya Okafor")]
    [InlineData("maya.okafor@lark", "Maya Okafor")]
    [InlineData("zoe pap", "Zoë Papadáki")] // without the accents one cannot type
    [InlineData("伊藤", "伊藤 遥香 (Haruka Itō)")]
    [InlineData("(Har", "伊藤 遥香 (Haruka Itō)")]
    public async Task Anybody_is_found_by_any_part_of_what_they_are_called(string search, string name) =>
        Assert.Contains(name, await NamesAsync(PeopleList.Parse(search, null, null, null)));

    [Theory]
    [InlineData("\"")]
    [InlineData("\" OR \"")]
    [InlineData("NEAR(a b)")]
    [InlineData("Text : *")]
    [InlineData("'; DROP TABLE PeopleText; --")]
    [InlineData("%")]
    [InlineData("_")]
    [InlineData("\0\0\0")]
    [InlineData("\uD800\uD800\uD800")]
    public async Task Words_that_mean_something_to_a_database_are_words(string search) =>
        Assert.Empty(await NamesAsync(PeopleList.Parse(search, null, null, null)));

    [Fact]
    public async Task Somebody_is_found_by_their_IDs_and_their_reference()
    {
        await using var db = await host.OpenAsync();
        var maya = await db.Set<AppUserMapping>().SingleAsync(mapping => mapping.ObjectId == People.Maya.ObjectId, PortalHost.Cancellation);

        foreach (var part in new[] { maya.ObjectId.ToString()[..13], maya.AppUserId![1..], maya.Reference[3..], maya.Reference.ToLowerInvariant() })
        {
            Assert.Equal([maya.Name], await NamesAsync(PeopleList.Parse(part, null, null, null)));
        }
    }

    [Fact]
    public async Task What_an_address_cannot_mean_it_does_not_say()
    {
        var list = PeopleList.Parse(" ", "7", "neverever", "--name");

        Assert.Equal(PeopleList.Parse(null, null, null, null) with { Order = PeopleOrder.Name, Backwards = true }, list);
        Assert.Equal("?q=a%26b&state=suggested&seen=never&order=-seen", PeopleList.Parse("a&b", "Suggested", "NEVER", "-seen").Query);
        Assert.Equal("", PeopleList.Parse(null, null, null, null).Query);
    }

    public static TheoryData<string?, string?, string?> Lists
    {
        get
        {
            TheoryData<string?, string?, string?> all = [];
            foreach (var order in Enum.GetNames<PeopleOrder>().SelectMany(name => new[] { name, $"-{name}" }))
            {
                all.Add(null, null, order);
                all.Add("mapped", null, order);
                all.Add(null, "never", order);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Every_list_has_everybody_once_over_its_pages(string? state, string? seen, string? order)
    {
        await using var db = await host.OpenAsync();
        var list = PeopleList.Parse(null, state, seen, order);
        var expected = await list.InAnyState(db, s_now).Where(mapping => state == null || mapping.State == MappingState.Mapped).CountAsync(PortalHost.Cancellation);
        List<long> seenNumbers = [];
        for (var page = 0; page * 7 < expected; page++)
        {
            seenNumbers.AddRange(await list.Of(db, s_now).Skip(page * 7).Take(7).Select(mapping => mapping.Number).ToListAsync(PortalHost.Cancellation));
        }

        Assert.Equal(expected, seenNumbers.Count);
        Assert.Equal(expected, seenNumbers.Distinct().Count());
    }

    /// <summary>Those that stand written against those that are counted, however people come, change and go.</summary>
    [Fact]
    public async Task The_counts_stay_true_whoever_writes()
    {
        await using var db = await host.OpenAsync();
        await CountsAreTrueAsync(db);
        db.AddRange(
            Somebody("Counted 0", MappingState.Foreign, suggested: "1"), Somebody("Counted 1", MappingState.Foreign),
            Somebody("Counted 2", MappingState.Waiting, suggested: "1"), Somebody("Counted 3", MappingState.Waiting));
        await db.SaveChangesAsync(PortalHost.Cancellation);
        await CountsAreTrueAsync(db);
        var counted = db.Set<AppUserMapping>().Where(mapping => mapping.Name.StartsWith("Counted "));
        await counted.ExecuteUpdateAsync(set => set.SetProperty(mapping => mapping.SuggestedAppUserId, "2"), PortalHost.Cancellation); // the first for two, another for two
        await CountsAreTrueAsync(db);
        await counted.ExecuteUpdateAsync(set => set.SetProperty(mapping => mapping.State, MappingState.Orphaned), PortalHost.Cancellation);
        await CountsAreTrueAsync(db);
        await counted.Where(mapping => mapping.Name.EndsWith('0')).ExecuteUpdateAsync(set => set
            .SetProperty(mapping => mapping.State, MappingState.Suspended)
            .SetProperty(mapping => mapping.SuggestedAppUserId, (string?)null), PortalHost.Cancellation);
        await CountsAreTrueAsync(db);
        await counted.ExecuteDeleteAsync(PortalHost.Cancellation);
        await CountsAreTrueAsync(db);
    }

    [Fact]
    public async Task Those_who_were_there_before_the_counts_are_counted()
    {
        await using var db = new PortalDb(new DbContextOptionsBuilder<PortalDb>().UseSqlite("Data Source=:memory:").Options);
        await db.Database.OpenConnectionAsync(PortalHost.Cancellation);
        await db.Database.MigrateAsync("Imports", PortalHost.Cancellation);
        db.AddRange(Somebody("Early", MappingState.Unmapped, suggested: "1"), Somebody("Bird", MappingState.Unmapped), Somebody("Worm", MappingState.Orphaned));
        await db.SaveChangesAsync(PortalHost.Cancellation);

        await db.Database.MigrateAsync(PortalHost.Cancellation);

        await CountsAreTrueAsync(db);
    }

    /// <summary>So a page costs the same whether there are a hundred people or twenty thousand.</summary>
    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "-waiting")]
    [InlineData(null, "name")]
    [InlineData(null, "-name")]
    [InlineData(null, "state")]
    [InlineData(null, "-state")]
    [InlineData(null, "seen")]
    [InlineData(null, "-seen")]
    [InlineData("mapped", null)]
    [InlineData("mapped", "-waiting")]
    public async Task A_page_is_read_off_an_index(string? state, string? order)
    {
        await using var db = await host.OpenAsync();
        var plan = await PlanAsync(db, PeopleList.Parse(null, state, null, order).Of(db, s_now).Take(25));

        Assert.All(plan, step => Assert.Matches("^(SCAN|SEARCH) a USING INDEX", step));
    }

    [Fact]
    public async Task Finding_people_reads_the_trigrams_and_not_everybody()
    {
        await using var db = await host.OpenAsync();
        var plan = await PlanAsync(db, PeopleList.Parse("okafor", null, null, null).Of(db, s_now).Take(25));

        Assert.Contains(plan, step => step.Contains("VIRTUAL TABLE INDEX", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN a", StringComparison.Ordinal));
    }

    private static AppUserMapping Somebody(string name, MappingState state, string? suggested = null) => new()
    {
        TenantId = Guid.NewGuid(),
        ObjectId = Guid.NewGuid(),
        Name = name,
        UserName = "",
        State = state,
        SuggestedAppUserId = suggested,
        Cause = "",
        UpdatedAt = s_now,
        Reference = $"BP-{name}",
    };

    private static async Task CountsAreTrueAsync(PortalDb db)
    {
        var counts = await PeopleList.Parse(null, null, null, null).Counts(db, s_now)
            .Select(count => new { count.State, count.People, count.Suggested }).ToListAsync(PortalHost.Cancellation);
        var people = await db.Set<AppUserMapping>().AsNoTracking().ToListAsync(PortalHost.Cancellation);

        Assert.Equal(
            people.GroupBy(mapping => mapping.State).Select(group => new { State = group.Key, People = group.Count(), Suggested = group.Count(mapping => mapping.SuggestedAppUserId is not null) })
                .OrderBy(count => count.State),
            counts.OrderBy(count => count.State));
    }

    private static async Task<List<string>> PlanAsync(PortalDb db, IQueryable<AppUserMapping> page)
    {
        await using var command = page.CreateDbCommand();
        command.CommandText = $"EXPLAIN QUERY PLAN {command.CommandText[command.CommandText.IndexOf("SELECT", StringComparison.Ordinal)..]}";
        await db.Database.OpenConnectionAsync(PortalHost.Cancellation);
        await using var reader = await command.ExecuteReaderAsync(PortalHost.Cancellation);
        List<string> plan = [];
        while (await reader.ReadAsync(PortalHost.Cancellation))
        {
            plan.Add(reader.GetString(3));
        }

        return plan;
    }

    private async Task<List<string>> NamesAsync(PeopleList list)
    {
        await using var db = await host.OpenAsync();
        return await list.Of(db, s_now).Select(mapping => mapping.Name).ToListAsync(PortalHost.Cancellation);
    }

    public sealed class Host : IAsyncLifetime
    {
        private PortalHost _portal = null!;

        public async ValueTask InitializeAsync()
        {
            _portal = await PortalHost.StartRecoveredAsync();
            using var browser = await _portal.SignInAsync(People.Maya);
        }

        public Task<PortalDb> OpenAsync() => _portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation);

        public ValueTask DisposeAsync() => _portal.DisposeAsync();
    }
}
