using BoxPortal.Access;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Groups;
using BoxPortal.Sandbox;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using BoxPortal.Tests.Shell;
using BoxPortal.Tests.Sync;
using BoxPortal.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Access;

/// <summary>Each of the broken links there can be, made in Box and named. In everything else Maya is as she always is.</summary>
public sealed class ReasonTests
{
    public static TheoryData<AccessReason> Reasons => [.. Enum.GetValues<AccessReason>()];

    private static readonly Dictionary<AccessReason, Func<PortalHost, Folder, Task>> s_makes = new()
    {
        [AccessReason.NotMapped] = async (portal, _) => Assert.IsType<MappingResult.Done>(await portal.Services.GetRequiredService<AppUserChanges>().AskAsync(
            await portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, People.Maya.Id(), "left")),
        [AccessReason.Suspended] = (portal, _) => Do(() => portal.AppUserOf(People.Maya).Status = "inactive"),
        [AccessReason.NotMember] = (portal, folder) => Do(() => portal.Enterprise.Remove(Given(folder).Group!.Memberships.Single(one => one.User == portal.AppUserOf(People.Maya)))),
        [AccessReason.NoSuchFolder] = (portal, folder) => Do(() => folder.Collaborations.ToList().ForEach(portal.Enterprise.Remove)),
        [AccessReason.Pending] = (_, folder) => Do(() => Given(folder).Status = "pending"),
        [AccessReason.AccessOnly] = (portal, folder) => Do(() =>
        {
            var listed = Given(folder);
            portal.Enterprise.Remove(listed);
            portal.Enterprise.AddCollaboration(folder, listed.Group!, listed.RoleName, isAccessOnly: true, at: listed.CreatedAt);
        }),
        [AccessReason.Ended] = (portal, folder) => Do(() => Given(folder).ExpiresAt = Now(portal).AddMinutes(-1)),
        [AccessReason.RoleDropped] = (portal, folder) => Do(() =>
        {
            Given(folder).RoleName = "viewer";
            portal.Enterprise.AddCollaboration(Standards(folder), Given(folder).Group!, "editor", at: Now(portal).AddDays(-2)).IsDropped = true;
        }),
        [AccessReason.TokenScope] = (_, _) => Task.CompletedTask, // by the portal's settings
        [AccessReason.AppScope] = (portal, _) => Do(() =>
        {
            portal.Enterprise.App.UserAccessTokensEnabled = false;
        }),
        [AccessReason.Spreading] = (portal, folder) => Do(() =>
        {
            GiveAnew(portal, folder, Now(portal).AddMinutes(-2));
            portal.Enterprise.SpreadsWithin = TimeSpan.FromMinutes(4);
        }),
        [AccessReason.CachedList] = async (portal, folder) =>
        {
            using var browser = await portal.SignInAsync(People.Maya);
            Assert.IsType<TokenResult.Minted>(await portal.Services.GetRequiredService<ExplorerTokens>().GetAsync(People.Maya.AsEmployee(), null, PortalHost.Cancellation));
            GiveAnew(portal, folder, TimeProvider.System.GetUtcNow().AddSeconds(2));
        },
    };

    [Theory]
    [MemberData(nameof(Reasons))]
    public async Task Each_is_named_with_a_repair_and_no_other(AccessReason reason)
    {
        var scopes = reason == AccessReason.TokenScope
            ? new Dictionary<string, string> { ["Explorer:Scopes:Everyone:0"] = "base_explorer", ["Explorer:Scopes:Everyone:1"] = "item_preview" }
            : null;
        if (scopes is not null)
        {
            foreach (var number in Enumerable.Range(2, 6))
            {
                scopes[$"Explorer:Scopes:Everyone:{number}"] = "item_preview";
            }
        }

        await using var portal = await PortalHost.StartRecoveredAsync(scopes);
        var folder = (Folder)portal.Enterprise.ServiceAccount.Root.Child("Engineering")!;
        var asked = reason == AccessReason.RoleDropped ? Standards(folder) : folder;
        await s_makes[reason](portal, folder);

        var explanation = await ExplainAsync(portal, asked);

        Assert.Equal(reason, explanation.Broken?.Reason);
        LanguageTests.AssertSaid(
            "Access.AccessText",
            [explanation.Broken!.Words, explanation.Broken.Repair, explanation.Proof.Words, explanation.Access.Said, .. explanation.Broken.Places.Select(place => place.Words)]);
        Assert.Equal(reason is AccessReason.RoleDropped or AccessReason.TokenScope or AccessReason.CachedList, explanation.IsSeen);
        bool? agrees = reason is AccessReason.NotMapped or AccessReason.Suspended or AccessReason.AppScope ? null : reason != AccessReason.Spreading;
        Assert.Equal(agrees, explanation.Proof.Agrees);
        Assert.Equal(1, (await portal.ReadRecordAsync("maya")).Count(entry => entry.Kind == AuditKind.AccessExplained && entry.Actor == People.HelpDesk.UserName));
    }

