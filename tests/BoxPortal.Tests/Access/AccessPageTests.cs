using System.Net;
using BoxPortal.Access;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Access;

public sealed class AccessPageTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    [Theory]
    [InlineData("folder=abc", "a folder’s ID is a number")]
    [InlineData("folder=-1", "a folder’s ID is a number")]
    [InlineData("folder=0", "Choose a folder in it above.")]
    [InlineData("person=maya&folder=11", "Find the person above")]
    [InlineData("person=maya&folder=11", "Change the folder, now Folder 11")]
    [InlineData("folder=+", "Choose a folder to see who comes to it")]
    public async Task An_address_that_names_nothing_is_answered_with_what_to_do(string query, string words)
    {
        using var browser = await host.Portal.SignInAsync(People.HelpDesk);
        using var page = await browser.GetAsync($"/access?{query}");

        Assert.Contains(words, WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(PortalHost.Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_level_of_many_folders_is_shown_in_part_and_searched_by_name()
    {
        var above = host.Portal.NewFolder();
        lock (host.Portal.Enterprise.Gate)
        {
            for (var number = 1; number <= 130; number++)
            {
                host.Portal.Enterprise.AddFolder(above, $"Region {number:000}");
            }
        }

        using var browser = await host.Portal.SignInAsync(People.HelpDesk);
        await using var page = await CircuitClient.ConnectAsync(browser);
        await page.StartCircuitAsync($"/access?in={above.Id}");
        var explainer = host.Portal.Services.GetRequiredService<AccessExplainer>();
        var actor = await host.Portal.SessionOfAsync(People.HelpDesk);
        var first = await explainer.BrowseAsync(actor, above.Id, name: null, most: 100, PortalHost.Cancellation);
        var named = await explainer.BrowseAsync(actor, above.Id, "ION 13", most: 100, PortalHost.Cancellation);

        await page.ExpectAsync("Show more");
        Assert.Equal((130, "Region 001", "Region 100"), (first.Total, first.Folders[0].Name, first.Folders[^1].Name));
        Assert.Equal((1, "Region 130"), (named.Total, named.Folders.Single().Name));
    }
}
