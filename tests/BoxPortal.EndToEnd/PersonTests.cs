using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Sandbox;
using BoxPortal.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

/// <summary>One person's page.</summary>
public sealed class PersonTests(Chromium chromium) : PortalTest(chromium)
{
    private static readonly System.Text.RegularExpressions.Regex s_anyAct = new("^(Map|Map anew|Re-map|Suspend|Reactivate|Unmap|Leave unmapped|Undo)");

    [Fact]
    public async Task A_click_on_the_row_opens_the_person_with_all_there_is_to_know()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync("/people?q=maya");
        var row = priya.Page.GetByRole(AriaRole.Row).Nth(1);
        await Assertions.Expect(row.GetByRole(AriaRole.Button, new() { Name = "Unmap" })).ToBeEnabledAsync();

        await Assertions.Expect(row.Locator(".cell-skeleton")).ToHaveCountAsync(0); // what arrives late moves what is to be clicked
        await row.Locator(".fact-state .chip").ClickAsync(new() { Force = true }); // the link lies over it

        await ExpectPersonAsync(priya, maya.Person);
        await Assertions.Expect(Facts(priya)).ToContainTextAsync([Host.AppUserOf(People.Maya).Id]);
        await Assertions.Expect(priya.Page.Locator(".groups > li")).ToContainTextAsync(["Engineering", "Everyone at Larkfield", "Project Heron", "Tender team"]);
        await Assertions.Expect(priya.Page.Locator(".folders li").Filter(new() { HasText = "Heron" })).ToContainTextAsync("editor");
        await Assertions.Expect(Timeline(priya)).ToContainTextAsync(["Token made", "Signed in", "Mapped"]);
        await priya.LookAsync("person-mapped");
    }

    [Fact]
    public async Task Every_state_has_its_first_act_and_looks_well()
    {
        var noah = await ArriveAsync(People.Newcomer);
        await noah.SignInAsync();
        await noah.ExpectCardAsync("Your files are not connected yet");
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync(Address(noah.Person));
        await ExpectPersonAsync(priya, noah.Person, first: "Map");
        await priya.LookAsync("person-waiting");

        await AskAsync(AppUserAct.Unmap, noah.Person);
        await Assertions.Expect(priya.Page.Locator(".chip").First).ToContainTextAsync("Not mapped"); // by itself
        await ExpectPersonAsync(priya, noah.Person, first: "Map");
        await priya.LookAsync("person-unmapped");

        await OpenAsync(priya, People.Suspended, first: "Reactivate");
        await priya.LookAsync("person-suspended-in-box");

        await AskAsync(AppUserAct.Suspend, People.Tomas);
        await OpenAsync(priya, People.Tomas, first: "Reactivate");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Button, new() { NameRegex = s_anyAct })).ToHaveCountAsync(1);
        await Assertions.Expect(Facts(priya)).ToContainTextAsync("possible again once they are reactivated");
        await priya.LookAsync("person-suspended");

        await BreakAsync(People.Maya, gone: true);
        await OpenAsync(priya, People.Maya, first: "Map anew");
        await Assertions.Expect(priya.Page.Locator(".app-user")).ToContainTextAsync("Box has no app user");
        await priya.LookAsync("person-orphaned");

        await BreakAsync(BoxPortal.Sandbox.Directory.Named("lukasz.zielinski"), gone: false);
        await OpenAsync(priya, BoxPortal.Sandbox.Directory.Named("lukasz.zielinski"), first: "Map anew");
        await priya.LookAsync("person-foreign");

        await priya.Page.GotoAsync(Address(People.Administrator));
        await ExpectPersonAsync(priya, People.Administrator);
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Suspend|Unmap)") })).ToHaveCountAsync(0);
        await Assertions.Expect(Facts(priya)).ToContainTextAsync("This is you");
        await priya.LookAsync("person-self");

        await priya.Page.GotoAsync($"/people/{Guid.NewGuid()}");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Heading, new() { Name = "Nobody known" })).ToBeVisibleAsync();
        await priya.LookAsync("person-nobody");
    }

    [Fact]
    public async Task Suspending_warns_of_what_others_lose_and_shuts_the_page_and_reactivating_brings_it_back()
    {
        var appUser = Host.AppUserOf(People.Maya);
        var kit = Enterprise.AddFolder(appUser.Root, "Deployment kit", appUser);
        Enterprise.AddCollaboration(kit, Enterprise.GroupsByName["Project Heron"], "editor");
        Enterprise.AddCollaboration(kit, Host.AppUserOf(People.Tomas), "viewer");
        Enterprise.AddFolder(appUser.Root, "My drafts", appUser);
        var maya = await ArriveAtExplorerAsync(People.Maya);
        maya.Problems.Foresee("status of 401", "status of 403", "/box/explorer.");
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync(Address(maya.Person));
        await ExpectPersonAsync(priya, maya.Person);

        await Host.SpoilAsync(new { path = $"/2.0/folders/{kit.Id}/collaborations", delayMs = 3_000 });
        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Suspend Maya Okafor" }).ClickAsync();
        var dialog = priya.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Status)).ToContainTextAsync("Looking for folders of theirs that others use: 0 of 1.");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Progressbar)).ToBeVisibleAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("Others lose a folder until Maya Okafor is active again.");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Listitem)).ToHaveTextAsync(["Deployment kit, used by 1 person and 1 group"]);
        await priya.LookAsync("person-suspend");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Suspend Maya Okafor" }).ClickAsync();
        await Assertions.Expect(dialog.GetByLabel("Reason")).ToBeFocusedAsync(); // not without one
        await dialog.GetByLabel("Reason").FillAsync("Left on Friday");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Suspend Maya Okafor" }).ClickAsync();

        await Assertions.Expect(maya.Explorer.Element).ToHaveCountAsync(0, new() { Timeout = 5_000 });
        await maya.SignInAsync(); // her session has ended with it
        await maya.ExpectCardAsync("Your access to files is paused");
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await ExpectPersonAsync(priya, maya.Person, first: "Reactivate");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeFocusedAsync(); // the button it came from is gone
        var suspended = Timeline(priya).Filter(new() { HasText = $"Mapped {appUser.Id} → Suspended {appUser.Id}" });
        await Assertions.Expect(suspended).ToContainTextAsync("priya.raman@larkfield.example: “Left on Friday”");
        await Assertions.Expect(Timeline(priya).Filter(new() { HasText = "Signed out" })).ToContainTextAsync("Left on Friday");
        await Assertions.Expect(priya.Page.Locator(".app-user .chip")).ToContainTextAsync("Inactive");
        Assert.Equal("inactive", appUser.Status);
        await priya.LookAsync("person-suspended-now");

        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Reactivate Maya Okafor" }).ClickAsync();
        await dialog.GetByLabel("Reason").FillAsync("Came back");
        await priya.LookAsync("person-reactivate");
        await priya.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(maya.Explorer.Element).ToBeVisibleAsync(new() { Timeout = 5_000 });
        await Assertions.Expect(priya.Page.Locator(".outcome")).ToContainTextAsync("Maya Okafor is reactivated.");
        Assert.Equal("active", appUser.Status);
    }

    [Fact]
    public async Task Where_Box_refuses_the_administrator_is_told_what_is_not_known_and_what_is_not_done_and_may_go_on()
    {
        await Host.SpoilAsync(new { path = "/2.0/folders/0", status = 403, times = 100 });
        await Host.SpoilAsync(new { path = "/2.0/users/", method = "PUT", status = 403, times = 100 });
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync(Address(People.Maya));
        await ExpectPersonAsync(priya, People.Maya);

        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Prove this mapping" }).ClickAsync();
        await Assertions.Expect(Facts(priya).GetByRole(AriaRole.Alert).First).ToContainTextAsync("Box refused");
        await Assertions.Expect(Facts(priya).GetByRole(AriaRole.Button, new() { NameRegex = new("Copy Box request ID") })).ToBeVisibleAsync();
        await priya.LookAsync("person-proof-refused");

        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Suspend Maya Okafor" }).ClickAsync();
        var dialog = priya.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("not known");
        await priya.LookAsync("person-suspend-unknown");
        await dialog.GetByLabel("Reason").FillAsync("At once");
        await priya.Page.Keyboard.PressAsync("Enter");

        await Assertions.Expect(dialog).ToContainTextAsync("Done here, but not in Box");
        await priya.LookAsync("person-suspend-reserved");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Close" }).ClickAsync();
        await ExpectPersonAsync(priya, People.Maya, first: "Reactivate");
        await Assertions.Expect(priya.Page.Locator(".outcome")).Not.ToContainTextAsync("is not finished", new() { Timeout = 3_000 }); // at once, not at the next look
        Assert.Equal("active", Host.AppUserOf(People.Maya).Status);
    }

    [Fact]
    public async Task The_help_desk_proves_and_suggests_and_an_administrator_takes_the_suggestion()
    {
        var noah = await ArriveAsync(People.Newcomer);
        await noah.SignInAsync();
        await noah.ExpectCardAsync("Your files are not connected yet");
        var appUser = Enterprise.AddAppUser("N. Lindqvist (old portal)", null);
        Enterprise.AddMembership(appUser, Enterprise.GroupsByName["Engineering"]);
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync(Address(noah.Person));
        await ExpectPersonAsync(priya, noah.Person, first: "Map");
        var kenji = await ArriveAsync(People.HelpDesk);
        List<string> requested = [];
        kenji.Context.Request += (_, request) => requested.Add(request.Url);
        await kenji.SignInAsync(Address(People.Maya));
        await ExpectPersonAsync(kenji, People.Maya);
        await Assertions.Expect(kenji.Page.GetByRole(AriaRole.Button, new() { NameRegex = s_anyAct })).ToHaveCountAsync(0);

        requested.Clear();
        await kenji.Page.GetByRole(AriaRole.Button, new() { Name = "Prove this mapping" }).ClickAsync();
        await Assertions.Expect(kenji.Page.Locator(".proof li")).ToContainTextAsync(await Host.ListRootAsync(People.Maya));
        await Assertions.Expect(Timeline(kenji).First).ToContainTextAsync("Mapping proved");
        await kenji.LookAsync("person-proved");
        Assert.DoesNotContain(requested, url => new Uri(url).Authority == Host.SandboxAddress.Authority);
        Assert.DoesNotContain(Host.SandboxAddress.Authority, await kenji.Page.ContentAsync(), StringComparison.Ordinal);

        await OpenAsync(kenji, noah.Person);
        await kenji.Page.GetByRole(AriaRole.Button, new() { Name = "Suggest an app user for Noah Lindqvist" }).ClickAsync();
        var dialog = kenji.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Searchbox).FillAsync(appUser.Id);
        await dialog.GetByRole(AriaRole.Radio, new() { Name = appUser.Id }).CheckAsync();
        await dialog.GetByLabel("Reason").FillAsync("Read me the name of his old account");
        await kenji.LookAsync("person-suggest");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Suggest an app user for Noah Lindqvist" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
        await Assertions.Expect(kenji.Page.Locator(".suggestion")).ToContainTextAsync("suggested by Kenji Watanabe: Read me the name of his old account");

        var suggestion = priya.Page.Locator(".suggestion");
        await Assertions.Expect(suggestion).ToContainTextAsync("(50 %)"); // by itself
        await priya.LookAsync("person-suggested");
        await suggestion.GetByRole(AriaRole.Button, new() { Name = "Map to it…" }).ClickAsync();
        var accept = priya.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(accept.GetByRole(AriaRole.Radio, new() { Name = appUser.Id })).ToBeCheckedAsync();
        await Assertions.Expect(accept.GetByLabel("Reason")).ToHaveValueAsync("Suggestion accepted: suggested by Kenji Watanabe: Read me the name of his old account");
        await priya.LookAsync("person-accept");
        await accept.GetByRole(AriaRole.Button, new() { Name = "Map Noah Lindqvist" }).ClickAsync();

        await Assertions.Expect(noah.Explorer.Element).ToBeVisibleAsync(new() { Timeout = 5_000 });
        await Assertions.Expect(suggestion).ToHaveCountAsync(0);
        var charlotte = await ArriveAsync(People.Auditor);
        await charlotte.SignInAsync(Address(noah.Person));
        await ExpectPersonAsync(charlotte, noah.Person);
        await Assertions.Expect(charlotte.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Suggest|Map|Re-map|Suspend|Unmap|Undo)") })).ToHaveCountAsync(0);
        await charlotte.Page.GetByRole(AriaRole.Button, new() { Name = "Prove this mapping" }).ClickAsync();
        await Assertions.Expect(charlotte.Page.Locator(".proof li")).ToContainTextAsync(["Engineering"]);
    }

    [Fact]
    public async Task Somebody_is_mapped_to_another_app_user_and_that_is_undone_unless_another_was_quicker()
    {
        var right = Enterprise.AddAppUser("Maya O. (field team)", null);
        var former = Host.AppUserOf(People.Maya);
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync(Address(People.Maya));
        await ExpectPersonAsync(priya, People.Maya);
        var dialog = priya.Page.GetByRole(AriaRole.Dialog);

        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Re-map Maya Okafor" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Searchbox).FillAsync("Maya");
        await dialog.GetByRole(AriaRole.Radio, new() { Name = right.Id }).CheckAsync();
        await Assertions.Expect(dialog).ToContainTextAsync($"acts as Maya O. (field team) ({right.Id}) instead of Maya Okafor ({former.Id})");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Radio, new() { Name = former.Id })).ToBeDisabledAsync();
        await dialog.GetByLabel("Reason").FillAsync("Moved to the field team");
        await priya.LookAsync("person-remap");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Re-map Maya Okafor" }).ClickAsync();
        await Assertions.Expect(priya.Page.Locator(".outcome")).ToContainTextAsync($"now acts as app user {right.Id}");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Button, new() { Name = "Re-map Maya Okafor" })).ToBeFocusedAsync();

        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Undo the last change to Maya Okafor" }).ClickAsync();
        await Assertions.Expect(dialog).ToContainTextAsync("“Moved to the field team”");
        await dialog.GetByLabel("Reason").FillAsync("Wrong Maya");
        await priya.LookAsync("person-undo");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Undo the last change" }).ClickAsync();
        await Assertions.Expect(Timeline(priya).First).ToContainTextAsync($"Mapped {right.Id} → Mapped {former.Id}");

        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Unmap Maya Okafor" }).ClickAsync();
        await AskAsync(AppUserAct.Suspend, People.Maya);
        await dialog.GetByLabel("Reason").FillAsync("Too late");
        await priya.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Alert)).ToContainTextAsync("changed this person since");
        await priya.Page.Keyboard.PressAsync("Escape");
        await ExpectPersonAsync(priya, People.Maya, first: "Reactivate");
    }

    [Fact]
    public async Task The_timeline_folds_what_repeats_filters_by_its_address_and_opens_by_keyboard()
    {
        for (var device = 0; device < 3; device++)
        {
            await ArriveAtExplorerAsync(People.Maya);
        }

        var act = AppUserAct.Suspend;
        for (var change = 0; change < 40; change++, act = act == AppUserAct.Suspend ? AppUserAct.Reactivate : AppUserAct.Suspend)
        {
            await AskAsync(act, People.Tomas);
        }

        var kenji = await ArriveAsync(People.HelpDesk);
        await kenji.SignInAsync($"{Address(People.Maya)}?show=sign-ins");
        await ExpectPersonAsync(kenji, People.Maya);
        var line = await kenji.Page.Locator(".timeline li").AllAsync() is [var only] ? only : throw new InvalidOperationException("Three sign-ins are one line.");
        await Assertions.Expect(line).ToContainTextAsync("Signed in × 3");
        await line.Locator("summary").FocusAsync();
        await kenji.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(line.Locator(".traces")).ToContainTextAsync("UTC");
        await kenji.LookAsync("person-timeline-open");
        await kenji.Page.GetByRole(AriaRole.Link, new() { Name = "Changes" }).ClickAsync();
        await Assertions.Expect(Timeline(kenji)).ToContainTextAsync(["Mapped"]);
        await kenji.Page.WaitForURLAsync("**?show=changes");

        await OpenAsync(kenji, People.Tomas);
        await Assertions.Expect(kenji.Page.Locator(".timeline li")).ToHaveCountAsync(30);
        await kenji.Page.GetByRole(AriaRole.Link, new() { Name = "Older" }).ClickAsync();
        await Assertions.Expect(kenji.Page.Locator(".timeline li")).ToHaveCountAsync(11);
        await kenji.LookAsync("person-timeline-older");
        await Assertions.Expect(kenji.Page.GetByRole(AriaRole.Link, new() { Name = "Older" })).ToHaveCountAsync(0);
        await kenji.Page.GetByRole(AriaRole.Link, new() { Name = "Newest" }).ClickAsync();
        await Assertions.Expect(kenji.Page.Locator(".timeline li")).ToHaveCountAsync(30);
    }

    private async Task<MappingResult> AskAsync(AppUserAct act, Person person) =>
        await Host.Services.GetRequiredService<AppUserChanges>().AskAsync(await Host.SessionOfAsync(People.Administrator), act, person.Id(), "as the test says");

    /// <summary>What Box would tell at the next token.</summary>
    private async Task BreakAsync(Person person, bool gone)
    {
        var user = Host.AppUserOf(person);
        if (gone)
        {
            Enterprise.Remove(user);
        }
        else
        {
            user.IsOfAnotherApp = true;
        }

        await Host.Services.GetRequiredService<AppUserDirectory>().DiagnoseAsync(person.Id(), user.Id,
            new BoxApiException("Box refused.") { Code = "invalid_grant", Description = "Please check the 'sub' claim.", RequestId = "r-4711" }, PortalHost.Cancellation);
    }

    private static async Task OpenAsync(Visitor visitor, Person person, string? first = null)
    {
        await visitor.Page.GotoAsync(Address(person));
        await ExpectPersonAsync(visitor, person, first);
    }

    private static async Task ExpectPersonAsync(Visitor visitor, Person person, string? first = null)
    {
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(person.Name);
        await Assertions.Expect(visitor.Page.Locator(".person-head[data-interactive]")).ToBeVisibleAsync();
        await Assertions.Expect(visitor.Page.Locator("[aria-busy=true]")).ToHaveCountAsync(0);
        if (first is not null)
        {
            await Assertions.Expect(visitor.Page.Locator(".person-acts .action").First).ToHaveAccessibleNameAsync($"{first} {person.Name}");
        }
    }

    private static ILocator Facts(Visitor visitor) => visitor.Page.Locator(".person-facts");

    private static ILocator Timeline(Visitor visitor) => visitor.Page.Locator(".timeline summary");

    private static string Address(Person person) => $"/people/{person.ObjectId}";
}
