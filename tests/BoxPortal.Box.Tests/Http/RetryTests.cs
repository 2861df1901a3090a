using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace BoxPortal.Box.Tests.Http;

public sealed class RetryTests
{
    /// <summary>What Box said, and how long to wait: from, to, in seconds.</summary>
    public static TheoryData<string?, double, double> Waits => new()
    {
        { "3", 3, 5 },
        { "+4s", 4, 6 }, // a date, four seconds after the answer's
        { "10", 10, 12 },
        { "0", 0, 2.5 },
        { "-5", 0, 2.5 },
        { "-4s", 0, 2.5 },
        { "soon", 0, 2.5 },
        { "3.5", 0, 2.5 },
        { "99999999999999", 0, 2.5 },
        { "", 0, 2.5 },
        { null, 0, 2.5 },
    };

    [Theory]
    [MemberData(nameof(Waits))]
    public async Task Retry_After_is_honoured_in_every_form(string? wish, double least, double most)
    {
        var clock = FakeTime.Clock();
        var arrivals = new List<DateTimeOffset>();
        await using var box = await CannedBox.StartWithTokensAsync((_, context) =>
        {
            arrivals.Add(clock.GetUtcNow());
            return arrivals.Count == 1 ? RefuseAsync(context, wish) : context.UserAsync();
        });
        await using var client = new BoxClient(box.Address, clock);

        await clock.PassAsync(GetAsync(client));

        Assert.InRange((arrivals[1] - arrivals[0]).TotalSeconds, least, most);
    }

