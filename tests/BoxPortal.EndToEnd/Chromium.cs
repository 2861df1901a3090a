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
        Browser = await LocalChromium.LaunchAsync(_playwright);
        System.IO.Directory.CreateDirectory(ScreensFolder);
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
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
