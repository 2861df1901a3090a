using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace BoxPortal.Sandbox.Tests;

/// <summary>The sandbox as a program of its own.</summary>
public sealed partial class ProgramTests
{
    [Fact]
    public async Task It_says_where_it_is_and_how_a_portal_is_pointed_at_it()
    {
        using var sandbox = Start("http://127.0.0.1:0");
        try
        {
            var said = "";
            while (!said.Contains("Ctrl+C", StringComparison.Ordinal) && await sandbox.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                said += line + "\n";
            }

            var address = Address().Match(said).Value;
            foreach (var words in new[] { $"AzureAd:Instance       {address}/\n", Directory.TenantId, Directory.ClientId, Directory.ClientSecret, $"Box:ApiBaseAddress     {address}\n", $"{address}/_sandbox/config.json" })
            {
                Assert.Contains(words, said, StringComparison.Ordinal);
            }

            using HttpClient http = new();
            Assert.Contains("boxAppSettings", await http.GetStringAsync($"{address}/_sandbox/config.json", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        finally
        {
            sandbox.Kill();
        }
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_with_the_setting_for_another()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        using var sandbox = Start($"http://127.0.0.1:{port}");

        var said = await sandbox.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await sandbox.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, sandbox.ExitCode);
        Assert.Contains($":{port}", said, StringComparison.Ordinal);
        Assert.Contains("--Sandbox:Urls=", said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    private static Process Start(string urls) => Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "BoxPortal.Sandbox.dll"), $"--Sandbox:Urls={urls}"])
    {
        RedirectStandardError = true,
        RedirectStandardOutput = true,
        Environment = { ["DOTNET_ENVIRONMENT"] = "Development", ["ASPNETCORE_ENVIRONMENT"] = "Development" },
    })!;

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}