    [Theory]
    [InlineData("11")]
    [InlineData("100")]
    [InlineData("+900s")]
    public async Task A_wait_that_nobody_would_sit_out_is_refused_at_once_with_its_length(string wish)
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => RefuseAsync(context, wish));
        await using var client = new BoxClient(box.Address);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => GetAsync(client));

        Assert.Equal(HttpStatusCode.TooManyRequests, fault.Status);
        Assert.Equal(wish.Trim('+', 's'), fault.RetryAfter!.Value.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        Assert.True(fault.IsTransient);
        Assert.Single(box.ApiRequests);
    }

    [Fact]
    public async Task A_create_that_was_refused_for_now_is_asked_again()
    {
        var clock = FakeTime.Clock();
        var tries = 0;
        await using var box = await CannedBox.StartWithTokensAsync(
            (_, context) => ++tries < 3 ? context.ErrorAsync(429, "rate_limit_exceeded", "1") : context.UserAsync());
        await using var client = new BoxClient(box.Address, clock);

        await clock.PassAsync(CreateAsync(client));

        Assert.Equal(3, box.ApiRequests.Count);
        Assert.Single(box.ApiRequests.Select(request => request.Body).Distinct());
    }

    [Theory]
    [InlineData("500")]
    [InlineData("502")]
    [InlineData("503")]
    [InlineData("408")]
    [InlineData("connection lost")]
    [InlineData("never answered")]
    [InlineData("cut")]
    [InlineData("html")]
    public async Task A_create_whose_outcome_nobody_knows_is_never_repeated(string fate)
    {
        var clock = FakeTime.Clock();
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => SpoilAsync(context, fate));
        await using var client = new BoxClient(box.Address, clock);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => clock.PassAsync(CreateAsync(client)));

        Assert.Single(box.ApiRequests);
        Assert.True(fault.IsTransient);
    }

    [Fact]
    public async Task A_refusal_before_it_does_not_hide_that_a_create_may_have_been_done()
    {
        var clock = FakeTime.Clock();
        var tries = 0;
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => SpoilAsync(context, ++tries == 1 ? "429" : "never answered"));
        await using var client = new BoxClient(box.Address, clock);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => clock.PassAsync(CreateAsync(client)));

        Assert.Equal(2, box.ApiRequests.Count);
        Assert.Null(fault.Status);
    }

    [Theory]
    [InlineData("500")]
    [InlineData("502")]
    [InlineData("503")]
    [InlineData("408")]
    [InlineData("connection lost")]
    [InlineData("never answered")]
    [InlineData("cut")]
    [InlineData("html")]
    public async Task A_question_is_asked_again_whatever_became_of_it(string fate)
    {
        var clock = FakeTime.Clock();
        var tries = 0;
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => ++tries < 3 ? SpoilAsync(context, fate) : context.UserAsync());
        await using var client = new BoxClient(box.Address, clock);

        var user = await clock.PassAsync(GetAsync(client));

        Assert.Equal("11", user.Id);
        Assert.Equal(3, box.ApiRequests.Count);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(409)]
    [InlineData(412)]
    [InlineData(302)]
    public async Task A_plain_no_is_taken_for_an_answer(int status)
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.ErrorAsync(status, "as_it_is"));
        await using var client = new BoxClient(box.Address);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => GetAsync(client));

        Assert.Equal(status, (int)fault.Status!);
        Assert.False(fault.IsTransient);
        Assert.Single(box.ApiRequests);
    }

    [Fact]
    public async Task A_Box_that_never_answers_is_given_up_after_half_a_minute()
    {
        var clock = FakeTime.Clock();
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => SpoilAsync(context, "never answered"));
        await using var client = new BoxClient(box.Address, clock);
        await client.Get<BoxSubjectTokens>().GetAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);
        var start = clock.GetUtcNow();

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => clock.PassAsync(GetAsync(client)));

        Assert.InRange((clock.GetUtcNow() - start).TotalSeconds, 29, 32);
        Assert.Null(fault.Status);
        Assert.True(fault.IsTransient);
    }

    [Fact]
    public async Task Nobody_there_is_said_plainly()
    {
        var clock = FakeTime.Clock();
        await using var client = new BoxClient(new("http://127.0.0.1:1"), clock);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => clock.PassAsync(GetAsync(client)));

        Assert.Equal("Box gave no whole answer to POST /oauth2/token: ConnectionError.", fault.Message);
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_is_done_when_Box_knows_the_thing_no_more()
    {
        var clock = FakeTime.Clock();
        var tries = 0;
        await using var box = await CannedBox.StartWithTokensAsync(
            (_, context) => ++tries == 1 ? SpoilAsync(context, "connection lost") : context.ErrorAsync(404, "not_found"));
        await using var client = new BoxClient(box.Address, clock);

        await clock.PassAsync(DeleteAsync(client));

        Assert.Equal(2, box.ApiRequests.Count);
    }

    [Fact]
    public async Task Deleting_what_is_not_there_is_not_found()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.ErrorAsync(404, "not_found"));
        await using var client = new BoxClient(box.Address);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => DeleteAsync(client));

        Assert.Equal(HttpStatusCode.NotFound, fault.Status);
    }

    [Fact]
    public async Task Whoever_asks_may_stop_waiting()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => SpoilAsync(context, "never answered"));
        await using var client = new BoxClient(box.Address);
        await client.Get<BoxSubjectTokens>().GetAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.Users.GetAsync("11", patience.Token));
    }

    [Fact]
    public async Task With_every_second_call_failing_all_questions_end_right_or_are_refused_plainly()
    {
        const int Questions = 400;
        const int Least = Questions + 1; // one for the token
        string[] fates = ["429", "500", "503", "cut", "html", "empty", "connection lost"];
        var clock = FakeTime.Clock();
        var random = new Random(13);
        var spoilt = 0;
        var sync = new Lock();
        await using var box = await CannedBox.StartAsync((request, context) =>
        {
            string? fate;
            lock (sync)
            {
                fate = random.Next(2) == 0 ? fates[random.Next(fates.Length)] : null;
                spoilt += fate is null ? 0 : 1;
            }

            return fate is not null ? SpoilAsync(context, fate)
                : request.IsForToken ? context.TokenAsync()
                : context.UserAsync(request.Path.Split('/')[^1]);
        });
        await using var client = new BoxClient(box.Address, clock);

        var answers = new ConcurrentQueue<bool?>();
        var asking = Parallel.ForEachAsync(
            Enumerable.Range(1, Questions),
            new ParallelOptions { MaxDegreeOfParallelism = 40, CancellationToken = TestContext.Current.CancellationToken },
            async (number, stop) =>
            {
                try
                {
                    answers.Enqueue((await client.Users.GetAsync($"{number}", stop)).Id == $"{number}");
                }
                catch (BoxApiException fault) when (fault.IsTransient)
                {
                    answers.Enqueue(null);
                }
            });
        await clock.PassUntilAsync(() => asking.IsCompleted);
        await asking;

        Assert.DoesNotContain(false, answers);
        Assert.InRange(answers.Count(answer => answer is true), Questions * 98 / 100, Questions);

        // The share that did fail, not one half: by chance alone it takes 3.5 % more or fewer calls than twice the least.
        var p = (double)spoilt / box.Requests.Count;
        Assert.InRange(box.Requests.Count, Least, 1.05 / (1 - p) * Least);
    }

    [Fact]
    public async Task A_Box_that_is_gone_is_left_alone_for_a_moment()
    {
        var clock = FakeTime.Clock();
        var isBack = false;
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => isBack ? context.UserAsync() : context.ErrorAsync(503, "unavailable"));
        await using var client = new BoxClient(box.Address, clock);
        var asked = -1;
        while (asked != box.Requests.Count)
        {
            asked = box.Requests.Count;
            var fault = await Assert.ThrowsAsync<BoxApiException>(
                () => clock.PassAsync(Task.WhenAll(Enumerable.Range(0, 10).Select(_ => GetAsync(client)))));
            Assert.True(fault.IsTransient);
        }

        var refusal = await Assert.ThrowsAsync<BoxApiException>(() => GetAsync(client));
        Assert.Contains("left alone", refusal.Message, StringComparison.Ordinal);

        isBack = true;
        clock.Advance(TimeSpan.FromSeconds(6));
        await GetAsync(client);
    }

    private static Task<BoxUser> GetAsync(BoxClient client) => client.Users.GetAsync("11", TestContext.Current.CancellationToken);

    private static Task<BoxUser> CreateAsync(BoxClient client) =>
        client.Users.CreateAppUserAsync(new NewAppUser("Ada", "key"), TestContext.Current.CancellationToken);

    private static async Task<bool> DeleteAsync(BoxClient client)
    {
        await client.Get<BoxGroupMemberships>().DeleteAsync("12", TestContext.Current.CancellationToken);
        return true;
    }

    /// <summary><paramref name="wish"/> as Box sends it; "+4s" becomes a date, by Box's clock, which is nine hours ahead of ours.</summary>
    private static Task RefuseAsync(HttpContext context, string? wish)
    {
        if (wish is not [('+' or '-'), .., 's'])
        {
            return context.ErrorAsync(429, "rate_limit_exceeded", wish);
        }

        var boxNow = FakeTime.Clock().GetUtcNow().AddHours(9);
        context.Response.Headers.Date = boxNow.ToString("R", CultureInfo.InvariantCulture);
        var date = boxNow.AddSeconds(int.Parse(wish[..^1], CultureInfo.InvariantCulture));
        return context.ErrorAsync(429, "rate_limit_exceeded", date.ToString("R", CultureInfo.InvariantCulture));
    }

    private static async Task SpoilAsync(HttpContext context, string fate)
    {
        switch (fate)
        {
            case "connection lost":
                context.Abort();
                break;
            case "never answered":
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                break;
            case "cut":
                context.Response.ContentLength = 500;
                await context.Response.WriteAsync("{\"type\":\"user\",\"id\":\"1", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                context.Abort();
                break;
            case "html":
                await context.JsonAsync(200, "<html>Sign in to the hotel's network</html>");
                break;
            case "empty":
                await context.JsonAsync(200, "");
                break;
            default:
                await context.ErrorAsync(int.Parse(fate, CultureInfo.InvariantCulture), "as_it_is");
                break;
        }
    }
}
