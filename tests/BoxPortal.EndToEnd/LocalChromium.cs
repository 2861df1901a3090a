using System.Runtime.InteropServices;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

/// <summary>Playwright's own download is out of reach on many networks: the machine's Chromium does.</summary>
internal static class LocalChromium
{
    public static Task<IBrowser> LaunchAsync(IPlaywright playwright) => playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Find(),
        Args =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
        ],
    });

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("CHROMIUM") is { Length: > 0 } named)
        {
            return named;
        }

        var folders = Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator);
        string[] names = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? ["chrome.exe", "msedge.exe"] : ["chromium", "chromium-browser", "google-chrome"];
        return names.SelectMany(name => folders.Select(folder => Path.Combine(folder, name))).FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("No Chromium found: install Debian's chromium package, or name one with CHROMIUM=/path/to/it.");
    }
}
