using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Box.Tests.Http;

public sealed class BudgetedCallsTests
{
    /// <summary>The fewest there may be: six at the start, then one in 1.25 seconds.</summary>
    private static readonly (string, string?) s_few = ("Box:CallsPerMinute", "60");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_try_counts_as_a_call()
    {
        var clock = FakeTime.Clock();
        var arrivals = new List<DateTimeOffset>();
        await using var box = await CannedBox.StartWithTokensAsync((_, context) =>
        {
            arrivals.Add(clock.GetUtcNow());
            return arrivals.Count % 2 == 0 ? context.UserAsync() : context.ErrorAsync(503, "unavailable");
        });
        await using var client = new BoxClient(box.Address, clock, s_few);

        for (var call = 0; call < 10; call++)
        {
            await clock.PassAsync(client.Users.GetAsync("11", Stop));
        }

        Assert.Equal(20, arrivals.Count);
        Assert.InRange(arrivals[^1] - arrivals[0], TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(25)); // (20 - 6) * 1.25
    }

    [Fact]
    public async Task Tokens_and_app_users_calls_cost_nothing_of_it()
    {
        var clock = FakeTime.Clock();
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(200, """{"entries":[]}"""));
        await using var client = new BoxClient(box.Address, clock, s_few);

        for (var call = 0; call < 20; call++)
        {
            await client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), Stop);
            Assert.Empty(await client.Get<BoxFolders>().ListItemsAsync("0", new BoxSubject.AppUser("7"), Stop).ToArrayAsync(Stop));
        }

        Assert.Equal(20, box.ApiRequests.Count); // and no time has passed
    }

    [Fact]
    public async Task A_job_that_waits_for_its_turn_fails_by_no_time_limit()
    {
        var clock = FakeTime.Clock();
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.UserAsync());
        await using var client = new BoxClient(box.Address, clock, s_few);
        var start = clock.GetUtcNow();
        Task<BoxUser>[] calls;

        using (client.Get<CallBudget>().ForJobs())
        {
            calls = [.. Enumerable.Range(0, 60).Select(_ => client.Users.GetAsync("11", Stop))];
        }

        await PassAsync(clock, client, calls);
        await Task.WhenAll(calls);
        Assert.InRange(clock.GetUtcNow() - start, TimeSpan.FromSeconds(70), TimeSpan.FromSeconds(90));
        Assert.Equal(60, box.ApiRequests.Count);
    }

    [Fact]
    public async Task A_person_whose_turn_does_not_come_is_told_so_and_Box_is_not_blamed()
    {
        var clock = FakeTime.Clock();
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.UserAsync());
        await using var client = new BoxClient(box.Address, clock, s_few);
        Task<BoxUser>[] calls = [.. Enumerable.Range(0, 60).Select(_ => client.Users.GetAsync("11", Stop))];

        await PassAsync(clock, client, calls);

        Assert.InRange(box.ApiRequests.Count, 28, 31); // six and what half a minute brings
        Assert.Equal(box.ApiRequests.Count, calls.Count(call => call.IsCompletedSuccessfully));
        foreach (var call in calls.Where(call => !call.IsCompletedSuccessfully))
        {
            var fault = await Assert.ThrowsAsync<BoxApiException>(() => call);
            Assert.Equal("Box was not asked GET /2.0/users/11: too many calls wait before it.", fault.Message);
            Assert.True(fault.IsTransient);
        }

        await clock.PassAsync(client.Users.GetAsync("11", Stop));
    }

    [Fact]
    public async Task When_somebody_else_uses_our_account_up_jobs_stop_and_nothing_of_them_is_lost()
    {
        var clock = FakeTime.Clock();
        var isTooMuch = true;
        await using var box = await CannedBox.StartWithTokensAsync(
            (_, context) => isTooMuch ? context.ErrorAsync(429, "rate_limit_exceeded", "100") : context.UserAsync());
        await using var client = new BoxClient(box.Address, clock);
        clock.Advance(TimeSpan.FromMinutes(1));

        var first = JobAsync();
        await clock.PassUntilAsync(() => client.Log.Any(line => line.Contains("jobs rest for 00:01:40", StringComparison.Ordinal)));
        var stoppedAt = clock.GetUtcNow();
        isTooMuch = false;
        Task<bool>[] others = [.. Enumerable.Range(0, 5).Select(_ => JobAsync())];
        await clock.PassAsync(client.Users.GetAsync("11", Stop));
        var requestsOfPeople = box.ApiRequests.Count - 1;
        await clock.PassAsync(Task.WhenAll([first, .. others]));

        Assert.Equal(1, requestsOfPeople);
        Assert.InRange(clock.GetUtcNow() - stoppedAt, TimeSpan.FromSeconds(95), TimeSpan.FromSeconds(110));
        Assert.Equal(8, box.ApiRequests.Count);

        async Task<bool> JobAsync()
        {
            using var job = client.Get<CallBudget>().ForJobs();
            await client.Users.GetAsync("11", Stop);
            return true;
        }
    }

    [Fact]
    public async Task A_person_does_not_sit_out_what_a_job_does()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.ErrorAsync(429, "rate_limit_exceeded", "100"));
        await using var client = new BoxClient(box.Address);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => client.Users.GetAsync("11", Stop));

        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(100)), (fault.Status, fault.RetryAfter));
    }

    /// <summary>The import of a company, and the people who work meanwhile, against a Box that counts.</summary>
    [Fact]
    public async Task Three_thousand_calls_of_a_job_cause_no_refusal_and_no_wait_for_people()
    {
        const int Calls = 3_000;
        var second = TimeSpan.FromSeconds(1);
        var clock = FakeTime.Clock();
        await using var box = await SandboxedClient.StartAsync(clock);
        await box.ControlAsync("limits", new { callsPerMinute = 1000 });
        var serviceAccount = (await box.Users.GetMeAsync(Stop)).Id;
        var left = Calls;
        var start = clock.GetUtcNow();

        Task[] import = [.. Enumerable.Range(0, 16).Select(_ => Task.Run(ImportAsync, Stop))];
        var waits = new List<Task<TimeSpan>>();
        for (var seconds = 0; import.Any(worker => !worker.IsCompleted); seconds++)
        {
            // Somebody every second, and every minute a rush.
            waits.AddRange(Enumerable.Range(0, seconds % 60 == 59 ? 140 : 1).Select(_ => PersonAsync()));
            await SettleAsync(box.Client, [.. import, .. waits]);
            clock.Advance(second);
            box.Clock.Advance(second);
        }

        await Task.WhenAll(import);
        var took = clock.GetUtcNow() - start;
        var ofServiceAccount = box.Requests.Where(request => request.UserId == serviceAccount && request.Path.StartsWith("/2.0/", StringComparison.Ordinal));
        Assert.All(ofServiceAccount, request => Assert.Equal(200, request.Status));
        Assert.Equal(1 + Calls + waits.Count, ofServiceAccount.Count());
        Assert.Equal(TimeSpan.Zero, (await Task.WhenAll(waits)).Max());
        Assert.InRange(took, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(7)); // 720 a minute, less 200 of people

        async Task ImportAsync()
        {
            using var job = box.Client.Get<CallBudget>().ForJobs();
            while (Interlocked.Decrement(ref left) >= 0)
            {
                await box.Users.GetAsync(serviceAccount, Stop);
            }
        }

        async Task<TimeSpan> PersonAsync()
        {
            var came = clock.GetUtcNow();
            await box.Users.GetAsync(serviceAccount, Stop);
            return clock.GetUtcNow() - came;
        }
    }

    private static async Task PassAsync(FakeTimeProvider clock, BoxClient client, IReadOnlyCollection<Task> calls)
    {
        while (calls.Any(call => !call.IsCompleted))
        {
            await SettleAsync(client, calls);
            clock.Advance(TimeSpan.FromMilliseconds(250));
        }
    }

    /// <summary>Until whoever is not done waits for their turn. So time stands while calls are being answered, and what anybody waits is the budget's doing.</summary>
    private static async Task SettleAsync(BoxClient client, IReadOnlyCollection<Task> calls)
    {
        var budget = client.Get<CallBudget>();
        var start = TimeProvider.System.GetTimestamp();
        while (calls.Count(call => !call.IsCompleted) > budget.Waiting)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromMinutes(1), "They are never answered.");
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System, Stop);
        }
    }
}
