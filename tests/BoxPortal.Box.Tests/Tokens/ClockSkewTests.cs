using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace BoxPortal.Box.Tests.Tokens;

public sealed class ClockSkewTests
{
    [Theory]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(61)]
    [InlineData(-46)]
    [InlineData(400 * 24 * 3600)]
    public async Task A_wrong_clock_is_corrected_once_and_remembered(int boxIsAheadBySeconds)
    {
        var ours = FakeTime.Clock();
        var boxs = new FakeTimeProvider(ours.GetUtcNow().AddSeconds(boxIsAheadBySeconds));
        await using var box = await CannedBox.StartAsync((request, context) => AnswerByClockAsync(request, context, boxs));
        await using var client = new BoxClient(box.Address, ours);

        await client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);
        await client.Tokens.MintAsync(new BoxSubject.AppUser("7"), TestContext.Current.CancellationToken);

        Assert.Equal(3, box.Requests.Count); // refused, corrected, right at once
        Assert.Equal(3, box.Requests.Select(request => new JsonWebToken(request.Form["assertion"]).Id).Distinct().Count());
        Assert.Equal(boxIsAheadBySeconds, client.Get<BoxClock>().Correction.TotalSeconds);
        Assert.Contains(client.Log, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("Box's clock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clock_that_is_set_right_later_is_corrected_back()
    {
        var ours = FakeTime.Clock();
        var boxs = new FakeTimeProvider(ours.GetUtcNow().AddHours(1));
        await using var box = await CannedBox.StartAsync((request, context) => AnswerByClockAsync(request, context, boxs));
        await using var client = new BoxClient(box.Address, ours);
        await client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);

        ours.Advance(TimeSpan.FromHours(1));
        await client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.Zero, client.Get<BoxClock>().Correction);
    }

    [Fact]
    public async Task A_token_expires_by_our_clock_however_wrong_it_is()
    {
        var ours = FakeTime.Clock();
        var boxs = new FakeTimeProvider(ours.GetUtcNow().AddHours(1));
        await using var box = await CannedBox.StartAsync((request, context) => AnswerByClockAsync(request, context, boxs));
        await using var client = new BoxClient(box.Address, ours);

        var token = await client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken);

        Assert.Equal(ours.GetUtcNow().AddSeconds(4123), token.ExpiresAt);
    }

    [Theory]
    [InlineData("Please check the 'jti' claim. A unique 'jti' value is required.", 2)]
    [InlineData("Please check the 'exp' claim.", 2)]
    [InlineData("Current date time must be before the expiration date time listed in the 'exp' claim.", 2)]
    [InlineData("Please check the 'sub' claim. The 'sub' specified is invalid.", 1)]
    [InlineData("An expression of expertise", 1)]
    public async Task Only_what_is_about_time_is_tried_once_more_and_never_twice(string description, int requests)
    {
        await using var box = await CannedBox.StartAsync((_, context) => context.OAuthErrorAsync("invalid_grant", description));
        await using var client = new BoxClient(box.Address);

        var fault = await Assert.ThrowsAsync<BoxApiException>(
            () => client.Tokens.MintAsync(new BoxSubject.ServiceAccount(), TestContext.Current.CancellationToken));

        Assert.Equal(description, fault.Description);
        Assert.Equal(requests, box.Requests.Count);
    }

    private static Task AnswerByClockAsync(CannedRequest request, HttpContext context, FakeTimeProvider boxs)
    {
        context.Response.Headers.Date = boxs.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        var left = new JsonWebToken(request.Form["assertion"]).GetPayloadValue<long>("exp") - boxs.GetUtcNow().ToUnixTimeSeconds();
        return left switch
        {
            <= 0 => context.OAuthErrorAsync("invalid_grant", "Current date/time MUST be before the expiration date/time listed in the 'exp' claim"),
            > 60 => context.OAuthErrorAsync("invalid_grant", "Please check the 'exp' claim."),
            _ => context.TokenAsync(),
        };
    }
}
