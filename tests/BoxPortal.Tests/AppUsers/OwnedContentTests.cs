using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

public sealed class OwnedContentTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    [Fact]
    public async Task Folders_of_ones_own_that_others_use_are_found_with_how_many_use_them()
    {
        var (maya, tomas) = (host.Portal.AppUserOf(People.Maya), host.Portal.AppUserOf(People.Tomas));
        foreach (var number in Enumerable.Range(0, 20))
        {
            host.Portal.Enterprise.AddCollaboration(host.Portal.Enterprise.AddFolder(maya.Root, $"Shared {number:00}", maya), tomas, "viewer");
        }

        var kit = host.Portal.Enterprise.AddFolder(maya.Root, "Kit", maya);
        host.Portal.Enterprise.AddCollaboration(kit, tomas, "viewer");
        host.Portal.Enterprise.AddCollaboration(kit, host.Portal.Enterprise.GroupsByName["Engineering"], "editor");
        host.Portal.Enterprise.AddCollaboration(kit, host.Portal.Enterprise.GroupsByName["Sales"], "viewer");
        host.Portal.Enterprise.AddFolder(maya.Root, "Nobody else's", maya);

        var news = await FindAsync(await host.Portal.SessionOfAsync(People.Administrator), maya.Id).ToListAsync(PortalHost.Cancellation);

        Assert.Equal(Enumerable.Range(0, 22), news.Select(found => found.Looked)); // after each, and of 21
        Assert.All(news, found => Assert.Equal((21, found.Looked == 21), (found.Total, found.IsAll)));
        Assert.Equal(21, news[^1].Used.Count);
        Assert.Equal(new SharedFolder("Kit", 1, 2), news[^1].Used[0]);
        Assert.All(news[^1].Used.Skip(1), folder => Assert.Equal((1, 0), (folder.Users, folder.Groups)));
        var collaborations = host.Portal.Requests.Where(request => request.Fault is null && request.Path.Contains("/collaborations", StringComparison.Ordinal)).ToList(); // another test spoils one
        Assert.All(collaborations, request => Assert.Equal(maya.Id, request.UserId));
    }

    [Fact]
    public async Task What_is_shared_with_somebody_is_nothing_they_take_away()
    {
        var news = await FindAsync(await host.Portal.SessionOfAsync(People.Administrator), host.Portal.AppUserOf(BoxPortal.Sandbox.Directory.Named("helen.ashworth")).Id).ToListAsync(PortalHost.Cancellation);

        Assert.Equal(new OwnedContentFound(0, 0, []), Assert.Single(news), Same);
    }

    [Fact]
    public async Task Only_administrators_are_told() =>
        Assert.Empty(await FindAsync(await host.Portal.SessionOfAsync(People.HelpDesk), host.Portal.AppUserOf(People.Maya).Id).ToListAsync(PortalHost.Cancellation));

    [Fact]
    public async Task Half_an_answer_is_no_answer()
    {
        var owner = host.Portal.AppUserOf(BoxPortal.Sandbox.Directory.Named("rafael.moreira"));
        var shared = host.Portal.Enterprise.AddFolder(owner.Root, "Shared", owner);
        host.Portal.Enterprise.AddCollaboration(shared, host.Portal.AppUserOf(People.Tomas), "viewer");
        await host.Portal.SpoilAsync(new { path = $"/2.0/folders/{shared.Id}/collaborations", status = 403 });
        List<OwnedContentFound> news = [];

        await Assert.ThrowsAsync<BoxApiException>(async () =>
        {
            await foreach (var found in FindAsync(await host.Portal.SessionOfAsync(People.Administrator), owner.Id))
            {
                news.Add(found);
            }
        });

        Assert.DoesNotContain(news, found => found.IsAll);
    }

    private static bool Same(OwnedContentFound one, OwnedContentFound other) => (one.Total, one.Looked, one.Used.Count) == (other.Total, other.Looked, other.Used.Count);

    private IAsyncEnumerable<OwnedContentFound> FindAsync(ClaimsPrincipal actor, string appUserId) =>
        host.Portal.Services.GetRequiredService<OwnedContent>().FindSharedAsync(actor, appUserId, PortalHost.Cancellation);
}
