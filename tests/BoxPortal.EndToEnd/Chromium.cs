using System.Runtime.InteropServices;
using BoxPortal.EndToEnd;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Chromium))]

namespace BoxPortal.EndToEnd;

/// <summary>One browser for the whole run; each person in a test gets a context of their own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright _playwright = null!;

    public IBrowser Browser { get; private set; } = null!;

    /// <summary>Where what was seen is kept: a folder beside the project file.</summary>
    public static string ScreensFolder { get; } = Path.Combine(FindProject(), "TestResults", "screens");

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(30_000); // patience for a loaded machine; what must be fast is measured
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = FindChromium(),
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
            ],
        });
        System.IO.Directory.CreateDirectory(ScreensFolder);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>Playwright's own download is out of reach on many networks: the machine's Chromium does.</summary>
    private static string FindChromium()
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

    private static string FindProject()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "BoxPortal.EndToEnd.csproj")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run below their project.");
        }

        return folder.FullName;
    }
}
