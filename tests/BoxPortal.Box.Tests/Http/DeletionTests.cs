using Microsoft.AspNetCore.Http;

namespace BoxPortal.Box.Tests.Http;

/// <summary>Box says 204 and nothing else to a deletion. Whatever says something else is not Box.</summary>
public sealed class DeletionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200)]
    [InlineData(202)]
    public async Task What_is_answered_with_anything_but_204_is_asked_again_until_Box_has_said_it(int status)
    {
        var clock = FakeTime.Clock();
        var answered = 0;
        await using var box = await CannedBox.StartWithTokensAsync((_, context) =>
        {
            context.Response.StatusCode = answered++ == 0 ? status : 204;
            return answered == 1 ? context.Response.WriteAsync("<html>Signed out of the proxy</html>", Stop) : Task.CompletedTask;
        });
        await using var client = new BoxClient(box.Address, clock);

        await clock.PassAsync(DeleteAsync(client));

        Assert.Equal(["DELETE", "DELETE"], box.ApiRequests.Select(request => request.Method));
    }

    [Fact]
    public async Task What_is_never_answered_with_204_is_not_known_to_be_deleted()
    {
        var clock = FakeTime.Clock();
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(200, "{}"));
        await using var client = new BoxClient(box.Address, clock);

        var fault = await clock.PassAsync(Assert.ThrowsAsync<BoxApiException>(() => DeleteAsync(client)));

        Assert.True(fault.IsTransient);
        Assert.Contains("as Box does not", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("truncate")]
    public async Task The_sandbox_says_204_and_nothing_else_of_which_no_half_can_be_cut_off(string? mode)
    {
        await using var box = await SandboxedClient.StartAsync();
        var group = box.Enterprise.AddGroup("Tenders");
        var membership = box.Enterprise.AddMembership(box.Enterprise.AddAppUser("Ada", null), group);
        var collaboration = box.Enterprise.AddCollaboration(box.Enterprise.AddFolder(box.Enterprise.ServiceAccount.Root, "Bids"), group, "viewer");
        if (mode is not null)
        {
            await box.ControlAsync("faults", new { path = "/2.0/", method = "DELETE", mode, times = 100 });
        }

        await box.Memberships.DeleteAsync(membership.Id, Stop);
        await box.Collaborations.DeleteAsync(collaboration.Id, Stop);
        await box.Groups.DeleteAsync(group.Id, Stop);

        Assert.Equal([204, 204, 204], box.Requests.Where(request => request.Method == "DELETE").Select(request => request.Status));
        Assert.DoesNotContain(group.Id, box.Enterprise.Groups.Keys);
    }

    private static async Task<bool> DeleteAsync(BoxClient client)
    {
        await client.Get<BoxGroupMemberships>().DeleteAsync("9", Stop);
        return true;
    }
}
