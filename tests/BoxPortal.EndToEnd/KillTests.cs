using System.Text.RegularExpressions;
using BoxPortal.Tests;
using BoxPortal.Tests.Imports;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed partial class KillTests(Chromium chromium) : PortalTest(chromium)
{
    private static readonly LocatorAssertionsToContainTextOptions s_patience = new() { Timeout = 180_000 };

    [Fact]
    public async Task An_import_of_500_dirty_lines_outlives_the_kill_of_its_portal_and_is_undone_but_for_whom_was_changed_since()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("boxportal-kill-").FullName;
        try
        {
            Uri address;
            DirtyFile file;
            await using (var former = await PortalHost.StartRecoveredAsync(beside: Host, dataFolder: folder))
            {
                (address, file) = (former.Address, await DirtyFile.PlantAsync(former));
            }

            var users = Enterprise.Users.Count;
            Dictionary<string, string> settings = new(await PortalHost.SettingsForAsync(Host.SandboxAddress)) { ["Box:CallsPerMinute"] = "1000" };
            var priya = await ArriveAsync(People.Administrator, address);
            var page = priya.Page;
            await using (await PortalProcess.StartAsync(address, folder, settings))
            {
                await priya.SignInAsync("/imports");
                await Assertions.Expect(page.GetByLabel("CSV file")).ToBeEnabledAsync();
                await page.GetByLabel("CSV file").SetInputFilesAsync(new FilePayload { Name = "Monday.csv", MimeType = "text/csv", Buffer = file.Bytes });
                await page.GetByRole(AriaRole.Button, new() { Name = "Check the lines" }).ClickAsync();
                await page.GetByRole(AriaRole.Button, new() { Name = "Apply to 470 people…" }).ClickAsync();
                await page.GetByLabel("Reason").FillAsync("Monday's list");
                await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Apply to 470 people" }).ClickAsync();
                await Assertions.Expect(page.GetByRole(AriaRole.Progressbar)).ToHaveAttributeAsync("value", AboutTheMiddle(), new() { Timeout = s_patience.Timeout });
                priya.Problems.Foresee("_blazor", "/_framework/blazor.web", "ERR_CONNECTION_REFUSED");
            }

            await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Connection lost");
            await using var next = await PortalProcess.StartAsync(address, folder, settings);
            await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
            await Assertions.Expect(page.Locator(".import-figures")).ToContainTextAsync("470 of 470 done", s_patience);

            Assert.Equal(users + DirtyFile.New, Enterprise.Users.Count);
            Assert.All(file.Clean, line =>
            {
                var appUser = Assert.Single(Enterprise.Users.Values, user => user.ExternalAppUserId == line.Person.ExternalAppUserId);
                Assert.Equal((line.AppUserId ?? appUser.Id, "active"), (appUser.Id, appUser.Status));
            });
            Assert.Equal((500, 470), await CountAsync(page, result: "Done"));

            var import = page.Url;
            foreach (var number in new[] { 1, 150 })
            {
                await UnmapAsync(page, $"Łucja Importée {number};");
            }

            await page.GotoAsync(import);
            await page.GetByRole(AriaRole.Button, new() { Name = "Undo…" }).ClickAsync();
            await page.GetByLabel("Reason").FillAsync("Last year's list");
            await page.GetByRole(AriaRole.Button, new() { Name = "Undo 470 changes" }).ClickAsync();
            await Assertions.Expect(page.Locator(".import-figures")).ToContainTextAsync("468 of 470 done", s_patience);
            await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("2 people could not be taken back");

            Assert.Equal(users + 1, Enterprise.Users.Count); // of those made, the one stays whose person was changed
            Assert.Equal((470, 2), await CountAsync(page, result: "Not done"));
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task UnmapAsync(IPage page, string name)
    {
        await page.GotoAsync($"/people?q={Uri.EscapeDataString(name)}");
        await Assertions.Expect(page.Locator(".table-frame[data-interactive]")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = $"Unmap {name}" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("Left");
        await dialog.GetByRole(AriaRole.Button, new() { Name = $"Unmap {name}" }).ClickAsync();
        await Assertions.Expect(dialog).ToHaveCountAsync(0);
    }

    /// <summary>How many lines the job's file has, and how many of them this came of.</summary>
    private static async Task<(int Lines, int Such)> CountAsync(IPage page, string result)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download CSV" }).ClickAsync());
        var lines = ExportedLine().Matches(await File.ReadAllTextAsync(await download.PathAsync(), PortalHost.Cancellation));
        return (lines.Count, lines.Count(line => line.Groups["result"].Value == result));
    }

    [GeneratedRegex(@"^(2[5-9]\d|[34]\d\d)$")]
    private static partial Regex AboutTheMiddle();

    /// <summary>Thirteen quoted cells, of which some hold line breaks.</summary>
    [GeneratedRegex("""
        ^"\d+"(?:,"(?:[^"]|"")*"){8},"(?<result>[^"]*)"(?:,"(?:[^"]|"")*"){3}\r?$
        """, RegexOptions.Multiline)]
    private static partial Regex ExportedLine();
}
