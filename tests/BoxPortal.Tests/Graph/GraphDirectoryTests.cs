using System.Net;
using System.Net.Http.Json;
using BoxPortal.Graph;
using BoxPortal.Sandbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Tests.Graph;

/// <summary>The directory, read from the sandbox.</summary>
public sealed class GraphDirectoryTests : IAsyncLifetime
{
    private const string Users = "/v1.0/users";

    private readonly FakeTimeProvider _clock = PassingTime.StoppedClock();
    private PortalHost _portal = null!;

    private IEnumerable<SeenRequest> PageRequests => _portal.Requests.Where(request => request.Path.StartsWith(Users, StringComparison.Ordinal));

    private GraphDirectory Graph => _portal.Services.GetRequiredService<GraphDirectory>();

    private int TokenRequests => _portal.Requests.Count(request => request.Path.EndsWith("/oauth2/v2.0/token", StringComparison.Ordinal));

    public async ValueTask InitializeAsync() => _portal = await PortalHost.StartAsync(clock: _clock);

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task Five_thousand_people_are_listed_each_once()
    {
        using var http = new HttpClient { BaseAddress = _portal.SandboxAddress };
        using var reseeded = await http.PostAsJsonAsync("/_sandbox/reseed", new { people = 5000 }, PortalHost.Cancellation);
        reseeded.EnsureSuccessStatusCode();

        var people = await ListAsync();

        Assert.Equal(5000, people.Count);
        Assert.Equal(
            _portal.Directory.Everyone.Select(person => new DirectoryPerson(person.ObjectId, person.Name, person.UserName, person.UserName, true, person.Department, person.JobTitle)),
            people);
        Assert.Equal(6, PageRequests.Count());
        Assert.All(PageRequests, request => Assert.Contains("$top=999", request.Path, StringComparison.Ordinal));
        Assert.Equal(1, TokenRequests);
    }

    [Fact]
    public async Task Whose_account_is_disabled_is_listed_as_such()
    {
        _portal.Directory.Replace([People.Maya, People.Tomas with { AccountEnabled = false }]);

        var people = await ListAsync();

        Assert.Equal([true, false], people.Select(person => person.AccountEnabled));
    }

    [Fact]
    public async Task Groups_are_found_by_how_their_names_begin()
    {
        var odd = new BoxPortal.Sandbox.DirectoryGroup(Guid.NewGuid(), "Sales' & more");
        _portal.Directory.Replace(_portal.Directory.Everyone, [.. _portal.Directory.Groups, odd]);

        Assert.Equal([BoxPortal.Sandbox.Directory.GroupNamed("Sales").Id, odd.Id], (await Graph.FindGroupsAsync("sales", PortalHost.Cancellation)).Select(group => group.ObjectId));
        Assert.Equal([new(odd.Id, odd.Name)], await Graph.FindGroupsAsync("Sales' &", PortalHost.Cancellation));
        Assert.Equal(GraphDirectory.MostFound, (await Graph.FindGroupsAsync("", PortalHost.Cancellation)).Count);
    }

    [Fact]
    public async Task The_members_of_a_group_are_listed_over_all_pages()
    {
        var group = BoxPortal.Sandbox.Directory.GroupNamed("Sales").Id;
        _portal.Directory.Replace([.. Enumerable.Range(0, 2500).Select(number => People.Maya with { ObjectId = Guid.NewGuid(), DirectoryGroups = number % 5 < 3 ? [group] : [] })]);

        var members = await Graph.MembersAsync(group, PortalHost.Cancellation);

        Assert.Equal(_portal.Directory.Everyone.Where(person => person.DirectoryGroups.Count > 0).Select(person => person.ObjectId).ToHashSet(), members);
        Assert.Equal(2, _portal.Requests.Count(request => request.Path.Contains("/transitiveMembers", StringComparison.Ordinal)));
        Assert.Empty(await Graph.MembersAsync(BoxPortal.Sandbox.Directory.GroupNamed("Finance").Id, PortalHost.Cancellation));
        var gone = await Assert.ThrowsAsync<GraphException>(() => Graph.MembersAsync(Guid.NewGuid(), PortalHost.Cancellation));
        Assert.Equal((HttpStatusCode.NotFound, "Request_ResourceNotFound", false), (gone.Status, gone.Code, gone.IsTransient));
    }

