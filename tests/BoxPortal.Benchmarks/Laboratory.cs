using BoxPortal.Sandbox;
using Microsoft.AspNetCore.Builder;

namespace BoxPortal.Benchmarks;

/// <summary>A portal in this process, and the sandbox it works against.</summary>
internal sealed class Laboratory : IAsyncDisposable
{
    private readonly WebApplication _sandbox;
    private readonly DirectoryInfo _data;

    private Laboratory(WebApplication sandbox, WebApplication portal, DirectoryInfo data) => (_sandbox, Portal, _data) = (sandbox, portal, data);

    /// <summary>Built; to be started once the floors are mapped.</summary>
    public WebApplication Portal { get; }

    public Uri Address => new(Portal.Urls.First());

    public static async Task<Laboratory> OpenAsync()
    {
        var sandbox = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true });
        await sandbox.StartAsync();
        var box = sandbox.Urls.First();
        using var http = new HttpClient { BaseAddress = new Uri(box) };
        var data = System.IO.Directory.CreateTempSubdirectory("boxportal-benchmark-");
        var portal = Program.Build(
        [
            "--environment=Development",
            "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=None",
            $"--Storage:DataFolder={data.FullName}",
            $"--AzureAd:Instance={box}/",
            $"--AzureAd:TenantId={BoxPortal.Sandbox.Directory.TenantId}",
            $"--AzureAd:ClientId={BoxPortal.Sandbox.Directory.ClientId}",
            $"--AzureAd:ClientSecret={BoxPortal.Sandbox.Directory.ClientSecret}",
            $"--Box:ConfigJson={await http.GetStringAsync(new Uri("/_sandbox/config.json", UriKind.Relative))}",
            $"--Box:ApiBaseAddress={box}",
            $"--Box:UploadBaseAddress={box}",
        ]);
        return new Laboratory(sandbox, portal, data);
    }

    public static async Task DrainAsync(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        response.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.StopAsync();
        await Portal.DisposeAsync();
        await _sandbox.DisposeAsync();
        _data.Delete(recursive: true);
    }
}
