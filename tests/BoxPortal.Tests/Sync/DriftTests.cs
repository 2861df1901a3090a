using System.Security.Claims;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Sync;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Sync;

/// <summary>What somebody does in Box beside the portal is found, and kept, put right or adopted.</summary>
public sealed class DriftTests : IAsyncLifetime
{
    private PortalHost _portal = null!;

    private Drift Drift => _portal.Services.GetRequiredService<Drift>();

    public async ValueTask InitializeAsync() => _portal = await PortalHost.StartRecoveredAsync().WithAdministratorAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task What_was_done_in_Box_is_found_and_put_right()
    {
        var (administrator, group, users) = await PlantAsync();

        var report = await Drift.ReadAsync(PortalHost.Cancellation);

        Assert.Equal(
            new[] { (DriftKind.Gone, users[0].Id), (DriftKind.Unknown, users[3].Id), (DriftKind.Role, users[1].Id) },
            report.Findings.Select(finding => (finding.Kind, finding.AppUserId)).Order());
        var draft = Assert.IsType<JobResult.Done>(await Drift.PutRightAsync(administrator, report, report.Findings, "as it was", PortalHost.Cancellation)).Job;
        Assert.IsType<JobResult.Done>(await _portal.ChangeSets().ConfirmAsync(administrator, draft.Id, "", PortalHost.Cancellation));
        await _portal.UntilEndedAsync(draft.Id);
        Assert.Equal(users.Take(3).Select(user => user.Id).ToHashSet(), _portal.MembersOf(group));
        Assert.Empty((await Drift.ReadAsync(PortalHost.Cancellation)).Findings);
    }

    [Theory]
    [InlineData(DriftKind.Gone)]
    [InlineData(DriftKind.Unknown)]
    [InlineData(DriftKind.Role)]
    public async Task Of_each_kind_one_is_put_right_by_itself_and_recorded_with_its_reason(DriftKind kind)
    {
        var (administrator, group, users) = await PlantAsync();
        var report = await Drift.ReadAsync(PortalHost.Cancellation);

        await PutRightAsync(administrator, report, kind);

        Assert.DoesNotContain(kind, await KindsAsync());
        Assert.Equal(2, (await KindsAsync()).Length);
        Assert.Equal(kind == DriftKind.Gone, _portal.MembersOf(group).Contains(users[0].Id));
        Assert.Equal(kind != DriftKind.Unknown, _portal.MembersOf(group).Contains(users[3].Id));
        Assert.Equal(kind == DriftKind.Role ? "member" : "admin", RoleOf(users[1], group));
        Assert.Contains(await _portal.ReadRecordAsync(null), entry => entry is { Kind: AuditKind.GroupChanged, Reason: "as it was" });
    }

    [Theory]
    [InlineData(DriftKind.Gone, "in")]
    [InlineData(DriftKind.Unknown, "not known")]
    [InlineData(DriftKind.Role, "Member")]
    public async Task Of_each_kind_one_is_kept_and_nobody_is_asked_again_until_it_changes(DriftKind kind, string before)
    {
        var (administrator, group, users) = await PlantAsync();
        var (writes, sources) = (_portal.Writes(), (await _portal.SourcesAsync(group)).Count);

        await KeepAsync(administrator, kind);

        var report = await Drift.ReadAsync(PortalHost.Cancellation);
        Assert.DoesNotContain(report.Findings, finding => finding.Kind == kind);
        Assert.Equal((kind, "they know why"), (Assert.Single(report.Kept).Kind, report.Kept[0].Kept!.Reason));
        Assert.Equal(writes, _portal.Writes());
        Assert.Equal(sources, (await _portal.SourcesAsync(group)).Count);
        var entry = Assert.Single(await _portal.ReadRecordAsync(null), entry => entry is { Kind: AuditKind.Sync, Reason: "they know why" });
        Assert.StartsWith(before, entry.Before, StringComparison.Ordinal);
        Assert.Equal(entry.Before, entry.After); // the portal's own account stays

        InBox(kind, group, users, isDone: false);
        Assert.DoesNotContain(kind, await KindsAsync());
        InBox(kind, group, users, isDone: true);
        Assert.Contains(kind, await KindsAsync());
    }