    [Fact]
    public async Task Who_holds_an_app_role_is_listed_and_a_role_that_is_gone_is_nobodys_and_not_nothing()
    {
        Assert.Equal([People.Auditor.ObjectId], await Graph.HoldersAsync("Auditor", PortalHost.Cancellation));
        Assert.Null(await Graph.HoldersAsync("Pilot", PortalHost.Cancellation));
    }

    [Fact]
    public async Task An_app_role_that_a_group_is_assigned_is_held_by_everybody_in_it()
    {
        var group = new BoxPortal.Sandbox.DirectoryGroup(Guid.NewGuid(), "Revision") { AppRoles = ["Auditor"] };
        _portal.Directory.Replace(
            [.. _portal.Directory.Everyone.Select(person => person.ObjectId == People.Maya.ObjectId || person.ObjectId == People.Auditor.ObjectId
                ? person with { DirectoryGroups = [.. person.DirectoryGroups, group.Id] }
                : person)],
            [.. _portal.Directory.Groups, group]);

        Assert.Equal(new[] { People.Auditor.ObjectId, People.Maya.ObjectId }.ToHashSet(), await Graph.HoldersAsync("Auditor", PortalHost.Cancellation));
        Assert.Equal([People.HelpDesk.ObjectId], await Graph.HoldersAsync("HelpDesk", PortalHost.Cancellation));
    }

