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
