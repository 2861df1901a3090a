using System.Net.Http.Json;
using System.Text.Json;
using BoxPortal.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Tokens;

public sealed class TokenRenewalTests
{
    [Fact]
    public async Task Every_token_handed_out_while_two_hours_pass_lives_five_minutes_more_and_each_hour_costs_one_mint()
    {
        var clock = PassingTime.StoppedClock();
        await using var portal = await PortalHost.StartRecoveredAsync(clock: clock);
        using var browser = await portal.SignInAsync(People.Maya);
        var appUserId = portal.AppUserOf(People.Maya).Id;
        var before = portal.Requests.Count;
        var handedOut = new HashSet<string>();

        var step = TimeSpan.FromSeconds(97);
        for (var passed = TimeSpan.Zero; passed < TimeSpan.FromMinutes(125); passed += step)
        {
            using var answer = await browser.AskForTokenAsync();
            answer.EnsureSuccessStatusCode();
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(PortalHost.Cancellation);
            var token = body.GetProperty("accessToken").GetString()!;
            Assert.True(body.GetProperty("expiresAt").GetDateTimeOffset() - clock.GetUtcNow() >= TimeSpan.FromMinutes(5), $"at {passed}");
            Assert.True(portal.Enterprise.Tokens[token].ExpiresAt - portal.Sandbox.Services.GetRequiredService<SandboxClock>().GetUtcNow() > TimeSpan.FromMinutes(4.9), $"at {passed}");
            Assert.Equal(appUserId, await portal.WhoActsWithAsync(token));
            handedOut.Add(token);
            clock.Advance(step);
            portal.Sandbox.Services.GetRequiredService<SandboxClock>().Advance(step);
        }

        // A token lives for an hour and a little: two hours are three tokens at most, each of them made once.
        Assert.InRange(handedOut.Count, 2, 3);
        var exchanges = portal.Requests.Skip(before).Count(request => request.UserId == appUserId && request.GrantType?.EndsWith("token-exchange", StringComparison.Ordinal) == true);
        var assertions = portal.Requests.Skip(before).Count(request => request.UserId == appUserId && request.GrantType?.EndsWith("jwt-bearer", StringComparison.Ordinal) == true);
        Assert.Equal(handedOut.Count, exchanges);
        Assert.InRange(assertions, 1, 3); // a parent that is still good serves for two children
    }

    [Theory]
    [InlineData(+1)]
    [InlineData(-1)]
    public async Task A_clock_that_jumps_an_hour_costs_no_more_than_one_mint(int hours)
    {
        var clock = PassingTime.StoppedClock();
        clock.Advance(TimeSpan.FromHours(2)); // so that it can go back, too
        await using var portal = await PortalHost.StartRecoveredAsync(clock: clock);
        portal.Sandbox.Services.GetRequiredService<SandboxClock>().Advance(TimeSpan.FromHours(2));
        using var browser = await portal.SignInAsync(People.Maya);
        await browser.TakeTokenAsync();
        var before = portal.Requests.Count;

        clock.AdjustTime(clock.GetUtcNow().AddHours(hours));
        var tokens = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.TakeTokenAsync()));

        Assert.Single(tokens.Distinct());
        Assert.InRange(portal.Requests.Skip(before).Count(request => request.GrantType?.EndsWith("token-exchange", StringComparison.Ordinal) == true), 0, 1);
    }
}
