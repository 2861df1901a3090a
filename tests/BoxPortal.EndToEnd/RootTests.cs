using BoxPortal.Sandbox;
using BoxPortal.Tests;
using Microsoft.Playwright;
using Directory = BoxPortal.Sandbox.Directory;

namespace BoxPortal.EndToEnd;

public sealed class RootTests(Chromium chromium) : PortalTest(chromium)
{
    [Fact]
    public async Task Each_person_sees_the_root_that_Box_lists_for_them()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        var tomas = await ArriveAtExplorerAsync(People.Tomas);

        var mayas = await Host.ListRootAsync(People.Maya);
        var tomass = await Host.ListRootAsync(People.Tomas);
        Assert.NotEmpty(tomass);
        Assert.NotEqual(mayas, tomass);
        await Assertions.Expect(maya.Explorer.Names).ToHaveTextAsync(mayas);
        await Assertions.Expect(tomas.Explorer.Names).ToHaveTextAsync(tomass);
        await Assertions.Expect(maya.Explorer.Add).ToHaveCountAsync(0); // nothing is uploaded beside the shared folders
        await maya.LookAsync("explorer-root");
    }

    [Fact]
    public async Task Somebody_in_no_group_is_told_so()
    {
        var ingrid = await ArriveAsync(Directory.Named("ingrid.solberg"));
        await ingrid.SignInAsync();

        await ingrid.ExpectCardAsync("You are in no group yet");

        Assert.Empty(await Host.ListRootAsync(ingrid.Person));
        await ingrid.LookAsync("no-groups");
    }

    [Fact]
    public async Task Folders_appear_by_themselves_once_somebody_is_put_into_a_group()
    {
        var ingrid = await ArriveAsync(Directory.Named("ingrid.solberg"));
        await ingrid.SignInAsync();
        await ingrid.ExpectCardAsync("You are in no group yet");

        Enterprise.AddMembership(Host.AppUserOf(ingrid.Person), Enterprise.GroupsByName[Seed.Everyone]);

        await ingrid.Explorer.ExpectStateAsync("ready", withinMilliseconds: 10_000);
        await Assertions.Expect(ingrid.Explorer.Names).ToHaveTextAsync(await Host.ListRootAsync(ingrid.Person));
    }

    [Fact]
    public async Task Somebody_whose_groups_have_no_folders_is_told_so()
    {
        var ingrid = Directory.Named("ingrid.solberg");
        Enterprise.AddMembership(Host.AppUserOf(ingrid), Enterprise.AddGroup("Summer fair"));

        var visitor = await ArriveAsync(ingrid);
        await visitor.SignInAsync();

        await visitor.ExpectCardAsync("Your groups have no folders yet");
        await visitor.LookAsync("no-folders");
    }

    [Fact]
    public async Task Folders_that_no_list_shows_open_by_their_links()
    {
        var ingrid = Directory.Named("ingrid.solberg");
        var group = Enterprise.AddGroup("Summer fair");
        Enterprise.AddMembership(Host.AppUserOf(ingrid), group);
        var tents = Enterprise.AddFolder(Enterprise.ServiceAccount.Root, "Tents");
        Enterprise.AddFile(tents, "Sizes.txt", "large"u8.ToArray());
        Enterprise.AddCollaboration(tents, group, "viewer", isAccessOnly: true);
        var visitor = await ArriveAsync(ingrid);
        await visitor.SignInAsync();

        await visitor.ExpectCardAsync("Your folders are not listed");
        await visitor.LookAsync("hidden-folders");
        await visitor.Card.GetByRole(AriaRole.Link, new() { Name = "Tents" }).ClickAsync();

        await Assertions.Expect(visitor.Explorer.Names).ToHaveTextAsync(["Sizes.txt"]);
    }

    [Fact]
    public async Task An_address_that_Box_does_not_know_is_told_from_a_Box_that_is_down()
    {
        var maya = await ArriveAsync(People.Maya);
        maya.Problems.Foresee("CORS", "net::ERR_FAILED", "/box/explorer.", "status of 403", "Network Error", "status of 404", "status of 401");
        Enterprise.App.CorsOrigins.Clear();
        await maya.SignInAsync();

        await maya.ExpectCardAsync("This address is not set up yet");
        await Assertions.Expect(maya.Card).ToContainTextAsync(Host.Address.GetLeftPart(UriPartial.Authority));
        await maya.LookAsync("origin-unknown");
        Enterprise.App.CorsOrigins.Add(Host.Address.GetLeftPart(UriPartial.Authority));
        await maya.Card.GetByRole(AriaRole.Button, new() { Name = "Try now" }).ClickAsync();

        await maya.Explorer.ExpectStateAsync("ready");
    }

    [Fact]
    public async Task Somebody_who_may_only_view_is_offered_nothing_else()
    {
        var tomas = await ArriveAtExplorerAsync(People.Tomas);

        await tomas.Explorer.OpenFolderAsync("Company");

        await Assertions.Expect(tomas.Explorer.Names).ToHaveTextAsync(await Host.ListPathAsync(People.Tomas, "Company"));
        Assert.Equal(["Download"], await tomas.Explorer.OffersOfAsync("Welcome.md"));
        Assert.Empty(await tomas.Explorer.OffersOfAsync("Policies"));
        await Assertions.Expect(tomas.Explorer.Add).ToHaveCountAsync(0);
        await tomas.LookAsync("explorer-viewer");
    }
}
