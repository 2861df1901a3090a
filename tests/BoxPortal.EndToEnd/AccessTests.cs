using BoxPortal.Groups;
using BoxPortal.Sandbox;
using BoxPortal.Tests;
using BoxPortal.Tests.Groups;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

/// <summary>Why does she see this folder, and who does?</summary>
public sealed class AccessTests(Chromium chromium) : PortalTest(chromium)
{
    [Fact]
    public async Task Two_fields_give_the_chain_within_two_seconds_verified_with_Box()
    {
        var kenji = await ArriveAsync(People.HelpDesk);
        await kenji.SignInAsync("/access");
        await Assertions.Expect(kenji.Page.GetByRole(AriaRole.Link, new() { Name = "Folders in Engineering" })).ToBeVisibleAsync(); // the circuit has drawn the page
        await kenji.LookAsync("access-empty");
        await kenji.Page.GetByRole(AriaRole.Searchbox).FillAsync("maya");
        await kenji.Page.GetByRole(AriaRole.Link, new() { Name = "Maya Okafor" }).ClickAsync();
        await Assertions.Expect(kenji.Page.GetByRole(AriaRole.Link, new() { Name = "Change the person, now Maya Okafor" })).ToBeVisibleAsync();
        await kenji.Page.GetByRole(AriaRole.Link, new() { Name = "Folders in Engineering" }).ClickAsync();
        var standards = kenji.Page.GetByRole(AriaRole.Link, new() { Name = "Standards", Exact = true });
        await Assertions.Expect(standards).ToBeVisibleAsync();

        var asked = TimeProvider.System.GetTimestamp();
        await standards.ClickAsync();
        await Assertions.Expect(kenji.Page.GetByRole(AriaRole.Heading, new() { Name = "Maya Okafor sees Standards" })).ToBeVisibleAsync();
        var took = TimeProvider.System.GetElapsedTime(asked);

        await Assertions.Expect(kenji.Page.Locator(".chain > li")).ToContainTextAsync(
            ["Maya Okafor", "by BoxPortal", "active in Box", "Member of Engineering", "Engineering / Standards", "editor", "base_explorer", "Open"]);
        await Assertions.Expect(kenji.Page.Locator("[data-agrees=true]")).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"Verified with Box,\s+asked at \d{1,2}:\d\d:\d\d"));
        await kenji.LookAsync("access-chain");
        Assert.True(took < TimeSpan.FromSeconds(2), $"The answer took {took.TotalSeconds:0.0} s.");
    }

    [Fact]
    public async Task A_broken_link_is_named_with_its_repair_and_two_ways_are_both_shown()
    {
        var heron = FolderAt("Projects/Heron");
        var membership = Host.AppUserOf(People.Maya).Memberships.Single(one => one.Group.Name == "Project Heron");
        Enterprise.Remove(membership);
        var priya = await ArriveAsync(People.Administrator);

        await priya.SignInAsync($"/access?person={People.Maya.ObjectId}&folder={heron.Id}");

        await Assertions.Expect(priya.Page.Locator("[data-reason=NotMember]")).ToContainTextAsync("Project Heron");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Link, new() { Name = "Open Project Heron" })).ToHaveAttributeAsync("href", $"/groups/{membership.Group.Id}");
        await priya.LookAsync("access-broken");

        Enterprise.AddMembership(membership.User, membership.Group);
        Enterprise.AddCollaboration(FolderAt("Projects"), membership.User, "viewer");
        await priya.Page.GotoAsync($"/access?person={People.Maya.ObjectId}&folder={heron.Id}");

        await Assertions.Expect(priya.Page.Locator(".chain-way")).ToContainTextAsync(["still have Heron, as viewer", "still have Heron, as editor"]);
        await priya.LookAsync("access-two-ways");
    }

    [Fact]
    public async Task A_membership_is_shown_with_who_gave_it_and_why_and_a_link_to_what_did()
    {
        var (group, heron) = (Enterprise.GroupsByName["Project Heron"], FolderAt("Projects/Heron"));
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync($"/access?person={People.Tomas.ObjectId}&folder={heron.Id}");
        var job = await Host.DoAsync(await Host.SessionOfAsync(People.Administrator), new GroupEdit(GroupAct.AddMember, group.Id, Host.AppUserOf(People.Tomas).Id));

        await priya.Page.ReloadAsync();

        var source = priya.Page.Locator("[data-source=hand]");
        await Assertions.Expect(source).ToContainTextAsync("In the group by hand: Priya Raman, “because of a test”");
        await Assertions.Expect(source.GetByRole(AriaRole.Link, new() { Name = $"Change set {job.Id}" })).ToHaveAttributeAsync("href", $"/groups/changes/{job.Id}");
        await priya.LookAsync("access-source");
    }

    [Fact]
    public async Task On_a_telephone_the_answer_comes_without_scrolling()
    {
        var priya = await ArriveAsync(People.Administrator);
        await priya.Page.SetViewportSizeAsync(400, 800);
        await priya.SignInAsync($"/access?person={People.Maya.ObjectId}&in={FolderAt("Engineering").Id}");

        await priya.Page.GetByRole(AriaRole.Link, new() { Name = "Standards", Exact = true }).ClickAsync();

        await Assertions.Expect(priya.Page.Locator("[data-agrees=true]")).ToBeInViewportAsync(new() { Ratio = 1 });
        await priya.LookAsync("access-answer-first");
        await priya.Page.GetByRole(AriaRole.Link, new() { Name = "Change the folder, now Standards" }).ClickAsync();
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Link, new() { Name = "Standards", Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Turned_round_it_lists_everybody_and_gives_them_as_a_file()
    {
        var folder = FolderAt("Company/Buildings");
        var charlotte = await ArriveAsync(People.Auditor);
        await charlotte.SignInAsync($"/access?folder={folder.Id}");
        await Assertions.Expect(charlotte.Page.GetByRole(AriaRole.Heading, new() { Name = "Who sees Buildings" })).ToBeVisibleAsync();
        await Assertions.Expect(charlotte.Page.Locator(".audience tbody tr").Filter(new() { HasText = "Gwen Achterberg" })).ToContainTextAsync("their own access");
        await charlotte.LookAsync("access-audience");

        var download = await charlotte.Page.RunAndWaitForDownloadAsync(() => charlotte.Page.GetByRole(AriaRole.Link, new() { Name = "Download as CSV" }).ClickAsync());

        var lines = await File.ReadAllLinesAsync(await download.PathAsync(), PortalHost.Cancellation);
        Assert.Contains(lines, line => line.Contains("Gwen Achterberg", StringComparison.Ordinal) && line.Contains("their own access", StringComparison.Ordinal));
        Assert.Contains(await Host.ReadRecordAsync("charlotte"), entry => entry.Detail.Contains("Buildings", StringComparison.Ordinal));
        await charlotte.Page.GetByRole(AriaRole.Link, new() { Name = "Why Gwen Achterberg sees it" }).ClickAsync();
        await Assertions.Expect(charlotte.Page.GetByRole(AriaRole.Heading, new() { Name = "Gwen Achterberg sees Buildings" })).ToBeVisibleAsync();
    }

    private Folder FolderAt(string path) => path.Split('/').Aggregate(Enterprise.ServiceAccount.Root, (folder, name) => (Folder)folder.Child(name)!);
}
