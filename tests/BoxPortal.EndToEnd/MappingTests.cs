using System.Text.RegularExpressions;
using BoxPortal.Tests;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed class MappingTests(Chromium chromium) : PortalTest(chromium)
{
    [Fact]
    public async Task An_administrator_maps_the_newcomer_who_waits_and_their_page_turns_into_the_Explorer()
    {
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync("/people");
        await Assertions.Expect(priya.Page.Locator(".table-frame[data-interactive]")).ToBeVisibleAsync();
        var appUser = Enterprise.AddAppUser("Noah L. (firmware)", null);
        Enterprise.AddMembership(appUser, Enterprise.GroupsByName["Engineering"]);

        var noah = await ArriveAsync(People.Newcomer);
        await noah.SignInAsync();
        var reference = await noah.ExpectCardAsync("Your files are not connected yet");
        var top = priya.Page.GetByRole(AriaRole.Row).Nth(1);
        await Assertions.Expect(top).ToContainTextAsync(noah.Person.Name, new() { Timeout = 2_000 });
        await Assertions.Expect(top).ToContainTextAsync(reference);
        await Assertions.Expect(top).Not.ToContainTextAsync("never"); // signed in a moment ago
        await Assertions.Expect(noah.Card).ToContainTextAsync("You have been on the administrators' page since");
        await Assertions.Expect(noah.Card).ToContainTextAsync("Your administrator is Priya Raman.");
        await noah.LookAsync("waiting");
        await priya.LookAsync("people");

        await priya.Page.GetByRole(AriaRole.Button, new() { Name = $"Map {noah.Person.Name}" }).ClickAsync();
        var dialog = priya.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Searchbox).FillAsync("Noah L.");
        await dialog.GetByRole(AriaRole.Radio, new() { Name = appUser.Id }).CheckAsync();
        await dialog.GetByLabel("Reason").FillAsync("New in firmware");
        await priya.LookAsync("map-existing");
        await dialog.GetByRole(AriaRole.Button, new() { Name = $"Map {noah.Person.Name}" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);

        await Assertions.Expect(noah.Explorer.Element).ToBeVisibleAsync(new() { Timeout = 5_000 });
        await Assertions.Expect(noah.Explorer.Names).ToContainTextAsync(["Engineering"]);

        await priya.Page.GetByRole(AriaRole.Searchbox).FillAsync(noah.Person.Name);
        await priya.Page.GetByRole(AriaRole.Button, new() { Name = $"Unmap {noah.Person.Name}" }).ClickAsync();
        await dialog.GetByLabel("Reason").FillAsync("Wrong person");
        await priya.LookAsync("unmap");
        await dialog.GetByRole(AriaRole.Button, new() { Name = $"Unmap {noah.Person.Name}" }).ClickAsync();

        await noah.ExpectCardAsync("Your account has no files", withinMilliseconds: 5_000);
        await noah.LookAsync("unmapped");
    }

    [Fact]
    public async Task An_administrator_creates_the_app_user_of_a_newcomer()
    {
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync("/people");
        var noah = await ArriveAsync(People.Newcomer);
        await noah.SignInAsync();
        await noah.ExpectCardAsync("Your files are not connected yet");

        await priya.Page.GetByRole(AriaRole.Button, new() { Name = $"Map {noah.Person.Name}" }).ClickAsync();
        var dialog = priya.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("A new app user").CheckAsync();
        await dialog.GetByLabel("Reason").FillAsync("Started today");
        await priya.LookAsync("map-new");
        await dialog.GetByRole(AriaRole.Button, new() { Name = $"Create and map {noah.Person.Name}" }).ClickAsync();

        // A new app user is in no group, and the page says so by itself.
        await Assertions.Expect(noah.Explorer.Element).ToBeVisibleAsync(new() { Timeout = 5_000 });
        await noah.ExpectCardAsync("You are in no group yet");
        Assert.Equal(noah.Person.Name, Host.AppUserOf(noah.Person).Name);
    }

    [Fact]
    public async Task Help_desk_and_auditor_read_and_change_nothing()
    {
        var kenji = await ArriveAsync(People.HelpDesk);
        await kenji.SignInAsync("/people");
        await Assertions.Expect(kenji.Page.GetByRole(AriaRole.Row).Nth(1)).ToBeVisibleAsync();
        await Assertions.Expect(kenji.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Map|Unmap) ") })).ToHaveCountAsync(0);
        await kenji.LookAsync("people-help-desk");

        var charlotte = await ArriveAsync(People.Auditor);
        await charlotte.SignInAsync("/record");
        await Assertions.Expect(charlotte.Page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync(charlotte.Person.UserName);
        await charlotte.LookAsync("record");
        var when = charlotte.Page.Locator(".fact-when time").First;
        await Assertions.Expect(when).ToHaveTextAsync(new Regex("^(now|[1-5]?[0-9] min ago)$"));
        await Assertions.Expect(when).ToHaveAttributeAsync("title", new Regex("[0-9]{4} at [0-9]{2}:[0-9]{2}:[0-9]{2} (WET|WEST|GMT)")); // in her zone
        await charlotte.Page.GetByLabel("What").SelectOptionAsync("Signed in");
        await charlotte.Page.GetByLabel("From").FillAsync("2020-01-31");
        await charlotte.Page.GetByRole(AriaRole.Button, new() { Name = "Show" }).ClickAsync();
        await charlotte.Page.WaitForURLAsync("**/record?kind=signedin&from=2020-01-31");
        await Assertions.Expect(charlotte.Page.Locator(".fact-what strong").Filter(new() { HasNotText = "Signed in" })).ToHaveCountAsync(0);
        await charlotte.LookAsync("record-filtered");
        await charlotte.Page.GetByRole(AriaRole.Link, new() { Name = "Remove filters" }).ClickAsync();
        await charlotte.Page.WaitForURLAsync("**/record");

        var maya = await ArriveAsync(People.Maya);
        maya.Problems.Foresee("status of 403");
        await maya.SignInAsync("/people");
        await Assertions.Expect(maya.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await Assertions.Expect(maya.Page.GetByRole(AriaRole.Row)).ToHaveCountAsync(0);
        await maya.LookAsync("access-denied");
    }
}
