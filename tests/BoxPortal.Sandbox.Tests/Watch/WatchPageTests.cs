namespace BoxPortal.Sandbox.Tests.Watch;

public sealed class WatchPageTests
{
    [Fact]
    public async Task One_sees_the_company_its_folders_and_what_was_asked()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        var folder = sandbox.Enterprise.AddFolder(sandbox.Enterprise.ServiceAccount.Root, "<Tides>");
        var ida = sandbox.Enterprise.AddAppUser("Ida Berg", null);
        sandbox.Enterprise.AddCollaboration(folder, ida, "viewer");
        (await sandbox.GetAsync("/2.0/users/me?fields=name", await sandbox.TokenAsync(ida))).Dispose();

        using var answer = await sandbox.GetAsync("/", null);
        using var watching = await sandbox.GetAsync("/?watch=true", null);

        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("&lt;Tides&gt;", page, StringComparison.Ordinal);
        Assert.Contains("Ida Berg (viewer)", page, StringComparison.Ordinal);
        Assert.Contains("GET /2.0/users/me?fields=name", page, StringComparison.Ordinal);
        Assert.Contains("<td>Ida Berg</td>", page, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Refresh"));
        Assert.Equal(["5"], watching.Headers.GetValues("Refresh"));
    }

    [Fact]
    public async Task It_is_for_this_machine_and_where_there_are_controls()
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        await using var without = await RunningSandbox.StartAsync(new SandboxOptions());

        using var renamed = await sandbox.GetAsync("/", null, ("Host", "sandbox.example.com"));
        using var none = await without.GetAsync("/", null);

        Assert.Equal((403, 404), ((int)renamed.StatusCode, (int)none.StatusCode));
    }
}
