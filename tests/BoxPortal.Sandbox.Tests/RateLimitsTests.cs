using System.Net;
using System.Net.Http.Json;

namespace BoxPortal.Sandbox.Tests;

public sealed class RateLimitsTests
{
    [Fact]
    public async Task Each_user_has_so_many_calls_in_any_minute()
    {
        await using var sandbox = await RunningSandbox.StartAsync(new SandboxOptions { CallsPerMinute = 40 });
        var service = await sandbox.TokenAsync(sandbox.Enterprise.ServiceAccount);
        var user = await sandbox.TokenAsync(sandbox.Enterprise.AddAppUser("Ida", null));

        var half = await CallAsync(sandbox, service, 20);
        sandbox.Clock.Advance(TimeSpan.FromSeconds(40));
        var full = await CallAsync(sandbox, service, 20);
        using var refused = await sandbox.GetAsync("/2.0/users/me", service);
        var other = await CallAsync(sandbox, user, 1);
        sandbox.Clock.Advance(TimeSpan.FromSeconds(21));
        var later = await CallAsync(sandbox, service, 20);
        using var refusedAgain = await sandbox.GetAsync("/2.0/users/me", service);

        Assert.All([.. half, .. full, .. other, .. later], status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.Equal((429, "rate_limit_exceeded"), ((int)refused.StatusCode, (string?)(await RunningSandbox.JsonAsync(refused))["code"]));
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 20);
        Assert.InRange(refusedAgain.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 21, 39); // the earlier half has gone
    }

    [Fact]
    public async Task After_the_time_it_said_it_answers_again()
    {
        await using var sandbox = await RunningSandbox.StartAsync(new SandboxOptions { CallsPerMinute = 3 });
        var service = await sandbox.TokenAsync(sandbox.Enterprise.ServiceAccount);
        await CallAsync(sandbox, service, 3);
        using var refused = await sandbox.GetAsync("/2.0/users/me", service);

        sandbox.Clock.Advance(refused.Headers.RetryAfter!.Delta!.Value);

        Assert.Equal([HttpStatusCode.OK], await CallAsync(sandbox, service, 1));
    }

    [Fact]
    public async Task A_clock_set_back_locks_nobody_out()
    {
        await using var sandbox = await RunningSandbox.StartAsync(new SandboxOptions { CallsPerMinute = 3 });
        var service = await sandbox.TokenAsync(sandbox.Enterprise.ServiceAccount);
        sandbox.Clock.Advance(TimeSpan.FromMinutes(30));
        await CallAsync(sandbox, service, 3);

        sandbox.Clock.Advance(TimeSpan.FromMinutes(-30));

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], await CallAsync(sandbox, service, 4));
    }

    [Fact]
    public async Task Tokens_and_uploads_are_not_counted()
    {
        await using var sandbox = await RunningSandbox.StartAsync(new SandboxOptions { CallsPerMinute = 1 });
        var service = await sandbox.TokenAsync(sandbox.Enterprise.ServiceAccount);
        for (var call = 0; call < 3; call++)
        {
            await sandbox.TokenAsync(sandbox.Enterprise.ServiceAccount);
            using var upload = await sandbox.SendAsync(HttpMethod.Delete, "/api/2.0/files/upload_sessions/F00", service);
            Assert.Equal(HttpStatusCode.NotFound, upload.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], await CallAsync(sandbox, service, 2));
    }

    [Fact]
    public async Task Uploads_have_a_limit_of_their_own()
    {
        await using var sandbox = await RunningSandbox.StartAsync(new SandboxOptions { CallsPerMinute = 1, UploadsPerMinute = 2 });
        var service = await sandbox.TokenAsync(sandbox.Enterprise.ServiceAccount);

        Assert.Equal([400, 400, 429], await UploadAsync(3)); // empty, but asked
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.TooManyRequests], await CallAsync(sandbox, service, 2));
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([400], await UploadAsync(1));

        async Task<List<int>> UploadAsync(int times)
        {
            List<int> statuses = [];
            for (var upload = 0; upload < times; upload++)
            {
                using var answer = await sandbox.SendAsync(HttpMethod.Post, "/api/2.0/files/content", service);
                statuses.Add((int)answer.StatusCode);
            }
            return statuses;
        }
    }

    [Fact]
    public async Task Searches_have_a_limit_by_the_minute_and_are_calls_as_well()
    {
        await using var sandbox = await RunningSandbox.StartAsync(new SandboxOptions { CallsPerMinute = 4, SearchesPerMinute = 2 });
        var service = await sandbox.TokenAsync(sandbox.Enterprise.ServiceAccount);

        Assert.Null(await SearchAsync(sandbox, service));
        Assert.Null(await SearchAsync(sandbox, service));
        Assert.InRange(await SearchAsync(sandbox, service) ?? default, TimeSpan.FromSeconds(40), TimeSpan.FromMinutes(1));
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], await CallAsync(sandbox, service, 3));
    }

    [Fact]
    public async Task Searches_have_a_limit_by_the_second()
    {
        await using var sandbox = await RunningSandbox.StartAsync(new SandboxOptions { SearchesPerSecond = 1 });
        var service = await sandbox.TokenAsync(sandbox.Enterprise.ServiceAccount);

        TimeSpan? wait = null;
        for (var search = 0; search < 20 && wait is null; search++) // a slow machine may need more than a second for one
        {
            wait = await SearchAsync(sandbox, service);
        }
        sandbox.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(TimeSpan.FromSeconds(1), wait);
        Assert.Null(await SearchAsync(sandbox, service));
    }

    [Fact]
    public async Task There_is_no_limit_until_the_controls_set_one_and_reset_takes_it_away()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var service = await sandbox.TokenAsync(sandbox.Enterprise.ServiceAccount);

        await ControlAsync(sandbox, "limits", new { callsPerMinute = 2 });
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], await CallAsync(sandbox, service, 3));
        await ControlAsync(sandbox, "limits", new { callsPerMinute = (int?)null });
        Assert.Equal([HttpStatusCode.OK], await CallAsync(sandbox, service, 1));
        await ControlAsync(sandbox, "limits", new { callsPerMinute = 1 });
        await ControlAsync(sandbox, "reset", new { });
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK], await CallAsync(sandbox, service, 2));
    }

    private static async Task<TimeSpan?> SearchAsync(RunningSandbox sandbox, string token)
    {
        using var answer = await sandbox.GetAsync("/2.0/search?query=plan", token);
        return answer.Headers.RetryAfter?.Delta;
    }

    private static async Task<HttpStatusCode[]> CallAsync(RunningSandbox sandbox, string token, int times)
    {
        var statuses = new HttpStatusCode[times];
        for (var call = 0; call < times; call++)
        {
            using var answer = await sandbox.GetAsync("/2.0/users/me?fields=name", token);
            statuses[call] = answer.StatusCode;
        }

        return statuses;
    }

    private static async Task ControlAsync(RunningSandbox sandbox, string lever, object setting)
    {
        using var answer = await sandbox.Http.PostAsJsonAsync($"/_sandbox/{lever}", setting, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
