using System.Net.Http.Json;
using BoxPortal.Sandbox;
using BoxPortal.Sandbox.Tests.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Box.Tests;

/// <summary>The client against a sandbox of its own, started on a free port, with the config the sandbox hands out.</summary>
internal sealed class SandboxedClient : IAsyncDisposable
{
    private readonly WebApplication _sandbox;
    private readonly HttpClient _controls;

    private SandboxedClient(WebApplication sandbox, HttpClient controls, BoxClient client)
    {
        _sandbox = sandbox;
        _controls = controls;
        Client = client;
    }

    public BoxClient Client { get; }

    public BoxUsers Users => Client.Users;

    public BoxGroups Groups => Client.Get<BoxGroups>();

    public BoxGroupMemberships Memberships => Client.Get<BoxGroupMemberships>();

    public BoxCollaborations Collaborations => Client.Get<BoxCollaborations>();

    public BoxFolders Folders => Client.Get<BoxFolders>();

    public Enterprise Enterprise => _sandbox.Services.GetRequiredService<Enterprise>();

    public SandboxClock Clock => _sandbox.Services.GetRequiredService<SandboxClock>();

    public IReadOnlyList<SeenRequest> Requests => _sandbox.Services.GetRequiredService<RequestLog>().Requests;

    public IEnumerable<SeenRequest> TokenRequests => Requests.Where(request => request.Path == "/oauth2/token");

    public static async Task<SandboxedClient> StartAsync(TimeProvider? clock = null, params (string Key, string? Value)[] settings)
    {
        var sandbox = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true }, AnswerRecorder.Listen);
        await sandbox.StartAsync(TestContext.Current.CancellationToken);
        var controls = new HttpClient { BaseAddress = new Uri(sandbox.Urls.First()) };
        var config = await controls.GetStringAsync("/_sandbox/config.json", TestContext.Current.CancellationToken);
        return new(sandbox, controls, new BoxClient(controls.BaseAddress, clock, [("Box:ConfigJson", config), .. settings]));
    }

    /// <summary>Pulls one of the sandbox's levers, e.g. <c>faults</c>.</summary>
    public async Task ControlAsync(string lever, object setting)
    {
        using var answer = await _controls.PostAsJsonAsync($"/_sandbox/{lever}", setting, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Client.DisposeAsync();
            // Every secret of the sandbox begins so, whatever it is.
            Assert.All(Client.Log, line => Assert.DoesNotMatch("sbx[A-Za-z0-9_-]{20}", line));
        }
        finally
        {
            _controls.Dispose();
            await AnswerRecorder.EndAsync(_sandbox);
        }
    }
}
