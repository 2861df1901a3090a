using System.Text;
using BoxPortal.Tests;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

public sealed class FilesTests(Chromium chromium) : PortalTest(chromium)
{
    [Fact]
    public async Task A_person_walks_into_folders_and_back()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);

        await maya.Explorer.OpenFolderAsync("Heron");
        await maya.Explorer.OpenFolderAsync("Minutes");
        await Assertions.Expect(maya.Explorer.Names).ToHaveTextAsync(await Host.ListPathAsync(People.Maya, "Heron", "Minutes"));
        await maya.Explorer.ExpectPathAsync("All Files", "Heron", "Minutes");
        await maya.Explorer.GoBackToAsync("Heron");
        await Assertions.Expect(maya.Explorer.Names).ToHaveTextAsync(await Host.ListPathAsync(People.Maya, "Heron"));
        await maya.Explorer.GoBackToAsync("All Files");

        await Assertions.Expect(maya.Explorer.Names).ToHaveTextAsync(await Host.ListRootAsync(People.Maya));
    }

    [Fact]
    public async Task A_download_is_the_file()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        await maya.Explorer.OpenFolderAsync("Heron");

        var content = await maya.Explorer.DownloadAsync("Kick-off.pptx");

        Assert.Equal(await Host.ReadFileAsync(People.Maya, "Heron", "Kick-off.pptx"), content);
    }

    [Fact]
    public async Task An_upload_arrives_and_is_never_replaced_silently()
    {
        var first = Encoding.UTF8.GetBytes("Tide at six, boat at five. 潮\n");
        var maya = await ArriveAtExplorerAsync(People.Maya);
        await maya.Explorer.OpenFolderAsync("Heron");

        var dialog = await maya.Explorer.UploadAsync("Tide table.txt", first);
        await Assertions.Expect(dialog.GetByText("Success! Your files have been uploaded.")).ToBeVisibleAsync();
        await maya.LookAsync("upload");
        await maya.Explorer.CloseUploadAsync();
        await Assertions.Expect(maya.Explorer.Row("Tide table.txt")).ToBeVisibleAsync();
        Assert.Equal(first, await Host.ReadFileAsync(People.Maya, "Heron", "Tide table.txt"));

        maya.Problems.Foresee("status of 409"); // Chromium tells every refusal
        await maya.Explorer.UploadAsync("Tide table.txt", "another"u8.ToArray());
        await maya.Page.GetByRole(AriaRole.Button, new() { Name = "Skip" }).ClickAsync();
        await maya.Explorer.CloseUploadAsync();

        Assert.Equal(first, await Host.ReadFileAsync(People.Maya, "Heron", "Tide table.txt"));
        Assert.Single(Enterprise.Files.Values, file => file.Name.StartsWith("Tide table", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_and_folders_are_made_renamed_and_deleted()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        await maya.Explorer.OpenFolderAsync("Heron");

        await maya.Explorer.CreateFolderAsync("Spare parts");
        await Assertions.Expect(maya.Explorer.Row("Spare parts")).ToBeVisibleAsync();
        await maya.Explorer.RenameAsync("Spare parts", "Spares");
        await Assertions.Expect(maya.Explorer.Row("Spares")).ToBeVisibleAsync();
        await maya.Explorer.DeleteAsync("Risks.csv");
        await Assertions.Expect(maya.Explorer.Row("Risks.csv")).ToHaveCountAsync(0);

        var left = await Host.ListPathAsync(People.Maya, "Heron");
        Assert.Contains("Spares", left);
        Assert.DoesNotContain("Spare parts", left);
        Assert.DoesNotContain("Risks.csv", left);
        await Assertions.Expect(maya.Explorer.Names).ToHaveTextAsync(left);
    }

    [Fact]
    public async Task The_Explorers_dialogs_keep_their_distance_on_a_phone()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        await maya.Explorer.OpenFolderAsync("Heron");
        var dialog = maya.Page.GetByRole(AriaRole.Dialog);

        await maya.Explorer.Add.ClickAsync();
        await maya.Page.GetByRole(AriaRole.Menuitem, new() { Name = "New Folder", Exact = true }).ClickAsync();
        await Assertions.Expect(dialog.GetByRole(AriaRole.Textbox)).ToBeFocusedAsync();
        await LookAsync("dialog-new-folder");
        await maya.Explorer.ChooseAsync("Risks.csv", "Rename");
        await LookAsync("dialog-rename");
        await maya.Explorer.ChooseAsync("Risks.csv", "Delete");
        await LookAsync("dialog-delete");

        await maya.Page.SetViewportSizeAsync(400, 800);
        await maya.Explorer.Element.GetByRole(AriaRole.Button, new() { Name = "Select several" }).ClickAsync();
        await Assertions.Expect(dialog.Locator(".be-item-label").GetByText("Kick-off.pptx")).ToBeInViewportAsync(new() { Ratio = 1 });
        await dialog.GetByRole(AriaRole.Row).Filter(new() { HasText = "Minutes" }).GetByRole(AriaRole.Checkbox).CheckAsync(new() { Force = true });
        await Assertions.Expect(dialog.GetByText("Selected: 1")).ToBeInViewportAsync();
        await Visitor.TakePictureAsync(maya.Page, "dialog-several-opened-narrow");

        async Task LookAsync(string name)
        {
            await Assertions.Expect(dialog).ToBeVisibleAsync();
            await maya.LookAsync(name);
            await maya.Page.SetViewportSizeAsync(400, 800);
            var frame = (await dialog.BoundingBoxAsync())!;
            foreach (var part in await dialog.Locator("label, input, button").AllAsync())
            {
                var box = (await part.BoundingBoxAsync())!;
                Assert.True(box.X >= frame.X + 12 && box.X + box.Width <= frame.X + frame.Width - 12, $"{name}: {await part.InnerTextAsync()} at {box.X}–{box.X + box.Width} of {frame.X}–{frame.X + frame.Width}");
            }

            await maya.Page.SetViewportSizeAsync(1280, 800);
            await Assertions.Expect(maya.Page.Locator(".be-is-small")).ToHaveCountAsync(0); // upstream closes an open menu when it lays itself out anew
            await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
            await Assertions.Expect(dialog).ToHaveCountAsync(0);
        }
    }
}
