using BoxPortal.Groups;
using BoxPortal.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Groups;

/// <summary>A name may hold signs that turn the direction of writing: they end with it.</summary>
public sealed class TurningNameTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private const string Turned = "\u202Egpj.terces"; // reads secret.jpg

    private readonly string _isolated = $"\u2068{Turned}\u2069";

    [Fact]
    public async Task In_the_sentences_of_a_change_set_they_turn_nothing_of_ours()
    {
        var portal = host.Portal;
        var administrator = await portal.SessionOfAsync(People.Administrator);
        var ((group, _), folder, user) = (portal.NewGroup(members: 0), portal.NewFolder(), portal.NewUser());
        (group.Name, folder.Name) = ($"{Turned}{group.Id}", Turned);
        portal.Enterprise.AddCollaboration(folder, group, "viewer");

        var draft = Assert.IsType<JobResult.Done>(await portal.DraftAsync(administrator, user.Add(group))).Job;
        var foretold = await portal.Services.GetRequiredService<Rehearsals>().ForetellAsync(draft.Id, PortalHost.Cancellation);
        var reading = await portal.Services.GetRequiredService<AccessReader>().ReadFolderAsync(folder.Id, PortalHost.Cancellation);

        Assert.Equal(["1 person changes.", $"1 gains {_isolated} (viewer)."], foretold.Summary);
        Assert.Equal(_isolated, reading.Map.Folder(folder.Id).Name);
        Assert.Contains($"\u2068{group.Name}\u2069", reading.Map.Groups.Select(known => known.Name));
    }

    [Fact]
    public async Task On_a_groups_page_the_title_ends_with_the_name()
    {
        var portal = host.Portal;
        var (group, _) = portal.NewGroup(members: 0);
        group.Name = $"{Turned}{group.Id}";
        using var browser = await portal.SignInAsync(People.Administrator);
        using var page = await browser.GetAsync($"/groups/{group.Id}");

        Assert.Contains($"Nobody is in <bdi>{group.Name}</bdi>.", System.Net.WebUtility.HtmlDecode(await page.Content.ReadAsStringAsync(PortalHost.Cancellation)), StringComparison.Ordinal);
    }
}
