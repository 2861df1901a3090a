using System.Text;
using BoxPortal.AppUsers;
using BoxPortal.Sandbox;
using BoxPortal.Tests;
using BoxPortal.Tests.Imports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed class ImportTests(Chromium chromium) : PortalTest(chromium)
{
    private const int New = 24;

    [Fact]
    public async Task An_administrator_imports_a_list_stops_it_and_takes_it_back()
    {
        var priya = await ArriveAsync(People.Administrator);
        var page = priya.Page;
        await priya.SignInAsync("/imports");
        await Assertions.Expect(page.GetByText("Nothing has been imported yet.")).ToBeVisibleAsync();
        await priya.LookAsync("imports-empty");

        priya.Problems.Foresee("status of 422");
        await page.GetByLabel("or lines, pasted").FillAsync("name;phone\nJo;1");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check the lines" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("name, phone");
        await priya.LookAsync("imports-refused");

        await page.GetByLabel("CSV file").SetInputFilesAsync(new FilePayload { Name = "Joiners in March.csv", MimeType = "text/csv", Buffer = await PlantAsync() });
        await page.GetByRole(AriaRole.Button, new() { Name = "Check the lines" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Import “Joiners in March.csv”" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText($"{New} people get a new one, in no group yet. Nobody loses access.")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "begins like a formula" })).ToContainTextAsync("Formula");
        Assert.Null(Host.Enterprise.Users.Values.FirstOrDefault(user => user.Name.StartsWith("Łucja", StringComparison.Ordinal)));
        await priya.LookAsync("import-preview");
        await page.GetByRole(AriaRole.Link, new() { Name = "Acts as another" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await page.GetByLabel("Also re-map").CheckAsync();
        await Assertions.Expect(page.GetByText("1 person changes from one app user to another. Nobody else loses access.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "All" }).ClickAsync();

        await Host.SpoilAsync(new { path = "/2.0/users", delayMs = 1500, times = 10_000 });
        await page.GetByRole(AriaRole.Button, new() { Name = $"Apply to {New + 2} people…" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("Started on Monday");
        await priya.LookAsync("import-apply");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = $"Apply to {New + 2} people" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await Assertions.Expect(page.GetByText("a minute")).ToBeVisibleAsync();
        await priya.LookAsync("import-running");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Resume" })).ToBeEnabledAsync();
        await priya.LookAsync("import-paused");

        await Host.MendAsync();
        await Host.SpoilAsync(new { path = "/2.0/users", status = 503, retryAfter = 20, times = 4 });
        await page.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Waiting for Box since")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        await priya.LookAsync("import-waiting");
        await Host.MendAsync();
        Pass(TimeSpan.FromMinutes(2));
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Undo…" })).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await Assertions.Expect(page.GetByText($"{New + 2} of {New + 2} done")).ToBeVisibleAsync();
        await priya.LookAsync("import-done");

        var charlotte = await ArriveAsync(People.Auditor);
        await charlotte.SignInAsync("/imports");
        await Assertions.Expect(charlotte.Page.GetByRole(AriaRole.Button, new() { Name = "Check the lines" })).ToHaveCountAsync(0);
        await charlotte.LookAsync("imports-auditor");
        await charlotte.Page.GetByRole(AriaRole.Link, new() { Name = "Joiners in March.csv" }).ClickAsync();
        await Assertions.Expect(charlotte.Page.GetByRole(AriaRole.Row).Nth(1)).ToBeVisibleAsync();
        await Assertions.Expect(charlotte.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("Undo|Pause|Apply") })).ToHaveCountAsync(0);
        var download = await charlotte.Page.RunAndWaitForDownloadAsync(() => charlotte.Page.GetByRole(AriaRole.Link, new() { Name = "Download CSV" }).ClickAsync());
        Assert.Contains("Łucja", await File.ReadAllTextAsync(await download.PathAsync(), PortalHost.Cancellation), StringComparison.Ordinal);

        // Somebody is changed by hand before it turns out that the list was last year's.
        var made = Host.Enterprise.Users.Values.First(user => user.Name.StartsWith("Łucja", StringComparison.Ordinal));
        var changed = BoxPortal.SignIn.EmployeeId.FromExternalAppUserId(made.ExternalAppUserId)!.Value;
        await Host.Services.GetRequiredService<AppUserChanges>().AskAsync(await Host.SessionOfAsync(People.Administrator), AppUserAct.Unmap, changed, "left");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo…" }).ClickAsync();
        await page.GetByLabel("Reason").FillAsync("Last year's list");
        await priya.LookAsync("import-undo");
        await page.GetByRole(AriaRole.Button, new() { Name = $"Undo {New + 2} changes" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Undoing of “Joiners in March.csv”" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText($"{New + 1} of {New + 2} done")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync(made.Name);
        await priya.LookAsync("import-undone");
        await page.GetByRole(AriaRole.Link, new() { Name = "Imports" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await priya.LookAsync("imports");
    }

    /// <summary>A list with something of nearly everything.</summary>
    private async Task<byte[]> PlantAsync()
    {
        var lucja = Enumerable.Range(1, New).Select(ImportHost.NewPerson).ToList();
        var inactive = Enterprise.AddAppUser("Inactive", null);
        inactive.Status = "inactive";
        var lines = new List<string>
        {
            "object_id;mail;name;app_user;reason;phone",
            $"{Guid.NewGuid()};;=HYPERLINK(\"http://x\");new;;1",
            $";nobody@larkfield.example;;new;;2",
            $"{People.Tomas.ObjectId};;;{Enterprise.AddAppUser("Tomás, workshop", null).Id};Moved;3",
            $";{People.Maya.UserName};;;;4",
            $"{Guid.NewGuid()};;Jonas Berg;{Enterprise.AddAppUser("Jonas Berg", null).Id};;5",
            $"{Guid.NewGuid()};;Ana Costa;{inactive.Id};;6",
            $"{Guid.NewGuid()};;Ole Holm;999;;7",
            $"{Guid.NewGuid()};;Per Lund;{Host.AppUserOf(People.Maya).Id};;8",
            $"{Guid.NewGuid()};;Rosa Diaz;;;9",
        };
        lines.AddRange(lucja.Select(person => $"{person.ObjectId};{person.UserName};{person.Name};new;;"));
        lines.Add($"{lucja[0].ObjectId};;{lucja[0].Name};new;;");
        await Host.ReadBoxAsync();
        return [.. Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), .. Encoding.Latin1.GetBytes($"{Guid.NewGuid()};;J\xf6rg Bauer;new;;\n")];
    }
}
