using System.Text.RegularExpressions;
using BoxPortal.Tests;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed partial class TokenTests(Chromium chromium) : PortalTest(chromium)
{
    private const string Ask = """
        token => Promise.all(Array.from({ length: 40 }, () => fetch("/explorer/token", { method: "POST", headers: { RequestVerificationToken: token } })
            .then(answer => answer.json()).then(body => body.accessToken)))
        """;

    /// <param name="pageKnows">Whether the page's own clock moves too. Where it does not, only Box's refusal tells it.</param>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_clicks_on_after_an_hour_and_after_another(bool pageKnows)
    {
        var maya = await ArriveAsync(People.Maya);
        await maya.Page.Clock.InstallAsync();
        await maya.SignInAsync();
        await maya.Explorer.OpenFolderAsync("Heron");
        await maya.Explorer.OpenFolderAsync("Minutes");
        maya.Problems.Foresee("status of 401"); // Chromium tells that Box refused the old token

        for (var hour = 1; hour <= 2; hour++)
        {
            var mints = Mints.Count;
            Pass(TimeSpan.FromMinutes(75));
            if (pageKnows)
            {
                await maya.Page.Clock.FastForwardAsync("01:15:00");
            }

            await maya.Explorer.GoBackToAsync("Heron");
            await maya.Explorer.OpenFolderAsync("Minutes");

            await maya.Explorer.ExpectPathAsync("All Files", "Heron", "Minutes");
            await Assertions.Expect(maya.Explorer.Names).ToHaveTextAsync(await Host.ListPathAsync(People.Maya, "Heron", "Minutes"));
            await maya.Explorer.ExpectStateAsync("ready");
            Assert.InRange(Mints.Count - mints, 0, 1);
        }
    }

    [Fact]
    public async Task A_token_revoked_under_the_page_is_replaced_once_and_the_folder_stays()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        await maya.Explorer.OpenFolderAsync("Heron");
        var mints = Mints.Count;
        maya.Problems.Foresee("status of 401");

        RevokeTokensOf(People.Maya);

        await maya.Explorer.OpenFolderAsync("Minutes");

        await maya.Explorer.ExpectPathAsync("All Files", "Heron", "Minutes");
        await maya.Explorer.ExpectStateAsync("ready");
        Assert.Equal(1, Mints.Count - mints);
    }

    [Fact]
    public async Task Forty_asks_at_once_for_a_token_grown_old_make_one()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        var (mints, exchanges) = (Mints.Count, Host.Requests.Count(request => request.GrantType is not null));

        Pass(TimeSpan.FromMinutes(75));
        var tokens = await maya.Page.EvaluateAsync<string[]>(Ask, await maya.Explorer.Element.GetAttributeAsync("request-token"));

        Assert.Single(tokens.Distinct());
        Assert.Equal(1, Mints.Count - mints);
        Assert.Equal(2, Host.Requests.Count(request => request.GrantType is not null) - exchanges); // one assertion, one exchange
    }

    [Fact]
    public async Task A_page_asks_for_one_token_and_an_idle_one_for_none()
    {
        var asked = 0;
        var maya = await ArriveAsync(People.Maya);
        maya.Context.Request += (_, request) => asked += request.Url.EndsWith("/explorer/token", StringComparison.Ordinal) ? 1 : 0;
        await maya.Page.Clock.InstallAsync();
        await maya.SignInAsync();
        await maya.Explorer.OpenFolderAsync("Company");
        await maya.Explorer.OpenFolderAsync("Policies");
        Assert.Equal(1, asked);

        var mints = Mints.Count;
        for (var minutes = 0; minutes < 40; minutes += 5)
        {
            Pass(TimeSpan.FromMinutes(5));
            await maya.Page.Clock.RunForAsync("05:00");
        }

        Assert.Equal(1, asked);
        Assert.Equal(mints, Mints.Count);
    }

    [Fact]
    public async Task The_page_writes_its_token_nowhere()
    {
        var maya = await ArriveAsync(People.Maya);
        List<string> answers = [];
        maya.Context.Response += (_, answer) =>
        {
            if (answer.Url.StartsWith(Host.Address.ToString(), StringComparison.Ordinal) && answer.Request.ResourceType is "document" or "fetch" && !answer.Url.EndsWith("/explorer/token", StringComparison.Ordinal))
            {
                lock (answers)
                {
                    answers.Add(answer.Url);
                }
            }
        };
        await maya.SignInAsync();
        await maya.Explorer.OpenFolderAsync("Heron");
        await maya.Explorer.OpenFolderAsync("Field trial");
        await Assertions.Expect(maya.Explorer.Names.First).ToBeVisibleAsync();

        var devTools = await maya.Context.NewCDPSessionAsync(maya.Page);
        var written = string.Join('\n',
        [
            await (await maya.Page.APIRequest.GetAsync("/")).TextAsync(),
            await maya.Page.ContentAsync(),
            await maya.Context.StorageStateAsync(new() { IndexedDB = true }),
            await maya.Page.EvaluateAsync<string>("JSON.stringify([sessionStorage, localStorage, history.state, document.cookie])"),
            (await devTools.SendAsync("Page.getNavigationHistory"))!.Value.GetRawText(),
            .. answers,
        ]);

        Assert.NotEmpty(Enterprise.Tokens);
        Assert.All(Enterprise.Tokens.Keys, token => Assert.DoesNotContain(token, written, StringComparison.Ordinal));
        Assert.DoesNotMatch(Secret(), written); // nor any other secret of the sandbox's
    }

    [GeneratedRegex("sbx[A-Za-z0-9]{20,}")]
    private static partial Regex Secret();
}
