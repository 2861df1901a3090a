using BoxPortal.AppUsers;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

public sealed class RecoveryTests
{
    [Fact]
    public async Task A_new_portal_finds_everybody_in_Box_and_a_restarted_one_keeps_what_was_decided()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("boxportal-test-").FullName;
        try
        {
            await using var keeper = await PortalHost.StartAsync(plant: enterprise =>
            {
                var tenant = BoxPortal.Sandbox.Directory.TenantId;
                enterprise.AddAppUser("Another tenant's", $"{People.Newcomer.ObjectId}@{Guid.NewGuid()}");
                enterprise.AddAppUser("Another system's", "employee-4711");
                enterprise.AddAppUser("Nearly ours", $"{Guid.NewGuid()}@{tenant}@{tenant}");
                var managed = enterprise.AddManagedUser("A person with a login", "managed@larkfield.example");
                enterprise.Rekey(managed, People.Newcomer.ExternalAppUserId);
            });
            await using (var first = await PortalHost.StartRecoveredAsync(dataFolder: folder, beside: keeper))
            {
                foreach (var person in BoxPortal.Sandbox.Directory.People)
                {
                    var mapping = await first.Services.GetRequiredService<AppUserDirectory>().FindAsync(person.Id(), PortalHost.Cancellation);
                    var expected = person == People.Newcomer ? (MappingState?)null : person == People.Suspended ? MappingState.Suspended : MappingState.Mapped;
                    Assert.Equal((expected, expected is null ? null : keeper.AppUserOf(person).Id), (mapping?.State, mapping?.AppUserId));
                }

                Assert.Contains(first.Logs, line => line.Contains("51 mappings found by external ID", StringComparison.Ordinal));
                await first.Services.GetRequiredService<AppUserChanges>().AskAsync(await first.SessionOfAsync(People.Administrator), AppUserAct.Unmap, People.Maya.Id(), "left");
            }

            keeper.AppUserOf(People.Suspended).Status = "active";
            await using var second = await PortalHost.StartRecoveredAsync(dataFolder: folder, beside: keeper);
            var directory = second.Services.GetRequiredService<AppUserDirectory>();

            Assert.Equal(MappingState.Unmapped, (await directory.FindAsync(People.Maya.Id(), PortalHost.Cancellation))!.State);
            Assert.Equal(MappingState.Mapped, (await directory.FindAsync(People.Tomas.Id(), PortalHost.Cancellation))!.State);
            Assert.Equal(MappingState.Mapped, (await directory.FindAsync(People.Suspended.Id(), PortalHost.Cancellation))!.State);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_portal_that_could_not_ask_Box_at_its_start_asks_again()
    {
        var clock = PassingTime.StoppedClock();
        await using var keeper = await PortalHost.StartAsync();
        await keeper.SpoilAsync(new { path = "/oauth2/token", status = 503, retryAfter = 60 });
        await using var portal = await PortalHost.StartAsync(clock: clock, beside: keeper);

        await clock.PassUntilAsync(Recovered(portal));

        Assert.Contains(portal.Logs, line => line.Contains("trying again in", StringComparison.Ordinal));
        Assert.Equal(MappingState.Mapped, (await portal.Services.GetRequiredService<AppUserDirectory>().FindAsync(People.Maya.Id(), PortalHost.Cancellation))!.State);

        static async Task<bool> Recovered(PortalHost portal)
        {
            await portal.RecoverAsync();
            return true;
        }
    }
}
