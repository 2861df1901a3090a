using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Explorer;
using BoxPortal.Sandbox;
using BoxPortal.Sandbox.Tests.OpenApi;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Tests;

/// <summary>A portal and the sandbox it works against, both on Kestrel on free ports, with a data folder of their own.</summary>
public sealed class PortalHost : IAsyncDisposable
{
    private readonly Factory _factory;
    private readonly bool _ownsSandbox;

    private PortalHost(WebApplication sandbox, bool ownsSandbox, Factory factory)
    {
        Sandbox = sandbox;
        SandboxAddress = new Uri(sandbox.Urls.First());
        _ownsSandbox = ownsSandbox;
        _factory = factory;
    }

    /// <summary>For an attacker who tries thousands of ways in one minute.</summary>
    public static ExplorerLimits NoLimits { get; } = new(1_000_000, 1_000_000, 1_000_000);

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The sandbox's own services: Enterprise, SandboxClock, Directory …</summary>
    public WebApplication Sandbox { get; }

    public Uri SandboxAddress { get; }

    public Uri Address { get; private set; } = null!;

    public IServiceProvider Services => _factory.Services;

    public Enterprise Enterprise => Sandbox.Services.GetRequiredService<Enterprise>();

    public BoxPortal.Sandbox.Directory Directory => Sandbox.Services.GetRequiredService<BoxPortal.Sandbox.Directory>();

    /// <summary>What was asked of the sandbox, by whom.</summary>
    public IReadOnlyList<SeenRequest> Requests => Sandbox.Services.GetRequiredService<RequestLog>().Requests;

    /// <summary>Every line the portal has logged, from the configured levels up.</summary>
    public ConcurrentQueue<string> Logs => _factory.Logs;

    public string DataFolder => _factory.DataFolder;

