using BoxPortal.Jobs;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace BoxPortal.Tests.Sync;

/// <summary>The schedule's own trigger, in the scheduler that a portal has.</summary>
public sealed class SyncScheduleTests
{
    private static readonly JobKey s_schedule = new("SyncSchedule");

    [Fact]
    public async Task A_portal_left_alone_follows_the_directory_when_its_trigger_fires_and_again_every_time()
    {
        await using var portal = await PortalHost.StartRecoveredAsync(new Dictionary<string, string> { ["Sync:EveryMinutes"] = "60" }).WithAdministratorAsync();
        var people = await portal.HireAsync(2);
        var (source, (group, _)) = (portal.NewDirectoryGroup(), portal.NewGroup(members: 0));
        portal.Fill(source, people[0]);
        await portal.RuleAsync(source, group);
        var scheduler = await portal.Services.GetRequiredService<ISchedulerFactory>().GetScheduler(PortalHost.Cancellation);
        await PassingTime.UntilAsync(async () => await scheduler.GetJobDetail(s_schedule, PortalHost.Cancellation) is not null);
        var trigger = Assert.Single(await scheduler.GetTriggersOfJob(s_schedule, PortalHost.Cancellation));
        Assert.Equal(TimeSpan.FromMinutes(60), Assert.IsAssignableFrom<ISimpleTrigger>(trigger).RepeatInterval);

        // The same trigger with seconds for minutes.
        await scheduler.RescheduleJob(trigger.Key, trigger.GetTriggerBuilder().StartNow()
            .WithSimpleSchedule(simple => simple.WithInterval(TimeSpan.FromSeconds(1)).RepeatForever()).Build(), PortalHost.Cancellation);

        await PassingTime.UntilAsync(() => Task.FromResult(portal.NamesIn(group).SequenceEqual(people.Take(1).Names())), TimeSpan.FromMinutes(1));
        portal.Fill(source, people[1]);
        await PassingTime.UntilAsync(() => Task.FromResult(portal.NamesIn(group).SequenceEqual(people.Skip(1).Names())), TimeSpan.FromMinutes(1));
        Assert.All(
            await portal.ReadAsync(db => db.Set<Job>().AsNoTracking().Where(job => job.Kind == JobKind.Sync).ToListAsync()),
            job => Assert.Equal((Guid.Empty, "The directory's sync, on its schedule."), (job.ActorId, job.Reason)));
    }

    [Fact]
    public async Task Where_there_is_no_schedule_there_is_no_trigger()
    {
        await using var portal = await PortalHost.StartRecoveredAsync(new Dictionary<string, string> { ["Sync:EveryMinutes"] = "0" });

        var scheduler = await portal.Services.GetRequiredService<ISchedulerFactory>().GetScheduler(PortalHost.Cancellation);
        Assert.Null(await scheduler.GetJobDetail(s_schedule, PortalHost.Cancellation));
    }
}
