using System.Diagnostics;
using BoxPortal.Tests;

namespace BoxPortal.EndToEnd;

/// <summary>A portal in a process of its own, which can be killed.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private readonly Process _process;

    private PortalProcess(Process process) => _process = process;

    /// <summary>Starts one, and waits until it answers.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="dataFolder">What it finds of those before it.</param>
    /// <param name="settings">Its other settings.</param>
    /// <param name="program">The folder of what was published; what the tests were built with unless told.</param>
    public static async Task<PortalProcess> StartAsync(Uri address, string dataFolder, IReadOnlyDictionary<string, string> settings, string? program = null)
    {
        program ??= AppContext.BaseDirectory;
        var start = new ProcessStartInfo("dotnet",
        [
            Path.Combine(program, "BoxPortal.dll"), "--environment=Development", $"--urls={address}",
            $"--Storage:DataFolder={dataFolder}", "--Logging:LogLevel:Default=Error",
        ])
        {
            WorkingDirectory = program,
        };
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value; // not where anybody may read them
        }

        var portal = new PortalProcess(Process.Start(start)!);
        using HttpClientHandler trusting = new() { ServerCertificateCustomValidationCallback = (_, _, _, _) => true }; // a test's own certificate
        using var http = new HttpClient(trusting) { BaseAddress = address };
        await PassingTime.UntilAsync(async () => !portal._process.HasExited && await IsReadyAsync(http), TimeSpan.FromMinutes(1));
        return portal;
    }

    /// <summary>Ends it without a word, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync(PortalHost.Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), PortalHost.Cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }
}
