namespace BoxPortal.Sandbox.Tests.Files;

public sealed class RecentTests
{
    [Fact]
    public async Task What_a_person_did_last_is_first()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var enterprise = sandbox.Enterprise;
        var ida = enterprise.AddAppUser("Ida", null);
        var folder = enterprise.AddFolder(enterprise.ServiceAccount.Root, "Shared");
        enterprise.AddCollaboration(folder, ida, "editor");
        var (opened, renamed, gone) = (enterprise.AddFile(folder, "a.txt", [1]), enterprise.AddFile(folder, "b.txt", [1]), enterprise.AddFile(folder, "c.txt", [1]));
        enterprise.AddFile(folder, "untouched.txt", [1]);
        var token = await sandbox.TokenAsync(ida);

        (await sandbox.GetAsync($"/2.0/files/{gone.Id}/content", token)).Dispose();
        (await sandbox.GetAsync($"/2.0/files/{opened.Id}/content", token)).Dispose();
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));
        (await sandbox.SendAsync(HttpMethod.Put, $"/2.0/files/{renamed.Id}", token, new { name = "d.txt" })).Dispose();
        enterprise.Remove(gone);
        var recents = await sandbox.ReadAsync("/2.0/recent_items?fields=name,path_collection", token);

        Assert.Equal(["item_modify d.txt", "item_open a.txt"], recents["entries"]!.AsArray().Select(entry => $"{entry!["interaction_type"]} {entry["item"]!["name"]}"));
        Assert.NotNull(recents["order"]);
    }
}
