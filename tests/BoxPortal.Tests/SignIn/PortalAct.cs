using System.Security.Claims;
using BoxPortal.Access;
using BoxPortal.AppUsers;
using BoxPortal.Groups;
using BoxPortal.Imports;
using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using BoxPortal.Sync;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using BoxPortal.Tests.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.SignIn;

/// <summary>Something that people do over a circuit, or call for from within the portal: whose it is, and how to come to it.</summary>
/// <param name="Name">What.</param>
/// <param name="Method">The service's method that does it.</param>
/// <param name="Roles">Whose it is.</param>
/// <param name="PrepareAsync">Finds or makes somebody, or some job, that it can be done to.</param>
/// <param name="AskAsync">Asks the service for it.</param>
/// <param name="Path">The page that offers it; <c>null</c> for what is tried at the service alone.</param>
/// <param name="WalkAsync">From that page to just before the last step.</param>
/// <param name="LastStepAsync">The message with which it is done.</param>
internal sealed record PortalAct(
    string Name,
    string Method,
    string[] Roles,
    Func<PortalHost, Task<PortalAct.Target>> PrepareAsync,
    Func<PortalHost, PortalAct.Target, ClaimsPrincipal, Task> AskAsync,
    Func<PortalAct.Target, string>? Path = null,
    Func<CircuitClient, PortalAct.Target, Task>? WalkAsync = null,
    Func<CircuitClient, PortalAct.Target, Task>? LastStepAsync = null)
{
    private const string Reason = "a test";

    /// <summary>The title of a job that runs, and that nothing drives.</summary>
    private const string Undriven = "undriven.csv";

    private static readonly string[] s_administrators = [Policies.Roles.Administrator];
    private static readonly string[] s_suggesters = [Policies.Roles.Administrator, Policies.Roles.HelpDesk];
    private static readonly string[] s_readers = [Policies.Roles.Administrator, Policies.Roles.HelpDesk, Policies.Roles.Auditor];
    private static int s_people;

    /// <summary>Which change of a mapping it is, if one.</summary>
    public AppUserAct? Change { get; init; }

    /// <summary>The role that its page is opened with.</summary>
    public string Opener { get; init; } = Policies.Roles.Administrator;

    /// <summary>Part of the address that it makes the portal read from Box, where that is all it does. No record is kept of who may not.</summary>
    public string? Reads { get; init; }

    public static IReadOnlyList<PortalAct> All { get; } =
    [
        OfMapping("map", AppUserAct.Map, WaitingAsync, target => $"Map {target.Person.Name}", ChooseAsync),
        OfMapping("re-map", AppUserAct.Map, MappedAsync, target => $"Re-map {target.Person.Name}", ChooseAsync),
        OfMapping("create", AppUserAct.Create, WaitingAsync, target => $"Map {target.Person.Name}", (page, _) => page.EnterAsync("change", "A new app user", "on")),
        OfMapping("suspend", AppUserAct.Suspend, MappedAsync, target => $"Suspend {target.Person.Name}"),
        OfMapping("reactivate", AppUserAct.Reactivate, SuspendedAsync, target => $"Reactivate {target.Person.Name}"),
        OfMapping("unmap", AppUserAct.Unmap, MappedAsync, target => $"Unmap {target.Person.Name}"),
        OfMapping("undo", AppUserAct.Undo, MappedAsync, target => $"Undo the last change to {target.Person.Name}"),
        new("suggest", $"{nameof(AppUserSuggestions)}.{nameof(AppUserSuggestions.SuggestAsync)}", s_suggesters, WaitingAsync,
            (portal, target, actor) => Service<AppUserSuggestions>(portal).SuggestAsync(actor, target.Person.Id(), target.AppUserId, Reason, PortalHost.Cancellation),
            PersonPath, (page, target) => FillInAsync(page, target, $"Suggest an app user for {target.Person.Name}", ChooseAsync), SubmitAsync)
        {
            Opener = Policies.Roles.HelpDesk,
        },
        new("prove", $"{nameof(MappingProofs)}.{nameof(MappingProofs.ProveAsync)}", s_readers, MappedAsync,
            (portal, target, actor) => Service<MappingProofs>(portal).ProveAsync(actor, target.Person.Id(), PortalHost.Cancellation),
            PersonPath, (page, _) => page.ExpectAsync("Prove this mapping"), (page, _) => page.ClickAsync("Prove this mapping")),
        new("find app users", $"{nameof(AppUserDirectory)}.{nameof(AppUserDirectory.FindAppUsersAsync)}", s_suggesters, WaitingAsync,
            (portal, _, actor) => Service<AppUserDirectory>(portal).FindAppUsersAsync(actor, "anybody", PortalHost.Cancellation),
            PersonPath, (page, target) => FillInAsync(page, target, $"Map {target.Person.Name}", ChooseAsync), (page, _) => page.EnterAsync("input", "app-user-search", "anybody"))
        {
            Reads = "filter_term=anybody",
        },
        new("look for folders that others use", $"{nameof(OwnedContent)}.{nameof(OwnedContent.FindSharedAsync)}", s_administrators, MappedAsync,
            async (portal, target, actor) => await Service<OwnedContent>(portal).FindSharedAsync(actor, target.OwnAppUserId, PortalHost.Cancellation).ToListAsync(PortalHost.Cancellation),
            PersonPath, (page, target) => page.ExpectAsync($"Suspend {target.Person.Name}"), (page, target) => page.ClickAsync($"Suspend {target.Person.Name}"))
        {
            Reads = "/2.0/folders/0/items",
        },
        new("begin an import", $"{nameof(ImportDrafts)}.{nameof(ImportDrafts.DraftAsync)}", s_administrators, WaitingAsync,
            (portal, target, actor) => portal.Drafts().DraftAsync(actor, ((CsvFile.Readable)CsvFile.Open("people.csv", File(target))).Source, PortalHost.Cancellation),
            _ => "/imports", (page, _) => page.ExpectAsync("Read the company directory"), (page, _) => page.SubmitAsync("import-form")),
        OfJob("check again", $"{nameof(ImportDrafts)}.{nameof(ImportDrafts.CheckAgainAsync)}", DraftAsync,
            (portal, target, actor) => portal.Drafts().CheckAgainAsync(actor, target.JobId, PortalHost.Cancellation), "Check again"),
        OfJob("confirm", $"{nameof(ImportDrafts)}.{nameof(ImportDrafts.ConfirmAsync)}", DraftAsync, ConfirmAsync, "Apply to", wantsReason: true),
        OfJob("pause", $"{nameof(JobSteps)}.{nameof(JobSteps.PauseAsync)}", portal => JobAsync(portal, JobStage.Running),
            (portal, target, actor) => portal.Steps().PauseAsync(actor, target.JobId, PortalHost.Cancellation), "Pause"),
        OfJob("resume", $"{nameof(JobSteps)}.{nameof(JobSteps.ResumeAsync)}", portal => JobAsync(portal, JobStage.Paused),
            (portal, target, actor) => portal.Steps().ResumeAsync(actor, target.JobId, PortalHost.Cancellation), "Resume"),
        OfJob("cancel", $"{nameof(JobSteps)}.{nameof(JobSteps.CancelAsync)}", portal => JobAsync(portal, JobStage.Draft),
            (portal, target, actor) => portal.Steps().CancelAsync(actor, target.JobId, PortalHost.Cancellation), "Discard"),
        OfJob("undo an import", $"{nameof(JobSteps)}.{nameof(JobSteps.UndoAsync)}", portal => JobAsync(portal, JobStage.Done),
            (portal, target, actor) => portal.Steps().UndoAsync(actor, target.JobId, Reason, PortalHost.Cancellation), "Undo…", wantsReason: true),
        OfGroup("draft a change set", $"{nameof(ChangeSets)}.{nameof(ChangeSets.DraftAsync)}", GroupAsync,
            (portal, target, actor) => portal.DraftAsync(actor, new GroupEdit(GroupAct.DeleteGroup, target.GroupId))),
        OfGroup("confirm a change set", $"{nameof(ChangeSets)}.{nameof(ChangeSets.ConfirmAsync)}", portal => ChangeSetAsync(portal, members: 1),
            (portal, target, actor) => portal.ChangeSets().ConfirmAsync(actor, target.JobId, Reason, PortalHost.Cancellation)),
        OfGroup("agree to a change set", $"{nameof(ChangeSets)}.{nameof(ChangeSets.ApproveAsync)}", ConfirmedAsync,
            (portal, target, actor) => portal.ChangeSets().ApproveAsync(actor, target.JobId, PortalHost.Cancellation)),
        OfGroup("undo a change set", $"{nameof(ChangeSets)}.{nameof(ChangeSets.UndoAsync)}", DoneAsync,
            (portal, target, actor) => portal.ChangeSets().UndoAsync(actor, target.JobId, Reason, PortalHost.Cancellation)),
        OfGroup("make somebody an owner", $"{nameof(GroupKeeping)}.{nameof(GroupKeeping.AddOwnerAsync)}", GroupAsync, AddOwnerAsync),
        OfGroup("end an ownership", $"{nameof(GroupKeeping)}.{nameof(GroupKeeping.RemoveOwnerAsync)}", OwnedAsync,
            (portal, target, actor) => Service<GroupKeeping>(portal).RemoveOwnerAsync(actor, target.GroupId, Reason, target.Person.Id(), Reason, PortalHost.Cancellation)),
        OfGroup("protect a group", $"{nameof(GroupKeeping)}.{nameof(GroupKeeping.ProtectAsync)}", GroupAsync,
            (portal, target, actor) => Service<GroupKeeping>(portal).ProtectAsync(actor, target.GroupId, Reason, isProtected: true, Reason, PortalHost.Cancellation)),
        OfGroup("make a rule", $"{nameof(SyncRules)}.{nameof(SyncRules.AddAsync)}", GroupAsync,
            (portal, target, actor) => portal.Rules().AddAsync(actor, new NewRule(SyncSource.AppRole, $"{Guid.NewGuid()}", Reason, target.GroupId, Reason), PortalHost.Cancellation)),
        OfGroup("switch a rule off", $"{nameof(SyncRules)}.{nameof(SyncRules.EnableAsync)}", RuledAsync,
            (portal, target, actor) => portal.Rules().EnableAsync(actor, target.RuleId, isEnabled: false, PortalHost.Cancellation)),
        OfGroup("let a rule empty its group", $"{nameof(SyncRules)}.{nameof(SyncRules.LetEmptyAsync)}", RuledAsync,
            (portal, target, actor) => portal.Rules().LetEmptyAsync(actor, target.RuleId, PortalHost.Cancellation)),
        OfGroup("delete a rule", $"{nameof(SyncRules)}.{nameof(SyncRules.DeleteAsync)}", RuledAsync,
            (portal, target, actor) => portal.Rules().DeleteAsync(actor, target.RuleId, PortalHost.Cancellation)),
        OfGroup("end a rule", $"{nameof(SyncRules)}.{nameof(SyncRules.EndAsync)}", RuledAsync,
            (portal, target, actor) => portal.Rules().EndAsync(actor, target.RuleId, PortalHost.Cancellation)),
        OfGroup("sync now", $"{nameof(SyncRuns)}.{nameof(SyncRuns.DryRunAsync)}", RuledAsync,
            (portal, _, actor) => portal.Runs().DryRunAsync(actor, PortalHost.Cancellation)),
        OfGroup("put right what was done in Box", $"{nameof(Drift)}.{nameof(Drift.PutRightAsync)}", GroupAsync,
            (portal, target, actor) => Service<Drift>(portal).PutRightAsync(actor, Found(target), Found(target).Findings, Reason, PortalHost.Cancellation)),
        OfGroup("keep what was done in Box", $"{nameof(Drift)}.{nameof(Drift.KeepAsync)}", GroupAsync,
            (portal, target, actor) => Service<Drift>(portal).KeepAsync(actor, Found(target).Findings, Reason, PortalHost.Cancellation)),
        OfGroup("adopt what was done in Box", $"{nameof(Drift)}.{nameof(Drift.AdoptAsync)}", GroupAsync,
            (portal, target, actor) => Service<Drift>(portal).AdoptAsync(actor, Found(target).Findings, Reason, PortalHost.Cancellation)),
        OfAccess("explain access", nameof(AccessExplainer.ExplainAsync),
            (explainer, target, actor) => explainer.ExplainAsync(actor, target.Person.Id(), target.FolderId, PortalHost.Cancellation)),
        OfAccess("list who sees a folder", nameof(AccessExplainer.ListAsync), (explainer, target, actor) => explainer.ListAsync(actor, target.FolderId, at: null, PortalHost.Cancellation)),
        OfAccess("look through folders", nameof(AccessExplainer.BrowseAsync), (explainer, target, actor) => explainer.BrowseAsync(actor, target.FolderId, name: null, most: 100, PortalHost.Cancellation)),
    ];

    /// <summary>An import that makes the person a new app user.</summary>
    public static byte[] File(Target target) => System.Text.Encoding.UTF8.GetBytes($"object_id,name,app_user\n{target.Person.ObjectId},{target.Person.Name},new");

    /// <summary>Somebody who waits, and an app user that they could be given.</summary>
    public static async Task<Target> WaitingAsync(PortalHost portal)
    {
        var person = ImportHost.NewPerson(Interlocked.Increment(ref s_people));
        await portal.MeetAsync(person);
        return new Target(person, portal.Enterprise.AddAppUser($"{person.Name} the other", null).Id);
    }

    /// <summary>An import whose every line is checked.</summary>
    public static async Task<Target> DraftAsync(PortalHost portal)
    {
        var target = await WaitingAsync(portal);
        return target with { JobId = await portal.PreviewAsync(File(target)) };
    }

    private static async Task<Target> MappedAsync(PortalHost portal)
    {
        var target = await WaitingAsync(portal);
        await ChangeAsync(portal, target, AppUserAct.Create);
        await using var db = await Service<IDbContextFactory<PortalDb>>(portal).CreateDbContextAsync(PortalHost.Cancellation);
        return target with
        {
            OwnAppUserId = (await portal.MappingAsync(target.Person.Id()))!.AppUserId!,
            ChangeId = await db.Set<AppUserChange>().MaxAsync(change => change.Id, PortalHost.Cancellation),
        };
    }

    private static async Task<Target> SuspendedAsync(PortalHost portal)
    {
        var target = await MappedAsync(portal);
        await ChangeAsync(portal, target, AppUserAct.Suspend);
        return target;
    }

    /// <summary>Whether what the portal does by itself after an act has come to its end.</summary>
    public static async Task<bool> IsStillAsync(PortalHost portal) =>
        !await portal.ReadAsync(db => db.Set<Job>().AnyAsync(job => job.EndedAt == null && job.Title != Undriven && (job.Stage == JobStage.Running || job.Stage == JobStage.Cancelled)))
        && !await portal.ReadAsync(db => db.Set<Import>().AnyAsync(import => import.CheckedAt == null && db.Set<Job>().Any(job => job.Id == import.JobId && job.Stage == JobStage.Draft)));

    /// <summary>A job that stands so and that nothing drives; one that is done has changed somebody.</summary>
    private static async Task<Target> JobAsync(PortalHost portal, JobStage stage)
    {
        var target = await WaitingAsync(portal);
        var now = TimeProvider.System.GetUtcNow();
        var job = new Job
        {
            Kind = JobKind.Import,
            Title = stage == JobStage.Running ? Undriven : "people.csv",
            Stage = stage,
            TenantId = target.Person.Id().TenantId,
            ActorId = People.Administrator.ObjectId,
            ActorName = People.Administrator.Name,
            CreatedAt = now,
            StartedAt = stage == JobStage.Draft ? null : now,
            EndedAt = stage == JobStage.Done ? now : null,
            Total = 1,
        };
        await using (var db = await Service<IDbContextFactory<PortalDb>>(portal).CreateDbContextAsync(PortalHost.Cancellation))
        {
            db.Add(job);
            await db.SaveChangesAsync(PortalHost.Cancellation);
            db.Add(new Import { JobId = job.Id, Source = Reason, Lines = 1, CheckedAt = now });
            await db.SaveChangesAsync(PortalHost.Cancellation);
        }

        if (stage == JobStage.Done)
        {
            await Service<AppUserChanges>(portal).AskAsync(await portal.SessionOfAsync(People.Administrator),
                new AppUserRequest(AppUserAct.Create, target.Person.Id(), Reason) { JobId = job.Id, Line = 2 }, PortalHost.Cancellation);
        }

        return target with { JobId = job.Id };
    }

    private static async Task<Target> GroupAsync(PortalHost portal) => await WaitingAsync(portal) with { GroupId = portal.NewGroup(1).Group.Id };

    /// <summary>A rule that the next run puts somebody into a group by.</summary>
    private static async Task<Target> RuledAsync(PortalHost portal)
    {
        var target = await MappedAsync(portal);
        var (source, (group, _)) = (portal.NewDirectoryGroup(), portal.NewGroup(0));
        portal.Directory.Replace([.. portal.Directory.Everyone, target.Person with { DirectoryGroups = [source.Id] }]);
        return target with { GroupId = group.Id, RuleId = (await portal.RuleAsync(source, group)).Id };
    }

    private static DriftReport Found(Target target) =>
        new([new DriftFinding(DriftKind.Gone, target.GroupId, Reason, target.AppUserId, target.Person.Name, ["hand"])], [], new Dictionary<string, int>(), default);

    private static async Task<Target> OwnedAsync(PortalHost portal)
    {
        var target = await GroupAsync(portal);
        await AddOwnerAsync(portal, target, await portal.SessionOfAsync(People.Administrator));
        return target;
    }

    /// <summary>What takes everybody out of a group, not yet confirmed.</summary>
    private static async Task<Target> ChangeSetAsync(PortalHost portal, int members)
    {
        var target = await WaitingAsync(portal);
        var (group, users) = portal.NewGroup(members);
        var drafted = await portal.DraftAsync(await portal.SessionOfAsync(People.Administrator), [.. users.Select(user => user.Remove(group))]);
        return target with { GroupId = group.Id, JobId = Assert.IsType<JobResult.Done>(drafted).Job.Id };
    }

    /// <summary>One that takes so much away that a second administrator must agree.</summary>
    private static async Task<Target> ConfirmedAsync(PortalHost portal)
    {
        var target = await ChangeSetAsync(portal, members: 10);
        var administrator = await portal.SessionOfAsync(People.Administrator);
        Assert.IsType<JobResult.Done>(await portal.ChangeSets().ConfirmAsync(administrator, target.JobId, Reason, PortalHost.Cancellation));
        return target;
    }

    private static async Task<Target> DoneAsync(PortalHost portal)
    {
        var target = await ChangeSetAsync(portal, members: 1);
        var administrator = await portal.SessionOfAsync(People.Administrator);
        Assert.IsType<JobResult.Done>(await portal.ChangeSets().ConfirmAsync(administrator, target.JobId, Reason, PortalHost.Cancellation));
        await portal.UntilEndedAsync(target.JobId);
        return target;
    }

    private static Task AddOwnerAsync(PortalHost portal, Target target, ClaimsPrincipal actor) =>
        Service<GroupKeeping>(portal).AddOwnerAsync(actor, target.GroupId, Reason, target.Person.Id(), Reason, PortalHost.Cancellation);

    private static PortalAct OfMapping(
        string name, AppUserAct change, Func<PortalHost, Task<Target>> prepareAsync, Func<Target, string> button, Func<CircuitClient, Target, Task>? chooseAsync = null) =>
        new(name, $"{nameof(AppUserChanges)}.{nameof(AppUserChanges.AskAsync)}", s_administrators, prepareAsync,
            (portal, target, actor) => Service<AppUserChanges>(portal).AskAsync(actor, Request(target, change), PortalHost.Cancellation),
            PersonPath, (page, target) => FillInAsync(page, target, button(target), chooseAsync), SubmitAsync)
        {
            Change = change,
        };

    private static PortalAct OfJob(
        string name, string method, Func<PortalHost, Task<Target>> prepareAsync, Func<PortalHost, Target, ClaimsPrincipal, Task> askAsync, string button, bool wantsReason = false) =>
        new(name, method, s_administrators, prepareAsync, askAsync, target => $"/imports/{target.JobId}",
            async (page, _) =>
            {
                await page.ExpectAsync(button);
                if (wantsReason)
                {
                    await page.ClickAsync(button);
                    await page.EnterAsync("input", "reason", Reason);
                }
            },
            (page, _) => wantsReason ? page.SubmitAsync("modal-form") : page.ClickAsync(button));

    /// <summary>Tried by people who own no group.</summary>
    private static PortalAct OfGroup(string name, string method, Func<PortalHost, Task<Target>> prepareAsync, Func<PortalHost, Target, ClaimsPrincipal, Task> askAsync) =>
        new(name, method, s_administrators, prepareAsync, askAsync);

    private static PortalAct OfAccess(string name, string method, Func<AccessExplainer, Target, ClaimsPrincipal, Task> askAsync) =>
        new(name, $"{nameof(AccessExplainer)}.{method}", s_readers, async portal => await MappedAsync(portal) with { FolderId = portal.NewFolder().Id },
            (portal, target, actor) => askAsync(Service<AccessExplainer>(portal), target, actor))
        {
            Reads = "/2.0/folders/",
        };

    private static string PersonPath(Target target) => $"/people/{target.Person.ObjectId}";

    private static async Task FillInAsync(CircuitClient page, Target target, string button, Func<CircuitClient, Target, Task>? chooseAsync)
    {
        await page.ExpectAsync(button);
        await page.ClickAsync(button);
        if (chooseAsync is not null)
        {
            await chooseAsync(page, target);
        }

        await page.EnterAsync("input", "reason", Reason);
    }

    private static async Task ChooseAsync(CircuitClient page, Target target)
    {
        await page.ExpectAsync(target.AppUserId);
        await page.EnterAsync("change", target.AppUserId, "on");
    }

    private static Task SubmitAsync(CircuitClient page, Target target) => page.SubmitAsync("modal-form");

    private static async Task ChangeAsync(PortalHost portal, Target target, AppUserAct act) =>
        Assert.IsType<MappingResult.Done>(await Service<AppUserChanges>(portal).AskAsync(await portal.SessionOfAsync(People.Administrator), act, target.Person.Id(), Reason));

    private static async Task ConfirmAsync(PortalHost portal, Target target, ClaimsPrincipal actor) =>
        await portal.Drafts().ConfirmAsync(actor, target.JobId, new ImportConfirmation(Reason, AlsoRemap: false,
            (await portal.ReadAsync(db => db.Set<Import>().SingleAsync(import => import.JobId == target.JobId))).CheckedAt!.Value), PortalHost.Cancellation);

    private static AppUserRequest Request(Target target, AppUserAct change) => new(change, target.Person.Id(), Reason)
    {
        AppUserId = change == AppUserAct.Map ? target.AppUserId : null,
        UndoesId = change == AppUserAct.Undo ? target.ChangeId : null,
    };

    private static T Service<T>(PortalHost portal)
        where T : notnull => portal.Services.GetRequiredService<T>();

    /// <summary>What an act is done to.</summary>
    /// <param name="Person">Whom.</param>
    /// <param name="AppUserId">An app user that is nobody's.</param>
    /// <param name="OwnAppUserId">Theirs.</param>
    /// <param name="ChangeId">The change that gave it to them.</param>
    /// <param name="JobId">The job.</param>
    /// <param name="GroupId">The group.</param>
    /// <param name="FolderId">The folder.</param>
    /// <param name="RuleId">The rule.</param>
    public sealed record Target(Person Person, string AppUserId, string OwnAppUserId = "", long ChangeId = 0, long JobId = 0, string GroupId = "", string FolderId = "", long RuleId = 0);
}
