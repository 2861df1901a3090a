using System.Globalization;
using BoxPortal.AppUsers;
using BoxPortal.EndToEnd;
using BoxPortal.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Directory = BoxPortal.Sandbox.Directory;

namespace BoxPortal.Benchmarks;

/// <summary>The employee's page in Chromium: how soon it shows the first row, how it answers in a long list, and what it keeps of Explorers that are gone.</summary>
internal sealed class ExplorerInBrowser : IAsyncDisposable
{
    private const int Rounds = 7;
    private const int Rows = 1_030;

    private const string NoteFirstRow = """
        new MutationObserver((_, observer) => {
            if (document.querySelector(".be-ItemList-itemTitle")) {
                window.firstRow = performance.now();
                observer.disconnect();
            }
        }).observe(document, { childList: true, subtree: true });
        window.interactions = [];
        new PerformanceObserver(list => window.interactions.push(...list.getEntries().filter(entry => entry.interactionId).map(entry => entry.duration)))
            .observe({ type: "event", durationThreshold: 16 });
        """;

    private const string MountAgain = """
        async () => {
            const page = new DOMParser().parseFromString(await (await fetch("/files")).text(), "text/html");
            const mounted = document.querySelector("box-explorer");
            mounted.replaceWith(document.importNode(page.querySelector("box-explorer"), true));
        }
        """;

    private readonly Laboratory _laboratory;
    private readonly WebApplication _plainFiles;
    private readonly IPlaywright _playwright;
    private readonly IPage _page;
    private readonly ICDPSession _devTools;

    private ExplorerInBrowser(Laboratory laboratory, WebApplication plainFiles, IPlaywright playwright, IPage page, ICDPSession devTools) =>
        (_laboratory, _plainFiles, _playwright, _page, _devTools) = (laboratory, plainFiles, playwright, page, devTools);

