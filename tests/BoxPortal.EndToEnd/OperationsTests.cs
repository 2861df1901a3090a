using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using BoxPortal.Sandbox;
using BoxPortal.Tests;
using Microsoft.Playwright;
using Directory = BoxPortal.Sandbox.Directory;

namespace BoxPortal.EndToEnd;

/// <summary>What the Explorer offers, beyond the first steps.</summary>
public sealed class OperationsTests(Chromium chromium) : PortalTest(chromium)
{
    private const string Forge = """
        async ([path, method, body]) => {
            const element = document.querySelector("box-explorer");
            const asked = await fetch("/explorer/token", { method: "POST", headers: { RequestVerificationToken: element.getAttribute("request-token") } });
            const headers = { Authorization: `Bearer ${(await asked.json()).accessToken}`, "Content-Type": "application/json" };
            const answer = await fetch(element.getAttribute("api-host") + path, { method, headers, body: body ?? undefined });
            return `${answer.status} ${answer.ok ? "" : (await answer.json()).code}`;
        }
        """;

    [Fact]
    public async Task A_thousand_pictures_are_paged_sorted_and_shown()
    {
        var heron = Enterprise.Folders[await Host.FindAsync(People.Maya, "Heron")];
        var picture = (BoxFile)((Folder)heron.Child("Field trial")!).Child("Marker buoy.jpg")!;
        var buoys = Enterprise.AddFolder(heron, "Buoys");
        for (var number = 1; number <= 1030; number++)
        {
            Enterprise.AddFile(buoys, $"Buoy {number:0000}.jpg", picture.Current.Content);
        }

        var maya = await ArriveAtExplorerAsync(People.Maya);
        var explorer = maya.Explorer;
        await explorer.OpenFolderAsync("Heron");
        await explorer.OpenFolderAsync("Buoys");
        await Assertions.Expect(explorer.Element).ToContainTextAsync("Showing 1 to 50 of 1030");
        await explorer.Element.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await Assertions.Expect(explorer.Element).ToContainTextAsync("Showing 51 to 100 of 1030");
        await Assertions.Expect(explorer.Row("Buoy 0051.jpg")).ToBeVisibleAsync();
        await explorer.Element.GetByRole(AriaRole.Columnheader, new() { Name = "Name" }).ClickAsync();
        await Assertions.Expect(explorer.Names.First).ToHaveTextAsync("Buoy 0980.jpg"); // the second page still, from the other end

        await explorer.Element.GetByRole(AriaRole.Button, new() { Name = "Switch to Grid View" }).ClickAsync();
        var thumbnail = explorer.Element.Locator("img[src*='/representations/']").First;
        await Assertions.Expect(thumbnail).ToBeVisibleAsync();
        await maya.Page.WaitForFunctionAsync("() => document.querySelector(\"img[src*='/representations/']\")?.naturalWidth > 0");
        await maya.LookAsync("explorer-grid");
    }

    [Fact]
    public async Task What_was_opened_is_recent_and_a_name_in_use_is_told()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        var explorer = maya.Explorer;
        await explorer.OpenFolderAsync("Heron");
        await explorer.DownloadAsync("Kick-off.pptx");

        maya.Problems.Foresee("status of 409"); // Chromium tells every refusal
        await explorer.CreateFolderAsync("minutes");
        var dialog = maya.Page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(dialog).ToContainTextAsync("A folder with the same name already exists.");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await explorer.RenameAsync("Kick-off.pptx", "Risks");
        await Assertions.Expect(explorer.Row("Risks.pptx")).ToBeVisibleAsync();
        await explorer.RenameAsync("Field trial", "Minutes");
        await Assertions.Expect(dialog).ToContainTextAsync("already exists");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();

        await explorer.Breadcrumb.Last.ClickAsync();
        await maya.Page.Keyboard.PressAsync("g");
        await maya.Page.Keyboard.PressAsync("r");
        await Assertions.Expect(explorer.Names).ToHaveTextAsync(["Risks.pptx"]);

