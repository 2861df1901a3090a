using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using BoxPortal.AppUsers;
using BoxPortal.SignIn;
using BoxPortal.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

/// <summary>What is on the screen goes with the session, whatever page it is and wherever the session was ended.</summary>
public sealed partial class SessionTests(Chromium chromium) : PortalTest(chromium)
{
    private Sessions Sessions => Host.Services.GetRequiredService<Sessions>();

    [Fact]
    public async Task Signing_out_in_one_tab_ends_an_administrators_page_in_the_other()
    {
        var priya = await ArriveAtPeopleAsync();
        var second = await priya.Context.NewPageAsync();
        await second.GotoAsync("/");

        await second.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await ExpectSignedOutAsync(priya.Page);
        await ExpectSignedOutAsync(second);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/people")]
    public async Task The_tab_that_signs_out_goes_through_the_provider(string path)
    {
        var priya = await ArriveAsync(People.Administrator);
        ForeseeEndOfCircuit(priya);
        await priya.SignInAsync(path);
        if (path == "/people")
        {
            await ExpectInteractiveAsync(priya.Page);
        }
        else
        {
            await priya.Explorer.ExpectStateAsync("ready");
        }

        var atProvider = priya.Page.WaitForResponseAsync(answer =>
            new Uri(answer.Url).Authority == Host.SandboxAddress.Authority && answer.Url.Contains("/logout", StringComparison.Ordinal));
        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        Assert.Equal(302, (await atProvider).Status);
        await ExpectSignedOutAsync(priya.Page);
    }

    [Fact]
    public async Task A_suspension_takes_every_page_of_that_person_off_the_screen()
    {
        var priya = await ArriveAtPeopleAsync();
        var files = await priya.Context.NewPageAsync();
        await files.GotoAsync("/");
        await new Explorer(files).ExpectStateAsync("ready");
        var maya = await ArriveAtExplorerAsync(People.Maya);
        var left = new ConcurrentQueue<string>();
        priya.Page.Request += (_, request) =>
        {
            if (request.IsNavigationRequest)
            {
                left.Enqueue(new Uri(request.Url).AbsolutePath);
            }
        };

        await Sessions.EndAllOfAsync(People.Administrator.Id(), "Suspended by a test.");

        await ExpectSignedOutAsync(priya.Page);
        Assert.Equal(["/signed-out"], left); // a second one, a moment later, is what Chromium may never finish
        await ExpectSignedOutAsync(files);
        await maya.Explorer.ExpectStateAsync("ready");
    }

    [Fact]
    public async Task A_role_taken_away_while_the_page_is_open_ends_what_was_begun_with_it()
    {
        var noah = await ArriveAsync(People.Newcomer);
        await noah.SignInAsync();
        var priya = await ArriveAtPeopleAsync();
        await priya.Page.GetByRole(AriaRole.Button, new() { Name = $"Map {noah.Person.Name}" }).ClickAsync();
        var dialog = priya.Page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("A new app user").CheckAsync();
        await dialog.GetByLabel("Reason").FillAsync("Started today");
        var act = dialog.GetByRole(AriaRole.Button, new() { Name = $"Create and map {noah.Person.Name}" });
        await Assertions.Expect(act).ToBeEnabledAsync();

        Host.SetRoles(People.Administrator);
        var elsewhere = await ArriveAsync(People.Administrator);
        await elsewhere.SignInAsync();

        await ExpectSignedOutAsync(priya.Page);
        Assert.Equal(MappingState.Waiting, (await Host.Services.GetRequiredService<AppUserDirectory>()
            .FindAsync(People.Newcomer.Id(), TestContext.Current.CancellationToken))!.State);
        await elsewhere.Page.GotoAsync("/people");
        await elsewhere.ExpectTitleAsync("This page is not for your role");
        elsewhere.Problems.Foresee("status of 403");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/people")]
    [InlineData("/record")]
    public async Task The_back_button_shows_nothing_after_the_sign_out(string path)
    {
        var priya = await ArriveAsync(People.Administrator);
        ForeseeEndOfCircuit(priya);
        await priya.SignInAsync(path);
        if (path == "/")
        {
            await priya.Explorer.ExpectStateAsync("ready");
        }

        var other = await priya.Context.NewPageAsync();
        await other.GotoAsync("/about");
        await other.GotoAsync(path);
        await priya.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        foreach (var page in new[] { priya.Page, other })
        {
            await ExpectSignedOutAsync(page);
            await page.GoBackAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Sign out" })).ToHaveCountAsync(0);
            Assert.Equal(0, await page.GetByRole(AriaRole.Row).CountAsync());
            Assert.DoesNotContain(People.Administrator.UserName, await page.ContentAsync(), StringComparison.Ordinal);
            await page.GoForwardAsync();
            Assert.Equal(0, await page.GetByRole(AriaRole.Row).CountAsync());
        }
    }

    [Fact]
    public async Task Somebody_else_who_signs_in_in_the_same_browser_ends_the_pages_of_the_one_before()
    {
        var priya = await ArriveAtPeopleAsync();
        var files = await priya.Context.NewPageAsync();
        await files.GotoAsync("/");
        await new Explorer(files).ExpectStateAsync("ready");
        priya.Problems.Foresee("status of 403");

        var mayas = await priya.Context.NewPageAsync();
        await mayas.GotoAsync("/authentication/login");
        await mayas.GetByRole(AriaRole.Button, new() { Name = People.Maya.Name, Exact = true }).First.ClickAsync();

        await new Explorer(mayas).ExpectStateAsync("ready");
        // Whether it asks for the page with the new cookie already, or still with the old one, is up to the browser.
        await Assertions.Expect(priya.Card.GetByRole(AriaRole.Heading)).ToHaveTextAsync(EndedBySomebodyElse());
        await ExpectSignedOutAsync(files);
        await new Explorer(mayas).ExpectStateAsync("ready");
    }

    [Fact]
    public async Task A_page_that_had_lost_its_stream_learns_that_the_session_has_ended()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        maya.Problems.Foresee("/explorer/changes");
        await maya.Context.RouteAsync("**/explorer/changes", route => route.AbortAsync());
        await maya.Page.ReloadAsync();
        await maya.Explorer.ExpectStateAsync("ready");

        await Sessions.EndAllOfAsync(People.Maya.Id(), "Suspended by a test.");
        await maya.Context.UnrouteAsync("**/explorer/changes");

        await ExpectSignedOutAsync(maya.Page);
    }

    [Fact]
    public async Task A_page_that_had_lost_its_circuits_connection_learns_that_the_session_has_ended()
    {
        var priya = await ArriveAsync(People.Administrator);
        ForeseeEndOfCircuit(priya);
        IWebSocketRoute? connection = null;
        await priya.Page.RouteWebSocketAsync("**/_blazor*", socket =>
        {
            connection = socket;
            socket.ConnectToServer();
        });
        await priya.SignInAsync("/people");
        await ExpectInteractiveAsync(priya.Page);

        await priya.Context.RouteAsync("**/_blazor/**", route => route.AbortAsync());
        await connection!.CloseAsync();
        var lost = priya.Page.GetByRole(AriaRole.Dialog, new() { Name = "Connection lost" });
        await Assertions.Expect(lost).ToBeVisibleAsync();
        await Sessions.EndAllOfAsync(People.Administrator.Id(), "Suspended by a test.");
        await Assertions.Expect(lost).ToBeVisibleAsync(); // nothing to learn it from yet
        await priya.Context.UnrouteAsync("**/_blazor/**");

        await ExpectSignedOutAsync(priya.Page); // the framework's next try may be seconds away
    }

    private async Task<Visitor> ArriveAtPeopleAsync()
    {
        var priya = await ArriveAsync(People.Administrator);
        ForeseeEndOfCircuit(priya);
        await priya.SignInAsync("/people");
        await ExpectInteractiveAsync(priya.Page);
        return priya;
    }

    /// <summary>Blazor tells the console of a connection that ends unasked, and of each try for another; Chromium of a stream that is refused, which is how a tab learns of it.</summary>
    private static void ForeseeEndOfCircuit(Visitor visitor) => visitor.Problems.Foresee("/_blazor", "/_framework/blazor.web.", "/explorer/changes");

    private static Task ExpectInteractiveAsync(IPage page) =>
        Assertions.Expect(page.Locator(".table-frame[data-interactive]")).ToBeVisibleAsync();

    private static async Task ExpectSignedOutAsync(IPage page)
    {
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync();
        Assert.Equal("/signed-out", new Uri(page.Url).AbsolutePath);
    }

    [GeneratedRegex("This page is not for your role|You are signed out")]
    private static partial Regex EndedBySomebodyElse();
}
