using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Sync;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Sync;

/// <summary>Groups in Box that follow the directory, with Box's own account as the judge. Each test has a portal of its own, for a run follows all rules.</summary>
public sealed class SyncRunsTests : IAsyncLifetime
{
    private PortalHost _portal = null!;

    public async ValueTask InitializeAsync() => _portal = await PortalHost.StartRecoveredAsync().WithAdministratorAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task A_group_follows_the_directory_and_a_second_run_finds_nothing_to_do()
    {
        var people = await _portal.HireAsync(6);
        var (source, (group, _)) = (_portal.NewDirectoryGroup(), _portal.NewGroup(members: 0));
        _portal.Fill(source, people.Take(4));
        var rule = await _portal.RuleAsync(source, group);

        Assert.Equal(JobStage.Done, (await _portal.SyncAsync())!.Stage);
        Assert.Equal(people.Take(4).Names(), _portal.NamesIn(group));
        Assert.All(await _portal.SourcesAsync(group), membership => Assert.Equal(MembershipSource.OfRule(rule.Id), membership.Source));

        _portal.Fill(source, people.Skip(2));
        Assert.Equal(JobStage.Done, (await _portal.SyncAsync())!.Stage);
        Assert.Equal(people.Skip(2).Names(), _portal.NamesIn(group));

        var writes = _portal.Writes();
        Assert.Null(await _portal.SyncAsync());
        Assert.Equal(writes, _portal.Writes());
        Assert.Equal("Nothing to change.", (await _portal.FindAsync(rule))!.LastOutcome);
    }

    [Fact]
    public async Task Whoever_was_in_the_group_for_another_reason_stays_when_the_directory_lets_them_go()
    {
        var people = await _portal.HireAsync(3);
        var (source, (group, strangers)) = (_portal.NewDirectoryGroup(), _portal.NewGroup(members: 2));
        var (byHand, before) = (people[0], people[1]);
        await _portal.DoAsync(await _portal.SessionOfAsync(People.Administrator), _portal.AppUserOf(byHand).Add(group));
        _portal.Enterprise.AddMembership(_portal.AppUserOf(before), group);
        _portal.Fill(source, people);
        var rule = await _portal.RuleAsync(source, group);
        var writes = _portal.Writes();

        await _portal.SyncAsync();
        Assert.Equal("1 in, 2 were there already, 0 out.", (await _portal.FindAsync(rule))!.LastOutcome);
        Assert.Equal(1, _portal.Writes() - writes); // of two who were in it already only the reason is noted
        _portal.Fill(source, people[2]);
        await _portal.SyncAsync();
        Assert.Equal("0 in, 0 out, 2 stay for another reason.", (await _portal.FindAsync(rule))!.LastOutcome);

        Assert.Equal(strangers.Select(user => user.Id).Concat(people.Select(person => _portal.AppUserOf(person).Id)).ToHashSet(), _portal.MembersOf(group));
        Assert.Equal(1, _portal.Writes() - writes);
        var sources = await _portal.SourcesAsync(group);
        Assert.Equal(MembershipSource.Hand, Assert.Single(sources, membership => membership.AppUserId == _portal.AppUserOf(byHand).Id).Source);
        Assert.Equal(MembershipSource.InBox, Assert.Single(sources, membership => membership.AppUserId == _portal.AppUserOf(before).Id).Source);
    }

    [Theory]
    [InlineData(SyncSource.Group, "group")]
    [InlineData(SyncSource.AppRole, "app role")]
    public async Task Whoever_is_in_a_group_by_a_rule_is_told_what_the_rule_says(SyncSource kind, string word)
    {
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var (source, (group, _)) = (_portal.NewDirectoryGroup(), _portal.NewGroup(members: 0));
        _portal.Fill(source, People.Auditor);
        await _portal.Rules().AddAsync(
            administrator, new NewRule(kind, kind == SyncSource.Group ? source.Id.ToString() : "Auditor", "Those who look", group.Id, group.Name), PortalHost.Cancellation);
        await _portal.SyncAsync();

        var words = $"by the directory ({word} Those who look → {group.Name})";
        var shown = await _portal.Services.GetRequiredService<GroupMembers>().ReadAsync(group.Id, search: null, page: 1, PortalHost.Cancellation);
        Assert.Equal(words, Assert.Single(Assert.Single(shown.Rows).Sources).Words);

        var enterprise = _portal.Enterprise;
        lock (enterprise.Gate)
        {
            enterprise.Remove(enterprise.Memberships.Values.Single(membership => membership.Group == group));
        }

        Assert.Equal(words, Assert.Single((await _portal.Services.GetRequiredService<Drift>().ReadAsync(PortalHost.Cancellation)).Findings).Why.ToString());
    }

