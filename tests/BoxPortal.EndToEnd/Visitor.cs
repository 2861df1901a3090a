using BoxPortal.Sandbox;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

/// <summary>A person at a browser of their own.</summary>
public sealed class Visitor
{
    /// <summary>Without the two rules for which axe writes style elements of its own, which the policy refuses.</summary>
    private static readonly AxeRunOptions s_axe = new()
    {
        Rules = new() { ["css-orientation-lock"] = new() { Enabled = false }, ["no-autoplay-audio"] = new() { Enabled = false } },
    };

    private readonly Uri _portal;

    private Visitor(Uri portal, Person person, IBrowserContext context, Problems problems, IPage page)
    {
        (_portal, Person, Context, Problems, Page) = (portal, person, context, problems, page);
        Explorer = new Explorer(page);
    }

    public Person Person { get; }

    public IBrowserContext Context { get; }

    public Problems Problems { get; }

    public IPage Page { get; }

    public Explorer Explorer { get; }

    /// <summary>The card there is where there is no Explorer.</summary>
    public ILocator Card => Page.Locator(".state-card");

    public static async Task<Visitor> ArriveAsync(IBrowser browser, Uri portal, Person person, string language, string zone)
    {
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = portal.ToString(),
            IgnoreHTTPSErrors = true, // where a test speaks https, its certificate is its own
            ViewportSize = new ViewportSize { Width = 1280, Height = 800 },
            ColorScheme = ColorScheme.Light,
            Locale = language,
            TimezoneId = zone,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(20_000);
        var problems = await Problems.WatchAsync(context);
        return new Visitor(portal, person, context, problems, await context.NewPageAsync());
    }

    /// <summary>Signs in through the provider's page, from whatever page of the portal <paramref name="path"/> names.</summary>
    public async Task SignInAsync(string path = "/")
    {
        await Page.GotoAsync(path);
        await Page.GetByRole(AriaRole.Button, new() { Name = Person.Name, Exact = true }).First.ClickAsync();
        await Page.WaitForURLAsync(url => url.StartsWith(_portal.ToString(), StringComparison.Ordinal));
    }

    public Task ExpectTitleAsync(string title, float? withinMilliseconds = null) =>
        Assertions.Expect(Card.GetByRole(AriaRole.Heading)).ToHaveTextAsync(title, new() { Timeout = withinMilliseconds });

    /// <summary>The card says this, with a reference.</summary>
    /// <returns>The reference.</returns>
    public async Task<string> ExpectCardAsync(string title, float? withinMilliseconds = null)
    {
        await ExpectTitleAsync(title, withinMilliseconds);
        return await Card.Locator(".state-reference .id").InnerTextAsync();
    }

    /// <summary>
    /// Takes pictures of the page as it stands, light and dark, wide and narrow, and looks for what nobody should have to put up
    /// with: faults that axe knows (serious and worse, outside of what Box draws), and a page that scrolls sideways.
    /// </summary>
    public async Task LookAsync(string name, IPage? page = null)
    {
        page ??= Page;
        foreach (var (width, height) in ((int, int)[])[(1280, 800), (400, 800)])
        {
            await page.SetViewportSizeAsync(width, height);
            foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
            {
                await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                var view = $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}";
                await TakePictureAsync(page, view);
                // Colours are no others on a narrow page, and what is where no other in the dark: axe, which is slow, looks at each once.
                if (scheme == ColorScheme.Light == (width > 400))
                {
                    var found = await page.RunAxe(new AxeRunContext { Exclude = [new AxeSelector(".explorer-stage"), new AxeSelector(".explorer-picker")] }, s_axe);
                    Assert.True(found.Violations.All(fault => fault.Impact is not ("serious" or "critical")),
                        $"{view}: {string.Join("; ", found.Violations.Select(fault => $"{fault.Id} ({fault.Impact}) at {string.Join(", ", fault.Nodes.Select(node => node.Target))}"))}");
                }

                Assert.False(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth > document.documentElement.clientWidth"), $"{view} scrolls sideways.");
            }
        }

        await page.SetViewportSizeAsync(1280, 800);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await Assertions.Expect(page.Locator(".explorer-stage .be-is-small")).ToHaveCountAsync(0); // upstream closes an open menu when it lays itself out anew
    }

    /// <summary>Leaves; with a picture of what was to be seen last if something went wrong.</summary>
    public async ValueTask DisposeAsync(bool isFine)
    {
        if (!isFine && !Page.IsClosed)
        {
            try
            {
                await TakePictureAsync(Page, $"failed {TestContext.Current.TestMethod?.MethodName} {Person.Name}");
            }
            catch (PlaywrightException)
            {
                // A page that stands still has no picture; what it failed at is told by the test.
            }
        }

        await Context.DisposeAsync();
    }

    /// <summary>Playwright's own screenshots add a style element, which the policy refuses.</summary>
    public static async Task TakePictureAsync(IPage page, string name)
    {
        var devTools = await page.Context.NewCDPSessionAsync(page);
        var picture = await devTools.SendAsync("Page.captureScreenshot");
        await File.WriteAllBytesAsync(Path.Combine(Chromium.ScreensFolder, $"{name}.png"), picture!.Value.GetProperty("data").GetBytesFromBase64());
        await devTools.DetachAsync();
    }
}