    [Fact]
    public async Task What_is_kept_is_asked_about_again_when_somebody_is_put_in_anew_meanwhile()
    {
        var (administrator, group, users) = await PlantAsync();
        await KeepAsync(administrator, DriftKind.Unknown);

        InBox(DriftKind.Unknown, group, users, isDone: false);
        InBox(DriftKind.Unknown, group, users, isDone: true); // and nobody looked in between

        Assert.Contains(DriftKind.Unknown, await KindsAsync());
    }

    [Theory]
    [InlineData(DriftKind.Gone)]
    [InlineData(DriftKind.Role)]
    public async Task What_is_kept_can_be_put_right_still_and_what_comes_later_is_another_difference(DriftKind kind)
    {
        var (administrator, group, users) = await PlantAsync();
        await KeepAsync(administrator, kind);
        var report = await Drift.ReadAsync(PortalHost.Cancellation);

        await PutRightAsync(administrator, report with { Findings = report.Kept }, kind);
        InBox(kind, group, users, isDone: true); // before anybody has looked

        Assert.Contains(kind, await KindsAsync());
    }

    [Fact]
    public async Task Somebody_gone_is_adopted_and_expected_no_more()
    {
        var (administrator, group, users) = await PlantAsync();

        var entry = await AdoptAsync(administrator, DriftKind.Gone);

        Assert.Equal(("not in it", false), (entry.After, (await _portal.SourcesAsync(group)).Any(source => source.AppUserId == users[0].Id)));
        InBox(DriftKind.Gone, group, users, isDone: false);
        Assert.Equal(users[0].Id, Assert.Single((await Drift.ReadAsync(PortalHost.Cancellation)).Findings, finding => finding.Kind == DriftKind.Unknown && finding.AppUserId != users[3].Id).AppUserId);
    }

    [Fact]
    public async Task Somebody_unknown_is_adopted_as_a_member_by_the_adopters_word()
    {
        var (administrator, group, users) = await PlantAsync();

        await AdoptAsync(administrator, DriftKind.Unknown);

        var source = Assert.Single(await _portal.SourcesAsync(group), source => source.AppUserId == users[3].Id);
        Assert.Equal((MembershipSource.InBox, People.Administrator.Name, "they know why"), (source.Source, source.By, source.Reason));
        SetRole(users[3], group, "admin");
        Assert.Equal((GroupRole.Member, GroupRole.Admin), await RolesAsync(users[3])); // and is kept watch over like any other
        InBox(DriftKind.Unknown, group, users, isDone: false);
        Assert.Contains((await Drift.ReadAsync(PortalHost.Cancellation)).Findings, finding => finding.Kind == DriftKind.Gone && finding.AppUserId == users[3].Id);
    }

    [Fact]
    public async Task A_changed_role_is_adopted_as_the_portals_own_and_what_differs_from_it_is_put_back_to_it()
    {
        var (administrator, group, users) = await PlantAsync();
        var sources = (await _portal.SourcesAsync(group)).Count;

        var entry = await AdoptAsync(administrator, DriftKind.Role);

        Assert.Equal(("Member", "Manager in Box", sources), (entry.Before, entry.After, (await _portal.SourcesAsync(group)).Count));
        SetRole(users[1], group, "member");
        Assert.Equal((GroupRole.Admin, GroupRole.Member), await RolesAsync(users[1]));
        await PutRightAsync(administrator, await Drift.ReadAsync(PortalHost.Cancellation), DriftKind.Role);
        Assert.Equal("admin", RoleOf(users[1], group));
        Assert.DoesNotContain(DriftKind.Role, await KindsAsync());

        // Who is gone comes back as what they were.
        var enterprise = _portal.Enterprise;
        lock (enterprise.Gate)
        {
            enterprise.Remove(enterprise.Memberships.Values.Single(membership => membership.Group == group && membership.User == users[1]));
        }

        await PutRightAsync(administrator, await Drift.ReadAsync(PortalHost.Cancellation), DriftKind.Gone);
        Assert.Equal("admin", RoleOf(users[1], group));
    }

