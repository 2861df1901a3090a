using System.IO.Compression;

namespace BoxPortal.Sandbox.Tests.Files;

public sealed class ZipDownloadTests
{
    [Fact]
    public async Task Files_and_folders_are_fetched_as_one_archive_without_a_token()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var enterprise = sandbox.Enterprise;
        var ida = enterprise.AddAppUser("Ida", null);
        var folder = enterprise.AddFolder(enterprise.ServiceAccount.Root, "Shared");
        enterprise.AddCollaboration(folder, ida, "viewer");
        var plans = enterprise.AddFolder(folder, "Plans");
        var inside = enterprise.AddFile(plans, "a.txt", [1, 2]);
        var same = enterprise.AddFile(folder, "A.txt", [3]);
        enterprise.AddFolder(plans, "Empty");
        var token = await sandbox.DownscopedAsync(ida, "base_explorer item_download");

        using var asked = await sandbox.SendAsync(HttpMethod.Post, "/2.0/zip_downloads", token, new
        {
            download_file_name = "All of it",
            items = new[] { new { type = "folder", id = plans.Id }, new { type = "file", id = same.Id }, new { type = "file", id = inside.Id } },
        });
        var offer = await RunningSandbox.JsonAsync(asked);
        var before = await sandbox.ReadAsync((string)offer["status_url"]!, token);
        using var fetched = await sandbox.GetAsync((string)offer["download_url"]!, null);
        var after = await sandbox.ReadAsync((string)offer["status_url"]!, token);
        sandbox.Clock.Advance(TimeSpan.FromMinutes(16));
        using var late = await sandbox.GetAsync((string)offer["download_url"]!, null);

        Assert.Equal((202, 200, 404), ((int)asked.StatusCode, (int)fetched.StatusCode, (int)late.StatusCode));
        Assert.Equal("All of it.zip", fetched.Content.Headers.ContentDisposition!.FileNameStar);
        Assert.Equal(("in_progress", "succeeded"), ((string?)before["state"], (string?)after["state"]));
        await using var archive = new ZipArchive(await fetched.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal([$"{inside.Id}.txt", $"{same.Id}.txt", "Plans/Empty/", "Plans/a.txt"], archive.Entries.Select(entry => entry.FullName).Order(StringComparer.Ordinal));
        Assert.Equal(2, offer["name_conflicts"]![0]!.AsArray().Count);
    }

    [Fact]
    public async Task Whoever_may_not_download_gets_no_archive_either()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var enterprise = sandbox.Enterprise;
        var ida = enterprise.AddAppUser("Ida", null);
        var folder = enterprise.AddFolder(enterprise.ServiceAccount.Root, "Shared");
        enterprise.AddCollaboration(folder, ida, "previewer");
        var token = await sandbox.TokenAsync(ida);

        Assert.Equal(403, await StatusAsync(new { items = new[] { new { type = "folder", id = folder.Id } } }));
        Assert.Equal(404, await StatusAsync(new { items = new[] { new { type = "file", id = "1" } } }));
        Assert.Equal(400, await StatusAsync(new { items = new[] { new { type = "folder", id = "0" } } }));
        Assert.Equal(400, await StatusAsync(new { items = Array.Empty<object>() }));

        async Task<int> StatusAsync(object wanted)
        {
            using var answer = await sandbox.SendAsync(HttpMethod.Post, "/2.0/zip_downloads", token, wanted);
            return (int)answer.StatusCode;
        }
    }
}
