using BoxPortal.Audit;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Sync;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Sync;

/// <summary>What somebody does in Box beside the portal is found, and put right or accepted.</summary>
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

    [Fact]
    public async Task What_was_done_in_Box_is_accepted_and_recorded_and_the_sync_keeps_to_it()
    {
        var (administrator, group, users) = await PlantAsync();
        var report = await Drift.ReadAsync(PortalHost.Cancellation);
        var writes = _portal.Writes();

        Assert.IsType<KeepingResult.Done>(await Drift.AcceptAsync(
            administrator, [.. report.Findings.Where(finding => finding.Kind != DriftKind.Role)], "they know why", PortalHost.Cancellation));

        Assert.Equal(DriftKind.Role, Assert.Single((await Drift.ReadAsync(PortalHost.Cancellation)).Findings).Kind);
        Assert.Equal(writes, _portal.Writes());
        var sources = await _portal.SourcesAsync(group);
        Assert.DoesNotContain(sources, source => source.AppUserId == users[0].Id);
        Assert.Equal(MembershipSource.InBox, Assert.Single(sources, source => source.AppUserId == users[3].Id).Source);
        Assert.Equal(2, (await _portal.ReadRecordAsync(null)).Count(entry => entry is { Kind: AuditKind.Sync, Reason: "they know why" }));
    }

    [Fact]
    public async Task Groups_that_neither_portal_nor_directory_keeps_are_nobodys_business_here()
    {
        _portal.NewGroup(members: 3);

        Assert.Empty((await Drift.ReadAsync(PortalHost.Cancellation)).Findings);
        Assert.DoesNotContain(_portal.Requests, request => request.Path.Contains("/memberships", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_but_an_administrator_puts_right_or_accepts()
    {
        var (_, group, _) = await PlantAsync();
        var report = await Drift.ReadAsync(PortalHost.Cancellation);
        var (members, sources) = (_portal.MembersOf(group), (await _portal.SourcesAsync(group)).Count);
        foreach (var person in new[] { People.HelpDesk, People.Auditor, People.Maya })
        {
            var actor = await _portal.SessionOfAsync(person);
            Assert.IsType<JobResult.NotAllowed>(await Drift.PutRightAsync(actor, report, report.Findings, "why not", PortalHost.Cancellation));
            Assert.IsType<KeepingResult.NotAllowed>(await Drift.AcceptAsync(actor, report.Findings, "why not", PortalHost.Cancellation));
        }

        Assert.Equal(members, _portal.MembersOf(group));
        Assert.Equal(sources, (await _portal.SourcesAsync(group)).Count);
    }

    /// <summary>Three whom the portal put in, of whom somebody in Box took out the first and made the second manager; and a fourth, put in there.</summary>
    private async Task<(System.Security.Claims.ClaimsPrincipal Administrator, BoxPortal.Sandbox.Group Group, BoxPortal.Sandbox.User[] Users)> PlantAsync()
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
