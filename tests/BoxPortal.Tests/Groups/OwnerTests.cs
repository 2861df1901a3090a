using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.Tests.Imports;
using BoxPortal.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Groups;

/// <summary>An owner says who is in their group, and rises by nothing: each line by service, by page and by what a circuit is told.</summary>
public sealed class OwnerTests(RunningPortal host) : IClassFixture<RunningPortal>, IAsyncLifetime
{
    private static Person Owner => BoxPortal.Sandbox.Directory.Named("oluwaseun.bello");

    private PortalHost Portal => host.Portal;

    private ChangeSets Sets => Portal.ChangeSets();

    private BoxPortal.Sandbox.Group Heron => Portal.Enterprise.GroupsByName["Project Heron"];

    private BoxPortal.Sandbox.Group Leadership => Portal.Enterprise.GroupsByName["Leadership"];

    private BoxPortal.Sandbox.Group Finance => Portal.Enterprise.GroupsByName["Finance"];

    private string Tomas => Portal.AppUserOf(People.Tomas).Id;

    private string Maya => Portal.AppUserOf(People.Maya).Id;

    public async ValueTask InitializeAsync()
    {
        foreach (var group in new[] { Heron, Leadership })
        {
            if (!await Portal.ReadAsync(db => db.Set<GroupOwner>().AnyAsync(owner => owner.GroupId == group.Id)))
            {
                await Portal.OwnAsync(Owner, group);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_owner_adds_and_removes_members_of_their_own_group()
    {
        var owner = await Portal.SessionOfAsync(Owner);

        await Portal.DoAsync(owner, new GroupEdit(GroupAct.AddMember, Heron.Id, Tomas));
        Assert.Contains(Tomas, Portal.MembersOf(Heron));

        await Portal.DoAsync(owner, new GroupEdit(GroupAct.RemoveMember, Heron.Id, Tomas));
        Assert.DoesNotContain(Tomas, Portal.MembersOf(Heron));
    }

    [Fact]
    public async Task An_owner_is_not_told_of_other_groups_by_which_a_member_keeps_a_folder()
    {
        var member = Portal.NewUser();
        var (elsewhere, _) = Portal.NewGroup(members: 0);
        lock (Portal.Enterprise.Gate)
        {
            var folder = Portal.Enterprise.AddFolder(Portal.Enterprise.ServiceAccount.Root, "Reefs");
            Portal.Enterprise.AddCollaboration(folder, Heron, "viewer");
            Portal.Enterprise.AddCollaboration(folder, elsewhere, "editor");
            Portal.Enterprise.AddMembership(member, Heron);
            Portal.Enterprise.AddMembership(member, elsewhere);
        }

        var draft = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(await Portal.SessionOfAsync(Owner), member.Remove(Heron))).Job;
        var foretold = await Portal.Services.GetRequiredService<Rehearsals>().ForetellAsync(draft.Id, PortalHost.Cancellation);

        Assert.Contains("1 stays in Reefs by another way.", foretold.Summary);
        Assert.Equal("stays by another way", foretold.People.SelectMany(person => person.Folders).Single(folder => folder.Name == "Reefs").Words.ToString());
        Assert.DoesNotContain(foretold.Summary, words => words.Contains(elsewhere.Name, StringComparison.Ordinal));
    }

    public static TheoryData<string> Lines => ["more than they hold", "more than they hold, for themselves", "a file", "a role above members'", "a folder", "another's group", "a group of the directory's", "a name", "a deletion"];

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task What_an_owner_may_not_is_refused_by_the_service_and_recorded(string line)
    {
        var (edit, words) = await PlantAsync(line);
        var before = (await RefusalsAsync()).Count;

        var result = await DraftAsync(edit);

        Assert.Contains(words, result.Objection, StringComparison.Ordinal);
        Assert.Equal(before + 1, (await RefusalsAsync()).Count);
    }

    [Fact]
    public async Task What_an_owner_may_not_any_more_when_it_is_confirmed_is_refused_then()
    {
        var owner = await Portal.SessionOfAsync(Owner);
        var draft = Assert.IsType<JobResult.Done>(await DraftAsync(new GroupEdit(GroupAct.AddMember, Heron.Id, Tomas)));
        var more = Portal.Enterprise.AddCollaboration(Portal.Enterprise.ServiceAccount.Root.Child("Board")!, Heron, "editor");
        var own = Heron.Memberships.Single(membership => membership.User.Id == Portal.AppUserOf(Owner).Id);
        Portal.Enterprise.Remove(own);
        try
        {
            var result = await Sets.ConfirmAsync(owner, draft.Job.Id, "", PortalHost.Cancellation);

            Assert.Contains("more than you have", result.Objection, StringComparison.Ordinal);
            Assert.DoesNotContain(Tomas, Portal.MembersOf(Heron));
        }
        finally
        {
            Portal.Enterprise.AddMembership(own.User, Heron, own.Role);
            Portal.Enterprise.Remove(more);
        }
    }

    [Fact]
    public async Task What_an_owner_may_not_any_more_when_it_is_carried_out_is_refused_then_and_the_rest_is_done()
    {
        var (group, members, _, job) = await WaitForApprovalAsync();
        Portal.Enterprise.AddCollaboration(Portal.Enterprise.ServiceAccount.Root.Child("Board")!, group, "editor");

        Assert.IsType<JobResult.Done>(await Sets.ApproveAsync(await Portal.SessionOfAsync(People.Administrator), job.Id, PortalHost.Cancellation));

        var ended = await Portal.UntilEndedAsync(job.Id);

        Assert.Equal(JobStage.Done, ended.Stage);
        Assert.Equal(members.Skip(6).Select(user => user.Id).ToHashSet(), Portal.MembersOf(group));
        var refused = Assert.Single(await Portal.GroupChangesAsync(job.Id), change => change.Stage == ChangeStage.Failed);
        Assert.Equal((GroupAct.AddMember, Tomas), (refused.Act, refused.AppUserId));
        Assert.Contains("more than you have", refused.Outcome, StringComparison.Ordinal);
        Assert.Contains(await Portal.ReadRecordAsync(People.Tomas.Name), entry =>
            entry.Kind == AuditKind.Refused && entry.Detail.Contains("more than you have", StringComparison.Ordinal) && entry.Detail.Contains($"change set {job.Id}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_what_somebody_confirmed_who_owns_the_group_no_more_nothing_is_carried_out()
    {
        var (group, members, _, job) = await WaitForApprovalAsync();
        await Portal.DisownAsync(Owner, group);

        Assert.IsType<JobResult.Done>(await Sets.ApproveAsync(await Portal.SessionOfAsync(People.Administrator), job.Id, PortalHost.Cancellation));

        var stopped = await Portal.UntilAsync(job.Id, job => job.Stage == JobStage.Failed);
        Assert.Contains("may not do this any more", stopped.Trouble, StringComparison.Ordinal);
        Assert.Equal(members.Select(user => user.Id).ToHashSet(), Portal.MembersOf(group));
        Assert.Contains(await Portal.ReadRecordAsync(Owner.Name), entry => entry.Kind == AuditKind.Job && entry.Detail.Contains($"(job {job.Id}) stopped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_owner_agrees_to_no_change_set_that_needs_a_second_administrator_least_of_all_their_own()
    {
        var (group, members, owner, job) = await WaitForApprovalAsync();

        Assert.IsType<JobResult.NotAllowed>(await Sets.ApproveAsync(owner, job.Id, PortalHost.Cancellation));
        Assert.IsNotType<JobResult.Done>(await Sets.ConfirmAsync(owner, job.Id, "", PortalHost.Cancellation));

        Assert.Equal(JobStage.ToApprove, (await Portal.JobAsync(job.Id)).Stage);
        Assert.Equal(members.Select(user => user.Id).ToHashSet(), Portal.MembersOf(group));
    }

    [Fact]
    public async Task What_an_owner_may_is_not_done_where_it_comes_together_with_what_they_may_not()
    {
        var owner = await Portal.SessionOfAsync(Owner);
        GroupEdit allowed = new(GroupAct.AddMember, Heron.Id, Tomas);
        foreach (var line in Lines)
        {
            var (edit, words) = await PlantAsync(line.Data);

            var result = await Portal.DraftAsync(owner, allowed, edit);

            Assert.Contains(words, result.Objection, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Two_change_sets_of_which_each_would_do_bring_no_more_than_one()
    {
        var owner = await Portal.SessionOfAsync(Owner);
        var (group, _) = Portal.NewGroup(members: 0);
        await Portal.OwnAsync(Owner, group);
        var self = Portal.AppUserOf(Owner).Id;
        var first = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(owner, new GroupEdit(GroupAct.AddMember, group.Id, self))).Job;
        var second = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(owner, new GroupEdit(GroupAct.AddMember, group.Id, Tomas))).Job;
        Portal.Enterprise.AddCollaboration(Portal.Enterprise.ServiceAccount.Root.Child("Board")!, group, "viewer");

        foreach (var job in new[] { first, second })
        {
            Assert.Contains("more than you have", (await Sets.ConfirmAsync(owner, job.Id, "", PortalHost.Cancellation)).Objection, StringComparison.Ordinal);
        }

        Assert.Empty(Portal.MembersOf(group));
    }

    [Fact]
    public async Task Steps_with_a_change_set_of_other_groups_are_refused()
    {
        var owner = await Portal.SessionOfAsync(Owner);
        var draft = await DraftByAdministratorAsync(new GroupEdit(GroupAct.AddMember, Finance.Id, Tomas));

        Assert.IsType<JobResult.NotAllowed>(await Sets.ConfirmAsync(owner, draft.Id, "", PortalHost.Cancellation));
        Assert.IsType<JobResult.NotAllowed>(await Sets.ApproveAsync(owner, draft.Id, PortalHost.Cancellation));
        Assert.IsType<JobResult.NotAllowed>(await Sets.UndoAsync(owner, draft.Id, "mine", PortalHost.Cancellation));
    }

    [Fact]
    public async Task An_owner_is_shown_their_own_groups_and_their_change_sets_and_nothing_else()
    {
        var foreign = await DraftByAdministratorAsync(new GroupEdit(GroupAct.AddMember, Finance.Id, Tomas));
        using var browser = await Portal.SignInAsync(Owner);

        Assert.Contains("My groups", await ReadAsync(browser, "/"), StringComparison.Ordinal);
        var list = await ReadAsync(browser, "/groups");
        Assert.Contains("Project Heron", list, StringComparison.Ordinal);
        Assert.DoesNotContain("Finance", list, StringComparison.Ordinal);
        Assert.DoesNotContain("New group", list, StringComparison.Ordinal);
        var own = await ReadAsync(browser, $"/groups/{Heron.Id}");
        Assert.Contains(People.Maya.Name, own, StringComparison.Ordinal);
        Assert.DoesNotContain("Delete…", own, StringComparison.Ordinal);
        Assert.DoesNotContain($"/people/{People.Maya.ObjectId}", own, StringComparison.Ordinal);
        Assert.DoesNotContain("Give a folder", await ReadAsync(browser, $"/groups/{Heron.Id}?tab=folders"), StringComparison.Ordinal);
        Assert.DoesNotContain("Name an owner", await ReadAsync(browser, $"/groups/{Heron.Id}?tab=owners"), StringComparison.Ordinal);
        Assert.Contains("No such group", await ReadAsync(browser, $"/groups/{Finance.Id}"), StringComparison.Ordinal);
        Assert.Contains("There is no such change set", await ReadAsync(browser, $"/groups/changes/{foreign.Id}"), StringComparison.Ordinal);
        Assert.DoesNotContain(foreign.Title, await ReadAsync(browser, "/groups/changes"), StringComparison.Ordinal);

        using var maya = await Portal.SignInAsync(People.Maya);
        Assert.DoesNotContain("My groups", await ReadAsync(maya, "/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_circuit_draws_for_an_owner_no_other_group_and_no_other_change_set()
    {
        var foreign = await DraftByAdministratorAsync(new GroupEdit(GroupAct.AddMember, Finance.Id, Tomas));
        using var browser = await Portal.SignInAsync(Owner);
        await using var page = await CircuitClient.ConnectAsync(browser);
        await page.StartCircuitAsync($"/groups/{Heron.Id}");
        await page.ExpectAsync($"Add people to {Heron.Name}");

        await page.GoToAsync($"/groups/{Finance.Id}");
        await page.ExpectAsync("No such group");
        await page.GoToAsync($"/groups/changes/{foreign.Id}");
        await page.ExpectAsync("There is no such change set");
        Assert.False(page.HasDrawn("Discard"));
    }

    [Fact]
    public async Task A_circuit_adds_nobody_to_what_is_more_than_the_owner_holds()
    {
        using var browser = await Portal.SignInAsync(Owner);
        await using var page = await CircuitClient.ConnectAsync(browser);
        await page.StartCircuitAsync($"/groups/{Leadership.Id}");
        await page.ExpectAsync($"Add people to {Leadership.Name}");

        await page.ClickAsync($"Add people to {Leadership.Name}");
        await page.ExpectAsync("People found");
        await page.EnterAsync("input", "people-search", People.Tomas.Name);
        await page.ExpectAsync(Tomas);
        await page.TickAsync(People.Tomas.Name);
        await page.ExpectAsync($"Add 1 person to {Leadership.Name}");
        await page.EnterAsync("input", "reason", "Because I can");
        await page.SubmitAsync("modal-form");

        await page.ExpectAsync("more than you have");
        Assert.DoesNotContain(Tomas, Portal.MembersOf(Leadership));
    }

    [Fact]
    public async Task Whoever_is_in_the_group_is_not_offered_to_be_added()
    {
        using var browser = await Portal.SignInAsync(Owner);
        await using var page = await CircuitClient.ConnectAsync(browser);
        await page.StartCircuitAsync($"/groups/{Heron.Id}");
        await page.ExpectAsync($"Add people to {Heron.Name}");

        await page.ClickAsync($"Add people to {Heron.Name}");
        await page.ExpectAsync("People found");
        await page.EnterAsync("input", "people-search", People.Maya.Name);

        await page.ExpectAsync("is in it already");
    }

    [Fact]
    public async Task A_circuit_removes_nobody_whom_the_directory_put_there()
    {
        await PlantAsync("a group of the directory's");
        using var browser = await Portal.SignInAsync(Owner);
        await using var page = await CircuitClient.ConnectAsync(browser);
        await page.StartCircuitAsync($"/groups/{Heron.Id}");
        await page.ExpectAsync($"Select {People.Maya.Name}");

        await page.TickAsync($"Select {People.Maya.Name}");
        await page.ExpectAsync($"Remove from {Heron.Name}");
        await page.ClickAsync($"Remove from {Heron.Name}");
        await page.ExpectAsync("Reason, for the record");
        await page.EnterAsync("input", "reason", "Not in my team");
        await page.SubmitAsync("modal-form");

        await page.ExpectAsync("by the company's directory");
        Assert.Contains(Maya, Portal.MembersOf(Heron));
    }

    [Fact]
    public async Task Whatever_a_circuit_is_told_an_owner_changes_no_role_no_folder_and_no_name()
    {
        var before = await StateAsync();
        using var browser = await Portal.SignInAsync(Owner);
        foreach (var tab in new[] { "", "?tab=folders", "?tab=owners" })
        {
            await using var page = await CircuitClient.ConnectAsync(browser);
            await page.StartCircuitAsync($"/groups/{Heron.Id}{tab}");
            await page.ExpectAsync(Heron.Name);

            // An unknown number ends the circuit, so each is tried on what is left of the page.
            for (var handler = 1UL; handler <= page.LastHandler + 10 && !page.Closed.IsCompleted; handler++)
            {
                await page.DispatchAsync(handler, "click", """{"type":"click"}""");
            }

            Assert.DoesNotContain(["Give a folder…", "Name an owner of Project Heron", "Change role in Heron"], page.HasDrawn);
        }

        Assert.Equal(before, await StateAsync());
    }

    [Fact]
    public async Task A_circuit_that_has_outlived_the_ownership_draws_no_more_and_its_buttons_do_nothing()
    {
        var group = Portal.Enterprise.GroupsByName["Project Kittiwake"];
        var owner = BoxPortal.Sandbox.Directory.Named("zoe.papadaki");
        await Portal.OwnAsync(owner, group);
        var draft = Assert.IsType<JobResult.Done>(await Sets.DraftAsync(
            await Portal.SessionOfAsync(owner), Request(new GroupEdit(GroupAct.AddMember, group.Id, Tomas)), PortalHost.Cancellation));
        using var browser = await Portal.SignInAsync(owner);
        await using var page = await CircuitClient.ConnectAsync(browser);
        await page.StartCircuitAsync($"/groups/changes/{draft.Job.Id}");
        await page.ExpectAsync("Discard");
        await using var other = await CircuitClient.ConnectAsync(browser);
        await other.StartCircuitAsync($"/groups/{group.Id}");
        await other.ExpectAsync($"Add people to {group.Name}");

        await using var asking = await CircuitClient.ConnectAsync(browser);
        await asking.StartCircuitAsync($"/groups/changes/{draft.Job.Id}");
        await asking.ExpectAsync("Confirm 1 change…");
        await asking.ClickAsync("Confirm 1 change…");
        await asking.ExpectAsync("Make 1 change");

        await Portal.DisownAsync(owner, group);
        await page.ClickAsync("Discard");

        await page.ExpectAsync("There is no such change set");
        await asking.ExpectAsync("There is no such change set"); // with its dialog open
        await other.ExpectAsync("No such group");
        Assert.Equal(JobStage.Draft, (await Portal.JobAsync(draft.Job.Id)).Stage);
    }

    [Fact]
    public async Task An_owner_is_told_before_what_they_cannot_take_back_and_is_offered_only_what_they_can()
    {
        var ((group, members), folder) = (Portal.NewGroup(members: 2), Portal.NewFolder());
        Portal.Enterprise.AddCollaboration(folder, group, "editor");
        Portal.Enterprise.AddMembership(Portal.AppUserOf(Owner), group);
        await Portal.OwnAsync(Owner, group);
        var owner = await Portal.SessionOfAsync(Owner);
        using var browser = await Portal.SignInAsync(Owner);
        await using var page = await CircuitClient.ConnectAsync(browser);

        // Of what they hold themselves they can put somebody back.
        var done = await Portal.DoAsync(owner, members[0].Remove(group));
        Assert.Null(await Sets.UndoObjectionAsync(Owner.Id(), done.Id, PortalHost.Cancellation));
        await page.StartCircuitAsync($"/groups/changes/{done.Id}");
        await page.ExpectAsync("Undo…");

        // Whoever takes themselves out holds it no more.
        var leaving = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(owner, Portal.AppUserOf(Owner).Remove(group))).Job;
        Assert.Contains("more than you have", await Sets.UndoObjectionAsync(Owner.Id(), leaving.Id, PortalHost.Cancellation), StringComparison.Ordinal);
        await page.GoToAsync($"/groups/changes/{leaving.Id}");
        await page.ExpectAsync("You will not be able to undo this yourself");
        Assert.IsType<JobResult.Done>(await Sets.ConfirmAsync(owner, leaving.Id, "", PortalHost.Cancellation));
        await Portal.UntilEndedAsync(leaving.Id);
        await using var afterwards = await CircuitClient.ConnectAsync(browser);
        await afterwards.StartCircuitAsync($"/groups/changes/{done.Id}");
        await afterwards.ExpectAsync("You cannot undo this yourself");
        Assert.False(afterwards.HasDrawn("Undo"));

        using var administrator = await Portal.SignInAsync(People.Administrator);
        await using var theirs = await CircuitClient.ConnectAsync(administrator);
        await theirs.StartCircuitAsync($"/groups/changes/{done.Id}");
        await theirs.ExpectAsync("Undo…");
    }

    [Fact]
    public async Task The_end_of_the_last_ownership_is_warned_of_and_seen_afterwards()
    {
        var (group, _) = Portal.NewGroup(members: 1);
        await Portal.OwnAsync(Owner, group);
        using var browser = await Portal.SignInAsync(People.Administrator);
        await using var page = await CircuitClient.ConnectAsync(browser);
        await page.StartCircuitAsync($"/groups/{group.Id}?tab=owners");
        await page.ExpectAsync($"End {Owner.Name}'s ownership");

        await page.ClickAsync($"End {Owner.Name}'s ownership");
        await page.ExpectAsync("This is its last owner");
        await page.EnterAsync("input", "reason", "Another team now");
        await page.SubmitAsync("modal-form");

        await page.ExpectAsync("Nobody owns it now");
        Assert.Contains("Owned by nobody", await ReadAsync(browser, $"/groups/{group.Id}"), StringComparison.Ordinal);
        Assert.Contains(await Portal.ReadRecordAsync(Owner.Name), entry => entry.Detail.Contains($"{group.Name}. Nobody owns it now", StringComparison.Ordinal));
    }

    /// <summary>A change set of the owner's own, confirmed by them, that puts Tomás into a group and takes out so many that an administrator must agree.</summary>
    private async Task<(BoxPortal.Sandbox.Group Group, IReadOnlyList<User> Members, System.Security.Claims.ClaimsPrincipal Owner, Job Job)> WaitForApprovalAsync()
    {
        var owner = await Portal.SessionOfAsync(Owner);
        var (group, members) = Portal.NewGroup(members: 8);
        await Portal.OwnAsync(Owner, group);
        var draft = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(
            owner, [.. members.Take(6).Select(user => user.Remove(group)), new GroupEdit(GroupAct.AddMember, group.Id, Tomas)])).Job;
        Assert.IsType<JobResult.Done>(await Sets.ConfirmAsync(owner, draft.Id, "", PortalHost.Cancellation));
        Assert.Equal(JobStage.ToApprove, (await Portal.JobAsync(draft.Id)).Stage);
        return (group, members, owner, draft);
    }

    private async Task<(GroupEdit Edit, string Words)> PlantAsync(string line)
    {
        const string NotAllowed = "Your role does not allow it";
        var folder = ((Folder)Portal.Enterprise.ServiceAccount.Root.Child("Board")!).Id;
        switch (line)
        {
            case "more than they hold":
                return (new(GroupAct.AddMember, Leadership.Id, Tomas), "more than you have");
            case "more than they hold, for themselves":
                return (new(GroupAct.AddMember, Leadership.Id, Portal.AppUserOf(Owner).Id), "more than you have");
            case "a file":
                var (withFile, _) = Portal.NewGroup(members: 1);
                await Portal.OwnAsync(Owner, withFile);
                Portal.Enterprise.AddCollaboration(Portal.Enterprise.Files.Values.First(), withFile, "editor");
                return (new(GroupAct.AddMember, withFile.Id, Portal.AppUserOf(Owner).Id), "single file");
            case "a role above members'":
                return (new(GroupAct.AddMember, Heron.Id, Tomas, MemberRole: GroupRole.Admin), NotAllowed);
            case "a folder":
                return (new(GroupAct.AddFolder, Heron.Id, FolderId: folder, FolderRole: CollaborationRole.Viewer), NotAllowed);
            case "another's group":
                return (new(GroupAct.RemoveMember, Finance.Id, Finance.Memberships[0].User.Id), NotAllowed);
            case "a name":
                return (new(GroupAct.DescribeGroup, Heron.Id, Name: "Mine"), NotAllowed);
            case "a deletion":
                return (new(GroupAct.DeleteGroup, Heron.Id), NotAllowed);
            default:
                await Portal.ReadAsync(async db =>
                {
                    if (!await db.Set<MembershipSource>().AnyAsync(source => source.GroupId == Heron.Id && source.AppUserId == Maya))
                    {
                        db.Add(new MembershipSource { GroupId = Heron.Id, AppUserId = Maya, Source = MembershipSource.OfRule(3), Since = default, By = "BoxPortal", Reason = "Rule 3" });
                    }

                    return await db.SaveChangesAsync(PortalHost.Cancellation);
                });
                return (new(GroupAct.RemoveMember, Heron.Id, Maya), "by the company's directory");
        }
    }

    private async Task<JobResult> DraftAsync(GroupEdit edit) => await Sets.DraftAsync(await Portal.SessionOfAsync(Owner), Request(edit), PortalHost.Cancellation);

    private async Task<Job> DraftByAdministratorAsync(GroupEdit edit) => Assert.IsType<JobResult.Done>(
        await Sets.DraftAsync(await Portal.SessionOfAsync(People.Administrator), new GroupRequest("Strictly confidential", "Not for everybody", [edit]), PortalHost.Cancellation)).Job;

    private static GroupRequest Request(GroupEdit edit) => new("What an owner wants", "A test", [edit]);

    private async Task<IReadOnlyList<AuditEntry>> RefusalsAsync() =>
        [.. (await Portal.ReadRecordAsync(Owner.Name)).Where(entry => entry.Kind == AuditKind.Refused)];

    private async Task<string> StateAsync()
    {
        var kept = await Portal.ReadAsync(async db => $"{await db.Set<GroupOwner>().CountAsync()} {await db.Set<Protection>().CountAsync()}");
        return string.Join('\n', [
            .. Portal.Enterprise.Groups.Values.Select(group => $"{group.Id} {group.Name} {group.Description}").Order(StringComparer.Ordinal),
            .. Heron.Memberships.Select(membership => $"{membership.User.Id} {membership.Role}").Order(StringComparer.Ordinal),
            .. Heron.Collaborations.Select(collaboration => $"{collaboration.Id} {collaboration.RoleName}").Order(StringComparer.Ordinal),
            kept,
        ]);
    }

    private static async Task<string> ReadAsync(Browser browser, string path)
    {
        using var answer = await browser.GetAsync(path);
        answer.EnsureSuccessStatusCode();
        return System.Net.WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(PortalHost.Cancellation));
    }
}
