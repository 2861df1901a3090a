using BoxPortal.Sandbox;
using BoxPortal.Tests;
using BoxPortal.Tests.Groups;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

/// <summary>Where a person is in their files, by the browser's account: its address bar, its way back, and what changes under an open page.</summary>
public sealed class AddressTests(Chromium chromium) : PortalTest(chromium)
{
    [Fact]
    public async Task The_address_is_the_folder_and_the_way_back_leads_through_those_before()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        var (heron, minutes) = (IdOf("Heron"), IdOf("Minutes"));

        await maya.Explorer.OpenFolderAsync("Heron");
        await maya.Explorer.OpenFolderAsync("Minutes");
        await ExpectAddressAsync(maya, $"/files/{minutes}");
        await maya.Page.GoBackAsync();
        await maya.Explorer.ExpectPathAsync("All Files", "Heron");
        await ExpectAddressAsync(maya, $"/files/{heron}");
        Assert.Equal($"/files/{heron}", await maya.Page.Locator(".languages [name=returnUrl]").InputValueAsync());
        await maya.Page.GoForwardAsync();
        await maya.Explorer.ExpectPathAsync("All Files", "Heron", "Minutes");
        await maya.Page.ReloadAsync();
        await maya.Explorer.ExpectPathAsync("All Files", "Heron", "Minutes");
        await maya.Explorer.GoBackToAsync("All Files");
        await ExpectAddressAsync(maya, "/files");

        await maya.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("/files#content", await maya.Page.Locator(".skip-link").GetAttributeAsync("href"));
    }

    [Fact]
    public async Task A_link_to_a_folder_opens_it_after_the_sign_in()
    {
        var maya = await ArriveAsync(People.Maya);

        await maya.SignInAsync($"/files/{IdOf("Minutes")}");

        await maya.Explorer.ExpectPathAsync("All Files", "Heron", "Minutes");
        await Assertions.Expect(maya.Explorer.Names).ToHaveTextAsync(await Host.ListPathAsync(People.Maya, "Heron", "Minutes"));
    }

    [Fact]
    public async Task A_folder_of_others_looks_like_one_that_does_not_exist()
    {
        var tomas = await ArriveAsync(People.Tomas);
        tomas.Problems.Foresee("status of 404", "status of 403", "not_found");

        await tomas.SignInAsync($"/files/{IdOf("Board")}");
        await tomas.ExpectTitleAsync("You cannot open this folder");
        var ofOthers = await tomas.Card.InnerTextAsync();
        await tomas.Page.GotoAsync("/files/4711000000");
        await tomas.ExpectTitleAsync("You cannot open this folder");
        Assert.Equal(ofOthers, await tomas.Card.InnerTextAsync());
        await tomas.LookAsync("folder-gone");

        await tomas.Card.GetByRole(AriaRole.Button, new() { Name = "Back to all your files" }).ClickAsync();
        await Assertions.Expect(tomas.Explorer.Names).ToHaveTextAsync(await Host.ListRootAsync(People.Tomas));
        await ExpectAddressAsync(tomas, "/files");
    }

    [Fact]
    public async Task What_an_administrator_gives_or_takes_shows_on_the_open_page()
    {
        (await Host.SignInAsync(People.Administrator)).Dispose(); // the portal knows administrators from their sign-ins
        var administrator = await Host.SessionOfAsync(People.Administrator);
        var tomas = await ArriveAtExplorerAsync(People.Tomas);
        tomas.Problems.Foresee("status of 404", "status of 403", "not_found");
        var (user, group) = (Host.AppUserOf(People.Tomas), Enterprise.GroupsByName["Project Heron"]);

        await Host.DoAsync(administrator, user.Add(group));
        await Assertions.Expect(tomas.Explorer.Row("Heron")).ToBeVisibleAsync(new() { Timeout = 10_000 });
        await Assertions.Expect(tomas.Page.GetByRole(AriaRole.Status).GetByText("New among your files: Heron.")).ToBeVisibleAsync();
        await tomas.LookAsync("explorer-new-folder");

        await tomas.Explorer.OpenFolderAsync("Heron");
        await Host.DoAsync(administrator, user.Remove(group));
        await tomas.ExpectTitleAsync("You cannot open this folder", withinMilliseconds: 10_000);
    }

    private string IdOf(string folder) => Assert.Single(Enterprise.Folders.Values, known => known.Name == folder && (folder != "Minutes" || known.Parent?.Name == "Heron")).Id;

    private static Task ExpectAddressAsync(Visitor visitor, string path) => Assertions.Expect(visitor.Page).ToHaveURLAsync(new Uri(new Uri(visitor.Page.Url), path).ToString());
}
