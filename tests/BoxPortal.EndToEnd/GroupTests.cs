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

    private static async Task AgreeAsync(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Agree to ") }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = new("^Agree to") }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    private static IReadOnlyList<string> Members(Group group) => [.. group.Memberships.Select(membership => membership.User.Name).Order(StringComparer.Ordinal)];
}