    [Fact]
    public async Task Of_two_rules_on_a_group_one_is_enough_to_be_in_it()
    {
        var people = await _portal.HireAsync(3);
        var (first, second, (group, _)) = (_portal.NewDirectoryGroup(), _portal.NewDirectoryGroup(), _portal.NewGroup(members: 0));
        _portal.Fill(first, people[0], people[1]);
        _portal.Fill(second, people[1], people[2]);
        await _portal.RuleAsync(first, group);
        await _portal.RuleAsync(second, group);
        await _portal.SyncAsync();
        Assert.Equal(3, _portal.Writes());

        _portal.Fill(first, people[0]);
        await _portal.SyncAsync();
        Assert.Equal(people.Names(), _portal.NamesIn(group));

        _portal.Fill(second, people[2]);
        await _portal.SyncAsync();
        Assert.Equal(new[] { people[0], people[2] }.Names(), _portal.NamesIn(group));
        Assert.Equal(4, _portal.Writes());
    }

    [Fact]
    public async Task Who_is_unmapped_or_suspended_or_protected_is_left_alone_and_named()
    {
        var people = await _portal.HireAsync(4);
        var (source, (group, _)) = (_portal.NewDirectoryGroup(), _portal.NewGroup(members: 0));
        _portal.Fill(source, [.. people, People.Newcomer, People.Suspended]);
        var rule = await _portal.RuleAsync(source, group);
        await _portal.SyncAsync();
        Assert.Equal(people.Names(), _portal.NamesIn(group));

        await _portal.Services.GetRequiredService<AppUserChanges>().AskAsync(
            await _portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, people[0].Id(), "on leave");
        await _portal.SaveAsync(new Protection { BoxId = _portal.AppUserOf(people[1]).Id, IsGroup = false, Since = DateTimeOffset.UnixEpoch, By = "a test", Reason = "vital" });
        _portal.Fill(source, people[3]);
        await _portal.SyncAsync();

        Assert.Equal(new[] { people[0], people[1], people[3] }.Names(), _portal.NamesIn(group));
        var outcome = (await _portal.FindAsync(rule))!.LastOutcome;
        Assert.Contains($"protected and stay: {people[1].Name}", outcome, StringComparison.Ordinal);
        Assert.Contains($"left alone: {people[0].Name}", outcome, StringComparison.Ordinal);

        await _portal.SaveAsync(new Protection { BoxId = group.Id, IsGroup = true, Since = DateTimeOffset.UnixEpoch, By = "a test", Reason = "vital" });
        _portal.Fill(source, people[2]);
        await _portal.SyncAsync();
        Assert.Contains(people[3].Name, _portal.NamesIn(group));
    }

    [Theory]
    [InlineData("truncate", null)]
    [InlineData("html", null)]
    [InlineData("empty", null)]
    [InlineData("status", 403)]
    [InlineData("status", 404)]
    public async Task A_directory_that_gives_no_whole_answer_changes_nothing_and_the_other_rules_are_followed(string mode, int? status)
    {
        var people = await _portal.HireAsync(4);
        var (source, (group, _), other, (otherGroup, _)) = (_portal.NewDirectoryGroup(), _portal.NewGroup(members: 0), _portal.NewDirectoryGroup(), _portal.NewGroup(members: 0));
        _portal.Fill(source, people);
        var rule = await _portal.RuleAsync(source, group);
        await _portal.SyncAsync();
        _portal.Fill(source, people[0]);
        _portal.Fill(other, people[1]);
        await _portal.RuleAsync(other, otherGroup);
        await _portal.SpoilAsync(new { path = $"/v1.0/groups/{source.Id}", mode, status, times = 100 });

        await _portal.SyncAsync();

        Assert.Equal(people.Names(), _portal.NamesIn(group));
        Assert.Equal([people[1].Name], _portal.NamesIn(otherGroup));
        Assert.NotNull((await _portal.FindAsync(rule))!.Stopped);
        Assert.Single(await _portal.ReadRecordAsync(null), entry => entry.Kind == AuditKind.Sync && entry.Detail.Contains("was stopped", StringComparison.Ordinal));

        await _portal.MendAsync();
        await _portal.SyncAsync();
        Assert.Equal([people[0].Name], _portal.NamesIn(group));
        Assert.Null((await _portal.FindAsync(rule))!.Stopped);
    }

