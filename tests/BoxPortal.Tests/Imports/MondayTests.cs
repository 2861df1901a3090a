using System.Diagnostics;
using BoxPortal.AppUsers;
using BoxPortal.Imports;
using BoxPortal.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Imports;

/// <summary>An administrator maps 500 people from a dirty file on a Monday morning.</summary>
public sealed class MondayTests
{
    [Fact]
    public async Task Every_one_of_500_dirty_lines_gets_its_verdict_and_nothing_is_written_before_it_is_confirmed()
    {
        await using var portal = await PortalHost.StartRecoveredAsync().WithAdministratorAsync();
        var file = await DirtyFile.PlantAsync(portal);
        var users = portal.Enterprise.Users.Count;
        var people = await portal.ReadAsync(db => db.Set<AppUserMapping>().OrderBy(mapping => mapping.Number).Select(mapping => new { mapping.Number, mapping.Version }).ToListAsync());
        var watch = Stopwatch.StartNew();

        var jobId = await portal.PreviewAsync(file.Bytes);

        watch.Stop();
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"The preview took {watch.Elapsed}.");
        TestContext.Current.SendDiagnosticMessage($"500 dirty lines were previewed in {watch.ElapsedMilliseconds} ms.");
        var lines = await portal.LinesAsync(jobId);
        Assert.Equal(500, lines.Count);
        Assert.All(lines, line => Assert.True(file.Expected[line.Line] == line.Verdict, $"Line {line.Line}: {line.Verdict}, not {file.Expected[line.Line]}: {line.Words}"));
        Assert.Equal(470, lines.Count(line => line.Verdict is LineVerdict.Map or LineVerdict.Create));
        Assert.All(lines, line => Assert.NotEmpty(line.Words));
        Assert.Equal(users, portal.Enterprise.Users.Count);
        Assert.Equal(people, await portal.ReadAsync(db => db.Set<AppUserMapping>().OrderBy(mapping => mapping.Number).Select(mapping => new { mapping.Number, mapping.Version }).ToListAsync()));
        Assert.Empty(await portal.ReadAsync(db => db.Set<AppUserChange>().ToListAsync()));
    }

    [Fact]
    public async Task It_is_applied_paused_resumed_and_undone_but_for_two_people_changed_since()
    {
        await using var portal = await PortalHost.StartRecoveredAsync().WithAdministratorAsync();
        var administrator = await portal.SessionOfAsync(People.Administrator);
        var file = await DirtyFile.PlantAsync(portal);
        var users = portal.Enterprise.Users.Count;
        var jobId = await portal.PreviewAsync(file.Bytes);

        Assert.IsType<JobResult.NotNow>(await portal.ConfirmAsync(jobId, reason: " "));
        Assert.IsType<JobResult.Done>(await portal.ConfirmAsync(jobId));
        await PassingTime.UntilAsync(async () => (await portal.ChangesAsync(jobId)).Count(change => change.Stage == ChangeStage.Done) >= 50, ImportHost.Patience);
        Assert.IsType<JobResult.Done>(await portal.Steps().PauseAsync(administrator, jobId, PortalHost.Cancellation));
        Assert.IsType<JobResult.NotNow>(await portal.Steps().PauseAsync(administrator, jobId, PortalHost.Cancellation));
        var paused = await StandsStillAsync(portal, jobId);
        Assert.InRange(paused, 50, 469);
        Assert.IsType<JobResult.Done>(await portal.Steps().ResumeAsync(administrator, jobId, PortalHost.Cancellation));
        var job = await portal.UntilEndedAsync(jobId);

        Assert.Equal((JobStage.Done, 470), (job.Stage, job.Total));
        var changes = await portal.ChangesAsync(jobId);
        Assert.All(changes, change => Assert.True(change.Stage == ChangeStage.Done, $"Line {change.Line}: {change.Outcome}"));
        Assert.Equal(users + DirtyFile.New, portal.Enterprise.Users.Count);
        Assert.Equal(changes.Select(change => change.Line).Order(), changes.OrderBy(change => change.EndedAt).ThenBy(change => change.Line).Select(change => change.Line)); // one after the other
        foreach (var change in changes)
        {
            var mapping = await portal.MappingAsync(change.EmployeeId);
            Assert.Equal(MappingState.Mapped, mapping!.State);
            Assert.True(change.Act == AppUserAct.Create || mapping.AppUserId == change.AppUserId);
        }

        // Two are changed by hand before somebody finds out that the list was last year's.
        var byHand = changes.Where(change => change.Act == AppUserAct.Map).Take(2).ToList();
        foreach (var change in byHand)
        {
            await portal.Services.GetRequiredService<AppUserChanges>().AskAsync(administrator, AppUserAct.Unmap, change.EmployeeId, "left");
        }

        Assert.IsType<JobResult.NotNow>(await portal.Steps().UndoAsync(administrator, jobId, new string('x', 501), PortalHost.Cancellation));
        var undo = Assert.IsType<JobResult.Done>(await portal.Steps().UndoAsync(administrator, jobId, "last year's list", PortalHost.Cancellation)).Job;
        Assert.IsType<JobResult.NotNow>(await portal.Steps().UndoAsync(administrator, jobId, "again", PortalHost.Cancellation));
        await portal.UntilEndedAsync(undo.Id);

        var undone = await portal.ChangesAsync(undo.Id);
        Assert.Equal(470, undone.Count);
        Assert.Equal(byHand.Select(change => change.ObjectId).Order(), undone.Where(change => change.Stage == ChangeStage.Failed).Select(change => change.ObjectId).Order());
        Assert.All(undone.Where(change => change.Stage == ChangeStage.Failed), change => Assert.Equal(new MappingResult.ChangedMeanwhile().Words, change.Outcome));
        Assert.Equal(users, portal.Enterprise.Users.Count); // those that it had made are gone again
        Assert.All(undone.Zip(undone.Skip(1)), pair => Assert.True(pair.First.EndedAt >= pair.Second.EndedAt)); // newest first
        foreach (var change in undone.Where(change => change.Stage == ChangeStage.Done))
        {
            Assert.NotEqual(MappingState.Mapped, (await portal.MappingAsync(change.EmployeeId))!.State);
        }

        Assert.IsType<JobResult.NotNow>(await portal.Steps().UndoAsync(administrator, jobId, "once more", PortalHost.Cancellation));
    }

    [Fact]
    public async Task Cancelling_finishes_the_change_in_hand_and_drops_the_rest_and_what_was_done_can_be_undone()
    {
        await using var portal = await PortalHost.StartRecoveredAsync().WithAdministratorAsync();
        var administrator = await portal.SessionOfAsync(People.Administrator);
        var people = Enumerable.Range(1, 60).Select(ImportHost.NewPerson).ToList();
        var users = portal.Enterprise.Users.Count;
        var jobId = await portal.PreviewAsync(["object_id,name,app_user", .. people.Select(person => $"{person.ObjectId},{person.Name},new")]);

        await portal.ConfirmAsync(jobId);
        await PassingTime.UntilAsync(async () => (await portal.ChangesAsync(jobId)).Count(change => change.Stage == ChangeStage.Done) >= 5, ImportHost.Patience);
        Assert.IsType<JobResult.Done>(await portal.Steps().CancelAsync(administrator, jobId, PortalHost.Cancellation));
        var job = await portal.UntilEndedAsync(jobId);

        Assert.Equal(JobStage.Cancelled, job.Stage);
        var changes = await portal.ChangesAsync(jobId);
        var done = changes.Count(change => change.Stage == ChangeStage.Done);
        Assert.Equal(60 - done, changes.Count(change => change.Stage == ChangeStage.Dropped));
        Assert.Equal(users + done, portal.Enterprise.Users.Count);
        Assert.IsType<JobResult.NotNow>(await portal.Steps().ResumeAsync(administrator, jobId, PortalHost.Cancellation));

        var undo = Assert.IsType<JobResult.Done>(await portal.Steps().UndoAsync(administrator, jobId, "never mind", PortalHost.Cancellation)).Job;
        await portal.UntilEndedAsync(undo.Id);
        Assert.Equal((done, users), ((await portal.ChangesAsync(undo.Id)).Count, portal.Enterprise.Users.Count));
    }

    /// <summary>Whether it really stands still is seen by waiting for something that takes longer than a change.</summary>
    private static async Task<int> StandsStillAsync(PortalHost portal, long jobId)
    {
        var done = -1;
        await PassingTime.UntilAsync(async () =>
        {
            var before = done;
            done = (await portal.ChangesAsync(jobId)).Count(change => change.Stage == ChangeStage.Done);
            foreach (var _ in Enumerable.Range(0, 20))
            {
                using var browser = await portal.SignInAsync(People.Maya);
            }

            return before == done;
        }, ImportHost.Patience);
        return done;
    }
}
