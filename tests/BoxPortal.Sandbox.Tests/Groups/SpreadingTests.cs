using System.Net.Http.Json;

namespace BoxPortal.Sandbox.Tests.Groups;

/// <summary>At Box a change of rights does not reach everybody in the same moment.</summary>
public sealed class SpreadingTests
{
    [Fact]
    public async Task What_is_given_and_what_is_taken_shows_after_the_delay()
    {
        await using var sandbox = await RunningSandbox.StartAsync(new SandboxOptions { Controls = true, SpreadsWithin = TimeSpan.FromMinutes(2) });
        var enterprise = sandbox.Enterprise;
        var (ida, group) = (enterprise.AddAppUser("Ida", null), enterprise.AddGroup("Divers"));
        var folder = enterprise.AddFolder(enterprise.ServiceAccount.Root, "Dives");
        enterprise.AddCollaboration(folder, group, "viewer");
        var token = await sandbox.TokenAsync(ida);

        var membership = enterprise.AddMembership(ida, group);
        Assert.Empty(await RootAsync());
        sandbox.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(["Dives"], await RootAsync());
        enterprise.Remove(membership);
        Assert.Equal(["Dives"], await RootAsync());
        sandbox.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Empty(await RootAsync());

        using var atOnce = await sandbox.Http.PostAsJsonAsync("/_sandbox/delays", new { spreadSeconds = 0 }, TestContext.Current.CancellationToken);
        var direct = enterprise.AddCollaboration(folder, ida, "viewer");
        Assert.Equal(["Dives"], await RootAsync());
        enterprise.Remove(direct);
        Assert.Empty(await RootAsync());

        async Task<string[]> RootAsync() => [.. (await sandbox.ReadAsync("/2.0/folders/0/items", token))["entries"]!.AsArray().Select(entry => (string)entry!["name"]!)];
    }

    [Theory]
    [InlineData("""{"spreadSeconds":-1}""")]
    [InlineData("""{"searchSeconds":86401}""")]
    [InlineData("""{"spread":1}""")]
    public async Task A_delay_that_makes_no_sense_is_refused(string wish)
    {
        await using var sandbox = await RunningSandbox.StartAsync();
        using StringContent body = new(wish);

        using var answer = await sandbox.Http.PostAsync("/_sandbox/delays", body, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)answer.StatusCode);
    }
}