    /// <summary>As it happened elsewhere: an identity provider answered 200 and nobody, and every project lost its members overnight.</summary>
    [Fact]
    public async Task A_directory_that_suddenly_names_nobody_empties_no_group_until_somebody_says_so()
    {
        var people = await _portal.HireAsync(4);
        var (source, (group, _)) = (_portal.NewDirectoryGroup(), _portal.NewGroup(members: 0));
        _portal.Fill(source, people);
        var rule = await _portal.RuleAsync(source, group);
        await _portal.SyncAsync();

        _portal.Fill(source);
        await _portal.Runs().RunByScheduleAsync(PortalHost.Cancellation);
        Assert.Null(await _portal.SyncAsync());

        Assert.Equal(people.Names(), _portal.NamesIn(group));
        Assert.Contains("names nobody", (await _portal.FindAsync(rule))!.Stopped, StringComparison.Ordinal);
        Assert.IsType<RuleResult.Done>(await _portal.Rules().LetEmptyAsync(await _portal.SessionOfAsync(People.Administrator), rule.Id, PortalHost.Cancellation));
        await _portal.SyncAsync();
        Assert.Empty(_portal.NamesIn(group));

        // It was about that once: the next empty answer is asked about again.
        _portal.Fill(source, people);
        await _portal.SyncAsync();
        _portal.Fill(source);
        Assert.Null(await _portal.SyncAsync());
        Assert.Equal(people.Names(), _portal.NamesIn(group));
    }

    /// <summary>As it happened elsewhere: somebody narrowed the filter of a directory group, and by noon half the company was shut out.</summary>
    [Fact]
    public async Task A_wrong_filter_that_drops_half_the_company_waits_for_an_administrator_while_newcomers_are_let_in()
    {
        var people = await _portal.HireAsync(41);
        var (source, (group, _)) = (_portal.NewDirectoryGroup(), _portal.NewGroup(members: 0));
        _portal.Fill(source, people.Take(40));
        var rule = await _portal.RuleAsync(source, group);
        await _portal.SyncAsync();
        var mind = people.Where((_, number) => number % 2 == 0);

        _portal.Fill(source, mind);
        await _portal.Runs().RunByScheduleAsync(PortalHost.Cancellation);
        await PassingTime.UntilAsync(() => Task.FromResult(_portal.MembersOf(group).Count == 41));
        var waiting = Assert.Single(await JobsAsync(JobStage.ToApprove));
        Assert.Equal(20, waiting.Total);
        Assert.Equal("1 in, 20 would be out once a second administrator agrees.", (await _portal.FindAsync(rule))!.LastOutcome);
        Assert.Equal(people.Names(), _portal.NamesIn(group));

        // Another run finds the same, and does not ask twice.
        await PassingTime.UntilAsync(async () => (await JobsAsync(JobStage.Running)).Count == 0);
        await _portal.Runs().RunByScheduleAsync(PortalHost.Cancellation);
        Assert.Equal(waiting.Id, Assert.Single(await JobsAsync(JobStage.ToApprove)).Id);

        // The filter is mended: nothing waits any more, and nobody has lost anything.
        _portal.Fill(source, people);
        await _portal.Runs().RunByScheduleAsync(PortalHost.Cancellation);
        Assert.Empty(await JobsAsync(JobStage.ToApprove));
        Assert.Equal(people.Names(), _portal.NamesIn(group));

        // It was meant so: of nobody's run one administrator is enough, whoever began it by hand is not.
        _portal.Fill(source, mind);
        await _portal.Runs().RunByScheduleAsync(PortalHost.Cancellation);
        waiting = Assert.Single(await JobsAsync(JobStage.ToApprove));
        Assert.IsType<JobResult.Done>(await _portal.ChangeSets().ApproveAsync(await _portal.SessionOfAsync(People.Administrator), waiting.Id, PortalHost.Cancellation));
        await _portal.UntilEndedAsync(waiting.Id);
        Assert.Equal(mind.Names(), _portal.NamesIn(group));
        Assert.Equal("0 in, 20 out.", (await _portal.FindAsync(rule))!.LastOutcome);
        _portal.Fill(source, people[0]);
        var byHand = await _portal.SyncAsync();
        Assert.Equal(JobStage.ToApprove, byHand!.Stage);
        Assert.Equal("Waits for a second administrator. Once they agree: 0 in, 20 out.", (await _portal.FindAsync(rule))!.LastOutcome);
        Assert.IsType<JobResult.NotNow>(await _portal.ChangeSets().ApproveAsync(await _portal.SessionOfAsync(People.Administrator), byHand.Id, PortalHost.Cancellation));
    }

