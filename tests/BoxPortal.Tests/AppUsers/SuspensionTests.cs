using System.Net;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

public sealed class SuspensionTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private AppUserDirectory Directory => host.Portal.Services.GetRequiredService<AppUserDirectory>();

    private AppUserChanges Changes => host.Portal.Services.GetRequiredService<AppUserChanges>();

    [Fact]
    public async Task Suspending_shuts_out_here_and_in_Box_keeps_everything_and_may_be_repeated()
    {
        var person = Named("daniel.kim");
        using var browser = await host.Portal.SignInAsync(person);
        await browser.TakeTokenAsync();
        var user = host.Portal.AppUserOf(person);

        var first = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, person.Id(), "on leave");
        var second = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, person.Id(), "on leave");

        var mapping = Assert.IsType<MappingResult.Done>(first).Mapping;
        Assert.Equal((MappingState.Suspended, true, user.Id), (mapping.State, mapping.IsSuspendedHere, mapping.AppUserId));
        Assert.Null(Assert.IsType<MappingResult.Done>(second).Reservation);
        await AssertShutOutAsync(host.Portal, browser, person);
        Assert.Equal("inactive", user.Status);
        Assert.Equal(person.ExternalAppUserId, user.ExternalAppUserId);
        var entry = Assert.Single(await host.Portal.ReadRecordAsync(user.Id), entry => entry.Kind == AuditKind.Suspended);
        Assert.Equal(($"Mapped {user.Id}", $"Suspended {user.Id}", "on leave", People.Administrator.UserName), (entry.Before, entry.After, entry.Reason, entry.Actor));
    }

    [Fact]
    public async Task Reactivating_brings_back_the_same_app_user_and_may_be_repeated()
    {
        var person = Named("lan.nguyen");
        var user = host.Portal.AppUserOf(person);
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, person.Id(), "on leave");

        var first = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Reactivate, person.Id(), "came back");
        var second = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Reactivate, person.Id(), "came back");

        var mapping = Assert.IsType<MappingResult.Done>(first).Mapping;
        Assert.Equal((MappingState.Mapped, false, user.Id), (mapping.State, mapping.IsSuspendedHere, mapping.AppUserId));
        Assert.IsType<MappingResult.Done>(second);
        Assert.Equal("active", user.Status);
        using var browser = await host.Portal.SignInAsync(person);
        Assert.Equal(user.Id, await host.Portal.WhoActsWithAsync(await browser.TakeTokenAsync()));
        var entry = Assert.Single(await host.Portal.ReadRecordAsync(user.Id), entry => entry.Kind == AuditKind.Reactivated);
        Assert.Equal(($"Suspended {user.Id}", $"Mapped {user.Id}", "came back"), (entry.Before, entry.After, entry.Reason));
    }

    [Fact]
    public async Task A_suspended_administrator_has_no_session_left_and_no_role_in_the_next_ones()
    {
        var person = Named("aoife.brennan") with { AppRoles = [Policies.Roles.Administrator] };
        host.Portal.SetRoles(person, [.. person.AppRoles]);
        using var browser = await host.Portal.SignInAsync(person);
        var circuit = await host.Portal.SessionOfAsync(person);
        using var colleague = await host.Portal.SignInAsync(People.Administrator);

        var result = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, person.Id(), "left");

        Assert.IsType<MappingResult.Done>(result);
        Assert.IsType<MappingResult.NotAllowed>(await Changes.AskAsync(circuit, AppUserAct.Unmap, People.Maya.Id(), "revenge"));
        Assert.Equal(HttpStatusCode.Redirect, (await browser.GetAsync("/people")).StatusCode);
        await browser.SignInAsync(person);
        Assert.Contains("/access-denied", (await browser.GetAsync("/people")).Headers.Location!.OriginalString, StringComparison.Ordinal);
        var record = await host.Portal.ReadRecordAsync(person.Name);
        Assert.Contains(record, entry => entry is { Kind: AuditKind.SignedOut, Detail: "Suspended by priya.raman@larkfield.example: left" });
        Assert.Contains(record, entry => entry is { Kind: AuditKind.SignedIn, Detail: "Signed in, suspended." });
    }

    [Fact]
    public async Task Somebody_found_inactive_in_Box_is_reactivated_there()
    {
        var user = host.Portal.AppUserOf(People.Suspended);

        var result = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Reactivate, People.Suspended.Id(), "back from leave");

        Assert.Equal(MappingState.Mapped, Assert.IsType<MappingResult.Done>(result).Mapping.State);
        Assert.Equal("active", user.Status);
    }

    [Fact]
    public async Task Whoever_is_suspended_is_neither_mapped_nor_unmapped_before_they_are_reactivated()
    {
        var person = Named("haruka.ito");
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, person.Id(), "on leave");
        var other = host.Portal.Enterprise.AddAppUser("Other", null);

        MappingResult[] results =
        [
            await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), other.Id, "x"),
            await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Create, person.Id(), "x"),
            await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, person.Id(), "x"),
        ];

        Assert.All(results, result => Assert.Contains("Reactivate first", Assert.IsType<MappingResult.Unusable>(result).Reason, StringComparison.Ordinal));
        Assert.Equal(host.Portal.AppUserOf(person).Id, (await Directory.FindAsync(person.Id(), PortalHost.Cancellation))!.AppUserId);
    }

    [Fact]
    public async Task Reactivating_somebody_whose_app_user_is_gone_leaves_them_to_be_mapped_anew()
    {
        var person = Named("bjorn.gunnarsson");
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, person.Id(), "left");
        host.Portal.Enterprise.Remove(host.Portal.AppUserOf(person));

        var reactivated = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Reactivate, person.Id(), "hired again");
        var created = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Create, person.Id(), "hired again");

        Assert.Equal(MappingState.Orphaned, Assert.IsType<MappingResult.Done>(reactivated).Mapping.State);
        Assert.Equal(host.Portal.AppUserOf(person).Id, Assert.IsType<MappingResult.Done>(created).Mapping.AppUserId);
    }

    [Theory]
    [InlineData(AppUserAct.Suspend)]
    [InlineData(AppUserAct.Unmap)]
    public async Task Nobody_shuts_themselves_out(AppUserAct act)
    {
        var result = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), act, People.Administrator.Id(), "by mistake");

        Assert.Contains("That is you", Assert.IsType<MappingResult.Unusable>(result).Reason, StringComparison.Ordinal);
        Assert.Equal(MappingState.Mapped, (await Directory.FindAsync(People.Administrator.Id(), PortalHost.Cancellation))!.State);
        Assert.Contains(await host.Portal.ReadRecordAsync(People.Administrator.UserName), entry => entry.Kind == AuditKind.Refused && entry.Reason == "by mistake");
    }

    [Fact]
    public async Task What_was_decided_about_a_person_who_changed_since_is_not_done()
    {
        var person = Named("fatima.elidrissi");
        var seen = (await Directory.FindAsync(person.Id(), PortalHost.Cancellation))!.Version;
        await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), host.Portal.Enterprise.AddAppUser("Quicker", null).Id, "quicker");

        var result = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator),
            new AppUserRequest(AppUserAct.Suspend, person.Id(), "slower") { SeenVersion = seen }, PortalHost.Cancellation);

        Assert.IsType<MappingResult.ChangedMeanwhile>(result);
        Assert.Equal("active", host.Portal.AppUserOf(person).Status);
    }

    [Fact]
    public async Task Two_administrators_who_suspend_and_reactivate_at_once_leave_here_and_Box_at_one()
    {
        var person = Named("pavel.dvorak");
        var administrator = await host.Portal.SessionOfAsync(People.Administrator);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Changes.AskAsync(
            administrator, number % 2 == 0 ? AppUserAct.Suspend : AppUserAct.Reactivate, person.Id(), $"{number}")));

        Assert.All(results, result => Assert.IsType<MappingResult.Done>(result));
        var mapping = (await Directory.FindAsync(person.Id(), PortalHost.Cancellation))!;
        Assert.Equal(mapping.IsSuspendedHere ? "inactive" : "active", host.Portal.AppUserOf(person).Status);
        Assert.Equal(mapping.IsSuspendedHere ? MappingState.Suspended : MappingState.Mapped, mapping.State);
    }

    [Fact]
    public async Task The_last_administrator_is_not_suspended_and_of_two_who_suspend_each_other_one_stays()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var changes = portal.Services.GetRequiredService<AppUserChanges>();
        var second = Named("marek.kowal") with { AppRoles = ["Administrator"] };
        portal.Directory.Replace([.. portal.Directory.Everyone.Where(person => person.ObjectId != second.ObjectId), second]);
        using var priya = await portal.SignInAsync(People.Administrator);

        var last = await changes.AskAsync(await portal.SessionOfAsync(second), AppUserAct.Suspend, People.Administrator.Id(), "a coup");
        using var marek = await portal.SignInAsync(second);
        var each = await Task.WhenAll(
            changes.AskAsync(await portal.SessionOfAsync(second), AppUserAct.Suspend, People.Administrator.Id(), "one"),
            changes.AskAsync(await portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, second.Id(), "other"));

        Assert.Contains("last administrator", Assert.IsType<MappingResult.Unusable>(last).Reason, StringComparison.Ordinal);
        Assert.Single(each, result => result is MappingResult.Done);
        Assert.Single(each, result => result is MappingResult.Unusable);
    }

    [Fact]
    public async Task Where_Box_refuses_the_portal_is_shut_all_the_same_and_what_is_not_done_is_said_and_recorded()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var changes = portal.Services.GetRequiredService<AppUserChanges>();
        using var maya = await portal.SignInAsync(People.Maya);
        await maya.TakeTokenAsync();
        await portal.SpoilAsync(new { path = "/2.0/users/", method = "PUT", status = 403 });

        var result = await changes.AskAsync(await portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, People.Maya.Id(), "at once");

        var reservation = Assert.IsType<MappingResult.Done>(result).Reservation!;
        Assert.StartsWith("Done here, but not in Box", result.Words, StringComparison.Ordinal);
        await AssertShutOutAsync(portal, maya, People.Maya);
        var entry = Assert.Single(await portal.ReadRecordAsync(People.Maya.Name), entry => entry.Kind == AuditKind.Refused);
        Assert.Equal((reservation.RequestId, "at once"), (entry.BoxRequestId, entry.Reason));
    }

    [Fact]
    public async Task Where_Box_does_not_answer_the_portal_is_shut_at_once_and_Box_done_as_soon_as_it_answers()
    {
        var clock = PassingTime.StoppedClock();
        await using var portal = await PortalHost.StartRecoveredAsync(clock: clock);
        var changes = portal.Services.GetRequiredService<AppUserChanges>();
        using var maya = await portal.SignInAsync(People.Maya);
        await maya.TakeTokenAsync();
        await portal.SpoilAsync(new { path = "/2.0/users/", method = "PUT", status = 503, times = 1000 });

        var asked = changes.AskAsync(await portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, People.Maya.Id(), "at once");
        await PassingTime.UntilAsync(async () => await StateAsync(portal) == MappingState.Suspended);
        await AssertShutOutAsync(portal, maya, People.Maya); // Box has not been heard of yet
        var result = await clock.PassUntilAsync(asked);

        Assert.True(Assert.IsType<MappingResult.BoxRefused>(result).GoesOn);
        Assert.Equal("active", portal.AppUserOf(People.Maya).Status);
        await portal.MendAsync();
        await clock.PassUntilAsync(DoneInBoxAsync(portal));
        await PassingTime.UntilAsync(async () => await StageAsync(portal) == ChangeStage.Done);
        Assert.Single(await portal.ReadRecordAsync(People.Maya.Name), entry => entry.Kind == AuditKind.Suspended);
    }

    [Fact]
    public async Task A_portal_that_dies_before_Box_answered_finishes_the_suspension_when_it_is_back()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("boxportal-test-").FullName;
        try
        {
            var clock = PassingTime.StoppedClock();
            await using var keeper = await PortalHost.StartAsync();
            await using (var dying = await PortalHost.StartRecoveredAsync(clock: clock, dataFolder: folder, beside: keeper))
            {
                await keeper.SpoilAsync(new { path = "/2.0/users/", method = "PUT", status = 503, times = 1000 });
                await clock.PassUntilAsync(dying.Services.GetRequiredService<AppUserChanges>()
                    .AskAsync(await dying.SessionOfAsync(People.Administrator), AppUserAct.Suspend, People.Maya.Id(), "at once"));
            }

            await keeper.MendAsync();
            await using var back = await PortalHost.StartAsync(dataFolder: folder, beside: keeper);

            Assert.True(await DoneInBoxAsync(back));
            await PassingTime.UntilAsync(async () => await StageAsync(back) == ChangeStage.Done);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The sessions from before are over, and a new one gets to the page that says so and to no token.</summary>
    private static async Task AssertShutOutAsync(PortalHost portal, Browser before, Person person)
    {
        using var refusal = await before.AskForTokenAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
        using var after = await portal.SignInAsync(person);
        Assert.Equal("suspended", (await after.TakeRefusalAsync()).State);
    }

    private static Person Named(string userName) => BoxPortal.Sandbox.Directory.Named(userName);

    private static async Task<bool> DoneInBoxAsync(PortalHost portal)
    {
        await PassingTime.UntilAsync(() => Task.FromResult(portal.AppUserOf(People.Maya).Status == "inactive"));
        return true;
    }

    private static async Task<MappingState> StateAsync(PortalHost portal) =>
        (await portal.Services.GetRequiredService<AppUserDirectory>().FindAsync(People.Maya.Id(), PortalHost.Cancellation))!.State;

    private static async Task<ChangeStage> StageAsync(PortalHost portal)
    {
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation);
        return (await db.Set<AppUserChange>().AsNoTracking().SingleAsync(PortalHost.Cancellation)).Stage;
    }
}
