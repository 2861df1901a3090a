using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using BoxPortal.EndToEnd;
using BoxPortal.Sandbox;
using BoxPortal.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using Directory = BoxPortal.Sandbox.Directory;

namespace BoxPortal.Benchmarks;

/// <summary>The employee's page in Chromium: how soon it shows the first row, how it answers in a long list, and what it keeps of Explorers that are gone.</summary>
internal sealed class ExplorerInBrowser : IAsyncDisposable
{
    private const int Rounds = 5;
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

    private readonly WebApplication _sandbox = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true });
    private readonly DirectoryInfo _published = System.IO.Directory.CreateTempSubdirectory("boxportal-published-");
    private readonly DirectoryInfo _data = System.IO.Directory.CreateTempSubdirectory("boxportal-benchmark-");
    private readonly Uri _address = new($"http://127.0.0.1:{FreePort()}/");
    private PortalProcess _portal = null!;
    private WebApplication _plainFiles = null!;
    private IPlaywright _playwright = null!;
    private IPage _page = null!;
    private ICDPSession _devTools = null!;

    private Enterprise Enterprise => _sandbox.Services.GetRequiredService<Enterprise>();

    public static async Task RunAsync()
    {
        await using ExplorerInBrowser bench = new();
        await bench.OpenAsync();
        await bench.MountAsync();
        foreach (var (speed, cpu, latency, bytesPerSecond) in new[] { ("as it is", 1, 0, -1), ("CPU ÷ 4, 1.6 Mbit/s", 4, 150, 200_000) })
        {
            await bench._devTools.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = cpu });
            await bench._devTools.SendAsync("Network.emulateNetworkConditions", new()
            {
                ["offline"] = false,
                ["latency"] = latency,
                ["downloadThroughput"] = bytesPerSecond,
                ["uploadThroughput"] = bytesPerSecond,
            });
            await bench.CompareAsync($"First row, cold, {speed}", isCold: true);
            await bench.CompareAsync($"First row, warm, {speed}", isCold: false);
            await bench.ScrollAsync(speed);
        }
    }

    /// <summary>A portal as it is installed: what is published is compressed and cached otherwise than what is being worked on.</summary>
    private async Task OpenAsync()
    {
        using var publish = Process.Start("dotnet", ["publish", Path.Combine(FindSources(), "BoxPortal"), "-c", "Release", "-v", "quiet", "-o", _published.FullName]);
        await publish.WaitForExitAsync();
        await _sandbox.StartAsync();
        Enterprise.App.CorsOrigins.Add(_address.GetLeftPart(UriPartial.Authority));
        _portal = await PortalProcess.StartAsync(_address, _data.FullName, await PortalHost.SettingsForAsync(new Uri(_sandbox.Urls.First())), _published.FullName);

        _playwright = await Playwright.CreateAsync();
        var browser = await LocalChromium.LaunchAsync(_playwright);
        _page = await browser.NewPageAsync(new() { BaseURL = _address.ToString() });
        await _page.AddInitScriptAsync(NoteFirstRow);
        var listing = _page.WaitForResponseAsync(answer => answer.Url.Contains("/2.0/folders/0", StringComparison.Ordinal) && answer.Request.Method == "GET");
        await _page.GotoAsync("/");
        await _page.GetByRole(AriaRole.Button, new() { Name = Directory.Named("maya.okafor").Name, Exact = true }).First.ClickAsync();
        var listed = await listing;
        var element = _page.Locator("box-explorer");
        _plainFiles = await ServePlainlyAsync(
            new Uri(_address, await element.GetAttributeAsync("script-src")),
            new Uri(_address, await element.GetAttributeAsync("style-href")),
            new Uri(listed.Url).AbsolutePath,
            await listed.BodyAsync());
        _devTools = await _page.Context.NewCDPSessionAsync(_page);
        await _devTools.SendAsync("Network.enable");
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
            portal.Add(await FirstRowAsync($"{_address}files", isCold));
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
        await _page.GotoAsync($"{_address}files/{folder.Id}");
        var element = _page.Locator("box-explorer");
        for (var first = 1; first <= Rows; first += 50)
        {
            await element.GetByText(string.Create(CultureInfo.InvariantCulture, $"Showing {first} to")).WaitForAsync(new() { Timeout = 60_000 });
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
        var heron = Enterprise.Folders.Values.First(folder => folder.Name == "Heron");
        if (heron.Child("Rows") is Folder known)
        {
            return known;
        }

        var rows = Enterprise.AddFolder(heron, "Rows");
        for (var number = 1; number <= Rows; number++)
        {
            Enterprise.AddFile(rows, $"Row {number:0000}.txt", "row"u8.ToArray());
        }

        return rows;
    }

    /// <summary>Fifty Explorers after the first few, each taken from the page again.</summary>
    private async Task MountAsync()
    {
        await _page.GotoAsync($"{_address}files");
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
        await _portal.DisposeAsync();
        await _sandbox.DisposeAsync();
        _data.Delete(recursive: true);
        _published.Delete(recursive: true);
    }

    private static string FindSources()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BoxPortal.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmarks do not run below the solution.");
        }

        return Path.Combine(folder.FullName, "src");
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