    public static async Task RunAsync()
    {
        await using var bench = await OpenAsync();
        foreach (var (speed, cpu, latency, bytesPerSecond) in new[] { ("as it is", 1, 0, -1), ("CPU ÷ 4, 1.6 Mbit/s", 4, 150, 200_000) })
        {
            await bench._devTools.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = cpu });
            await bench._devTools.SendAsync("Network.emulateNetworkConditions", new()
            {
                ["offline"] = false, ["latency"] = latency, ["downloadThroughput"] = bytesPerSecond, ["uploadThroughput"] = bytesPerSecond,
            });
            await bench.CompareAsync($"First row, cold, {speed}", isCold: true);
            await bench.CompareAsync($"First row, warm, {speed}", isCold: false);
            await bench.ScrollAsync(speed);
        }

        await bench._devTools.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = 1 });
        await bench._devTools.SendAsync("Network.emulateNetworkConditions", new() { ["offline"] = false, ["latency"] = 0, ["downloadThroughput"] = -1, ["uploadThroughput"] = -1 });
        await bench.MountAsync();
    }

    private static async Task<ExplorerInBrowser> OpenAsync()
    {
        var laboratory = await Laboratory.OpenAsync();
        await laboratory.Portal.StartAsync();
        await laboratory.Portal.Services.GetRequiredService<KnownAppUsers>().FirstReading;
        await laboratory.LimitAsync(1_000_000);
        laboratory.Enterprise.App.CorsOrigins.Add(laboratory.Address.GetLeftPart(UriPartial.Authority));

        var playwright = await Playwright.CreateAsync();
        var browser = await LocalChromium.LaunchAsync(playwright);
        var page = await browser.NewPageAsync(new() { BaseURL = laboratory.Address.ToString() });
        await page.AddInitScriptAsync(NoteFirstRow);
        var listing = page.WaitForResponseAsync(answer => answer.Url.Contains("/2.0/folders/0", StringComparison.Ordinal) && answer.Request.Method == "GET");
        await page.GotoAsync("/");
        await page.GetByRole(AriaRole.Button, new() { Name = Directory.Named("maya.okafor").Name, Exact = true }).First.ClickAsync();
        var listed = await listing;
        var element = page.Locator("box-explorer");
        var plainFiles = await ServePlainlyAsync(
            new Uri(laboratory.Address, await element.GetAttributeAsync("script-src")),
            new Uri(laboratory.Address, await element.GetAttributeAsync("style-href")),
            new Uri(listed.Url).AbsolutePath,
            await listed.BodyAsync());
        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("Network.enable");
        return new ExplorerInBrowser(laboratory, plainFiles, playwright, page, devTools);
    }

    /// <summary>The floor: a page, a token and a list as files from memory, the list from another origin as Box's is, and the same bundle beside them.</summary>
    private static async Task<WebApplication> ServePlainlyAsync(Uri script, Uri style, string listPath, byte[] list)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var files = builder.Build();
        files.Urls.Add("http://127.0.0.1:0");
        files.Urls.Add("http://127.0.0.1:0");
        await MapAsync("/explorer.js", script, "text/javascript");
        await MapAsync("/explorer.css", style, "text/css");
        files.MapPost("/token", () => TypedResults.Bytes("""{"accessToken":"plain"}"""u8.ToArray(), "application/json"));
        files.MapMethods(listPath, ["OPTIONS", "GET"], (HttpContext context) =>
        {
            var headers = context.Response.Headers;
            (headers.AccessControlAllowOrigin, headers.AccessControlAllowHeaders, headers.AccessControlMaxAge) = ("*", context.Request.Headers.AccessControlRequestHeaders, "3600");
            return TypedResults.Bytes(context.Request.Method == "GET" ? list : [], "application/json");
        });
        files.MapGet("/", () => TypedResults.Content($$"""
            <!DOCTYPE html>
            <title>Files</title>
            <link rel="modulepreload" href="/explorer.js">
            <link rel="stylesheet" href="/explorer.css">
            <style>#stage { height: 700px }</style>
            <div id="stage"></div>
            <script type="module">
                const asked = fetch("/token", { method: "POST" }).then(answer => answer.json());
                await import("/explorer.js");
                new Box.ContentExplorer().show("0", (await asked).accessToken, { container: "#stage", apiHost: "{{files.Urls.Last()}}" });
            </script>
            """, "text/html"));
        await files.StartAsync();
        return files;

        async Task MapAsync(string path, Uri source, string type)
        {
            using var http = new HttpClient();
            using HttpRequestMessage request = new(HttpMethod.Get, source);
            request.Headers.Add("Accept-Encoding", "br");
            using var answer = await http.SendAsync(request);
            var (content, encoding) = (await answer.Content.ReadAsByteArrayAsync(), answer.Content.Headers.ContentEncoding.SingleOrDefault());
            files.MapGet(path, (HttpContext context) =>
            {
                (context.Response.Headers.ContentEncoding, context.Response.Headers.CacheControl) = (encoding, "max-age=31536000, immutable");
                return TypedResults.Bytes(content, type);
            });
        }
    }

    private async Task CompareAsync(string name, bool isCold)
    {
        List<double> portal = [];
        List<double> floor = [];
        for (var round = 0; round < Rounds; round++)
        {
            portal.Add(await FirstRowAsync($"{_laboratory.Address}files", isCold));
            floor.Add(await FirstRowAsync(_plainFiles.Urls.First(), isCold));
        }

        var (median, least) = (portal.Order().ElementAt(Rounds / 2), floor.Order().ElementAt(Rounds / 2));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-34} {median,7:F0} ms {least,7:F0} ms {median / least,6:F2}  ≤ 1.25"));
    }

    private async Task<double> FirstRowAsync(string address, bool isCold)
    {
        if (isCold)
        {
            await _devTools.SendAsync("Network.clearBrowserCache");
        }

        await _page.GotoAsync("about:blank");
        await _page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit });
        await _page.WaitForFunctionAsync("() => window.firstRow", null, new() { Timeout = 60_000 });
        return await _page.EvaluateAsync<double>("() => window.firstRow");
    }

    /// <summary>Through all rows of a long folder, page by page and key by key. Scrolling by wheel is no interaction; what it keeps waiting is.</summary>
    private async Task ScrollAsync(string speed)
    {
        var folder = ManyRows();
        await _page.GotoAsync($"{_laboratory.Address}files/{folder.Id}");
        var element = _page.Locator("box-explorer");
        for (var first = 1; first <= Rows; first += 50)
        {
            await element.GetByText(string.Create(CultureInfo.InvariantCulture, $"Showing {first} to")).WaitForAsync(new() { Timeout = 60_000 });
            await element.Locator(".be-ItemList-itemTitle").First.ClickAsync(new() { Position = new() { X = 600, Y = 1 }, Force = true });
            for (var turn = 0; turn < 6; turn++)
            {
                await _page.Mouse.WheelAsync(0, 400);
                await _page.Keyboard.PressAsync("ArrowDown");
            }

            if (first + 50 <= Rows)
            {
                await element.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
            }
        }

        var waits = (await _page.EvaluateAsync<double[]>("() => window.interactions")).Order().ToList();
        var worst = waits.Count == 0 ? 16 : waits[(int)Math.Floor(waits.Count * .98)];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{$"INP in {Rows} rows, {speed}",-34} {worst,7:F0} ms of {waits.Count} events of 16 ms and more"));
    }

    private Folder ManyRows()
    {
        var enterprise = _laboratory.Enterprise;
        var heron = (Folder)enterprise.Folders.Values.First(folder => folder.Name == "Heron");
        if (heron.Child("Rows") is Folder known)
        {
            return known;
        }

        var rows = enterprise.AddFolder(heron, "Rows");
        for (var number = 1; number <= Rows; number++)
        {
            enterprise.AddFile(rows, $"Row {number:0000}.txt", "row"u8.ToArray());
        }

        return rows;
    }

    /// <summary>Fifty Explorers after the first few, each taken from the page again.</summary>
    private async Task MountAsync()
    {
        await _page.GotoAsync($"{_laboratory.Address}files");
        await MountAsync(5);
        var before = await UsedAsync();
        await MountAsync(50);
        var after = await UsedAsync();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{"Heap after 50 mounts : before",-34} {after.Bytes / 1e6,7:F1} MB {before.Bytes / 1e6,7:F1} MB {after.Bytes / before.Bytes,6:F2}; nodes {before.Nodes:F0} → {after.Nodes:F0}, listeners {before.Listeners:F0} → {after.Listeners:F0}"));
    }

    private async Task MountAsync(int times)
    {
        for (var time = 0; time < times; time++)
        {
            await _page.Locator("box-explorer[data-state=ready] .be-ItemList-itemTitle").First.WaitForAsync();
            await _page.EvaluateAsync(MountAgain);
        }

        await _page.Locator("box-explorer[data-state=ready] .be-ItemList-itemTitle").First.WaitForAsync();
    }

    private async Task<(double Bytes, double Nodes, double Listeners)> UsedAsync()
    {
        await _devTools.SendAsync("HeapProfiler.collectGarbage");
        await _devTools.SendAsync("Performance.enable");
        var metrics = (await _devTools.SendAsync("Performance.getMetrics"))!.Value.GetProperty("metrics").EnumerateArray()
            .ToDictionary(metric => metric.GetProperty("name").GetString()!, metric => metric.GetProperty("value").GetDouble());
        return (metrics["JSHeapUsedSize"], metrics["Nodes"], metrics["JSEventListeners"]);
    }

    public async ValueTask DisposeAsync()
    {
        await _page.Context.Browser!.CloseAsync();
        _playwright.Dispose();
        await _plainFiles.DisposeAsync();
        await _laboratory.DisposeAsync();
    }
}