    [Fact]
    public async Task Somebody_inactive_in_Box_alone_is_reactivated_by_what_the_repair_leads_to()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var folder = (Folder)portal.Enterprise.ServiceAccount.Root.Child("Engineering")!;
        portal.AppUserOf(People.Maya).Status = "inactive";

        var explanation = await ExplainAsync(portal, folder);
        var broken = explanation.Broken!;

        Assert.Null(explanation.WithoutIt(Assert.Single(explanation.Paths))); // who sees nothing loses nothing
        Assert.Equal($"/people/{People.Maya.ObjectId}", Assert.Single(broken.Places).Address);
        using var administrator = await portal.SignInAsync(People.Administrator);
        Assert.Contains($"Reactivate {People.Maya.Name}", await (await administrator.GetAsync(broken.Places[0].Address)).Content.ReadAsStringAsync(PortalHost.Cancellation), StringComparison.Ordinal);
        Assert.IsType<MappingResult.Done>(await portal.Services.GetRequiredService<AppUserChanges>().AskAsync(
            await portal.SessionOfAsync(People.Administrator), AppUserAct.Reactivate, People.Maya.Id(), "back"));
        Assert.Equal("active", portal.AppUserOf(People.Maya).Status);
        Assert.True((await ExplainAsync(portal, folder)).IsSeen);
    }

    [Fact]
    public async Task Whom_the_portal_suspended_before_they_were_mapped_is_to_be_reactivated_first()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var changes = portal.Services.GetRequiredService<AppUserChanges>();
        foreach (var act in new[] { AppUserAct.Unmap, AppUserAct.Suspend })
        {
            Assert.IsType<MappingResult.Done>(await changes.AskAsync(await portal.SessionOfAsync(People.Administrator), act, People.Maya.Id(), "left"));
        }

        Assert.Equal(AccessReason.Suspended, (await ExplainAsync(portal, (Folder)portal.Enterprise.ServiceAccount.Root.Child("Engineering")!)).Broken!.Reason);
    }

    [Fact]
    public async Task Where_the_chain_holds_no_link_is_called_broken_and_Box_agrees()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var folder = (Folder)portal.Enterprise.ServiceAccount.Root.Child("Engineering")!;

        var explanation = await ExplainAsync(portal, Standards(folder));

        Assert.Null(explanation.Broken);
        Assert.True(explanation is { IsSeen: true, Proof.Agrees: true, Access.Words: "editor" });
        Assert.Equal(["Open", "Preview", "Download", "Upload", "Rename", "Delete"], explanation.Buttons);
        var path = Assert.Single(explanation.Paths);
        Assert.Equal((portal.AppUserOf(People.Maya).CreatedAt, "nothing"), (path.MemberSince, path.WithoutIt.Words));
        Assert.Equal((AuditTrail.Portal, "Engineering"), (explanation.MappedBy, explanation.Trail.Single().Name));
    }

    [Fact]
    public async Task Two_ways_are_both_shown_with_what_each_alone_would_leave()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var folder = (Folder)portal.Enterprise.ServiceAccount.Root.Child("Engineering")!;
        portal.Enterprise.AddCollaboration(Standards(folder), portal.AppUserOf(People.Maya), "viewer");

        var explanation = await ExplainAsync(portal, Standards(folder));

        Assert.Equal([("their own access", "editor"), ("Engineering", "viewer")], explanation.Paths.Select(path => (path.Path.Words, path.WithoutIt.Words)));
    }

    [Fact]
    public async Task Of_a_folder_of_their_own_nothing_is_said_to_be_left_without_owning_it()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var maya = portal.AppUserOf(People.Maya);
        Folder own;
        lock (portal.Enterprise.Gate)
        {
            own = portal.Enterprise.AddFolder(maya.Root, "Drafts", maya);
        }

        var explanation = await ExplainAsync(portal, own);

        var way = Assert.Single(explanation.Paths);
        Assert.IsType<AccessPath.Ownership>(way.Path);
        Assert.True(explanation.IsSeen);
        Assert.Null(explanation.WithoutIt(way));
    }

    [Fact]
    public async Task A_membership_is_shown_with_everything_that_gave_it_and_where_that_is_seen()
    {
        await using var portal = await PortalHost.StartRecoveredAsync().WithAdministratorAsync();
        var ((group, _), folder, source) = (portal.NewGroup(members: 0), portal.NewFolder(), portal.NewDirectoryGroup());
        portal.Enterprise.AddCollaboration(folder, group, "viewer");
        var job = await portal.DoAsync(await portal.SessionOfAsync(People.Administrator), portal.AppUserOf(People.Maya).Add(group));
        portal.Fill(source, People.Maya);
        var rule = await portal.RuleAsync(source, group);
        await portal.SyncAsync();

        var way = Assert.Single((await ExplainAsync(portal, folder)).Paths);

        Assert.Equal(
            [(MembershipSource.Hand, People.Administrator.Name, "because of a test", $"/groups/changes/{job.Id}"), (MembershipSource.OfRule(rule.Id), People.Administrator.Name, "The directory's sync, rehearsed first.", "/groups/sync")],
            way.Sources.Select(one => (one.Source.Source, one.Source.By, one.Source.Reason, one.Given?.Address)));
        Assert.Equal((await portal.SourcesAsync(group)).Select(one => one.Since).Order(), way.Sources.Select(one => one.Source.Since));
    }

    [Fact]
    public async Task Of_a_membership_that_nobody_gave_here_that_is_said()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();

        var way = Assert.Single((await ExplainAsync(portal, Standards((Folder)portal.Enterprise.ServiceAccount.Root.Child("Engineering")!))).Paths);

        Assert.Empty(way.Sources);
    }

    [Fact]
    public async Task What_Box_hides_after_the_time_it_may_take_is_a_disagreement_in_which_Box_is_right()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var folder = (Folder)portal.Enterprise.ServiceAccount.Root.Child("Engineering")!;
        GiveAnew(portal, folder, Now(portal).AddHours(-1));
        portal.Enterprise.SpreadsWithin = TimeSpan.FromHours(2);

        var explanation = await ExplainAsync(portal, folder);

        Assert.Null(explanation.Broken);
        Assert.False(explanation.Proof.Agrees);
        Assert.Contains("Believe Box", explanation.Proof.Words.ToString(), StringComparison.Ordinal);
        Assert.Contains(AuditTrail.Portal, explanation.MappedBy);
    }

    [Fact]
    public async Task Nobody_without_the_role_is_told_anything_and_what_is_unknown_is_said_to_be()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        var explainer = portal.Services.GetRequiredService<AccessExplainer>();
        var maya = await portal.SessionOfAsync(People.Maya);
        var auditor = await portal.SessionOfAsync(People.Auditor);

        Assert.IsType<AccessResult.NotAllowed>(await explainer.ExplainAsync(maya, People.Maya.Id(), "1", PortalHost.Cancellation));
        Assert.IsType<AccessResult.NotAllowed>(await explainer.ListAsync(maya, "1", at: null, PortalHost.Cancellation));
        Assert.IsType<AccessResult.NoSuchFolder>(await explainer.ExplainAsync(auditor, People.Maya.Id(), "1", PortalHost.Cancellation));
        Assert.IsType<AccessResult.NoSuchFolder>(await explainer.ListAsync(auditor, "../users/me", at: null, PortalHost.Cancellation));
        Assert.IsType<AccessResult.NoSuchPerson>(await explainer.ExplainAsync(auditor, People.Maya.Id() with { ObjectId = Guid.NewGuid() }, "1", PortalHost.Cancellation));
        await portal.SpoilAsync(new { path = "/2.0/folders", status = 500, times = 20 });
        Assert.IsType<AccessResult.BoxRefused>(await explainer.ListAsync(auditor, "2", at: null, PortalHost.Cancellation));
    }

    [Fact]
    public async Task What_Box_refuses_the_service_account_is_the_applications_lack()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        await portal.SpoilAsync(new { path = $"/2.0/users/{portal.AppUserOf(People.Maya).Id}/memberships", status = 403 });

        var explanation = await ExplainAsync(portal, (Folder)portal.Enterprise.ServiceAccount.Root.Child("Engineering")!);

        Assert.Equal(AccessReason.AppScope, explanation.Broken?.Reason);
    }

    private static async Task<AccessExplanation> ExplainAsync(PortalHost portal, Folder folder) =>
        Assert.IsType<AccessResult.Explained>(await portal.Services.GetRequiredService<AccessExplainer>()
            .ExplainAsync(await portal.SessionOfAsync(People.HelpDesk), People.Maya.Id(), folder.Id, PortalHost.Cancellation)).Explanation;

    private static void GiveAnew(PortalHost portal, Folder folder, DateTimeOffset at)
    {
        var old = Given(folder);
        portal.Enterprise.Remove(old);
        portal.Enterprise.AddCollaboration(folder, old.Group!, old.RoleName, at: at);
    }

    /// <summary>What gives Engineering to the group of that name, which is Maya's way there.</summary>
    private static Collaboration Given(Folder engineering) => engineering.Collaborations.Single(one => one.Group?.Name == "Engineering");

    private static Folder Standards(Folder engineering) => (Folder)engineering.Child("Standards")!;

    private static DateTimeOffset Now(PortalHost portal) => portal.Sandbox.Services.GetRequiredService<SandboxClock>().GetUtcNow();

    private static Task Do(Action act)
    {
        act();
        return Task.CompletedTask;
    }
}
