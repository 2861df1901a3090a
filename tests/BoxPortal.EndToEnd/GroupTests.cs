using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using BoxPortal.Tests;
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
        await dialog.GetByRole(AriaRole.Button, new() { Name = "End the ownership" }).ClickAsync();
        await Assertions.Expect(own.GetByRole(AriaRole.Heading, new() { Name = "No such group" })).ToBeVisibleAsync(new() { Timeout = 5_000 });
    }

    private static async Task AgreeAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Agree to ") }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = new("^Agree to") }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    private static IReadOnlyList<string> Members(Group group) => [.. group.Memberships.Select(membership => membership.User.Name).Order(StringComparer.Ordinal)];
}