    [Fact]
    public async Task Where_Graph_asks_to_wait_the_list_waits()
    {
        await _portal.SpoilAsync(new { path = Users, status = 429, retryAfter = 40 });
        var start = _clock.GetUtcNow();

        var people = await _clock.PassUntilAsync(ListAsync());

        Assert.Equal(_portal.Directory.Everyone.Count, people.Count);
        Assert.True(_clock.GetUtcNow() - start >= TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A_wait_that_nobody_would_sit_out_is_refused_at_once_with_its_length()
    {
        await _portal.SpoilAsync(new { path = Users, status = 429, retryAfter = 61 });

        var fault = await Assert.ThrowsAsync<GraphException>(ListAsync);

        Assert.Equal((HttpStatusCode.TooManyRequests, "TooManyRequests", TimeSpan.FromSeconds(61), true), (fault.Status, fault.Code, fault.RetryAfter, fault.IsTransient));
        Assert.Single(PageRequests);
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("html")]
    [InlineData("empty")]
    [InlineData("reset")]
    [InlineData("status")]
    public async Task An_answer_that_is_not_whole_is_asked_for_again(string mode)
    {
        await _portal.SpoilAsync(new { path = Users, mode });
        await _portal.SpoilAsync(new { path = $"/{BoxPortal.Sandbox.Directory.TenantId}/oauth2/v2.0/token", mode });

        var people = await _clock.PassUntilAsync(ListAsync());

        Assert.Equal(_portal.Directory.Everyone.Count, people.Count);
        Assert.Equal(2, _portal.Requests.Count(request => request.Fault == mode));
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("html")]
    [InlineData("empty")]
    [InlineData("reset")]
    [InlineData("status")]
    public async Task A_list_whose_second_page_never_comes_whole_is_a_fault(string mode)
    {
        _portal.Directory.Replace([.. Enumerable.Range(0, 1500).Select(_ => People.Maya with { ObjectId = Guid.NewGuid() })]);
        await using var list = Directory.ListAsync(PortalHost.Cancellation).GetAsyncEnumerator(PortalHost.Cancellation);
        Assert.True(await list.MoveNextAsync());
        await _portal.SpoilAsync(new { path = Users, mode, times = 100 });
        var read = 1;

        var fault = await Assert.ThrowsAsync<GraphException>(() => _clock.PassUntilAsync(ReadOnAsync()));

        Assert.Equal(999, read);
        Assert.True(fault.IsTransient);
        Assert.Equal(1 + 7, PageRequests.Count());

        async Task<bool> ReadOnAsync()
        {
            for (; await list.MoveNextAsync(); read++)
            {
            }

            return true;
        }
    }

    [Fact]
    public async Task Without_the_permission_the_refusal_says_so_with_its_request_id()
    {
        await _portal.SpoilAsync(new { path = Users, status = 403 });

        var fault = await Assert.ThrowsAsync<GraphException>(ListAsync);

        Assert.Equal((HttpStatusCode.Forbidden, "Authorization_RequestDenied", false), (fault.Status, fault.Code, fault.IsTransient));
        Assert.Equal(PageRequests.Single().RequestId, fault.RequestId);
        Assert.Equal($"127.0.0.1 answered GET /v1.0/users with 403 Authorization_RequestDenied: Insufficient privileges to complete the operation., request {fault.RequestId}", fault.Message);
    }

    [Theory]
    [InlineData("AzureAd:ClientSecret", "sbxWrongSignInSecret0000000000000000000000001", "invalid_client", "AADSTS7000215")]
    [InlineData("AzureAd:ClientId", "6731de76-14a6-49ae-97bc-6eba6914391e", "unauthorized_client", "AADSTS700016")]
    public async Task An_application_that_the_provider_does_not_know_is_refused_once(string key, string value, string code, string words)
    {
        await using var portal = await PortalHost.StartAsync(new Dictionary<string, string> { [key] = value }, beside: _portal);

        var fault = await Assert.ThrowsAsync<GraphException>(() => ListAsync(portal));

        Assert.Equal((code, false), (fault.Code, fault.IsTransient));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sbx", $"{fault}{string.Join('\n', portal.Logs)}", StringComparison.Ordinal);
        Assert.Equal((1, 0), (TokenRequests, PageRequests.Count()));
    }

    [Fact]
    public async Task A_token_that_Graph_honours_no_more_is_replaced_once()
    {
        await ListAsync();
        await _portal.SpoilAsync(new { path = Users, status = 401 });

        await ListAsync();

        Assert.Equal([200, 401, 200], PageRequests.Select(request => request.Status));
        Assert.NotEqual(PageRequests.First().TokenFingerprint, PageRequests.Last().TokenFingerprint);
        Assert.Equal(2, TokenRequests);

        await _portal.SpoilAsync(new { path = Users, status = 401, times = 100 });
        var fault = await Assert.ThrowsAsync<GraphException>(ListAsync);
        Assert.Equal((HttpStatusCode.Unauthorized, 3), (fault.Status, TokenRequests));
    }

    [Fact]
    public async Task One_token_serves_all_until_shortly_before_its_end()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ListAsync()));
        Assert.Equal(1, TokenRequests);

        _clock.Advance(TimeSpan.FromMinutes(56));
        await ListAsync();
        Assert.Equal(1, TokenRequests);

        _clock.Advance(TimeSpan.FromMinutes(2));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ListAsync()));
        Assert.Equal(2, TokenRequests);
    }

    [Fact]
    public async Task Where_it_is_not_switched_on_nobody_is_asked()
    {
        await using var portal = await PortalHost.StartAsync(new Dictionary<string, string> { ["Graph:Enabled"] = "false" }, beside: _portal);

        await Assert.ThrowsAsync<InvalidOperationException>(() => ListAsync(portal));

        Assert.False(portal.Services.GetRequiredService<GraphDirectory>().IsEnabled);
        Assert.Equal((0, 0), (TokenRequests, PageRequests.Count()));
    }

    [Fact]
    public async Task Whoever_asks_may_stop_waiting()
    {
        await _portal.SpoilAsync(new { path = Users, delayMs = 60_000 });
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Directory.ListAsync(patience.Token).CountAsync(PortalHost.Cancellation));
    }

    private GraphDirectory Directory => _portal.Services.GetRequiredService<GraphDirectory>();

    private Task<List<DirectoryPerson>> ListAsync() => ListAsync(_portal);

    private static Task<List<DirectoryPerson>> ListAsync(PortalHost portal) =>
        portal.Services.GetRequiredService<GraphDirectory>().ListAsync(PortalHost.Cancellation).ToListAsync(PortalHost.Cancellation).AsTask();
}
