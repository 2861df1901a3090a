using System.Collections.Concurrent;
using BoxPortal.Graph;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Tests.Graph;

/// <summary>
/// A portal, and a Graph with its token endpoint that answer it as a test says: for the answers that the sandbox cannot give.
/// A second address stands for everywhere else.
/// </summary>
public sealed class MisbehavingGraph : IAsyncLifetime
{
    public const string Token = "the-token-of-the-misbehaving-graph";
    public const string ClientSecret = "the client secret at the misbehaving graph";

    private readonly ConcurrentQueue<string> _requests = [];
    private WebApplication _app = null!;
    private PortalHost _portal = null!;

    public string Address => _app.Urls.First();

    public string Elsewhere => _app.Urls.Last();

    public FakeTimeProvider Clock { get; } = PassingTime.StoppedClock();

    /// <summary>What has been asked since <see cref="Begin"/>: method, address.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public IEnumerable<string> Logs => _portal.Logs;

    /// <summary>What Graph answers.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = null!;

    /// <summary>What the token endpoint answers.</summary>
    public Func<HttpContext, Task> TokenAnswer { get; set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0", "http://127.0.0.1:0/");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(context =>
        {
            var request = context.Request;
            _requests.Enqueue($"{request.Method} {request.Scheme}://{request.Host}{request.Path}{request.QueryString}");
            return request.Path.Value!.EndsWith("/token", StringComparison.Ordinal) ? TokenAnswer(context) : Answer(context);
        });
        await _app.StartAsync(PortalHost.Cancellation);
        _portal = await PortalHost.StartAsync(
            new Dictionary<string, string>
            {
                ["AzureAd:Instance"] = Address,
                ["AzureAd:ClientSecret"] = ClientSecret,
                ["Graph:BaseAddress"] = Address,
                ["Logging:LogLevel:Default"] = "Trace",
                ["Logging:LogLevel:System.Net.Http.HttpClient"] = "Trace",
            },
            Clock);
    }

    /// <summary>Makes everything well-behaved, and whatever token the portal has old.</summary>
    public void Begin()
    {
        Clock.Advance(TimeSpan.FromHours(1));
        _requests.Clear();
        _portal.Logs.Clear();
        TokenAnswer = context => context.Response.WriteAsync($$"""{"token_type":"Bearer","expires_in":3599,"ext_expires_in":3599,"access_token":"{{Token}}"}""");
        Answer = context => context.Response.WriteAsync($$"""{"value":[{{User()}}]}""");
    }

    /// <summary>Reads the list to its end, while time stands still.</summary>
    public Task<List<DirectoryPerson>> ListAsync() =>
        _portal.Services.GetRequiredService<GraphDirectory>().ListAsync(PortalHost.Cancellation).ToListAsync(PortalHost.Cancellation).AsTask();

    /// <summary>Reads the list to its end, with all the waiting there is.</summary>
    public Task<List<DirectoryPerson>> ListPatientlyAsync() => Clock.PassUntilAsync(ListAsync());

    /// <summary>Answers one page after the other, and the last again and again.</summary>
    public void AnswerPages(params string[] pages)
    {
        var next = -1;
        Answer = context => context.Response.WriteAsync(pages[Math.Min(Interlocked.Increment(ref next), pages.Length - 1)]);
    }

    public static string User(string name = "Ada") =>
        $$"""{"id":"{{Guid.NewGuid()}}","displayName":"{{name}}","userPrincipalName":"{{name}}@example.com","mail":null,"accountEnabled":true,"department":null,"jobTitle":"Engineer"}""";

    public async ValueTask DisposeAsync()
    {
        await _portal.DisposeAsync();
        await _app.DisposeAsync();
    }
}
