using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using BoxPortal.Tests;
using BoxPortal.Tests.Imports;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed class GroupTests(Chromium chromium) : PortalTest(chromium)
{
    private const string Reason = "Sales EMEA starts on Monday";

    [Fact]
    public async Task A_team_is_moved_as_foretold_and_brought_back()
    {
        var sales = Enterprise.GroupsByName["Sales"];
        var emea = Enterprise.AddGroup("Sales EMEA", "Sales in Europe, the Middle East and Africa");
        Enterprise.AddCollaboration((Folder)Enterprise.ServiceAccount.Root.Child("Sales")!, emea, "viewer");
        var before = Members(sales);
        Host.SetRoles(BoxPortal.Sandbox.Directory.Named("ingrid.solberg"), Policies.Roles.Administrator);
        var priya = await ArriveAsync(People.Administrator);
        var page = priya.Page;
        await priya.SignInAsync("/groups");
        await Assertions.Expect(page.Locator("[data-interactive]")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Sales EMEA" }).Locator(".fact-members")).ToHaveTextAsync("0");
        await priya.LookAsync("groups");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("sales");
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);

        await page.GetByRole(AriaRole.Link, new() { Name = "Sales", Exact = true }).ClickAsync();
        await page.GetByLabel("Select everybody on this page").CheckAsync();
        await Assertions.Expect(page.GetByText($"{before.Count} people selected")).ToBeVisibleAsync();
        await priya.LookAsync("group-members");
        await page.GetByRole(AriaRole.Button, new() { Name = "Move to…" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Searchbox).FillAsync("emea");
        await dialog.GetByRole(AriaRole.Radio, new() { Name = "Sales EMEA" }).CheckAsync();
        await dialog.GetByLabel("Reason").FillAsync(Reason);
        await priya.LookAsync("group-move");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Show what it means…" }).ClickAsync();

        var title = $"Move {before.Count} people from Sales to Sales EMEA";
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = title })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("people change.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("fall in Sales from editor to viewer.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("A second administrator must agree once you have confirmed it.")).ToBeVisibleAsync();
        Assert.Equal(before, Members(sales)); // nothing is done yet
        await page.GetByText("Person by person").ClickAsync();
        await priya.LookAsync("change-set-draft");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Confirm ") }).ClickAsync();
        await priya.LookAsync("change-set-confirm");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Ask another administrator" }).ClickAsync();
        await Assertions.Expect(page.GetByText("must agree: another than you.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Agree to ") })).ToHaveCountAsync(0);
        await priya.LookAsync("change-set-to-approve");

        var ingrid = await ArriveAsync(BoxPortal.Sandbox.Directory.Named("ingrid.solberg"));
        await ingrid.SignInAsync("/groups/changes");
        await ingrid.LookAsync("change-sets");
        await ingrid.Page.GetByRole(AriaRole.Link, new() { Name = title }).ClickAsync();
        await AgreeAsync(ingrid.Page);

        await Assertions.Expect(page.GetByText($"{2 * before.Count} of {2 * before.Count} done")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await Assertions.Expect(page.GetByText("It came as foretold.")).ToBeVisibleAsync();
        await priya.LookAsync("change-set-done");
        Assert.Empty(Members(sales));
        Assert.Equal(before, Members(emea));

        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await dialog.GetByLabel("Reason").FillAsync("A month later");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Show what it means…" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"Undoing of “{title}”" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("rise in Sales from viewer to editor.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Confirm ") }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Ask another administrator" }).ClickAsync();
        await ingrid.Page.GetByRole(AriaRole.Link, new() { Name = "How it is taken back" }).ClickAsync();
        await AgreeAsync(ingrid.Page);
        await Assertions.Expect(page.GetByText("It came as foretold.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Equal(before, Members(sales));
        Assert.Empty(Members(emea));
    }

    [Fact]
    public async Task A_folder_is_given_an_owner_is_named_and_a_group_protected()
    {
        var priya = await ArriveAsync(People.Administrator);
        var page = priya.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        await priya.SignInAsync($"/groups/{Enterprise.GroupsByName["Project Heron"].Id}?tab=folders");
        await page.GetByRole(AriaRole.Button, new() { Name = "Give a folder…" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Folders in Engineering" }).PressAsync("Enter");
        await dialog.GetByRole(AriaRole.Radio, new() { Name = "Standards" }).CheckAsync();
        await dialog.GetByRole(AriaRole.Radio, new() { NameRegex = new("^Viewer\\.") }).CheckAsync();
        await dialog.GetByLabel("Reason").FillAsync("They follow them");
        await priya.LookAsync("group-give-folder");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Show what it means…" }).ClickAsync();
        await Assertions.Expect(page.GetByText("1 rises in Standards from previewer to viewer.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Confirm ") }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make 1 change" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It came as foretold.")).ToBeVisibleAsync(new() { Timeout = 60_000 });

        await page.GotoAsync($"/groups/{Enterprise.GroupsByName["Project Heron"].Id}?tab=folders");
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Standards" })).ToContainTextAsync("Read and download.");
        await priya.LookAsync("group-folders");
        await page.GetByRole(AriaRole.Link, new() { Name = "Owners" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Name an owner of Project Heron" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Searchbox).FillAsync("Bello");
        await dialog.GetByRole(AriaRole.Radio, new() { Name = "Oluwaseun Bello" }).CheckAsync();
        await dialog.GetByLabel("Reason").FillAsync("Leads the project");
        await priya.LookAsync("group-name-owner");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Name Oluwaseun Bello" }).ClickAsync();
        await Assertions.Expect(page.GetByText("owns the group Project Heron from now on.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Protect…" }).ClickAsync();
        await dialog.GetByLabel("Reason").FillAsync("Until the trial ends");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Protect", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByText("takes nobody out of it.").First).ToBeVisibleAsync();
        await priya.LookAsync("group-owners");

        // The owner, an employee like any other.
        var bello = await ArriveAsync(BoxPortal.Sandbox.Directory.Named("oluwaseun.bello"));
        var own = bello.Page;
        var asked = own.GetByRole(AriaRole.Dialog);
        await bello.SignInAsync();
        await own.GetByRole(AriaRole.Link, new() { Name = "My groups" }).ClickAsync();
        await Assertions.Expect(own.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await bello.LookAsync("my-groups");
        await own.GetByRole(AriaRole.Link, new() { Name = "Project Heron" }).ClickAsync();
        await own.GetByRole(AriaRole.Button, new() { Name = "Add people to Project Heron" }).ClickAsync();
        await asked.GetByRole(AriaRole.Searchbox).FillAsync("Herrera");
        await asked.GetByRole(AriaRole.Checkbox, new() { Name = "Tomás Herrera" }).CheckAsync();
        await asked.GetByLabel("Reason").FillAsync("Helps with the trial");
        await bello.LookAsync("my-group-add");
        await asked.GetByRole(AriaRole.Button, new() { Name = "Show what it means…" }).ClickAsync();
        await Assertions.Expect(own.GetByText("1 gains Heron (editor).")).ToBeVisibleAsync();
        await own.GetByRole(AriaRole.Button, new() { NameRegex = new("^Confirm ") }).ClickAsync();
        await asked.GetByRole(AriaRole.Button, new() { Name = "Make 1 change" }).ClickAsync();
        await Assertions.Expect(own.GetByText("It came as foretold.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await bello.LookAsync("my-change-set");
        await own.GetByRole(AriaRole.Link, new() { Name = "Groups", Exact = true }).ClickAsync();
        await own.GetByRole(AriaRole.Link, new() { Name = "Project Heron" }).ClickAsync();
        await Assertions.Expect(own.GetByRole(AriaRole.Row).Filter(new() { HasText = "by the group's owner" })).ToContainTextAsync(People.Tomas.Name);
        await bello.LookAsync("my-group");

        await page.GetByRole(AriaRole.Button, new() { Name = "End Oluwaseun Bello's ownership" }).ClickAsync();
        await dialog.GetByLabel("Reason").FillAsync("Leads another one");
        await priya.LookAsync("group-last-owner");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "End the ownership" }).ClickAsync();
        await Assertions.Expect(own.GetByRole(AriaRole.Heading, new() { Name = "No such group" })).ToBeVisibleAsync(new() { Timeout = 5_000 });
    }

    [Fact]
    public async Task Somebody_is_moved_from_their_own_page_and_those_whom_a_list_names_are_added()
    {
        var priya = await ArriveAsync(People.Administrator);
        var page = priya.Page;
        var dialog = page.GetByRole(AriaRole.Dialog);
        var maya = Host.AppUserOf(People.Maya);
        var (heron, kittiwake) = (Enterprise.GroupsByName["Project Heron"], Enterprise.GroupsByName["Project Kittiwake"]);
        await priya.SignInAsync($"/groups/edit?person={maya.Id}");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select Project Heron" }).CheckAsync();
        await priya.LookAsync("person-groups");
        await page.GetByRole(AriaRole.Button, new() { Name = "Move to…" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Searchbox).FillAsync("kitti");
        await dialog.GetByRole(AriaRole.Radio, new() { Name = "Project Kittiwake" }).CheckAsync();
        await dialog.GetByLabel("Reason").FillAsync(Reason);
        await priya.LookAsync("person-move");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Show what it means…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Confirm ") }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Make 2 changes" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It came as foretold.")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        Assert.Contains(People.Maya.Name, Members(kittiwake));
        Assert.DoesNotContain(People.Maya.Name, Members(heron));

        await Host.MeetAsync(People.Maya); // since then their addresses are known
        await Host.MeetAsync(People.Tomas);
        await page.GotoAsync($"/groups/{heron.Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add people to Project Heron" }).ClickAsync();
        await dialog.GetByText("Paste mail addresses instead").ClickAsync();
        await dialog.GetByLabel("One a line").FillAsync($"{People.Maya.UserName}\n{People.Tomas.UserName.ToUpperInvariant()}; nobody@larkfield.example");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Take these" }).ClickAsync();
        await Assertions.Expect(dialog.GetByText("The portal knows no app user for these addresses; it learns an address when its owner first signs in, or from an import: nobody@larkfield.example.")).ToBeVisibleAsync();
        await Assertions.Expect(dialog.GetByText("2 people: Maya Okafor, Tomás Herrera")).ToBeVisibleAsync();
        await dialog.GetByLabel("Reason").FillAsync(Reason);
        await priya.LookAsync("group-paste");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Show what it means…" }).ClickAsync();
        await Assertions.Expect(page.GetByText("2 gain Heron (editor).")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Of_a_group_of_12000_it_is_said_what_is_missing_and_whoever_is_sought_is_found()
    {
        var group = Enterprise.AddGroup("The whole crowd", "Everybody, and more");
        lock (Enterprise.Gate)
        {
            for (var number = 1; number < 12_000; number++)
            {
                Enterprise.AddMembership(Enterprise.AddAppUser($"Crowd {number:00000}", null), group);
            }

            Enterprise.AddMembership(Host.AppUserOf(People.Maya), group); // the last, beyond what Box lists
        }

        var priya = await ArriveAsync(People.Administrator);
        var page = priya.Page;
        await priya.SignInAsync($"/groups/{group.Id}?page=220");
        await Assertions.Expect(page.GetByText("The whole crowd has 12,000 members. Box lists no more than 11,000;")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(51);
        await priya.LookAsync("group-large");

        await page.GetByRole(AriaRole.Searchbox).FillAsync("okafor");
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Last).ToContainTextAsync(People.Maya.Name);
    }

    private static async Task AgreeAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Agree to ") }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = new("^Agree to") }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    private static IReadOnlyList<string> Members(Group group) => [.. group.Memberships.Select(membership => membership.User.Name).Order(StringComparer.Ordinal)];
}
