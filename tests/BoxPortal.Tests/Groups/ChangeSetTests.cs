using System.Text.RegularExpressions;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.Tests.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Groups;

/// <summary>What is done to groups, from the wish to its undoing, with Box's own account as the judge.</summary>
public sealed class ChangeSetTests(ChangeSetTests.Host host) : IClassFixture<ChangeSetTests.Host>
{
    private PortalHost Portal => host.Portal;

    [Fact]
    public async Task A_team_is_moved_each_added_before_anybody_is_removed_and_moved_back_by_undo()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var (from, team) = Portal.NewGroup(members: 4);
        var (to, there) = Portal.NewGroup(members: 1);

        var job = await Portal.DoAsync(administrator, [.. team.Select(user => user.Add(to)), .. team.Select(user => user.Remove(from))]);

        Assert.Equal(JobStage.Done, job.Stage);
        Assert.Empty(Portal.MembersOf(from));
        Assert.Equal(team.Concat(there).Select(user => user.Id).ToHashSet(), Portal.MembersOf(to));
        Assert.Equal(team.Select(user => (user.Id, MembershipSource.Hand)).Append((there[0].Id, MembershipSource.InBox)).Order(), (await Portal.SourcesAsync(to)).Select(source => (source.AppUserId, source.Source)).Order());
        var record = await Portal.ReadAsync(db => db.Set<AuditEntry>().Where(entry => entry.Kind == AuditKind.GroupChanged && entry.Detail.Contains(to.Name)).ToListAsync());
        Assert.Equal(4, record.Count);
        Assert.All(record, entry => Assert.Equal((null, $"Member of {to.Name}", "because of a test"), (entry.Before, entry.After, entry.Reason)));

