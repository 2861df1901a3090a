using System.Collections.Concurrent;
using BoxPortal.AppUsers;
using BoxPortal.Tests;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed class TabsTests(Chromium chromium) : PortalTest(chromium)
{
    /// <summary>Over HTTP/1.1 a browser opens six connections to a host, and a stream holds one for good.</summary>
    [Fact]
    public async Task Ten_tabs_share_one_stream_and_hear_its_news_whichever_closes()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        ConcurrentQueue<IPage> listeners = [];
        List<IPage> tabs = [maya.Page];
        maya.Context.Request += (_, request) =>
        {
            if (request.Url.EndsWith("/explorer/changes", StringComparison.Ordinal))
            {
                listeners.Enqueue(request.Frame.Page);
            }
        };
        await maya.Page.ReloadAsync();
        for (var tab = 1; tab < 10; tab++)
        {
            tabs.Add(await maya.Context.NewPageAsync());
            await tabs[^1].GotoAsync("/");
        }

        var root = await Host.ListRootAsync(People.Maya);
        foreach (var tab in tabs)
        {
            await Assertions.Expect(new Explorer(tab).Names).ToHaveTextAsync(root);
        }

        Assert.Equal([maya.Page], listeners);
        await maya.Page.CloseAsync();
        tabs.Remove(maya.Page);
        await PassingTime.UntilAsync(() => Task.FromResult(listeners.Count == 2));
        Assert.Contains(listeners.Last(), tabs);

        await Host.Services.GetRequiredService<AppUserChanges>()
            .AskAsync(await Host.SessionOfAsync(People.Administrator), AppUserAct.Unmap, People.Maya.Id(), "Left the company");
        foreach (var tab in tabs)
        {
            await Assertions.Expect(tab.Locator(".state-card h1")).ToHaveTextAsync("Your account has no files");
        }
    }
}