    [Fact]
    public async Task A_rule_that_is_deleted_lets_people_stay_or_takes_them_out_again()
    {
        var people = await _portal.HireAsync(3);
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var (source, (group, _), (other, _)) = (_portal.NewDirectoryGroup(), _portal.NewGroup(members: 0), _portal.NewGroup(members: 0));
        _portal.Fill(source, people);
        var (stays, goes) = (await _portal.RuleAsync(source, group), await _portal.RuleAsync(source, other));
        await _portal.SyncAsync();

        Assert.IsType<RuleResult.Done>(await _portal.Rules().DeleteAsync(administrator, stays.Id, PortalHost.Cancellation));
        Assert.IsType<RuleResult.Done>(await _portal.Rules().EndAsync(administrator, goes.Id, PortalHost.Cancellation));
        await _portal.SyncAsync();
        await _portal.SyncAsync();

        Assert.Equal(people.Names(), _portal.NamesIn(group));
        Assert.All(await _portal.SourcesAsync(group), membership => Assert.Equal(MembershipSource.Hand, membership.Source));
        Assert.Empty(_portal.NamesIn(other));
        Assert.Empty(await _portal.ReadAsync(db => db.Set<SyncRule>().ToListAsync()));
    }

    [Fact]
    public async Task Roles_are_followed_like_groups_and_another_directory_is_not()
    {
        var (group, _) = _portal.NewGroup(members: 0);
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        Assert.IsType<RuleResult.Done>(await _portal.Rules().AddAsync(administrator, new NewRule(SyncSource.AppRole, "Auditor", "Auditors", group.Id, group.Name), PortalHost.Cancellation));
        Assert.IsType<RuleResult.NotSo>(await _portal.Rules().AddAsync(administrator, new NewRule(SyncSource.AppRole, "Auditor", "Auditors", group.Id, group.Name), PortalHost.Cancellation));
        var foreign = new SyncRule
        {
            TenantId = Guid.NewGuid(),
            Source = SyncSource.AppRole,
            SourceId = "HelpDesk",
            SourceName = "Help desk",
            GroupId = group.Id,
            GroupName = group.Name,
            CreatedAt = DateTimeOffset.UnixEpoch,
            By = "a test",
        };
        await _portal.SaveAsync(foreign);

        await _portal.SyncAsync();

        Assert.Equal([People.Auditor.Name], _portal.NamesIn(group));
        Assert.Contains("another directory", (await _portal.FindAsync(foreign))!.Stopped, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rehearsal_changes_nothing_and_is_what_is_done_when_confirmed()
    {
        var people = await _portal.HireAsync(2);
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var (source, (group, _)) = (_portal.NewDirectoryGroup(), _portal.NewGroup(members: 0));
        _portal.Fill(source, people);
        var rule = await _portal.RuleAsync(source, group);

        var draft = Assert.IsType<JobResult.Done>(await _portal.Runs().DryRunAsync(administrator, PortalHost.Cancellation)).Job;
        Assert.Equal((JobStage.Draft, 2, 0), (draft.Stage, draft.Total, _portal.Writes()));
        Assert.Null((await _portal.FindAsync(rule))!.LastRunAt);
        var foretold = await _portal.Services.GetRequiredService<Rehearsals>().ForetellAsync(draft.Id, PortalHost.Cancellation);
        Assert.Equal([$"{group.Name}: 2 in, 0 out."], foretold.Counts);
        Assert.Equal(["Nobody's folders change."], foretold.Summary);

        Assert.IsType<JobResult.Done>(await _portal.ChangeSets().ConfirmAsync(administrator, draft.Id, "", PortalHost.Cancellation));
        await _portal.UntilEndedAsync(draft.Id);
        Assert.Equal(people.Names(), _portal.NamesIn(group));
        var followed = (await _portal.FindAsync(rule))!;
        Assert.Equal((true, "2 in, 0 out.", null), (followed.LastRunAt is not null, followed.LastOutcome, followed.Stopped));
        Assert.Equal(("Directory sync", "The directory's sync, rehearsed first."), (draft.Title, draft.Reason));
        Assert.All(await _portal.SourcesAsync(group), membership => Assert.Equal(draft.Reason, membership.Reason));
        Assert.Empty(await _portal.ReadAsync(db => db.Set<RuleRehearsal>().ToListAsync()));
    }

    [Fact]
    public async Task A_confirmed_rehearsal_says_of_each_rule_what_came_of_it_also_of_one_that_was_stopped()
    {
        var people = await _portal.HireAsync(2);
        var administrator = await _portal.SessionOfAsync(People.Administrator);
        var (source, other, (group, _), (otherGroup, _)) = (_portal.NewDirectoryGroup(), _portal.NewDirectoryGroup(), _portal.NewGroup(members: 0), _portal.NewGroup(members: 0));
        _portal.Fill(source, people);
        await _portal.RuleAsync(source, group);
        var stopped = await _portal.RuleAsync(other, otherGroup);
        await _portal.SpoilAsync(new { path = $"/v1.0/groups/{other.Id}", mode = "status", status = 404, times = 100 });
        var draft = Assert.IsType<JobResult.Done>(await _portal.Runs().DryRunAsync(administrator, PortalHost.Cancellation)).Job;
        Assert.Null((await _portal.FindAsync(stopped))!.Stopped);

        Assert.IsType<JobResult.Done>(await _portal.ChangeSets().ConfirmAsync(administrator, draft.Id, "", PortalHost.Cancellation));

        Assert.Contains("is not in the directory any more", (await _portal.FindAsync(stopped))!.Stopped, StringComparison.Ordinal);
        Assert.Single(await _portal.ReadRecordAsync(null), entry => entry.Kind == AuditKind.Sync && entry.Detail.Contains("was stopped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_but_an_administrator_touches_the_sync()
    {
        var (source, (group, _)) = (_portal.NewDirectoryGroup(), _portal.NewGroup(members: 0));
        var rule = await _portal.RuleAsync(source, group);
        foreach (var person in new[] { People.HelpDesk, People.Auditor, People.Maya })
        {
            var actor = await _portal.SessionOfAsync(person);
            Assert.IsType<JobResult.NotAllowed>(await _portal.Runs().DryRunAsync(actor, PortalHost.Cancellation));
            Assert.IsType<RuleResult.NotAllowed>(await _portal.Rules().AddAsync(actor, new NewRule(SyncSource.AppRole, "A", "A", group.Id, "B"), PortalHost.Cancellation));
            Assert.IsType<RuleResult.NotAllowed>(await _portal.Rules().EnableAsync(actor, rule.Id, false, PortalHost.Cancellation));
            Assert.IsType<RuleResult.NotAllowed>(await _portal.Rules().LetEmptyAsync(actor, rule.Id, PortalHost.Cancellation));
            Assert.IsType<RuleResult.NotAllowed>(await _portal.Rules().DeleteAsync(actor, rule.Id, PortalHost.Cancellation));
            Assert.IsType<RuleResult.NotAllowed>(await _portal.Rules().EndAsync(actor, rule.Id, PortalHost.Cancellation));
        }
    }

    private Task<List<Job>> JobsAsync(JobStage stage) => _portal.ReadAsync(db => db.Set<Job>().AsNoTracking().Where(job => job.Stage == stage).ToListAsync());
}
