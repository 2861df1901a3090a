using BoxPortal.Sandbox;
using BoxPortal.Tests;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed class StateTests(Chromium chromium) : PortalTest(chromium)
{
    [Fact]
    public async Task Somebody_suspended_is_told_so()
    {
        var viktor = await ArriveAsync(People.Suspended);
        await viktor.SignInAsync();

        var reference = await viktor.ExpectCardAsync("Your access to files is paused");

        await viktor.LookAsync("suspended");
        await ExpectFoundAsync(reference, viktor.Person);
    }

    [Theory]
    [InlineData("Your access to files is paused", "suspended-under-the-page")]
    [InlineData("The way to your files is gone", "app-user-gone")]
    [InlineData("Your files belong to another program", "foreign")]
    public async Task What_happens_to_the_app_user_is_told_at_the_next_token(string title, string name)
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        var appUser = Host.AppUserOf(People.Maya);
        switch (name)
        {
            case "app-user-gone":
                Enterprise.Remove(appUser);
                break;
            case "foreign":
                appUser.IsOfAnotherApp = true;
                break;
            default:
                appUser.Status = "inactive";
                break;
        }

        maya.Problems.Foresee("status of 401", "status of 403", "/box/explorer.");
        Pass(TimeSpan.FromMinutes(75));
        await maya.Explorer.Names.GetByText("Heron").ClickAsync();

        var reference = await maya.ExpectCardAsync(title);
        await maya.LookAsync(name);
        await maya.Page.ReloadAsync();
        Assert.Equal(reference, await maya.ExpectCardAsync(title));
        await ExpectFoundAsync(reference, maya.Person);
    }

    /// <summary>The portal cannot get a token of Box.</summary>
    [Theory]
    [InlineData("503", """{"path":"/oauth2/","status":503,"times":1000}""")]
    [InlineData("429", """{"path":"/oauth2/","status":429,"retryAfter":20,"times":1000}""")]
    [InlineData("html", """{"path":"/oauth2/","mode":"html","times":1000}""")]
    [InlineData("reset", """{"path":"/oauth2/","mode":"reset","times":1000}""")]
    [InlineData("silence", """{"path":"/oauth2/","delayMs":600000,"mode":"reset","times":1000}""")]
    public async Task A_person_is_told_that_Box_gives_no_token_until_it_does(string name, string fault)
    {
        await Host.SpoilAsync(System.Text.Json.JsonDocument.Parse(fault));
        var maya = await ArriveAsync(People.Maya);
        maya.Problems.Foresee("status of 503");
        await maya.Page.Clock.InstallAsync();
        await maya.SignInAsync();

        var reference = await maya.ExpectCardAsync("Your files do not answer");
        if (name == "503")
        {
            await maya.LookAsync("box-unavailable");
        }

        await Host.MendAsync();

        await ExpectRecoveryAsync(maya);
        await Assertions.Expect(maya.Explorer.Names).ToHaveTextAsync(await Host.ListRootAsync(People.Maya));
        await ExpectFoundAsync(reference, maya.Person);
    }

    /// <summary>The token is good, but Box's lists do not reach the browser.</summary>
    [Theory]
    [InlineData("503", """{"path":"/2.0/folders/","status":503,"times":1000}""", "Your files do not answer")]
    [InlineData("429", """{"path":"/2.0/folders/","status":429,"retryAfter":1,"times":1000}""", "Very many requests just now")]
    [InlineData("html", """{"path":"/2.0/folders/","mode":"html","times":1000}""", "Your files do not answer")]
    [InlineData("empty", """{"path":"/2.0/folders/","mode":"empty","times":1000}""", "Your files do not answer")]
    [InlineData("reset", """{"path":"/2.0/folders/","mode":"reset","times":1000}""", "Your files do not answer")]
    public async Task A_person_is_told_that_Box_lists_nothing_until_it_does(string name, string fault, string title)
    {
        var maya = await ArriveAsync(People.Maya);
        await maya.Page.Clock.InstallAsync();
        await maya.SignInAsync();
        await maya.Explorer.OpenFolderAsync("Heron");
        maya.Problems.Foresee("status of 503", "status of 429", "ERR_EMPTY_RESPONSE", "ERR_CONNECTION_RESET", "/box/explorer."); // the Explorer, too, tells the console

        await Host.SpoilAsync(System.Text.Json.JsonDocument.Parse(fault));
        await maya.Explorer.Names.GetByText("Minutes").ClickAsync();
        if (name is "429" or "reset")
        {
            await maya.Page.Clock.RunForAsync("02:00"); // the Explorer itself tries again and again first
        }

        await maya.ExpectCardAsync(title);
        if (name == "429")
        {
            await maya.LookAsync("busy");
        }

        await Host.MendAsync();

        await ExpectRecoveryAsync(maya);
        await maya.Explorer.ExpectPathAsync("All Files", "Heron", "Minutes");
    }

    [Fact]
    public async Task A_page_that_the_portal_asks_to_wait_waits_as_long_and_goes_on()
    {
        var asked = 0;
        var maya = await ArriveAsync(People.Maya);
        maya.Problems.Foresee("status of 429");
        await maya.Context.RouteAsync("**/explorer/token", route => Interlocked.Increment(ref asked) == 1
            ? route.FulfillAsync(new() { Status = 429, Headers = [new("Retry-After", "100")] })
            : route.ContinueAsync());
        await maya.Page.Clock.InstallAsync();
        await maya.SignInAsync();

        await maya.ExpectCardAsync("Very many requests just now");
        await maya.Page.Clock.RunForAsync("01:38");
        Assert.Equal(1, asked);
        await maya.Page.Clock.RunForAsync("00:08");

        await maya.Explorer.ExpectStateAsync("ready");
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task Signing_out_in_one_tab_takes_the_files_off_the_other()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        var second = await maya.Context.NewPageAsync();
        await second.GotoAsync("/");

        await second.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

        await Assertions.Expect(second.GetByRole(AriaRole.Heading, new() { Name = "You are signed out" })).ToBeVisibleAsync();
        await Assertions.Expect(maya.Card.GetByRole(AriaRole.Heading)).ToHaveTextAsync("You are signed out");
        await Assertions.Expect(maya.Explorer.Names).ToHaveCountAsync(0);
        await maya.LookAsync("signed-out");
    }

    [Fact]
    public async Task A_page_that_wakes_after_its_session_is_told_before_any_token_is_made()
    {
        var maya = await ArriveAsync(People.Maya);
        await maya.Page.Clock.InstallAsync();
        await maya.SignInAsync();
        await maya.Explorer.ExpectStateAsync("ready");
        maya.Problems.Foresee("status of 401", "/box/explorer.");
        var mints = Mints.Count;

        Pass(TimeSpan.FromHours(13)); // a session lasts 12
        await maya.Page.Clock.FastForwardAsync("13:00:00");
        await maya.Explorer.Names.GetByText("Heron").ClickAsync();

        await maya.ExpectCardAsync("You are signed out");
        Assert.Equal(mints, Mints.Count);
        await maya.LookAsync("session-ended");
        await maya.Card.GetByRole(AriaRole.Link, new() { Name = "Sign in again" }).ClickAsync();
        await maya.Page.GetByRole(AriaRole.Button, new() { Name = maya.Person.Name, Exact = true }).First.ClickAsync();
        await maya.Explorer.ExpectStateAsync("ready");
    }

    [Fact]
    public async Task A_device_without_connection_is_told_so_until_it_has_one()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        maya.Problems.Foresee("ERR_INTERNET_DISCONNECTED", "/box/explorer.");

        await maya.Context.SetOfflineAsync(true);
        await maya.Explorer.Names.GetByText("Heron").ClickAsync();
        await maya.ExpectCardAsync("No connection");
        await maya.LookAsync("offline");
        await maya.Context.SetOfflineAsync(false);

        await maya.Explorer.ExpectStateAsync("ready");
        await maya.Explorer.ExpectPathAsync("All Files", "Heron");
    }

    [Fact]
    public async Task A_folder_taken_away_is_told_so_with_a_way_back()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        await maya.Explorer.OpenFolderAsync("Heron");
        maya.Problems.Foresee("status of 404", "/box/explorer.");

        Enterprise.Remove(Enterprise.Folders[await Host.FindAsync(People.Maya, "Heron", "Minutes")]);
        await maya.Explorer.Names.GetByText("Minutes").ClickAsync();
        await maya.ExpectCardAsync("You cannot open this folder");
        await maya.LookAsync("folder-gone");
        await maya.Card.GetByRole(AriaRole.Button, new() { Name = "Back to all your files" }).ClickAsync();

        await maya.Explorer.ExpectStateAsync("ready");
        await maya.Explorer.ExpectPathAsync("All Files");
    }

    [Fact]
    public async Task Missing_Elements_are_told_plainly()
    {
        var maya = await ArriveAsync(People.Maya);
        maya.Problems.Foresee("status of 404", "explorer.");
        await maya.Context.RouteAsync("**/box/explorer.*", route => route.FulfillAsync(new() { Status = 404 }));

        await maya.SignInAsync();

        await maya.ExpectCardAsync("The file list did not load");
        await maya.LookAsync("not-loaded");
    }

    /// <summary>
    /// Lets the page's time pass until it has tried again by itself with success; more than once, since the portal leaves a failing
    /// Box alone for some seconds. The page's time stands while a try is under way, or it would outrun the answer and give up waiting.
    /// </summary>
    private static Task ExpectRecoveryAsync(Visitor visitor)
    {
        IRequest? trying = null;
        visitor.Page.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/explorer/token", StringComparison.Ordinal) || request.Url.Contains("/2.0/folders/", StringComparison.Ordinal))
            {
                trying = request;
            }
        };
        return PassingTime.UntilAsync(
            async () =>
            {
                if (Interlocked.Exchange(ref trying, null) is { } under)
                {
                    await under.ResponseAsync();
                }
                else
                {
                    await visitor.Page.Clock.RunForAsync(500);
                }

                return await visitor.Explorer.Element.GetAttributeAsync("data-state") == "ready";
            },
            TimeSpan.FromMinutes(1));
    }

    /// <summary>The administrator finds in the record what happened to whom under this reference.</summary>
    private async Task ExpectFoundAsync(string reference, Person person)
    {
        var priya = await ArriveAsync(People.Administrator);
        await priya.SignInAsync($"/record?q={reference}");
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync(person.Name);
        await Assertions.Expect(priya.Page.GetByRole(AriaRole.Row).Nth(1)).ToContainTextAsync(reference);
    }
}
