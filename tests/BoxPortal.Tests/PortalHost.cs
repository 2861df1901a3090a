using System.Collections.Concurrent;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using BoxPortal.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace BoxPortal.Tests;

/// <summary>A portal and the sandbox it works against, both on Kestrel on free ports, with a data folder of their own.</summary>
public sealed class PortalHost : IAsyncDisposable
{
    private readonly Factory _factory;

    private PortalHost(WebApplication sandbox, Uri sandboxAddress, Factory factory)
    {
        Sandbox = sandbox;
        SandboxAddress = sandboxAddress;
        _factory = factory;
    }

    /// <summary>The sandbox's own services: Enterprise, SandboxClock, Directory …</summary>
    public WebApplication Sandbox { get; }

    public Uri SandboxAddress { get; }

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _factory.Services;

    /// <summary>Every line the portal has logged, from Trace up.</summary>
    public ConcurrentQueue<string> Logs => _factory.Logs;

    public string DataFolder => _factory.DataFolder;

    /// <summary>Starts both. <paramref name="settings"/> go on top of those a developer's portal has.</summary>
    public static async Task<PortalHost> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, TimeProvider? clock = null, string? dataFolder = null)
    {
        var sandbox = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true });
        await sandbox.StartAsync();
        var sandboxAddress = new Uri(sandbox.Urls.First());
        using var http = new HttpClient { BaseAddress = sandboxAddress };
        var all = new Dictionary<string, string>
        {
            ["AzureAd:Instance"] = sandboxAddress.ToString(),
            ["AzureAd:TenantId"] = BoxPortal.Sandbox.Directory.TenantId,
            ["AzureAd:ClientId"] = BoxPortal.Sandbox.Directory.ClientId,
            ["AzureAd:ClientSecret"] = BoxPortal.Sandbox.Directory.ClientSecret,
            ["Box:ConfigJson"] = await http.GetStringAsync("/_sandbox/config.json"),
            ["Box:ApiBaseAddress"] = sandboxAddress.ToString(),
            ["Box:UploadBaseAddress"] = sandboxAddress.ToString(),
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
        {
            all[key] = value;
        }

        var host = new PortalHost(sandbox, sandboxAddress, new Factory(all, clock, dataFolder));
        try
        {
            host._factory.UseKestrel(0);
            host._factory.StartServer();
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        host.Address = host._factory.ClientOptions.BaseAddress;
        host.Sandbox.Services.GetRequiredService<Enterprise>().App.CorsOrigins.Add(host.Address.GetLeftPart(UriPartial.Authority));
        return host;
    }

    /// <summary>A browser without scripts: keeps cookies, follows no redirect.</summary>
    public Browser NewBrowser() => new(Address);

    /// <summary>A browser in which this person has signed in through the identity provider's own page.</summary>
    public async Task<Browser> SignInAsync(Person person)
    {
        var browser = NewBrowser();
        await browser.SignInAsync(person);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    private sealed class Factory(Dictionary<string, string> settings, TimeProvider? clock, string? dataFolder) : WebApplicationFactory<Program>
    {
        public string DataFolder { get; } = dataFolder ?? System.IO.Directory.CreateTempSubdirectory("boxportal-test-").FullName;

        public ConcurrentQueue<string> Logs { get; } = [];

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSolutionRelativeContentRoot("");
            builder.UseEnvironment("Development");
            builder.UseSetting("Storage:DataFolder", DataFolder);
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(new LogCollector(Logs)));
            builder.ConfigureServices(services =>
            {
                if (clock is not null)
                {
                    services.Replace(ServiceDescriptor.Singleton(clock));
                }
            });
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            if (dataFolder is null && System.IO.Directory.Exists(DataFolder))
            {
                Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
                System.IO.Directory.Delete(DataFolder, recursive: true);
            }
        }
    }

    private sealed class LogCollector(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

/// <summary>A browser without scripts. Sends <c>Secure</c> cookies over http on loopback, as real browsers do.</summary>
public sealed class Browser : IDisposable
{
    private readonly HttpClient _http;

    public Browser(Uri address)
    {
        Cookies = new LoopbackCookies();
        _http = new HttpClient(Cookies) { BaseAddress = address };
    }

    public LoopbackCookies Cookies { get; }

    public Uri Address => _http.BaseAddress!;

    /// <summary>Signs in through the provider's page, from whatever page of the portal <paramref name="path"/> names.</summary>
    /// <returns>The answer to the last redirect, inside the portal.</returns>
    public async Task<HttpResponseMessage> SignInAsync(Person person, string path = "/")
    {
        var challenge = await GetAsync(path);
        var people = await ReadFormsAsync(await GetAsync(challenge.Headers.Location!.ToString()));
        // Everybody beyond the stand-outs may be pages away: the provider takes the person's id whoever is listed.
        var choice = people.First(form => form.Elements.OfType<IHtmlButtonElement>().Any());
        var carried = Fields(choice);
        carried["person"] = person.ObjectId.ToString();
        var answer = await ReadFormsAsync(await PostAsync(choice.Action, carried));
        var signedIn = await PostAsync(answer.Single().Action, Fields(answer.Single()));
        return await GetAsync(signedIn.Headers.Location!.ToString());
    }

    /// <summary>GET, following no redirect.</summary>
    public Task<HttpResponseMessage> GetAsync(string address) => _http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute));

    public Task<HttpResponseMessage> PostAsync(string address, Dictionary<string, string> fields) =>
        _http.PostAsync(new Uri(address, UriKind.RelativeOrAbsolute), new FormUrlEncodedContent(fields));

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => _http.SendAsync(request);

    /// <summary>Asks for a token as the page's script does. <paramref name="change"/> is where an attacker comes in.</summary>
    public async Task<HttpResponseMessage> AskForTokenAsync(Action<HttpRequestMessage>? change = null, string path = "/explorer/token")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("RequestVerificationToken", _antiforgery ??= await ReadAntiforgeryAsync());
        change?.Invoke(request);
        return await _http.SendAsync(request);
    }

    private string? _antiforgery;

    /// <summary>The antiforgery token that the employee's page carries for its script and forms.</summary>
    public async Task<string> ReadAntiforgeryAsync()
    {
        var page = await GetAsync("/");
        using var document = await new HtmlParser().ParseDocumentAsync(await page.Content.ReadAsStringAsync());
        return document.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value")
            ?? throw new InvalidOperationException($"The page ({(int)page.StatusCode}) carries no antiforgery token.");
    }

    /// <summary>What a form would send as it stands.</summary>
    public static Dictionary<string, string> Fields(IHtmlFormElement form) => form.QuerySelectorAll("input[type=hidden]")
        .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "");

    /// <summary>The forms of a page.</summary>
    public static async Task<IReadOnlyList<IHtmlFormElement>> ReadFormsAsync(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        var document = await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync());
        foreach (var form in document.Forms)
        {
            form.Action = new Uri(response.RequestMessage!.RequestUri!, form.GetAttribute("action") ?? "").ToString();
        }

        return [.. document.Forms];
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Keeps cookies as a browser does for a trustworthy loopback address.</summary>
    public sealed class LoopbackCookies() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        /// <summary>By origin, then by name.</summary>
        public ConcurrentDictionary<(string Origin, string Name), string> Jar { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var origin = request.RequestUri!.GetLeftPart(UriPartial.Authority);
            var cookies = string.Join("; ", Jar.Where(cookie => cookie.Key.Origin == origin).Select(cookie => $"{cookie.Key.Name}={cookie.Value}"));
            if (cookies.Length > 0 && !request.Headers.Contains("Cookie"))
            {
                request.Headers.TryAddWithoutValidation("Cookie", cookies);
            }

            var response = await base.SendAsync(request, cancellationToken);
            foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
            {
                var parts = set.Split(';', StringSplitOptions.TrimEntries);
                var (name, value) = parts[0].Split('=', 2) is [var n, var v] ? (n, v) : (parts[0], "");
                if (value.Length == 0 || parts.Any(part => part.StartsWith("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)))
                {
                    Jar.TryRemove((origin, name), out _);
                }
                else
                {
                    Jar[(origin, name)] = value;
                }
            }

            return response;
        }
    }
}
