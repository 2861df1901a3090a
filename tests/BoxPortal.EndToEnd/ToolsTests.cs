using System.IO.Compression;
using BoxPortal.Sandbox;
using BoxPortal.Tests;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

/// <summary>What people have asked of the Explorer since 2017, beside it.</summary>
public sealed class ToolsTests(Chromium chromium) : PortalTest(chromium)
{
    [Fact]
    public async Task Files_are_copied_moved_and_taken_along_together()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        await maya.Explorer.OpenFolderAsync("Heron");
        var heron = Enterprise.Folders[await Host.FindAsync(People.Maya, "Heron")];
        var dialog = maya.Page.GetByRole(AriaRole.Dialog);

        await maya.Explorer.ChooseAsync("Kick-off.pptx", "Copy to…");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("Copy “Kick-off.pptx” to");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Choose a folder" })).ToBeDisabledAsync(); // the top is nobody's group's
        await dialog.GetByRole(AriaRole.Row).Filter(new() { HasText = "Company" }).GetByRole(AriaRole.Radio).CheckAsync(new() { Force = true });
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "You cannot upload into this folder" })).ToBeDisabledAsync(); // she may only look there
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await maya.Explorer.ChooseAsync("Kick-off.pptx", "Copy to…");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Heron" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Minutes" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Copy to “Minutes”" })).ToBeEnabledAsync();
        await maya.LookAsync("explorer-copy");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Copy to “Minutes”" }).ClickAsync();
        await Assertions.Expect(maya.Explorer.Notice).ToHaveTextAsync("Copied Kick-off.pptx to “Minutes”.");

        await maya.Explorer.ChooseAsync("Kick-off.pptx", "Move to…");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Heron" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Minutes" }).ClickAsync();
        maya.Problems.Foresee("status of 409");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Move to “Minutes”" }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Heading)).ToHaveTextAsync("“Kick-off.pptx” is already in “Minutes”");
        await Assertions.Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Replace" })).ToHaveCountAsync(0);
        await Assertions.Expect(dialog.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(0); // there are no others
        await maya.LookAsync("explorer-taken");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Skip" }).ClickAsync();
        await Assertions.Expect(maya.Explorer.Notice).ToHaveTextAsync("There is already something called “Kick-off.pptx”.");
        await maya.Explorer.ChooseAsync("Kick-off.pptx", "Copy to…"); // beside itself
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Heron" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Copy to “Heron”" }).ClickAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Keep both" }).ClickAsync();
        await Assertions.Expect(maya.Explorer.Row("Kick-off (2).pptx")).ToBeVisibleAsync();
        Assert.NotNull(heron.Child("Kick-off.pptx"));

        await maya.Explorer.Element.GetByRole(AriaRole.Button, new() { Name = "Select several" }).ClickAsync();
        foreach (var name in (string[])["Kick-off.pptx", "Minutes"])
        {
            await dialog.GetByRole(AriaRole.Row).Filter(new() { HasText = name }).GetByRole(AriaRole.Checkbox).CheckAsync(new() { Force = true });
        }

        await Assertions.Expect(dialog.GetByText("Selected: 2")).ToBeVisibleAsync();
        await maya.LookAsync("explorer-several");
        var download = await maya.Page.RunAndWaitForDownloadAsync(() => dialog.GetByRole(AriaRole.Button, new() { Name = "Download as zip" }).ClickAsync());
        using var zip = await ZipFile.OpenReadAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
        Assert.Contains("Minutes/Kick-off.pptx", zip.Entries.Select(entry => entry.FullName));
        Assert.Contains("Kick-off.pptx", zip.Entries.Select(entry => entry.FullName));
        Assert.NotNull(((Folder)heron.Child("Minutes")!).Child("Kick-off.pptx"));
    }

    [Fact]
    public async Task Whole_folders_are_dropped_and_a_name_in_use_is_asked_about()
    {
        var source = System.IO.Directory.CreateTempSubdirectory("boxportal-drop-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(source.CreateSubdirectory("Charts").CreateSubdirectory("North").FullName, "Reef.txt"), "Reef", TestContext.Current.CancellationToken);
            var risks = Path.Combine(source.FullName, "Risks.csv");
            await File.WriteAllTextAsync(risks, "none", TestContext.Current.CancellationToken);
            var maya = await ArriveAtExplorerAsync(People.Maya);
            var heron = Enterprise.Folders[await Host.FindAsync(People.Maya, "Heron")];
            var before = ((BoxFile)heron.Child("Risks.csv")!).Current.Sha1;
            var question = maya.Page.Locator("dialog[data-dialog=replace]");
            maya.Problems.Foresee("status of 409");

            await DragAsync("dragEnter", risks);
            await Assertions.Expect(maya.Page.GetByText("You cannot upload into this folder")).ToBeVisibleAsync(); // the top
            await DragAsync("drop", risks);
            await maya.Explorer.OpenFolderAsync("Heron");
            await DragAsync("dragEnter", risks);
            await Assertions.Expect(maya.Page.GetByText("Drop to upload into this folder")).ToBeVisibleAsync();
            await maya.LookAsync("explorer-drop");
            await DragAsync("drop", Path.Combine(source.FullName, "Charts"));
            await Assertions.Expect(maya.Page.GetByText("Success! Your files have been uploaded.")).ToBeVisibleAsync();
            await maya.Explorer.CloseUploadAsync();
            Assert.NotNull(((Folder)((Folder)heron.Child("Charts")!).Child("North")!).Child("Reef.txt"));

            await DragAsync("drop", risks);
            await Assertions.Expect(question.GetByRole(AriaRole.Heading)).ToHaveTextAsync("“Risks.csv” is already in this folder");
            await maya.LookAsync("explorer-replace");
            await question.GetByRole(AriaRole.Button, new() { Name = "Skip" }).ClickAsync();
            await maya.Explorer.CloseUploadAsync();
            Assert.Equal(before, ((BoxFile)heron.Child("Risks.csv")!).Current.Sha1);

            await DragAsync("drop", risks);
            await question.GetByRole(AriaRole.Button, new() { Name = "Keep both" }).ClickAsync();
            await maya.Explorer.CloseUploadAsync();
            await Assertions.Expect(maya.Explorer.Row("Risks (2).csv")).ToBeVisibleAsync();
            Assert.Equal(before, ((BoxFile)heron.Child("Risks.csv")!).Current.Sha1);

            await DragAsync("drop", risks);
            await question.GetByRole(AriaRole.Button, new() { Name = "Replace" }).ClickAsync();
            await Assertions.Expect(maya.Page.GetByText("Success! Your files have been uploaded.")).ToBeVisibleAsync();
            await maya.Explorer.CloseUploadAsync();
            Assert.Equal(2, ((BoxFile)heron.Child("Risks.csv")!).Versions.Count);

            var chooser = await maya.Page.RunAndWaitForFileChooserAsync(() => maya.Explorer.ChooseAsync("Plan.xlsx", "Upload new version"));
            await chooser.SetFilesAsync(risks);
            await Assertions.Expect(maya.Page.GetByText("Success! Your files have been uploaded.")).ToBeVisibleAsync();
            Assert.Equal(2, ((BoxFile)heron.Child("Plan.xlsx")!).Versions.Count);

            async Task DragAsync(string type, string path)
            {
                var devTools = await maya.Context.NewCDPSessionAsync(maya.Page);
                foreach (var each in type == "drop" ? new[] { "dragEnter", "dragOver", "drop" } : ["dragEnter"])
                {
                    await devTools.SendAsync("Input.dispatchDragEvent", new()
                    {
                        ["type"] = each,
                        ["x"] = 600,
                        ["y"] = 500,
                        ["data"] = new Dictionary<string, object> { ["items"] = Array.Empty<object>(), ["files"] = new[] { path }, ["dragOperationsMask"] = 1 },
                    });
                }
            }
        }
        finally
        {
            source.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Files_are_looked_at_without_being_taken_along()
    {
        var heron = Enterprise.Folders[await Host.FindAsync(People.Maya, "Heron")];
        Enterprise.AddFile(heron, "Harbour.pdf", "%PDF-1.4"u8.ToArray());
        Enterprise.AddFile(heron, "Hostile.md", "# Tide\n<img src=x onerror=alert(1)><script>alert(1)</script>**low**"u8.ToArray());
        var maya = await ArriveAtExplorerAsync(People.Maya);
        await maya.Explorer.OpenFolderAsync("Heron");
        var preview = maya.Page.GetByRole(AriaRole.Dialog, new() { Name = "Preview" });

        await maya.Explorer.Names.GetByText("Hostile.md").ClickAsync();
        await Assertions.Expect(preview.GetByRole(AriaRole.Heading, new() { Name = "Tide" })).ToBeVisibleAsync();
        await Assertions.Expect(preview.Locator("article strong")).ToHaveTextAsync("low");
        await Assertions.Expect(preview.Locator("article :is(img, script)")).ToHaveCountAsync(0);
        await Assertions.Expect(preview.GetByText("Size")).ToBeVisibleAsync(); // Box's sidebar
        await maya.LookAsync("explorer-preview");
        await CloseAsync();

        await maya.Explorer.Names.GetByText("Risks.csv").ClickAsync();
        await Assertions.Expect(preview.Locator("pre")).ToBeVisibleAsync();
        await CloseAsync();
        await maya.Explorer.Names.GetByText("Harbour.pdf").ClickAsync();
        await Assertions.Expect(preview.Locator("iframe[title='Harbour.pdf']")).ToBeVisibleAsync();
        await CloseAsync();
        await maya.Explorer.Names.GetByText("Kick-off.pptx").ClickAsync();
        await Assertions.Expect(preview.GetByRole(AriaRole.Heading, new() { Name = "There is no preview of this file" })).ToBeVisibleAsync();
        var download = await maya.Page.RunAndWaitForDownloadAsync(() => preview.GetByRole(AriaRole.Status).GetByRole(AriaRole.Button, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("Kick-off.pptx", download.SuggestedFilename);
        await CloseAsync();

        await maya.Explorer.OpenFolderAsync("Field trial");
        await maya.Explorer.Names.GetByText("Marker buoy.jpg").ClickAsync();
        await Assertions.Expect(preview.GetByRole(AriaRole.Img, new() { Name = "Marker buoy.jpg" })).ToBeVisibleAsync();

        Task CloseAsync() => preview.GetByRole(AriaRole.Button, new() { Name = "Close" }).First.ClickAsync();
    }

    [Fact]
    public async Task Boxs_own_preview_and_sharing_are_a_matter_of_settings()
    {
        await using var portal = await PortalHost.StartRecoveredAsync(beside: Host, settings: new Dictionary<string, string>
        {
            ["Explorer:Preview"] = "Cdn",
            ["Explorer:CanShare"] = "true",
            ["Explorer:CanUploadAtTop"] = "true",
            ["Explorer:Scopes:Everyone:6"] = "item_share",
        });
        var maya = await ArriveAsync(People.Maya, portal.Address, language: "de-DE");
        maya.Problems.Foresee("cdn01.boxcdn.net", "net::ERR_FAILED");
        await maya.Context.RouteAsync("https://cdn01.boxcdn.net/**", route => route.AbortAsync());
        await maya.SignInAsync();
        await maya.Explorer.ExpectStateAsync("ready");
        await Assertions.Expect(maya.Explorer.Element.GetByRole(AriaRole.Button, new() { Name = "Hinzufügen", Exact = true })).ToBeVisibleAsync(); // at the top
        await maya.Explorer.OpenFolderAsync("Heron");
        await Assertions.Expect(maya.Explorer.Element).ToContainTextAsync("AKTUALISIERT"); // Box's words

        await maya.Explorer.Names.GetByText("Risks.csv").ClickAsync();
        await Assertions.Expect(maya.Explorer.Notice).ToHaveTextAsync("Die Vorschau wurde nicht geladen. Laden Sie die Datei stattdessen herunter.");
        await Assertions.Expect(maya.Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);

        // Anything else than Box's library does for the policy's sake.
        await maya.Context.UnrouteAsync("https://cdn01.boxcdn.net/**");
        await maya.Context.RouteAsync("https://cdn01.boxcdn.net/platform/preview/**", async route => await route.FulfillAsync(new()
        {
            Response = await route.FetchAsync(new() { Url = new Uri(portal.Address, $"/box/preview/local/de-DE/{route.Request.Url.Split('/')[^1]}").ToString() }),
        }));
        await maya.Explorer.Names.GetByText("Risks.csv").ClickAsync();
        await Assertions.Expect(maya.Page.GetByRole(AriaRole.Dialog).Locator("pre")).ToBeVisibleAsync();
        await maya.Page.Keyboard.PressAsync("Escape");

        await maya.Explorer.Row("Risks.csv").GetByRole(AriaRole.Button).Last.ClickAsync();
        await maya.Page.GetByRole(AriaRole.Menuitem, new() { Name = "Freigeben" }).ClickAsync();
        await Assertions.Expect(maya.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox)).ToHaveValueAsync(new System.Text.RegularExpressions.Regex("^http"));
        await maya.Page.CloseAsync(); // before its portal ends
    }
}
