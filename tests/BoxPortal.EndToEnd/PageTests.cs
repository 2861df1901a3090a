using BoxPortal.Tests;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed class PageTests(Chromium chromium) : PortalTest(chromium)
{
    [Fact]
    public async Task The_employees_page_needs_no_circuit()
    {
        var maya = await ArriveAsync(People.Maya);
        List<string> requested = [];
        var sockets = 0;
        maya.Context.Request += (_, request) =>
        {
            lock (requested)
            {
                requested.Add(request.Url);
            }
        };
        maya.Page.WebSocket += (_, _) => sockets++;

        await maya.SignInAsync();
        await maya.Explorer.OpenFolderAsync("Heron");

        Assert.Equal(0, sockets);
        Assert.DoesNotContain(requested, url => url.Contains("_framework", StringComparison.Ordinal) || url.Contains("_blazor", StringComparison.Ordinal));
        string[] known = [Host.Address.Authority, Host.SandboxAddress.Authority];
        Assert.All(requested.Where(url => url.StartsWith("http", StringComparison.Ordinal)), url => Assert.Contains(new Uri(url).Authority, known)); // no CDN
    }

    [Fact]
    public async Task A_restart_of_the_portal_loses_nothing_of_an_open_page()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("boxportal-restart-").FullName;
        try
        {
            var portal = await PortalHost.StartRecoveredAsync(beside: Host, dataFolder: folder);
            var maya = await ArriveAsync(People.Maya, portal.Address);
            maya.Problems.Foresee("/explorer/changes", "favicon"); // the stream ends with the portal, and the icon is asked for with each address
            await maya.SignInAsync();
            await maya.Explorer.OpenFolderAsync("Heron");

            await portal.DisposeAsync();
            await maya.Explorer.OpenFolderAsync("Minutes"); // from Box, which does not care
            await using var next = await PortalHost.StartAsync(beside: Host, dataFolder: folder, port: portal.Address.Port);
            foreach (var token in Enterprise.Tokens.Values.Where(token => token.UserId == Host.AppUserOf(People.Maya).Id).ToList())
            {
                Enterprise.Revoke(token.Value);
            }

            maya.Problems.Foresee("status of 401");
            await maya.Explorer.GoBackToAsync("Heron"); // with a token that the new portal makes for the old page

            await maya.Explorer.ExpectStateAsync("ready");
            await Assertions.Expect(maya.Explorer.Names).ToHaveTextAsync(await Host.ListPathAsync(People.Maya, "Heron"));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_keyboard_reaches_the_files_and_the_way_out()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);

        await maya.Page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(maya.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" })).ToBeFocusedAsync();
        await maya.Page.Keyboard.PressAsync("Enter");
        await PressUntilFocusedAsync(maya.Page, "Tab", maya.Page.GetByRole(AriaRole.Grid));
        await maya.Page.Keyboard.PressAsync("ArrowDown");
        await maya.Page.Keyboard.PressAsync("Enter");
        await maya.Explorer.ExpectPathAsync("All Files", (await Host.ListRootAsync(People.Maya))[1]); // the first had the focus

        await PressUntilFocusedAsync(maya.Page, "Shift+Tab", maya.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }));
        await maya.Page.Keyboard.PressAsync("Enter");
        await maya.Page.WaitForURLAsync("**/signed-out");
    }

    [Fact]
    public async Task The_keyboard_maps_a_person_and_the_focus_returns()
    {
        var noah = await ArriveAsync(People.Newcomer);
        await noah.SignInAsync();
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync("/people");
        var map = priya.Page.GetByRole(AriaRole.Button, new() { Name = $"Map {noah.Person.Name}" });
        await Assertions.Expect(map).ToBeEnabledAsync();
        await PressUntilFocusedAsync(priya.Page, "Tab", map);

        await priya.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        await priya.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(map).ToBeFocusedAsync();

        await priya.Page.Keyboard.PressAsync("Enter");
        var dialog = priya.Page.GetByRole(AriaRole.Dialog);
        await PressUntilFocusedAsync(priya.Page, "Tab", dialog.GetByLabel("An app user that exists in Box"));
        await priya.Page.Keyboard.PressAsync("ArrowDown");
        await PressUntilFocusedAsync(priya.Page, "Tab", dialog.GetByLabel("Reason"));
        await priya.Page.Keyboard.TypeAsync("Started today");
        await PressUntilFocusedAsync(priya.Page, "Tab", dialog.GetByRole(AriaRole.Button, new() { Name = $"Create and map {noah.Person.Name}" }));
        await priya.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        Assert.Equal(noah.Person.Name, Host.AppUserOf(noah.Person).Name);
        // The button it came from is gone: the page's heading has it, not nothing.
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Heading, new() { Name = "People" })).ToBeFocusedAsync();
    }

    [Fact]
    public async Task Every_other_page_is_fit_to_be_seen()
    {
        var maya = await ArriveAsync(People.Maya);
        maya.Problems.Foresee("status of 404");

        await maya.Page.GotoAsync("/about"); // for everybody, signed in or not
        await Assertions.Expect(maya.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await maya.LookAsync("about");
        await maya.Page.GotoAsync("/sign-in-failed");
        await maya.ExpectTitleAsync("You are not signed in");
        await maya.LookAsync("sign-in-failed");
        await maya.SignInAsync("/nowhere");
        await Assertions.Expect(maya.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await maya.LookAsync("not-found");
    }

    private static async Task PressUntilFocusedAsync(IPage page, string key, ILocator target)
    {
        for (var press = 0; press < 60; press++)
        {
            if (await target.EvaluateAsync<bool>("element => element.contains(document.activeElement)"))
            {
                return;
            }

            await page.Keyboard.PressAsync(key);
        }

        Assert.Fail($"60 times {key} did not lead to {target}.");
    }
}
