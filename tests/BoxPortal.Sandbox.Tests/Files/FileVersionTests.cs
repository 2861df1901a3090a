namespace BoxPortal.Sandbox.Tests.Files;

public sealed class FileVersionTests
{
    [Fact]
    public async Task Earlier_versions_are_listed_brought_back_and_deleted()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var (enterprise, now) = (sandbox.Enterprise, sandbox.Clock.GetUtcNow());
        var ida = enterprise.AddAppUser("Ida", null);
        var folder = enterprise.AddFolder(enterprise.ServiceAccount.Root, "Shared");
        enterprise.AddCollaboration(folder, ida, "editor");
        var file = enterprise.AddFile(folder, "a.txt", [1]);
        enterprise.AddVersion(file, [2], ida, now);
        enterprise.AddVersion(file, [3], ida, now);
        var token = await sandbox.TokenAsync(ida);
        var path = $"/2.0/files/{file.Id}/versions";

        var listed = await sandbox.ReadAsync(path, token);
        using var promoted = await sandbox.SendAsync(HttpMethod.Post, $"{path}/current", token, new { type = "file_version", id = file.Versions[0].Id });
        using var deleted = await sandbox.SendAsync(HttpMethod.Delete, $"{path}/{file.Versions[1].Id}", token);
        using var current = await sandbox.SendAsync(HttpMethod.Delete, $"{path}/{file.Current.Id}", token);
        using var unknown = await sandbox.GetAsync($"{path}/1", token);
        var one = await sandbox.ReadAsync($"{path}/{file.Current.Id}?fields=version_number,size", token);

        Assert.Equal((2, ida.Name), ((int)listed["total_count"]!, (string?)listed["entries"]![0]!["modified_by"]!["name"]));
        Assert.Equal((201, 204, 400, 404), ((int)promoted.StatusCode, (int)deleted.StatusCode, (int)current.StatusCode, (int)unknown.StatusCode));
        Assert.Equal([[1], [3], [1]], file.Versions.Select(version => version.Content));
        Assert.Equal(("3", 1), ((string?)one["version_number"], (int)one["size"]!));
        Assert.Equal(1, file.Revision);
    }
}
