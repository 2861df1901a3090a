namespace BoxPortal.Box.Tests.Tokens;

public sealed class BoxSubjectTokensTests
{
    [Fact]
    public async Task Two_hundred_first_asks_cause_one_assertion()
    {
        await using var box = await CannedBox.StartAsync((_, context) => context.TokenAsync());
        await using var client = new BoxClient(box.Address);
        var tokens = client.Get<BoxSubjectTokens>();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(
            _ => Task.Run(() => tokens.GetAsync(new BoxSubject.AppUser("7"), TestContext.Current.CancellationToken).AsTask())));

        Assert.Single(box.Requests);
    }

    [Fact]
    public async Task Each_subject_has_a_token_of_its_own()
    {
        await using var box = await CannedBox.StartAsync((_, context) => context.TokenAsync());
        await using var client = new BoxClient(box.Address);
        var tokens = client.Get<BoxSubjectTokens>();
        BoxSubject[] subjects = [new BoxSubject.ServiceAccount(), new BoxSubject.AppUser("7"), new BoxSubject.AppUser("8")];

        var given = new HashSet<string>();
        foreach (var subject in subjects.Concat(subjects))
        {
            given.Add((await tokens.GetAsync(subject, TestContext.Current.CancellationToken)).Value);
        }

        Assert.Equal(3, given.Count);
        Assert.Equal(3, box.Requests.Count);
    }

    [Fact]
    public async Task A_token_Box_no_longer_honours_is_replaced_once_for_all_who_hold_it()
    {
        var revoked = "";
        await using var box = await CannedBox.StartWithTokensAsync((request, context) =>
        {
            if (request.Authorization != revoked)
            {
                return context.UserAsync();
            }

            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"Service\", error=\"invalid_token\", error_description=\"The access token provided is invalid.\"";
            return Task.CompletedTask;
        });
        await using var client = new BoxClient(box.Address);
        await client.Users.GetAsync("11", TestContext.Current.CancellationToken);
        revoked = box.Requests[^1].Authorization;

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.Users.GetAsync("11", TestContext.Current.CancellationToken)));

        Assert.Equal(2, box.Requests.Count(request => request.IsForToken));
    }

    [Fact]
    public async Task A_second_refusal_is_final()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"Service\", error=\"invalid_token\", error_description=\"The access token provided is invalid.\"";
            return Task.CompletedTask;
        });
        await using var client = new BoxClient(box.Address);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => client.Users.GetAsync("11", TestContext.Current.CancellationToken));

        Assert.Equal("invalid_token", fault.Code);
        Assert.Equal("The access token provided is invalid.", fault.Description);
        Assert.Equal(2, box.ApiRequests.Count);
    }
}
