using System.Net;
using System.Text.RegularExpressions;
using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Sandbox;
using BoxPortal.Tests.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

/// <summary>What the page says before any script runs.</summary>
public sealed class PersonPageTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    [Theory]
    [InlineData("priya.raman", true)]
    [InlineData("kenji.watanabe", false)]
    [InlineData("charlotte.mbeki", false)]
    public async Task Whoever_may_see_people_reads_it_and_only_administrators_are_offered_changes(string userName, bool mayChange)
    {
        using var browser = await host.Portal.SignInAsync(Named(userName));

        var page = await ReadAsync(browser, $"/people/{People.Maya.ObjectId}");

        Assert.Contains("Maya Okafor", page, StringComparison.Ordinal);
        Assert.Contains(host.Portal.AppUserOf(People.Maya).Id, page, StringComparison.Ordinal);
        Assert.Contains("Prove this mapping", page, StringComparison.Ordinal);
        Assert.Equal(mayChange, page.Contains("person-acts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Box_is_not_asked_before_the_page_shows()
    {
        using var browser = await host.Portal.SignInAsync(People.Administrator);
        var before = host.Portal.Requests.Count;

        await ReadAsync(browser, $"/people/{People.Maya.ObjectId}");

        Assert.Empty(host.Portal.Requests.Skip(before));
    }

    [Fact]
    public async Task Somebody_unknown_is_said_to_be_and_what_is_no_id_is_no_page()
    {
        using var browser = await host.Portal.SignInAsync(People.Administrator);

        Assert.Contains("Nobody known", await ReadAsync(browser, $"/people/{Guid.NewGuid()}"), StringComparison.Ordinal);
        using var answer = await browser.GetAsync("/people/1");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("?show=changes", "Changes")]
    [InlineData("?show=sign-ins", "Sign-ins")]
    [InlineData("?show=tokens&before=99999", "Tokens")]
    [InlineData("?show=%27%3B&before=x", "Everything")]
    [InlineData("?before=99999999999999999999", "Everything")]
    public async Task The_address_says_which_part_of_the_timeline_is_shown(string query, string shown)
    {
        using var browser = await host.Portal.SignInAsync(People.Administrator);

        var page = await ReadAsync(browser, $"/people/{People.Maya.ObjectId}{query}");

        Assert.Matches($"aria-current=\"true\"[^>]*>{shown}<", page);
    }

    [Fact]
    public async Task Hostile_names_and_reasons_are_only_text()
    {
        const string Hostile = "<svg onload=alert(1)>\u202E'\"&";
        var person = People.Newcomer with { ObjectId = Guid.NewGuid(), Name = Hostile, UserName = "hostile@larkfield.example" };
        await host.Portal.Services.GetRequiredService<AppUserDirectory>().RecordSignInAsync(person.AsEmployee(), PortalHost.Cancellation);
        var user = host.Portal.Enterprise.AddAppUser(Hostile, null);
        await host.Portal.Services.GetRequiredService<AppUserSuggestions>().SuggestAsync(await host.Portal.SessionOfAsync(People.HelpDesk), person.Id(), user.Id, Hostile, PortalHost.Cancellation);
        await host.Portal.Services.GetRequiredService<AppUserChanges>().AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, person.Id(), Hostile);
        using var browser = await host.Portal.SignInAsync(People.Administrator);

        var page = await ReadAsync(browser, $"/people/{person.ObjectId}");

        Assert.DoesNotContain("<svg onload", page, StringComparison.Ordinal);
        Assert.Contains("&lt;svg onload=alert(1)&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_state_offers_what_can_be_done_about_it_and_the_first_thing_first()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var directory = portal.Services.GetRequiredService<AppUserDirectory>();
        var changes = portal.Services.GetRequiredService<AppUserChanges>();
        using var browser = await portal.SignInAsync(People.Administrator);
        await directory.RecordSignInAsync(People.Newcomer.AsEmployee(), PortalHost.Cancellation);
        await changes.AskAsync(await portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, People.Tomas.Id(), "left");
        portal.Enterprise.Remove(portal.AppUserOf(Named("daniel.kim")));
        foreach (var userName in new[] { "daniel.kim", "lan.nguyen" })
        {
            await directory.DiagnoseAsync(Named(userName).Id(), (await directory.FindAsync(Named(userName).Id(), PortalHost.Cancellation))!.AppUserId!,
                new BoxApiException("Box refused.") { Code = "invalid_grant", Description = "Please check the 'sub' claim." }, PortalHost.Cancellation);
        }

        async Task<string> OfferedAsync(Person person) => string.Join(", ", Regex.Matches(
            WebUtility.HtmlDecode(await ReadAsync(browser, $"/people/{person.ObjectId}")), $"<button type=\"button\" class=\"action[^>]*aria-label=\"([^\"]*) {Regex.Escape(person.Name)}\"")
            .Select(match => match.Groups[1].Value));

        Assert.Equal("Map, Suspend, Leave unmapped", await OfferedAsync(People.Newcomer));
        Assert.Equal("Re-map, Suspend, Unmap", await OfferedAsync(People.Maya));
        Assert.Equal("Re-map", await OfferedAsync(People.Administrator)); // who shuts nobody out, least of all themselves
        Assert.Equal("Reactivate, Re-map, Suspend, Unmap", await OfferedAsync(People.Suspended));
        Assert.Equal("Reactivate", await OfferedAsync(People.Tomas));
        Assert.Equal("Map anew, Suspend, Unmap", await OfferedAsync(Named("daniel.kim")));
        Assert.Equal("Map anew, Suspend, Unmap", await OfferedAsync(Named("lan.nguyen")));
        await changes.AskAsync(await portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, People.Newcomer.Id(), "no");
        Assert.Equal("Map, Suspend, Undo the last change to", await OfferedAsync(People.Newcomer));
    }

    [Fact]
    public async Task Whom_the_page_finds_inactive_in_Box_it_offers_to_reactivate()
    {
        var person = Named("haruka.ito");
        host.Portal.AppUserOf(person).Status = "inactive";
        using var browser = await host.Portal.SignInAsync(People.Administrator);
        await using var circuit = await CircuitClient.ConnectAsync(browser);

        await circuit.StartCircuitAsync($"/people/{person.ObjectId}");

        await circuit.ExpectAsync($"Reactivate {person.Name}");
    }

    private static async Task<string> ReadAsync(Browser browser, string address)
    {
        using var answer = await browser.GetAsync(address);
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadAsStringAsync(PortalHost.Cancellation);
    }

    private static Person Named(string userName) => BoxPortal.Sandbox.Directory.Named(userName);
}
