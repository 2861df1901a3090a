using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

/// <summary>Box's Content Explorer in the page, as people use it. The words on its buttons are upstream's.</summary>
public sealed class Explorer(IPage page)
{
    private static readonly string[] s_rowMenu = ["Download", "Rename", "Delete"];

    public ILocator Element => page.Locator("box-explorer");

    /// <summary>Names of what is listed.</summary>
    public ILocator Names => Element.Locator(".be-ItemList-itemTitle");

    public ILocator Breadcrumb => Element.Locator(".be-breadcrumb");

    public ILocator Add => Element.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true });

    /// <summary>The one quiet line about what has just happened.</summary>
    public ILocator Notice => Element.Locator(".explorer-notice");

    private ILocator Dialog => page.GetByRole(AriaRole.Dialog);

    public ILocator Row(string name) => Element.GetByRole(AriaRole.Row).Filter(new() { Has = page.GetByText(name, new() { Exact = true }) });

    /// <summary>What the element says of itself: <c>ready</c>, or the name of the card it shows.</summary>
    public Task ExpectStateAsync(string state, float? withinMilliseconds = null) =>
        Assertions.Expect(Element).ToHaveAttributeAsync("data-state", state, new() { Timeout = withinMilliseconds });

    /// <summary>Where one is, from the root down.</summary>
    public Task ExpectPathAsync(params string[] folders) => Assertions.Expect(Breadcrumb).ToHaveTextAsync(folders);

    public async Task OpenFolderAsync(string name)
    {
        await Names.GetByText(name, new() { Exact = true }).ClickAsync();
        await Assertions.Expect(Breadcrumb.Last).ToHaveTextAsync(name);
    }

    public async Task GoBackToAsync(string folder)
    {
        await Breadcrumb.GetByRole(AriaRole.Button, new() { Name = folder, Exact = true }).ClickAsync();
        await Assertions.Expect(Breadcrumb.Last).ToHaveTextAsync(folder);
    }

    /// <summary>Which acts an item's row offers of those there could be.</summary>
    public async Task<IReadOnlyList<string>> OffersOfAsync(string name)
    {
        var menu = Row(name).GetByRole(AriaRole.Button, new() { Name = "More options" });
        if (await menu.CountAsync() == 0)
        {
            return [];
        }

        await menu.ClickAsync();
        var offers = await page.GetByRole(AriaRole.Menuitem).AllInnerTextsAsync();
        await page.Keyboard.PressAsync("Escape");
        return [.. s_rowMenu.Intersect(offers.Select(offer => offer.Trim()))];
    }

    /// <summary>Chooses one act of an item's row.</summary>
    public async Task ChooseAsync(string name, string act)
    {
        await Row(name).GetByRole(AriaRole.Button, new() { Name = "More options" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = act, Exact = true }).ClickAsync();
    }

    public async Task<byte[]> DownloadAsync(string name)
    {
        var download = await page.RunAndWaitForDownloadAsync(() => ChooseAsync(name, "Download"));
        Assert.Equal(name, download.SuggestedFilename);
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    /// <summary>Sends files of this machine into the folder that is open, and leaves the dialog open to be read.</summary>
    public async Task<ILocator> UploadAsync(params string[] paths)
    {
        await Add.ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Upload", Exact = true }).ClickAsync();
        await Dialog.Locator("input[type=file]").First.SetInputFilesAsync(paths);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
        return Dialog;
    }

    /// <summary>Sends a file into the folder that is open, and leaves the dialog open to be read.</summary>
    public async Task<ILocator> UploadAsync(string name, byte[] content)
    {
        await Add.ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Upload", Exact = true }).ClickAsync();
        await Dialog.Locator("input[type=file]").First.SetInputFilesAsync(new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = content });
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Upload", Exact = true }).ClickAsync();
        return Dialog;
    }

    public async Task CloseUploadAsync()
    {
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Close", Exact = true }).ClickAsync();
        await Assertions.Expect(Dialog).ToHaveCountAsync(0);
    }

    public async Task RenameAsync(string from, string to)
    {
        await ChooseAsync(from, "Rename");
        await Dialog.GetByRole(AriaRole.Textbox).FillAsync(to);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Rename", Exact = true }).ClickAsync();
    }

    public async Task DeleteAsync(string name)
    {
        await ChooseAsync(name, "Delete");
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
    }

    public async Task CreateFolderAsync(string name)
    {
        await Add.ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "New Folder", Exact = true }).ClickAsync();
        // At a person's pace: upstream drops a click on Create within half a second of the one on New Folder.
        await Dialog.GetByRole(AriaRole.Textbox).PressSequentiallyAsync(name, new() { Delay = 800f / name.Length });
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Create", Exact = true }).ClickAsync();
    }
}