    /// <summary>
    /// Starts both. <paramref name="settings"/> go on top of those a developer's portal has; <paramref name="plant"/> changes Box before
    /// the portal looks at it for the first time; a portal started <paramref name="beside"/> another shares its sandbox.
    /// </summary>
    public static async Task<PortalHost> StartAsync(
        IReadOnlyDictionary<string, string>? settings = null, TimeProvider? clock = null, string? dataFolder = null,
        Action<Enterprise>? plant = null, PortalHost? beside = null, int port = 0, string environment = "Development", ExplorerLimits? limits = null)
    {
        var sandbox = beside?.Sandbox ?? SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true }, AnswerRecorder.Listen);
        if (beside is null)
        {
            await sandbox.StartAsync(Cancellation);
        }

        plant?.Invoke(sandbox.Services.GetRequiredService<Enterprise>());
        var all = await SettingsForAsync(new Uri(sandbox.Urls.First()));
        foreach (var (key, value) in settings ?? new Dictionary<string, string>())
        {
            all[key] = value;
        }

        var host = new PortalHost(sandbox, beside is null, new Factory(all, clock, dataFolder, environment, limits));
        try
        {
            host._factory.UseKestrel(port);
            host._factory.StartServer();
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        host.Address = host._factory.ClientOptions.BaseAddress;
        host.Enterprise.App.CorsOrigins.Add(host.Address.GetLeftPart(UriPartial.Authority));
        return host;
    }

    /// <summary>As <see cref="StartAsync"/>, and everybody's mapping has been found in Box.</summary>
    public static async Task<PortalHost> StartRecoveredAsync(
        IReadOnlyDictionary<string, string>? settings = null, TimeProvider? clock = null, string? dataFolder = null,
        Action<Enterprise>? plant = null, PortalHost? beside = null, ExplorerLimits? limits = null)
    {
        var host = await StartAsync(settings, clock, dataFolder, plant, beside, limits: limits);
        await host.RecoverAsync();
        return host;
    }

    /// <summary>The settings of a portal that works against this sandbox.</summary>
    public static async Task<Dictionary<string, string>> SettingsForAsync(Uri sandbox)
    {
        using var http = new HttpClient { BaseAddress = sandbox };
        return new Dictionary<string, string>
        {
            ["AzureAd:Instance"] = sandbox.ToString(),
            ["AzureAd:TenantId"] = BoxPortal.Sandbox.Directory.TenantId,
            ["AzureAd:ClientId"] = BoxPortal.Sandbox.Directory.ClientId,
            ["AzureAd:ClientSecret"] = BoxPortal.Sandbox.Directory.ClientSecret,
            ["Box:ConfigJson"] = await http.GetStringAsync("/_sandbox/config.json", Cancellation),
            ["Box:ApiBaseAddress"] = sandbox.ToString(),
            ["Box:UploadBaseAddress"] = sandbox.ToString(),
            ["Explorer:Preview"] = "Local",
            ["Graph:Enabled"] = "true",
            ["Graph:BaseAddress"] = sandbox.ToString(),
        };
    }

    /// <summary>Waits until the portal has found in Box whom it can.</summary>
    public Task RecoverAsync() => Services.GetRequiredService<KnownAppUsers>().FirstReading.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);

    /// <summary>A browser without scripts: keeps cookies, follows no redirect.</summary>
    public Browser NewBrowser() => new(Address, answer =>
    {
        // Nothing that a test does may make the portal fail, whatever else the test is about.
        Assert.False(answer.StatusCode == System.Net.HttpStatusCode.InternalServerError && answer.RequestMessage!.RequestUri!.Authority == Address.Authority,
            $"The portal failed at {answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri}:\n{string.Join('\n', Logs.Where(line => line.StartsWith("Error", StringComparison.Ordinal)).TakeLast(2))}");
        return Watch?.Invoke(answer) ?? Task.CompletedTask;
    });

    /// <summary>Sees every answer to this portal's browsers.</summary>
    public Func<HttpResponseMessage, Task>? Watch { get; set; }

    /// <summary>A browser in which this person has signed in through the identity provider's own page.</summary>
    public async Task<Browser> SignInAsync(Person person)
    {
        var browser = NewBrowser();
        await browser.SignInAsync(person);
        return browser;
    }

    /// <summary>Gives somebody other app roles in the company's directory; the portal hears of it at their next sign-in.</summary>
    public void SetRoles(Person person, params string[] roles) =>
        Directory.Replace([.. Directory.Everyone.Select(one => one.ObjectId == person.ObjectId ? one with { AppRoles = roles } : one)]);

    /// <summary>Somebody signed in without a browser: the principal of a live session, as a circuit would hold it.</summary>
    public Task<ClaimsPrincipal> SessionOfAsync(Person person) => Services.GetRequiredService<Sessions>().SessionOfAsync(person);

    /// <summary>Makes the next calls of Box go wrong, as <c>/_sandbox/faults</c> takes it.</summary>
    public async Task SpoilAsync(object fault)
    {
        using var http = new HttpClient { BaseAddress = SandboxAddress };
        (await http.PostAsJsonAsync("/_sandbox/faults", fault, Cancellation)).EnsureSuccessStatusCode();
    }

    /// <summary>Lets all calls of Box go right again.</summary>
    public async Task MendAsync()
    {
        using var http = new HttpClient { BaseAddress = SandboxAddress };
        (await http.DeleteAsync(new Uri("/_sandbox/faults", UriKind.Relative), Cancellation)).EnsureSuccessStatusCode();
    }

    /// <summary>The person's app user, by the external ID that the seed or the portal gave it.</summary>
    public User AppUserOf(Person person) => Enterprise.UsersByExternalId[person.ExternalAppUserId];

    /// <summary>Asks Box itself whom this token acts as.</summary>
    public async Task<string> WhoActsWithAsync(string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(SandboxAddress, "/2.0/users/me?fields=id"));
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await http.SendAsync(request, Cancellation);
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>(Cancellation)).GetProperty("id").GetString()!;
    }

    /// <summary>The record of what <paramref name="search"/> names, newest first.</summary>
    public async Task<IReadOnlyList<AuditEntry>> ReadRecordAsync(string? search)
    {
        await using var db = await Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Cancellation);
        return await RecordList.Parse(search, kind: null, from: null, until: null).Of(db).ToListAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _factory.DisposeAsync();
        if (_ownsSandbox)
        {
            await AnswerRecorder.EndAsync(Sandbox);
        }
    }

    private sealed class Factory(Dictionary<string, string> settings, TimeProvider? clock, string? dataFolder, string environment, ExplorerLimits? limits) : WebApplicationFactory<Program>
    {
        public string DataFolder { get; } = dataFolder ?? System.IO.Directory.CreateTempSubdirectory("boxportal-test-").FullName;

        public ConcurrentQueue<string> Logs { get; } = [];

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseSolutionRelativeContentRoot("");
            builder.UseEnvironment(environment);
            builder.UseSetting("Storage:DataFolder", DataFolder);
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(new LogCollector(Logs)));
            builder.ConfigureServices(services =>
            {
                if (clock is not FakeTimeProvider) // by which to wait costs nothing
                {
                    services.Replace(ServiceDescriptor.Singleton(provider => ActivatorUtilities.CreateInstance<CallBudget>(provider, new Haste())));
                }

                if (clock is not null)
                {
                    services.Replace(ServiceDescriptor.Singleton(clock));
                }

                if (limits is not null)
                {
                    services.Replace(ServiceDescriptor.Singleton(limits));
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
            where TState : notnull
        {
            lines.Enqueue($"Scope: {Written(state)}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)} {Written(state)} {exception}");

        public void Dispose()
        {
        }

        /// <summary>What a structured log would keep beside the message.</summary>
        private static string Written<TState>(TState state) => state is IEnumerable<KeyValuePair<string, object?>> values
            ? string.Join(' ', values.Select(value => $"{value.Key}={value.Value}"))
            : $"{state}";
    }
}

/// <summary>People as tests speak of them.</summary>
public static class People
{
    public static Person Maya => BoxPortal.Sandbox.Directory.Named("maya.okafor");
    public static Person Tomas => BoxPortal.Sandbox.Directory.Named("tomas.herrera");
    public static Person Administrator => BoxPortal.Sandbox.Directory.Named("priya.raman");
    public static Person HelpDesk => BoxPortal.Sandbox.Directory.Named("kenji.watanabe");
    public static Person Auditor => BoxPortal.Sandbox.Directory.Named("charlotte.mbeki");
    public static Person Newcomer => BoxPortal.Sandbox.Directory.Named("noah.lindqvist");
    public static Person Suspended => BoxPortal.Sandbox.Directory.Named("viktor.dragan");

    public static EmployeeId Id(this Person person) => new(Guid.Parse(BoxPortal.Sandbox.Directory.TenantId), person.ObjectId);

    public static Employee AsEmployee(this Person person) => new(person.Id(), person.Name, person.UserName, person.AppRoles);
}
