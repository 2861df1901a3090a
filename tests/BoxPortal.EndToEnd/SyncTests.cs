using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.Tests;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed class SyncTests(Chromium chromium) : PortalTest(chromium)
{
    [Fact]
    public async Task An_administrator_lets_a_group_follow_the_directory_and_settles_what_was_done_in_Box()
    {
        Group group;
        lock (Enterprise.Gate)
        {
            group = Enterprise.AddGroup("Quality circle", "Follows the directory");
            Enterprise.AddMembership(Host.AppUserOf(People.Maya), group);
        }

        var priya = await ArriveAsync(People.Administrator);
        var page = priya.Page;
        await priya.SignInAsync("/groups/sync");
        await Assertions.Expect(page.GetByText("No group in Box follows the directory yet.")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".rail [aria-current]")).ToHaveTextAsync(["Directory sync"]); // and not "Groups" besides
        await priya.LookAsync("sync-empty");

        await page.GetByRole(AriaRole.Button, new() { Name = "Add a rule…" }).ClickAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "Group of the directory" }).FillAsync("Prod");
        await page.GetByRole(AriaRole.Radio, new() { NameRegex = new("^Production [0-9a-f]") }).CheckAsync();
        await page.GetByRole(AriaRole.Searchbox, new() { Name = "…is in the group in Box" }).FillAsync("quality");
        await page.GetByRole(AriaRole.Radio, new() { NameRegex = new("^Quality circle") }).CheckAsync();
        await priya.LookAsync("sync-add");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add the rule" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Not run yet")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Sync now…" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The directory's sync, rehearsed first.")).ToBeVisibleAsync();
        Assert.Single(Host.MembersOf(group));
        await priya.LookAsync("sync-rehearsed");

        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Confirm ") }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { NameRegex = new("^Make ") }).ClickAsync();
        await PassUntilAsync(async () => await Host.ReadAsync(db => db.Set<Job>().CountAsync(job => job.Kind == JobKind.Sync && job.EndedAt != null)) == 1);
        Assert.Equal(10, Host.MembersOf(group).Count);

        await page.GetByRole(AriaRole.Link, new() { Name = "Directory sync" }).First.ClickAsync();
        await Assertions.Expect(page.GetByText("9 in, 0 out.")).ToBeVisibleAsync(); // the rule has run

        // The directory answers with nobody, and somebody works in Box.
        Host.Directory.Replace([.. Host.Directory.Everyone.Select(person => person.Department == "Production" ? person with { DirectoryGroups = [] } : person)]);
        lock (Enterprise.Gate)
        {
            Enterprise.Remove(Enterprise.Memberships.Values.Single(membership => membership.Group == group && membership.User == Host.AppUserOf(People.Tomas)));
            Enterprise.AddMembership(Enterprise.AddAppUser("Nadia Petrova", null), group);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Sync now…" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Let it empty…" })).ToBeVisibleAsync();
        await priya.LookAsync("sync-stopped");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete: Production → Quality circle" }).ClickAsync();
        await priya.LookAsync("sync-delete");
        await page.Keyboard.PressAsync("Escape");

        await page.GetByRole(AriaRole.Link, new() { Name = "Differences" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Gone in Box" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "In Box without the portal" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Maya Okafor")).ToHaveCountAsync(0); // was in it before
        await priya.LookAsync("drift");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep: Nadia Petrova, Quality circle" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("She leads it");
        await priya.LookAsync("drift-keep");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Keep" }).ClickAsync();
        await Assertions.Expect(page.GetByText("It is kept as Box has it, until it changes again.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Kept as they are in Box" })).ToBeVisibleAsync();
        lock (Enterprise.Gate)
        {
            Enterprise.AddCollaboration(Enterprise.ServiceAccount.Root.Child("Company")!, group, "viewer");
            group.Description = "Do not use";
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Read again" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Folder given in Box without the portal" })).ToBeVisibleAsync();
        await priya.LookAsync("drift-kept");
        await page.GetByRole(AriaRole.Button, new() { Name = "Put back: Tomás Herrera, Quality circle" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("A mistake in Box");
        await page.GetByRole(AriaRole.Button, new() { Name = "Show what it means…" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Differences from Box, put right" })).ToBeVisibleAsync();

        var kenji = await ArriveAsync(People.HelpDesk);
        await kenji.SignInAsync("/groups/sync");
        await Assertions.Expect(kenji.Page.GetByText("Stopped")).ToBeVisibleAsync();
        await Assertions.Expect(kenji.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("Sync now|Add|Delete") })).ToHaveCountAsync(0);
        await kenji.LookAsync("sync-help-desk");
    }

    private async Task PassUntilAsync(Func<Task<bool>> isSo)
    {
        for (var looks = 0; !await isSo(); looks++)
        {
            Assert.True(looks < 1000, "It does not come to pass.");
            Pass(TimeSpan.FromMilliseconds(200));
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, PortalHost.Cancellation);
        }
    }
}