    [Fact]
    public async Task The_sync_leaves_out_whom_somebody_keeps_out()
    {
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var (group, _) = _portal.NewGroup(members: 0);
        var source = _portal.NewDirectoryGroup();
        var people = await _portal.HireAsync(2);
        _portal.Fill(source, people);
        var rule = await _portal.RuleAsync(source, group);
        await _portal.SyncAsync();
        var enterprise = _portal.Enterprise;
        lock (enterprise.Gate)
        {
            enterprise.Remove(enterprise.Memberships.Values.Single(membership => membership.Group == group && membership.User.Name == people[0].Name));
        }

        await KeepAsync(administrator, DriftKind.Gone);

        Assert.Null(await _portal.SyncAsync());
        Assert.Equal(people[1].Name, Assert.Single(_portal.NamesIn(group)));
        Assert.Contains($"kept out, as somebody in Box took them out, and left alone: {people[0].Name}.", (await _portal.FindAsync(rule))!.LastOutcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_in_the_group_before_the_portal_kept_it_is_no_difference_and_who_comes_later_is()
    {
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var (byHand, strangers) = _portal.NewGroup(members: 3);
        var (synced, others) = _portal.NewGroup(members: 2);
        await _portal.DoAsync(administrator, _portal.NewUser().Add(byHand));
        await _portal.RuleAsync(_portal.NewDirectoryGroup(), synced);
        await _portal.SyncAsync();

        Assert.Empty((await Drift.ReadAsync(PortalHost.Cancellation)).Findings);
        Assert.All(
            (await _portal.SourcesAsync(byHand)).Where(source => strangers.Any(user => user.Id == source.AppUserId)).Concat(await _portal.SourcesAsync(synced)),
            source => Assert.Equal((MembershipSource.InBox, GroupRole.Member, AuditTrail.Portal), (source.Source, source.Role, source.By)));

        var (first, second) = (_portal.NewUser(), _portal.NewUser());
        _portal.Enterprise.AddMembership(first, byHand);
        _portal.Enterprise.AddMembership(second, synced);
        Assert.Equal(
            new[] { (DriftKind.Unknown, first.Id), (DriftKind.Unknown, second.Id) }.Order(),
            (await Drift.ReadAsync(PortalHost.Cancellation)).Findings.Select(finding => (finding.Kind, finding.AppUserId)).Order());
        await _portal.SyncAsync();
        Assert.Equal(others.Append(second).Select(user => user.Id).ToHashSet(), _portal.MembersOf(synced)); // and the sync takes out nobody
    }

    [Fact]
    public async Task A_group_with_a_rule_that_has_never_run_has_no_differences_at_the_first_look()
    {
        var (group, _) = _portal.NewGroup(members: 3);
        await _portal.RuleAsync(_portal.NewDirectoryGroup(), group);

        Assert.Empty((await Drift.ReadAsync(PortalHost.Cancellation)).Findings);

        var later = _portal.NewUser();
        _portal.Enterprise.AddMembership(later, group);
        Assert.Equal((DriftKind.Unknown, later.Id), Assert.Single((await Drift.ReadAsync(PortalHost.Cancellation)).Findings.Select(finding => (finding.Kind, finding.AppUserId))));
    }

    [Theory]
    [InlineData("put back")]
    [InlineData("keep")]
    [InlineData("adopt")]
    public async Task Who_was_there_before_and_is_taken_out_in_Box_is_missed_like_anybody_else(string verdict)
    {
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var (group, strangers) = _portal.NewGroup(members: 2);
        SetRole(strangers[0], group, "admin");
        await _portal.DoAsync(administrator, _portal.NewUser().Add(group));
        var enterprise = _portal.Enterprise;
        lock (enterprise.Gate)
        {
            enterprise.Remove(enterprise.Memberships.Values.Single(membership => membership.Group == group && membership.User == strangers[0]));
        }

        var report = await Drift.ReadAsync(PortalHost.Cancellation);
        var finding = Assert.Single(report.Findings);
        Assert.Equal((DriftKind.Gone, strangers[0].Id, MembershipSource.InBox), (finding.Kind, finding.AppUserId, Assert.Single(finding.Sources)));
        switch (verdict)
        {
            case "put back": await PutRightAsync(administrator, report, DriftKind.Gone); break;
            case "keep": await KeepAsync(administrator, DriftKind.Gone); break;
            default: await AdoptAsync(administrator, DriftKind.Gone); break;
        }

        Assert.Empty((await Drift.ReadAsync(PortalHost.Cancellation)).Findings);
        Assert.Equal(verdict == "put back", _portal.MembersOf(group).Contains(strangers[0].Id));
        if (verdict == "put back")
        {
            Assert.Equal("admin", RoleOf(strangers[0], group)); // as what they were
            var source = Assert.Single(await _portal.SourcesAsync(group), source => source.AppUserId == strangers[0].Id);
            Assert.Equal((MembershipSource.Hand, "as it was"), (source.Source, source.Reason)); // and since now: it is another membership than that from before
        }
    }

    [Fact]
    public async Task Who_was_there_before_and_is_made_manager_in_Box_is_a_difference_and_put_back()
    {
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var (group, strangers) = _portal.NewGroup(members: 2);
        await _portal.DoAsync(administrator, _portal.NewUser().Add(group));

        SetRole(strangers[0], group, "admin");

        Assert.Equal((GroupRole.Member, GroupRole.Admin), await RolesAsync(strangers[0]));
        await PutRightAsync(administrator, await Drift.ReadAsync(PortalHost.Cancellation), DriftKind.Role);
        Assert.Equal("member", RoleOf(strangers[0], group));
        Assert.Empty((await Drift.ReadAsync(PortalHost.Cancellation)).Findings);
    }

    [Fact]
    public async Task Of_whom_the_sync_found_in_the_group_already_another_role_in_Box_is_a_difference()
    {
        var (group, _) = _portal.NewGroup(members: 0);
        var source = _portal.NewDirectoryGroup();
        var people = await _portal.HireAsync(2);
        await _portal.RuleAsync(source, group);
        await _portal.SyncAsync(); // keeps it from now on
        var user = _portal.AppUserOf(people[0]);
        _portal.Enterprise.AddMembership(user, group);
        _portal.Fill(source, people);
        await _portal.SyncAsync();
        Assert.Empty((await Drift.ReadAsync(PortalHost.Cancellation)).Findings);

        SetRole(user, group, "admin");

        Assert.Equal((GroupRole.Member, GroupRole.Admin), await RolesAsync(user));
    }

    [Fact]
    public async Task Groups_that_neither_portal_nor_directory_keeps_are_nobodys_business_here()
    {
        _portal.NewGroup(members: 3);

        Assert.Empty((await Drift.ReadAsync(PortalHost.Cancellation)).Findings);
        Assert.DoesNotContain(_portal.Requests, request => request.Path.Contains("/memberships", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_but_an_administrator_puts_right_keeps_or_adopts()
    {
        var (_, group, _) = await PlantAsync();
        var report = await Drift.ReadAsync(PortalHost.Cancellation);
        var (members, sources) = (_portal.MembersOf(group), (await _portal.SourcesAsync(group)).Count);
        foreach (var person in new[] { People.HelpDesk, People.Auditor, People.Maya })
        {
            var actor = await _portal.SessionOfAsync(person);
            Assert.IsType<JobResult.NotAllowed>(await Drift.PutRightAsync(actor, report, report.Findings, "why not", PortalHost.Cancellation));
            Assert.IsType<KeepingResult.NotAllowed>(await Drift.KeepAsync(actor, report.Findings, "why not", PortalHost.Cancellation));
            Assert.IsType<KeepingResult.NotAllowed>(await Drift.AdoptAsync(actor, report.Findings, "why not", PortalHost.Cancellation));
        }

        Assert.Equal(members, _portal.MembersOf(group));
        Assert.Equal(sources, (await _portal.SourcesAsync(group)).Count);
        Assert.Equal(3, (await KindsAsync()).Length);
    }

    [Theory]
    [InlineData("put back")]
    [InlineData("keep")]
    [InlineData("adopt")]
    public async Task What_is_otherwise_of_a_group_itself_is_found_and_settled(string verdict)
    {
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var (group, _) = _portal.NewGroup(members: 1);
        var (name, enterprise) = (group.Name, _portal.Enterprise);
        var (before, byPortal, later) = (_portal.NewFolder(), _portal.NewFolder(), _portal.NewFolder());
        enterprise.AddCollaboration(before, group, "viewer");
        await _portal.DoAsync(administrator, new GroupEdit(GroupAct.AddFolder, group.Id, FolderId: byPortal.Id, FolderRole: CollaborationRole.Editor));
        Assert.Empty((await Drift.ReadAsync(PortalHost.Cancellation)).Findings); // what was there before is no difference
        lock (enterprise.Gate)
        {
            enterprise.Remove(byPortal.Collaborations.Single());
            enterprise.AddCollaboration(later, group, "viewer");
            before.Collaborations.Single().RoleName = "co-owner";
            enterprise.Rename(group, $"{name} old");
        }

        var report = await Drift.ReadAsync(PortalHost.Cancellation);
        DriftKind[] all = [DriftKind.FolderGone, DriftKind.FolderUnknown, DriftKind.FolderRole, DriftKind.Described];
        Assert.Equal(all, report.Findings.Select(finding => finding.Kind).Order());
        foreach (var kind in all)
        {
            switch (verdict)
            {
                case "put back": await PutRightAsync(administrator, report, kind); break;
                case "keep": await KeepAsync(administrator, kind); break;
                default: Assert.IsType<KeepingResult.Done>(await Drift.AdoptAsync(administrator, [report.Findings.Single(finding => finding.Kind == kind)], "why not", PortalHost.Cancellation)); break;
            }

            Assert.DoesNotContain(kind, await KindsAsync());
        }

        Assert.Equal(verdict == "keep" ? 4 : 0, (await Drift.ReadAsync(PortalHost.Cancellation)).Kept.Count);
        Assert.Equal(
            verdict == "put back" ? (1, 0, "viewer", name) : (0, 1, "co-owner", $"{name} old"),
            (byPortal.Collaborations.Count, later.Collaborations.Count, before.Collaborations.Single().RoleName, group.Name));

        // What differs from that later is a difference again.
        before.Collaborations.Single().RoleName = "previewer";
        Assert.Equal(verdict == "adopt" ? "Co-owner" : "Viewer", Assert.Single((await Drift.ReadAsync(PortalHost.Cancellation)).Findings).Here);
    }

    [Fact]
    public async Task A_group_deleted_in_Box_is_one_difference_and_made_again()
    {
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var ((group, strangers), folder, added) = (_portal.NewGroup(members: 2), _portal.NewFolder(), _portal.NewUser());
        _portal.Enterprise.AddCollaboration(folder, group, "viewer");
        await _portal.DoAsync(administrator, added.Add(group, GroupRole.Admin));
        Assert.Empty((await Drift.ReadAsync(PortalHost.Cancellation)).Findings);
        lock (_portal.Enterprise.Gate)
        {
            _portal.Enterprise.Remove(group);
        }

        var report = await Drift.ReadAsync(PortalHost.Cancellation);
        Assert.Equal((DriftKind.Deleted, group.Name), (Assert.Single(report.Findings).Kind, report.Findings[0].GroupName));
        await KeepAsync(administrator, DriftKind.Deleted);
        Assert.Single((await Drift.ReadAsync(PortalHost.Cancellation)).Kept);
        await PutRightAsync(administrator, report, DriftKind.Deleted);

        var again = _portal.Enterprise.GroupsByName[group.Name];
        Assert.Equal(strangers.Append(added).Select(user => user.Id).ToHashSet(), _portal.MembersOf(again));
        Assert.Equal(("admin", "viewer"), (RoleOf(added, again), again.Collaborations.Single().RoleName));
        Assert.IsType<KeepingResult.Done>(await Drift.AdoptAsync(administrator, report.Findings, "the new one is kept", PortalHost.Cancellation));
        report = await Drift.ReadAsync(PortalHost.Cancellation);
        Assert.Equal((0, 0), (report.Findings.Count, report.Kept.Count));
    }

    private async Task<DriftKind[]> KindsAsync() => [.. (await Drift.ReadAsync(PortalHost.Cancellation)).Findings.Select(finding => finding.Kind)];

    private async Task<(GroupRole? Here, GroupRole? InBox)> RolesAsync(BoxPortal.Sandbox.User user)
    {
        var finding = Assert.Single((await Drift.ReadAsync(PortalHost.Cancellation)).Findings, finding => finding.Kind == DriftKind.Role && finding.AppUserId == user.Id);
        return (finding.RoleHere, finding.RoleInBox);
    }

    private async Task PutRightAsync(ClaimsPrincipal administrator, DriftReport report, DriftKind kind)
    {
        var draft = Assert.IsType<JobResult.Done>(await Drift.PutRightAsync(
            administrator, report, [.. report.Findings.Where(finding => finding.Kind == kind)], "as it was", PortalHost.Cancellation)).Job;
        Assert.IsType<JobResult.Done>(await _portal.ChangeSets().ConfirmAsync(administrator, draft.Id, "", PortalHost.Cancellation));
        await _portal.UntilEndedAsync(draft.Id);
    }

    private async Task KeepAsync(ClaimsPrincipal administrator, DriftKind kind)
    {
        var report = await Drift.ReadAsync(PortalHost.Cancellation);
        Assert.IsType<KeepingResult.Done>(await Drift.KeepAsync(administrator, [report.Findings.Single(finding => finding.Kind == kind)], "they know why", PortalHost.Cancellation));
    }

    /// <summary>Adopts the one of a kind, which changes nothing in Box and is asked about no more.</summary>
    /// <returns>The record of it.</returns>
    private async Task<AuditEntry> AdoptAsync(ClaimsPrincipal administrator, DriftKind kind)
    {
        var (report, writes) = (await Drift.ReadAsync(PortalHost.Cancellation), _portal.Writes());

        Assert.IsType<KeepingResult.Done>(await Drift.AdoptAsync(administrator, [report.Findings.Single(finding => finding.Kind == kind)], "they know why", PortalHost.Cancellation));

        Assert.DoesNotContain(kind, await KindsAsync());
        Assert.Equal(writes, _portal.Writes());
        return Assert.Single(await _portal.ReadRecordAsync(null), entry => entry is { Kind: AuditKind.Sync, Reason: "they know why" });
    }

    private string RoleOf(BoxPortal.Sandbox.User user, BoxPortal.Sandbox.Group group)
    {
        lock (_portal.Enterprise.Gate)
        {
            return _portal.Enterprise.Memberships.Values.Single(membership => membership.Group == group && membership.User == user).Role;
        }
    }

    private void SetRole(BoxPortal.Sandbox.User user, BoxPortal.Sandbox.Group group, string role)
    {
        lock (_portal.Enterprise.Gate)
        {
            _portal.Enterprise.Memberships.Values.Single(membership => membership.Group == group && membership.User == user).Role = role;
        }
    }

    /// <summary>Does in Box, or takes back there, what <see cref="PlantAsync"/> does of a kind.</summary>
    private void InBox(DriftKind kind, BoxPortal.Sandbox.Group group, BoxPortal.Sandbox.User[] users, bool isDone)
    {
        if (kind == DriftKind.Role)
        {
            SetRole(users[1], group, isDone ? "admin" : "member");
            return;
        }

        var user = users[kind == DriftKind.Gone ? 0 : 3];
        var enterprise = _portal.Enterprise;
        lock (enterprise.Gate)
        {
            if (isDone == (kind == DriftKind.Unknown))
            {
                enterprise.AddMembership(user, group);
            }
            else
            {
                enterprise.Remove(enterprise.Memberships.Values.Single(membership => membership.Group == group && membership.User == user));
            }
        }
    }

    /// <summary>Three whom the portal put in, of whom somebody in Box took out the first and made the second manager; and a fourth, put in there.</summary>
    private async Task<(ClaimsPrincipal Administrator, BoxPortal.Sandbox.Group Group, BoxPortal.Sandbox.User[] Users)> PlantAsync()
    {
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var (group, _) = _portal.NewGroup(members: 0);
        BoxPortal.Sandbox.User[] users = [_portal.NewUser(), _portal.NewUser(), _portal.NewUser(), _portal.NewUser()];
        await _portal.DoAsync(administrator, [.. users.Take(3).Select(user => user.Add(group))]);
        var enterprise = _portal.Enterprise;
        lock (enterprise.Gate)
        {
            enterprise.Remove(enterprise.Memberships.Values.Single(membership => membership.Group == group && membership.User == users[0]));
            enterprise.Memberships.Values.Single(membership => membership.Group == group && membership.User == users[1]).Role = "admin";
            enterprise.AddMembership(users[3], group);
        }

        return (administrator, group, users);
    }
}
