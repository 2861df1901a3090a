using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace BoxPortal.Box.Tests.Http;

public sealed class PagingTests
{
    [Fact]
    public async Task A_list_by_marker_is_read_to_its_end()
    {
        await using var box = await CannedBox.StartWithTokensAsync((request, context) => request.Query.GetValueOrDefault("marker") switch
        {
            null => PageAsync(context, ["1", "2"], """ "limit":1000,"next_marker":"a b+c" """),
            "a b+c" => PageAsync(context, [], """ "limit":1000,"next_marker":"last" """), // an empty page is not the end
            _ => PageAsync(context, ["3"], """ "limit":1000,"next_marker":"" """),
        });
        await using var client = new BoxClient(box.Address);

        var ids = await Users(client, "Ada & co").Select(user => user.Id).ToArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["1", "2", "3"], ids);
        Assert.All(box.ApiRequests, request => Assert.Equal(
            ("true", "1000", "Ada & co"), (request.Query["usemarker"], request.Query["limit"], request.Query["filter_term"])));
        Assert.Contains("external_app_user_id", box.ApiRequests[0].Query["fields"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_are_asked_for_as_they_are_needed()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => PageAsync(context, ["1", "2"], """ "next_marker":"more" """));
        await using var client = new BoxClient(box.Address);

        await Users(client).FirstAsync(TestContext.Current.CancellationToken);

        Assert.Single(box.ApiRequests);
    }

    [Fact]
    public async Task A_list_that_leads_in_a_circle_is_a_fault()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => PageAsync(context, ["1"], """ "next_marker":"same" """));
        await using var client = new BoxClient(box.Address);

        await Assert.ThrowsAsync<BoxApiException>(async () => await Users(client).CountAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_list_by_offset_goes_on_after_the_answers_limit_and_not_after_its_entries()
    {
        await using var box = await CannedBox.StartWithTokensAsync((request, context) =>
            PageAsync(context, [$"1{request.Query["offset"]}"], """ "limit":100,"total_count":250 """)); // one entry each, the rest is hidden from us
        await using var client = new BoxClient(box.Address);

        var ids = await Groups(client).Select(group => group.Id).ToArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["10", "1100", "1200"], ids);
    }

    [Theory]
    [InlineData(10_001, true)]
    [InlineData(11_000, true)]
    [InlineData(11_001, false)]
    public async Task Beyond_what_Box_gives_a_list_is_a_fault_and_not_shorter(int total, bool isWhole)
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) =>
            PageAsync(context, ["1"], $""" "limit":1000,"total_count":{total} """));
        await using var client = new BoxClient(box.Address);

        var fault = await Record.ExceptionAsync(async () => await Groups(client).CountAsync(TestContext.Current.CancellationToken));

        Assert.Equal(11, box.ApiRequests.Count);
        Assert.Equal(isWhole, fault is null);
        Assert.True(isWhole || fault is BoxApiException { IsTransient: false });
    }

    [Theory]
    [InlineData("\"limit\":100")]
    [InlineData("\"total_count\":5")]
    [InlineData("\"limit\":0,\"total_count\":5")]
    [InlineData("\"limit\":-1,\"total_count\":5")]
    [InlineData("\"limit\":100,\"total_count\":-5")]
    public async Task A_page_that_does_not_say_how_to_go_on_is_a_fault(string numbers)
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => PageAsync(context, ["1"], numbers));
        await using var client = new BoxClient(box.Address);

        await Assert.ThrowsAsync<BoxApiException>(async () => await Groups(client).CountAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"entries":null,"next_marker":null}""")]
    [InlineData("""{"entries":[null]}""")]
    [InlineData("""{"entries":[{"type":"user","id":"","name":"a","login":"b","status":"active"}]}""")]
    [InlineData("""{"entries":[{"type":"user","name":"a","login":"b","status":"active"}]}""")]
    [InlineData("""{"entries":[{"type":"user","id":"1","name":"a","login":"b","status":"unheard of"}]}""")]
    [InlineData("<html>")]
    public async Task A_page_that_is_not_whole_is_a_fault_and_not_an_end(string page)
    {
        var clock = FakeTime.Clock();
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(200, page));
        await using var client = new BoxClient(box.Address, clock);

        await Assert.ThrowsAsync<BoxApiException>(
            () => clock.PassAsync(Users(client).CountAsync(TestContext.Current.CancellationToken).AsTask()));
    }

    [Fact]
    public async Task Listing_stops_when_asked_to()
    {
        await using var box = await CannedBox.StartWithTokensAsync((request, context) =>
            PageAsync(context, ["1"], $""" "next_marker":"{request.Query.GetValueOrDefault("marker")}x" """)); // no end
        await using var client = new BoxClient(box.Address);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var seen = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in client.Users.ListAsync(null, enough.Token))
            {
                if (++seen == 3)
                {
                    await enough.CancelAsync();
                }
            }
        });

        Assert.Equal(3, seen);
    }

    private static IAsyncEnumerable<BoxUser> Users(BoxClient client, string? filterTerm = null) =>
        client.Users.ListAsync(filterTerm, TestContext.Current.CancellationToken);

    private static IAsyncEnumerable<BoxGroup> Groups(BoxClient client) =>
        client.Get<BoxGroups>().ListAsync(null, TestContext.Current.CancellationToken);

    /// <summary>A page of users, which do for groups too.</summary>
    private static Task PageAsync(HttpContext context, string[] ids, string numbers)
    {
        var page = JsonNode.Parse($"{{{numbers}}}")!.AsObject();
        page["entries"] = new JsonArray([.. ids.Select(id => JsonNode.Parse(CannedAnswers.User(id)))]);
        return context.JsonAsync(200, page.ToJsonString());
    }
}
