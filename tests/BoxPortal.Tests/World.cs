using BoxPortal.Sandbox;
using BoxPortal.Sandbox.Tests.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests;

/// <summary>What outlives a portal: Box, and the portal's own files.</summary>
public sealed class World(WebApplication sandbox, Dictionary<string, string> settings) : IAsyncDisposable
{
    private readonly string _dataFolder = System.IO.Directory.CreateTempSubdirectory("boxportal-test-").FullName;

    public Enterprise Enterprise => sandbox.Services.GetRequiredService<Enterprise>();

    public static async Task<World> StartAsync()
    {
        var sandbox = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true }, AnswerRecorder.Listen);
        await sandbox.StartAsync();
        return new World(sandbox, await PortalHost.SettingsForAsync(new Uri(sandbox.Urls.First())));
    }

    public Task<MortalPortal> StartPortalAsync(int lastPoint) => MortalPortal.StartAsync(settings, _dataFolder, lastPoint);

    public async ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(_dataFolder, recursive: true);
        await AnswerRecorder.EndAsync(sandbox);
    }
}