        var undo = Assert.IsType<JobResult.Done>(await Portal.ChangeSets().UndoAsync(administrator, job.Id, "a mistake", PortalHost.Cancellation)).Job;
        Assert.IsType<JobResult.Done>(await Portal.ChangeSets().ConfirmAsync(administrator, undo.Id, "", PortalHost.Cancellation));
        await Portal.UntilEndedAsync(undo.Id);
        Assert.Equal(team.Select(user => user.Id).ToHashSet(), Portal.MembersOf(from));
        Assert.Equal([there[0].Id], Portal.MembersOf(to));
        Assert.IsType<JobResult.NotNow>(await Portal.ChangeSets().UndoAsync(administrator, job.Id, "again", PortalHost.Cancellation));
    }

    [Fact]
    public async Task A_groups_page_says_since_when_somebody_is_in_it_or_before_when_or_that_it_is_not_known()
    {
        var (group, _) = Portal.NewGroup(members: 1);
        using var browser = await Portal.SignInAsync(People.Administrator);

        Assert.Equal(["not known"], await SinceAsync());
        await Portal.DoAsync(await Portal.SessionOfAsync(People.Administrator), Portal.NewUser().Add(group));

        var since = await SinceAsync();
        Assert.Matches("^before <local-time data-as-clock>", since[0]);
        Assert.Matches("^<local-time><time", since[1]);

        async Task<string[]> SinceAsync()
        {
            using var page = await browser.GetAsync($"/groups/{group.Id}");
            var content = await page.Content.ReadAsStringAsync(PortalHost.Cancellation);
            return [.. Regex.Matches(content, """<td class="fact-when"[^>]*>\s*(?:<span class="none">)?(.*?)\s*(?:</span>\s*)?</td>""", RegexOptions.Singleline).Select(cell => cell.Groups[1].Value)];
        }
    }

    [Fact]
    public async Task The_rehearsal_says_who_is_there_already_and_who_stops_managing_and_that_comes_as_foretold()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var (from, team) = Portal.NewGroup(members: 3);
        var (to, _) = Portal.NewGroup(members: 1);
        lock (Portal.Enterprise.Gate)
        {
            team[0].Memberships.Single().Role = "admin";
            Portal.Enterprise.AddMembership(team[1], to);
        }

        await Portal.ReadBoxAsync(); // for their names
        var draft = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(administrator, [.. team.Select(user => user.Add(to)), .. team.Select(user => user.Remove(from))])).Job;
        var rehearsals = Portal.Services.GetRequiredService<Rehearsals>();

        var foretold = (await rehearsals.ForetellAsync(draft.Id, PortalHost.Cancellation)).Summary;
        Assert.IsType<JobResult.Done>(await Portal.ChangeSets().ConfirmAsync(administrator, draft.Id, string.Join('\n', foretold), PortalHost.Cancellation));
        await Portal.UntilEndedAsync(draft.Id);

        Assert.Equal(["Nobody's folders change.", $"1 is also in {to.Name}: will stay.", $"1 manages {from.Name} in Box and will not any more: Member 1."], foretold);
        Assert.True((await ViewAsync(draft)).Comparison!.IsSame);
    }

    [Fact]
    public async Task The_verdict_is_of_the_end_and_stays_whatever_is_done_afterwards()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var (folder, (group, _), user) = (Portal.NewFolder(), Portal.NewGroup(members: 0), Portal.NewUser());
        await Portal.DoAsync(administrator, new GroupEdit(GroupAct.AddFolder, group.Id, FolderId: folder.Id, FolderRole: CollaborationRole.Viewer));
        var draft = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(administrator, user.Add(group))).Job;
        var foretold = (await Portal.Services.GetRequiredService<Rehearsals>().ForetellAsync(draft.Id, PortalHost.Cancellation)).Summary;
        await Portal.ChangeSets().ConfirmAsync(administrator, draft.Id, string.Join('\n', foretold), PortalHost.Cancellation);
        await Portal.UntilEndedAsync(draft.Id);
        var atItsEnd = await ViewAsync(draft);

        await Portal.DoAsync(administrator, user.Remove(group), new GroupEdit(GroupAct.RemoveFolder, group.Id, FolderId: folder.Id));

        var later = await ViewAsync(draft);
        Assert.Equal((true, false), (atItsEnd.Comparison!.IsSame, atItsEnd.IsOvertaken));
        Assert.Equal((true, true), (later.Comparison!.IsSame, later.IsOvertaken));
        Assert.Equal(atItsEnd.Comparison.At, later.Comparison.At);
    }

    [Fact]
    public async Task What_came_otherwise_by_the_end_is_kept_as_that()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var (group, _) = Portal.NewGroup(members: 0);
        var draft = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(administrator, Portal.NewUser().Add(group))).Job;

        await Portal.ChangeSets().ConfirmAsync(administrator, draft.Id, "1 person changes.\n1 gains HR (viewer).", PortalHost.Cancellation);
        await Portal.UntilEndedAsync(draft.Id);

        var comparison = (await ViewAsync(draft)).Comparison!;
        Assert.Equal(["1 person changes.", "1 gains HR (viewer)."], comparison.NotCome);
        Assert.Equal(["Nobody's folders change."], comparison.NotForetold);
    }

    [Fact]
    public async Task A_name_that_another_group_has_is_refused_in_the_draft_foretold_afterwards_and_not_confirmed()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var ((group, _), (other, _)) = (Portal.NewGroup(members: 0), Portal.NewGroup(members: 0));
        var name = $"Wanted {Guid.NewGuid():N}";
        var drafts = new[]
        {
            Assert.IsType<JobResult.Done>(await Portal.DraftAsync(administrator, new GroupEdit(GroupAct.CreateGroup, "", Name: name))).Job,
            Assert.IsType<JobResult.Done>(await Portal.DraftAsync(administrator, new GroupEdit(GroupAct.DescribeGroup, group.Id, Name: name))).Job,
        };
        await Portal.DoAsync(administrator, new GroupEdit(GroupAct.DescribeGroup, other.Id, Name: name));

        foreach (var draft in drafts)
        {
            var words = Assert.Single((await Portal.Services.GetRequiredService<Rehearsals>().ForetellAsync(draft.Id, PortalHost.Cancellation)).Obstacles);
            Assert.Contains($"another group named {name} in Box already. Choose another name", words.ToString(), StringComparison.Ordinal);
            Assert.Equal(words.ToString(), (await Portal.ChangeSets().ConfirmAsync(administrator, draft.Id, "", PortalHost.Cancellation)).Objection);
            Assert.Equal(JobStage.Draft, (await Portal.JobAsync(draft.Id)).Stage);
        }

        Assert.Contains("Choose another name", (await Portal.DraftAsync(administrator, new GroupEdit(GroupAct.CreateGroup, "", Name: name.ToUpperInvariant()))).Objection, StringComparison.Ordinal);
        Assert.IsType<JobResult.NotNow>(await Portal.DraftAsync(administrator, new GroupEdit(GroupAct.CreateGroup, "", Name: $"{name} 2"), new GroupEdit(GroupAct.CreateGroup, "", Name: $"{name} 2", Description: "twice")));
        var swap = await Portal.DoAsync(administrator, new GroupEdit(GroupAct.DescribeGroup, other.Id, Name: $"{name} the first"), new GroupEdit(GroupAct.DescribeGroup, group.Id, Name: name));
        Assert.All(await Portal.GroupChangesAsync(swap.Id), change => Assert.Equal(ChangeStage.Done, change.Stage));
    }

    [Fact]
    public async Task Of_a_group_that_is_gone_there_is_nothing_to_confirm()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var (group, _) = Portal.NewGroup(members: 0);
        var draft = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(administrator, Portal.NewUser().Add(group))).Job;
        await Portal.DoAsync(administrator, new GroupEdit(GroupAct.DeleteGroup, group.Id));

        var foretold = await Portal.Services.GetRequiredService<Rehearsals>().ForetellAsync(draft.Id, PortalHost.Cancellation);

        Assert.Contains($"The group {group.Name} is not in Box any more.", Assert.Single(foretold.Obstacles).ToString(), StringComparison.Ordinal);
        Assert.Contains("not in Box any more", (await Portal.ChangeSets().ConfirmAsync(administrator, draft.Id, "", PortalHost.Cancellation)).Objection, StringComparison.Ordinal);
        Assert.Equal(JobStage.Draft, (await Portal.JobAsync(draft.Id)).Stage);
        Assert.DoesNotContain("with 1 changes", string.Join('\n', (await Portal.ReadRecordAsync(null)).Select(entry => entry.Detail)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_of_which_nothing_was_done_says_so_and_why()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var (group, members) = Portal.NewGroup(members: 1);
        var draft = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(administrator, new GroupEdit(GroupAct.ChangeMemberRole, group.Id, members[0].Id, MemberRole: GroupRole.Admin))).Job;
        await Portal.SpoilAsync(new { path = "/2.0/group_memberships", method = "PUT", mode = "status", status = 403, times = 1 });
        await Portal.ChangeSets().ConfirmAsync(administrator, draft.Id, "", PortalHost.Cancellation);
        await Portal.UntilEndedAsync(draft.Id);

        Assert.Equal(["Box refused it."], (await ViewAsync(draft)).WhyNothing);
        using var browser = await Portal.SignInAsync(People.Administrator);
        foreach (var address in new[] { $"/groups/changes/{draft.Id}", $"/groups/{group.Id}?tab=changes" })
        {
            using var page = await browser.GetAsync(address);
            Assert.Contains("Nothing done", await page.Content.ReadAsStringAsync(PortalHost.Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pasted_people_are_read_as_mail_programs_write_them_and_namesakes_told_apart_by_address()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        await Portal.MeetAsync(People.Maya); // since then their addresses are known
        await Portal.MeetAsync(People.Tomas);
        var (maya, tomas) = (People.Maya.UserName, People.Tomas.UserName);

        var (found, unknown) = await Portal.Services.GetRequiredService<GroupPeople>().ReadAsync(
            administrator, $"Okafor, Maya <{maya}>, \"Herrera, T.\" <{tomas}>; nobody@larkfield.example, Maya <{maya.ToUpperInvariant()}>\nno address", PortalHost.Cancellation);

        Assert.Equal([maya, tomas], found.Select(person => person.Address));
        Assert.Equal(["nobody@larkfield.example", "no address"], unknown);
        var namesake = found[0] with { AppUserId = "1", Address = "" };
        Assert.Equal([$"Maya Okafor ({maya})", "Tomás Herrera", "Maya Okafor (app user 1)"], found.Append(namesake).Select(person => person.NameAmong([.. found, namesake])));
    }

    [Fact]
    public async Task Undo_leaves_and_names_what_has_changed_since_in_the_portal_and_in_Box()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var (group, members) = Portal.NewGroup(members: 1);
        User[] added = [Portal.NewUser(), Portal.NewUser(), Portal.NewUser()];
        await Portal.ReadBoxAsync(); // for their names
        var job = await Portal.DoAsync(administrator, [.. added.Select(user => user.Add(group))]);
        await Portal.DoAsync(administrator, new GroupEdit(GroupAct.ChangeMemberRole, group.Id, added[0].Id, MemberRole: GroupRole.Admin));
        lock (Portal.Enterprise.Gate)
        {
            Portal.Enterprise.Remove(Portal.Enterprise.Memberships.Values.Single(membership => membership.User == added[1]));
        }

        var undo = Assert.IsType<JobResult.Done>(await Portal.ChangeSets().UndoAsync(administrator, job.Id, "a mistake", PortalHost.Cancellation)).Job;
        Assert.IsType<JobResult.Done>(await Portal.ChangeSets().ConfirmAsync(administrator, undo.Id, "", PortalHost.Cancellation));
        await Portal.UntilEndedAsync(undo.Id);

        var leftOut = (await Portal.ReadAsync(db => db.Set<ChangeSet>().SingleAsync(set => set.JobId == undo.Id))).LeftOut!;
        Assert.Contains(added[0].Name, leftOut, StringComparison.Ordinal);
        Assert.Contains(added[1].Name, leftOut, StringComparison.Ordinal);
        Assert.Equal(new[] { members[0].Id, added[0].Id }.ToHashSet(), Portal.MembersOf(group));
    }

    [Fact]
    public async Task A_group_is_made_given_a_folder_renamed_and_deleted_and_comes_back_whole()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var (folder, member) = (Portal.NewFolder(), Portal.NewUser());
        var name = $"New {Guid.NewGuid():N}";
        var made = await Portal.DoAsync(administrator, new GroupEdit(GroupAct.CreateGroup, "", Name: name, Description: "For a test"));
        var groupId = (await Portal.GroupChangesAsync(made.Id))[0].GroupId;
        await Portal.DoAsync(administrator,
            new GroupEdit(GroupAct.AddFolder, groupId, FolderId: folder.Id, FolderRole: CollaborationRole.PreviewerUploader),
            new GroupEdit(GroupAct.AddMember, groupId, member.Id),
            new GroupEdit(GroupAct.DescribeGroup, groupId, Name: $"{name} renamed"));

        var deletion = await Portal.DoAsync(administrator, new GroupEdit(GroupAct.DeleteGroup, groupId));
        lock (Portal.Enterprise.Gate)
        {
            Assert.False(Portal.Enterprise.Groups.ContainsKey(groupId));
        }

        var undo = Assert.IsType<JobResult.Done>(await Portal.ChangeSets().UndoAsync(administrator, deletion.Id, "a mistake", PortalHost.Cancellation)).Job;
        Assert.IsType<JobResult.Done>(await Portal.ChangeSets().ConfirmAsync(administrator, undo.Id, "", PortalHost.Cancellation));
        await Portal.UntilEndedAsync(undo.Id);
        lock (Portal.Enterprise.Gate)
        {
            var back = Portal.Enterprise.GroupsByName[$"{name} renamed"];
            Assert.Equal("For a test", back.Description);
            Assert.Equal([member.Id], Portal.MembersOf(back));
            Assert.Equal(("previewer uploader", folder.Id), Portal.Enterprise.Collaborations.Values.Where(collaboration => collaboration.Group == back)
                .Select(collaboration => (collaboration.RoleName, collaboration.Item.Id)).Single());
        }
    }

    [Fact]
    public async Task What_takes_much_away_waits_for_another_administrator()
    {
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var (group, members) = Portal.NewGroup(members: 12);
        var job = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(administrator, [.. members.Take(5).Select(user => user.Remove(group))])).Job;

        await Portal.ChangeSets().ConfirmAsync(administrator, job.Id, "", PortalHost.Cancellation);
        Assert.Equal(JobStage.ToApprove, (await Portal.JobAsync(job.Id)).Stage);
        Assert.Contains("yourself", (await Portal.ChangeSets().ApproveAsync(administrator, job.Id, PortalHost.Cancellation)).Objection, StringComparison.Ordinal);
        Assert.IsType<JobResult.NotAllowed>(await Portal.ChangeSets().ApproveAsync(await Portal.SessionOfAsync(People.HelpDesk), job.Id, PortalHost.Cancellation));
        Assert.Equal(12, Portal.MembersOf(group).Count);

        await Portal.MeetAsync(People.Tomas with { AppRoles = ["Administrator"] });
        var second = await Portal.SessionOfAsync(People.Tomas with { AppRoles = ["Administrator"] });
        Assert.IsType<JobResult.Done>(await Portal.ChangeSets().ApproveAsync(second, job.Id, PortalHost.Cancellation));
        await Portal.UntilEndedAsync(job.Id);
        Assert.Equal(7, Portal.MembersOf(group).Count);
    }

    [Theory]
    [InlineData("/2.0/group_memberships", "POST")]
    [InlineData("/2.0/group_memberships", "DELETE")]
    [InlineData("/2.0/collaborations", "POST")]
    [InlineData("/2.0/groups", "POST")]
    public async Task What_Box_did_and_did_not_tell_is_done_once(string path, string method)
    {
        await using var portal = await PortalHost.StartAsync().WithAdministratorAsync();
        var administrator = await portal.SessionOfAsync(People.Administrator);
        var (group, members) = portal.NewGroup(members: 1);
        var (folder, user) = (portal.NewFolder(), portal.NewUser());
        var name = $"Lost {Guid.NewGuid():N}";
        await portal.SpoilAsync(new { path, method, mode = "applyThenReset", times = 1 });

        var job = await portal.DoAsync(administrator,
            user.Add(group), members[0].Remove(group),
            new GroupEdit(GroupAct.AddFolder, group.Id, FolderId: folder.Id, FolderRole: CollaborationRole.Viewer),
            new GroupEdit(GroupAct.CreateGroup, "", Name: name));

        Assert.All(await portal.GroupChangesAsync(job.Id), change => Assert.Equal((ChangeStage.Done, true), (change.Stage, change.HasChanged)));
        Assert.Equal([user.Id], portal.MembersOf(group));
        lock (portal.Enterprise.Gate)
        {
            Assert.Single(portal.Enterprise.Collaborations.Values, collaboration => collaboration.Group == group);
            Assert.Single(portal.Enterprise.Groups.Values, other => other.Name == name);
        }
    }

    [Fact]
    public async Task An_owner_says_who_is_in_their_own_group_and_nothing_else()
    {
        var (own, _) = Portal.NewGroup(members: 1);
        var (other, _) = Portal.NewGroup(members: 1);
        var user = Portal.NewUser();
        await Portal.MeetAsync(People.Maya);
        await Portal.ReadAsync(async db =>
        {
            db.Add(new GroupOwner { GroupId = own.Id, TenantId = People.Maya.Id().TenantId, ObjectId = People.Maya.ObjectId, Since = DateTimeOffset.UnixEpoch, By = "a test" });
            return await db.SaveChangesAsync();
        });
        var owner = await Portal.SessionOfAsync(People.Maya);

        await Portal.DoAsync(owner, user.Add(own));

        Assert.Contains(user.Id, Portal.MembersOf(own));
        Assert.IsType<JobResult.NotAllowed>(await Portal.DraftAsync(owner, user.Add(own, GroupRole.Admin)));
        Assert.IsType<JobResult.NotAllowed>(await Portal.DraftAsync(owner, user.Add(other)));
        Assert.IsType<JobResult.NotAllowed>(await Portal.DraftAsync(owner, new GroupEdit(GroupAct.DeleteGroup, own.Id)));
        Assert.IsType<JobResult.NotAllowed>(await Portal.DraftAsync(owner,
            new GroupEdit(GroupAct.AddFolder, own.Id, FolderId: Portal.NewFolder().Id, FolderRole: CollaborationRole.Viewer)));
        var drafted = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(await Portal.SessionOfAsync(People.Administrator), user.Remove(own))).Job;
        Assert.IsType<JobResult.NotAllowed>(await Portal.ChangeSets().ConfirmAsync(owner, drafted.Id, "", PortalHost.Cancellation));
    }

    [Fact]
    public async Task What_an_owner_drafted_an_administrator_can_confirm()
    {
        var (own, members) = Portal.NewGroup(members: 1);
        await Portal.MeetAsync(People.Maya);
        await Portal.ReadAsync(async db =>
        {
            db.Add(new GroupOwner { GroupId = own.Id, TenantId = People.Maya.Id().TenantId, ObjectId = People.Maya.ObjectId, Since = DateTimeOffset.UnixEpoch, By = "a test" });
            return await db.SaveChangesAsync();
        });
        var drafted = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(await Portal.SessionOfAsync(People.Maya), members[0].Remove(own))).Job;

        await Portal.ChangeSets().ConfirmAsync(await Portal.SessionOfAsync(People.Administrator), drafted.Id, "", PortalHost.Cancellation);

        Assert.Equal(JobStage.Done, (await Portal.UntilAsync(drafted.Id, job => job.EndedAt is not null || job.Stage == JobStage.Failed)).Stage);
        Assert.Empty(Portal.MembersOf(own));
    }

    [Theory]
    [InlineData("Help desk")]
    [InlineData("Auditor")]
    [InlineData("Employee")]
    public async Task Nobody_else_changes_groups(string role)
    {
        var person = role switch { "Help desk" => People.HelpDesk, "Auditor" => People.Auditor, _ => People.Tomas };
        var (group, members) = Portal.NewGroup(members: 1);
        var administrator = await Portal.SessionOfAsync(People.Administrator);
        var drafted = Assert.IsType<JobResult.Done>(await Portal.DraftAsync(administrator, members[0].Remove(group))).Job;
        var actor = await Portal.SessionOfAsync(person);

        Assert.IsType<JobResult.NotAllowed>(await Portal.DraftAsync(actor, members[0].Remove(group)));
        Assert.IsType<JobResult.NotAllowed>(await Portal.ChangeSets().ConfirmAsync(actor, drafted.Id, "", PortalHost.Cancellation));
        Assert.IsType<JobResult.NotAllowed>(await Portal.ChangeSets().UndoAsync(actor, drafted.Id, "why not", PortalHost.Cancellation));
        Assert.IsType<JobResult.NotAllowed>(await Portal.Steps().CancelAsync(actor, drafted.Id, PortalHost.Cancellation));
        Assert.Equal([members[0].Id], Portal.MembersOf(group));
    }

    [Theory]
    [InlineData("0", CollaborationRole.Viewer)]
    [InlineData("1", CollaborationRole.Owner)]
    [InlineData("", CollaborationRole.Viewer)]
    public async Task What_cannot_be_given_is_refused_in_words(string folderId, CollaborationRole role)
    {
        var (group, _) = Portal.NewGroup(members: 1);

        var result = await Portal.DraftAsync(await Portal.SessionOfAsync(People.Administrator), new GroupEdit(GroupAct.AddFolder, group.Id, FolderId: folderId, FolderRole: role));

        Assert.NotEmpty(Assert.IsType<JobResult.NotNow>(result).Reason);
    }

    public sealed class Host : IAsyncLifetime
    {
        public PortalHost Portal { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Portal = await PortalHost.StartAsync().WithAdministratorAsync();

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }

    private Task<ChangeSetView> ViewAsync(Job job) => Portal.ReadAsync(async db => (await ChangeSetView.ReadAsync(db, job.Id, PortalHost.Cancellation))!);
}
