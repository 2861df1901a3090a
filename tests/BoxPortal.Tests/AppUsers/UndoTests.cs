using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

public sealed class UndoTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private AppUserChanges Changes => host.Portal.Services.GetRequiredService<AppUserChanges>();

    [Fact]
    public async Task A_mapping_to_another_app_user_is_undone_and_the_record_tells_both()
    {
        var person = Named("zoe.papadaki");
        var former = host.Portal.AppUserOf(person);
        var other = host.Portal.Enterprise.AddAppUser("Other", null);
        await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), other.Id, "moved");

        var result = await UndoLastAsync(person, "wrong one");

        Assert.Equal(former.Id, Assert.IsType<MappingResult.Done>(result).Mapping.AppUserId);
        var record = (await host.Portal.ReadRecordAsync(person.Name)).Where(entry => entry.Before is not null).ToList();
        Assert.Equal(
            [($"Mapped {other.Id}", $"Mapped {former.Id}", "wrong one"), ($"Mapped {former.Id}", $"Mapped {other.Id}", "moved")],
            record.Select(entry => (entry.Before!, entry.After!, entry.Reason!)));
    }

    [Fact]
    public async Task An_unmapping_is_undone_and_its_undoing_too()
    {
        var person = Named("oluwaseun.bello");
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, person.Id(), "left");

        var back = await UndoLastAsync(person, "stays");
        var again = await UndoLastAsync(person, "leaves after all");

        Assert.Equal(host.Portal.AppUserOf(person).Id, Assert.IsType<MappingResult.Done>(back).Mapping.AppUserId);
        Assert.Equal((MappingState.Unmapped, null), (Assert.IsType<MappingResult.Done>(again).Mapping.State, ((MappingResult.Done)again).Mapping.AppUserId));
    }

    [Fact]
    public async Task A_creation_is_undone_with_the_app_user_that_it_made()
    {
        using var browser = await host.Portal.SignInAsync(People.Newcomer);
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Create, People.Newcomer.Id(), "new");
        var made = host.Portal.AppUserOf(People.Newcomer);

        var result = await UndoLastAsync(People.Newcomer, "too early");

        Assert.Equal((MappingState.Waiting, null), (Assert.IsType<MappingResult.Done>(result).Mapping.State, ((MappingResult.Done)result).Mapping.AppUserId));
        Assert.DoesNotContain(made.Id, host.Portal.Enterprise.Users.Keys);
        Assert.Equal("not-mapped", (await browser.TakeRefusalAsync()).State);
    }

    [Fact]
    public async Task What_was_changed_since_is_not_undone()
    {
        var person = Named("martin.grossmann");
        await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), host.Portal.Enterprise.AddAppUser("First", null).Id, "first");
        var first = await LastAsync(person);
        var second = host.Portal.Enterprise.AddAppUser("Second", null);
        await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), second.Id, "second");

        var result = await UndoAsync(person, first, "late");

        Assert.IsType<MappingResult.ChangedMeanwhile>(result);
        Assert.Equal(second.Id, (await FindAsync(person)).AppUserId);
    }

    [Theory]
    [InlineData("ana.jovanovic", AppUserAct.Suspend)]
    [InlineData("rafael.moreira", AppUserAct.Reactivate)]
    public async Task A_suspension_is_ended_by_reactivating_and_no_other_way(string userName, AppUserAct last)
    {
        var person = Named(userName);
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, person.Id(), "on leave");
        if (last == AppUserAct.Reactivate)
        {
            await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), last, person.Id(), "back");
        }

        var before = await FindAsync(person);
        var result = await UndoLastAsync(person, "undo");

        Assert.IsType<MappingResult.Unusable>(result);
        Assert.Equal((before.State, before.IsSuspendedHere, before.Version), ((await FindAsync(person)).State, (await FindAsync(person)).IsSuspendedHere, (await FindAsync(person)).Version));
        Assert.Contains(await host.Portal.ReadRecordAsync(person.Name), entry => entry.Kind == AuditKind.Refused && entry.Reason == "undo");
    }

    [Fact]
    public async Task Nobody_undoes_what_brought_them_their_own_files()
    {
        var administrator = await host.Portal.SessionOfAsync(People.Administrator);
        var another = await host.Portal.SessionOfAsync(Named("elin.bergstrom") with { AppRoles = [Policies.Roles.Administrator] });
        await Changes.AskAsync(another, AppUserAct.Unmap, People.Administrator.Id(), "by mistake");
        var appUser = host.Portal.AppUserOf(People.Administrator);
        await Changes.MapAsync(administrator, People.Administrator.Id(), appUser.Id, "back");

        var result = await UndoLastAsync(People.Administrator, "and away");

        Assert.Contains("That is you", Assert.IsType<MappingResult.Unusable>(result).Reason, StringComparison.Ordinal);
        Assert.Equal((MappingState.Mapped, appUser.Id), ((await FindAsync(People.Administrator)).State, (await FindAsync(People.Administrator)).AppUserId!));
        using var browser = await host.Portal.SignInAsync(People.Administrator);
        using var page = await browser.GetAsync($"/people/{People.Administrator.ObjectId}");
        Assert.DoesNotContain("Undo the last change", await page.Content.ReadAsStringAsync(PortalHost.Cancellation), StringComparison.Ordinal);
    }

    private async Task<MappingResult> UndoLastAsync(Person person, string reason) => await UndoAsync(person, await LastAsync(person), reason);

    private async Task<MappingResult> UndoAsync(Person person, AppUserChange change, string reason) => await Changes.AskAsync(
        await host.Portal.SessionOfAsync(People.Administrator), new AppUserRequest(AppUserAct.Undo, person.Id(), reason) { UndoesId = change.Id }, PortalHost.Cancellation);

    private async Task<AppUserChange> LastAsync(Person person)
    {
        await using var db = await host.Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation);
        return await db.Set<AppUserChange>().AsNoTracking().OrderByDescending(change => change.Id).FirstAsync(change => change.ObjectId == person.ObjectId, PortalHost.Cancellation);
    }

    private async Task<AppUserMapping> FindAsync(Person person) =>
        (await host.Portal.Services.GetRequiredService<AppUserDirectory>().FindAsync(person.Id(), PortalHost.Cancellation))!;

    private static Person Named(string userName) => BoxPortal.Sandbox.Directory.Named(userName);
}