        // The sandbox shows its watchers all of it.
        await maya.Page.GotoAsync(Host.SandboxAddress.ToString());
        await Assertions.Expect(maya.Page.GetByText("GET /2.0/recent_items").First).ToBeVisibleAsync();
        await maya.LookAsync("sandbox");
    }

    [Fact]
    public async Task Many_files_and_a_large_one_arrive_together()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("boxportal-upload-").FullName;
        try
        {
            var paths = Enumerable.Range(1, 20).Select(number => Write(folder, $"Reading {number:00}.csv", 4_000)).Append(Write(folder, "Soundings.bin", 60_000_000)).ToArray();
            var maya = await ArriveAtExplorerAsync(People.Maya);
            await maya.Explorer.OpenFolderAsync("Heron");

            var dialog = await maya.Explorer.UploadAsync(paths);
            await Assertions.Expect(dialog.GetByText("Success! Your files have been uploaded.")).ToBeVisibleAsync(new() { Timeout = 60_000 });

            var heron = Enterprise.Folders[await Host.FindAsync(People.Maya, "Heron")];
            Assert.All(paths, path => Assert.Equal(Sha1Of(path), ((BoxFile)heron.Child(Path.GetFileName(path))!).Current.Sha1));
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Each_role_gets_its_buttons_and_no_forged_call_gets_more()
    {
        var ingrid = Directory.Named("ingrid.solberg");
        var folder = Enterprise.AddFolder(Enterprise.ServiceAccount.Root, "Regatta");
        var file = Enterprise.AddFile(folder, "Course.txt", "North about"u8.ToArray());
        var collaboration = Enterprise.AddCollaboration(folder, Host.AppUserOf(ingrid), "viewer");
        var visitor = await ArriveAtExplorerAsync(ingrid);
        visitor.Problems.Foresee("status of 403");

        await ExpectAsync("viewer", ["Download"], adds: false, "302 403 403 403");
        await ExpectAsync("previewer", [], adds: false, "403 403 403 403");
        await ExpectAsync("uploader", [], adds: true, "403 403 403 201");
        await ExpectAsync("editor", ["Download", "Rename", "Delete"], adds: true, "302 200 204 201");

        async Task ExpectAsync(string role, string[] offers, bool adds, string answers)
        {
            collaboration.RoleName = role;
            if (role == "editor")
            {
                Enterprise.Remove(folder.Child("Forged")!);
            }

            await visitor.Explorer.OpenFolderAsync("Regatta");
            await Assertions.Expect(visitor.Explorer.Row("Course.txt")).ToBeVisibleAsync();
            Assert.Equal(offers, await visitor.Explorer.OffersOfAsync("Course.txt"));
            await Assertions.Expect(visitor.Explorer.Add).ToHaveCountAsync(adds ? 1 : 0);

            // Where the sandbox lets it pass, a script cannot read on: the content lies at an address without CORS.
            string[] told =
            [
                offers.Contains("Download") ? "302" : await ForgeAsync($"/2.0/files/{file.Id}/content", "GET"),
                await ForgeAsync($"/2.0/files/{file.Id}", "PUT", new { name = "Forged.txt" }),
                await ForgeAsync($"/2.0/files/{file.Id}", "DELETE"),
                await ForgeAsync("/2.0/folders", "POST", new { name = "Forged", parent = new { id = folder.Id } }),
            ];
            Assert.Equal(answers, string.Join(' ', told.Select(answer => answer[..3])));
            Assert.All(told.Where(answer => answer.StartsWith("403", StringComparison.Ordinal)), answer => Assert.EndsWith("access_denied_insufficient_permissions", answer, StringComparison.Ordinal));
            await visitor.Explorer.GoBackToAsync("All Files");
        }

        Task<string> ForgeAsync(string path, string method, object? body = null) =>
            visitor.Page.EvaluateAsync<string>(Forge, new[] { path, method, body is null ? null : JsonSerializer.Serialize(body) });
    }

    [Fact]
    public async Task An_upload_that_is_refused_says_why()
    {
        var maya = await ArriveAtExplorerAsync(People.Maya);
        await maya.Explorer.OpenFolderAsync("Heron");
        maya.Problems.Foresee("status of 400", "status of 403", "status of 413");

        await ExpectAsync("north\\south.csv", "because of its name");
        await Host.SpoilAsync(JsonDocument.Parse("""{"path":"/2.0/files/content","status":413}"""));
        await ExpectAsync("Whole sea.csv", "is larger than may be kept here");
        Enterprise.ServiceAccount.SpaceAmount = 1;
        await ExpectAsync("One drop.csv", "There is no space left");
        Enterprise.ServiceAccount.SpaceAmount = -1;
        foreach (var collaboration in Enterprise.Folders[await Host.FindAsync(People.Maya, "Heron")].Collaborations)
        {
            collaboration.RoleName = "viewer";
        }

        await ExpectAsync("Too late.csv", "You may not upload");

        async Task ExpectAsync(string name, string words)
        {
            var dialog = await maya.Explorer.UploadAsync(name, [1]);
            await Assertions.Expect(maya.Explorer.Notice).ToContainTextAsync(words);
            await Assertions.Expect(maya.Explorer.Notice).ToContainTextAsync(name);
            if (words.StartsWith("There", StringComparison.Ordinal))
            {
                await maya.LookAsync("upload-refused");
            }

            await dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel", Exact = true }).ClickAsync();
            await maya.Explorer.CloseUploadAsync();
        }
    }

    /// <summary>Over https only the Explorer sends parts. On their way they outlive their token, and the page its portal.</summary>
    [Fact]
    public async Task A_quarter_of_a_gigabyte_goes_in_parts_over_two_tokens_and_the_page_outlives_its_portal()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("boxportal-https-").FullName;
        try
        {
            await using (await PortalHost.StartRecoveredAsync(beside: Host, dataFolder: folder))
            {
            }

            var address = new Uri($"https://127.0.0.1:{FreePort()}/");
            Host.Enterprise.App.CorsOrigins.Add(address.GetLeftPart(UriPartial.Authority));
            Dictionary<string, string> settings = new(await PortalHost.SettingsForAsync(Host.SandboxAddress))
            {
                ["Kestrel:Certificates:Default:Path"] = WriteCertificate(folder),
                ["Kestrel:Certificates:Default:Password"] = "none",
                ["Explorer:Scopes:Everyone:6"] = "root_readonly", // after those of appsettings.json
                ["Explorer:Preview"] = "Off",
            };
            var large = Write(folder, "Seabed.bin", 250 << 20);
            var portal = await PortalProcess.StartAsync(address, folder, settings);
            var maya = await ArriveAsync(People.Maya, address);
            await maya.SignInAsync();
            await maya.Explorer.ExpectStateAsync("ready");
            await maya.Explorer.OpenFolderAsync("Heron");
            maya.Problems.Foresee("status of 401"); // Chromium tells that Box refused the old token
            var mints = Mints.Count;

            var dialog = await maya.Explorer.UploadAsync(large);
            await PassingTime.UntilAsync(() => Task.FromResult(Parts(200).Count > 8), TimeSpan.FromMinutes(1));
            RevokeTokensOf(People.Maya);
            await Assertions.Expect(dialog.GetByText("Success! Your files have been uploaded.")).ToBeVisibleAsync(new() { Timeout = 120_000 });
            await maya.Explorer.CloseUploadAsync();
            Assert.NotEmpty(Parts(401));
            Assert.Equal(1, Mints.Count - mints);

            maya.Problems.Foresee("ERR_CONNECTION_"); // Chromium tells that the portal is gone
            await portal.KillAsync();
            await maya.Explorer.OpenFolderAsync("Minutes"); // a page with a token needs its portal for nothing
            await portal.DisposeAsync();
            portal = await PortalProcess.StartAsync(address, folder, settings);
            await using var second = portal;
            RevokeTokensOf(People.Maya);
            await maya.Explorer.GoBackToAsync("Heron");
            await maya.Page.RunAndWaitForDownloadAsync(() => maya.Explorer.Names.GetByText("Plan.xlsx").ClickAsync()); // without preview, opening is downloading
            await maya.Explorer.ExpectStateAsync("ready");
            Assert.Equal(2, Mints.Count - mints);

            await maya.Explorer.Element.GetByPlaceholder("Search").FillAsync("seab");
            await Assertions.Expect(maya.Explorer.Names).ToHaveTextAsync(["Seabed.bin"]);
            await maya.Page.CloseAsync(); // before its portal ends

            Assert.Equal(32, Parts(200).Count);
            Assert.Equal(Sha1Of(large), Enterprise.Files.Values.Single(file => file.Name == "Seabed.bin").Current.Sha1);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            System.IO.Directory.Delete(folder, recursive: true);
        }

        List<SeenRequest> Parts(int status) =>
            [.. Host.Requests.Where(request => request.Method == "PUT" && request.Status == status && request.Path.Contains("/upload_sessions/", StringComparison.Ordinal))];
    }

    private static string Write(string folder, string name, int size)
    {
        var path = Path.Combine(folder, name);
        var content = new byte[size];
        new Random(name.Length + size).NextBytes(content);
        File.WriteAllBytes(path, content);
        return path;
    }

    private static string Sha1Of(string path)
    {
        using var content = File.OpenRead(path);
#pragma warning disable CA5350 // Box names contents by it.
        return Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350
    }

    private static string WriteCertificate(string folder)
    {
        using var key = RSA.Create(2048);
        CertificateRequest request = new("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var path = Path.Combine(folder, "portal.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx, "none"));
        return path;
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
