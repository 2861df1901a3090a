using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.Sandbox.Tests.OpenApi;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Groups;

/// <summary>A portal that dies anywhere in the middle of a change set leaves, once it runs again, exactly what was asked for.</summary>
public sealed class GroupCrashTests
{
    [Fact]
    public async Task A_death_at_any_point_of_a_change_set_leaves_no_difference()
    {
        var sandbox = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true }, AnswerRecorder.Listen);
        await sandbox.StartAsync(PortalHost.Cancellation);
        var settings = await PortalHost.SettingsForAsync(new Uri(sandbox.Urls.First()));
        var dataFolder = System.IO.Directory.CreateTempSubdirectory("boxportal-test-").FullName;
        var enterprise = sandbox.Services.GetRequiredService<Enterprise>();
        for (var (lastPoint, died) = (1, true); died; lastPoint++)
        {
            var wish = Wish.Of(enterprise);
            var jobId = await wish.WriteDownAsync(await StartAsync(int.MaxValue));

            died = !await (await StartAsync(lastPoint)).LiveThroughAsync(portal => GoOnAsync(portal, jobId));
            var last = await StartAsync(int.MaxValue);
            Assert.True(await last.LiveThroughAsync(portal => GoOnAsync(portal, jobId)));

            await wish.CompareAsync(last, jobId);
        }

        System.IO.Directory.Delete(dataFolder, recursive: true);
        await AnswerRecorder.EndAsync(sandbox);

        Task<MortalPortal> StartAsync(int lastPoint) => MortalPortal.StartAsync(settings, dataFolder, lastPoint);
    }

    private static async Task GoOnAsync(MortalPortal portal, long jobId)
    {
        var work = portal.Services.GetServices<IJobWork>().Single(work => work.IsOf(JobKind.Groups));
        while (true)
        {
            await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
            if (await work.NextAsync(db, await db.Set<Job>().SingleAsync(job => job.Id == jobId)) is not { } changeId)
            {
                return;
            }

            Assert.IsType<JobStepOutcome.Ended>(await work.CarryOutAsync(changeId));
        }
    }

    /// <summary>One of everything that can be done to groups.</summary>
    private sealed record Wish(Enterprise Enterprise, Group Group, User Newcomer, User Leaver, User Manager, Folder Given, Folder Taken, Folder Changed, Group Deleted, string Made)
    {
        public static Wish Of(Enterprise enterprise)
        {
            lock (enterprise.Gate)
            {
                var (group, deleted) = (enterprise.AddGroup($"Group {Guid.NewGuid():N}"), enterprise.AddGroup($"Deleted {Guid.NewGuid():N}"));
                User[] users = [.. Enumerable.Range(0, 3).Select(_ => enterprise.AddAppUser("Somebody", null))];
                Folder[] folders = [.. Enumerable.Range(0, 3).Select(_ => enterprise.AddFolder(enterprise.ServiceAccount.Root, $"{Guid.NewGuid():N}"))];
                enterprise.AddMembership(users[1], group);
                enterprise.AddMembership(users[2], group);
                enterprise.AddMembership(users[2], deleted);
                enterprise.AddCollaboration(folders[1], group, "viewer");
                enterprise.AddCollaboration(folders[2], group, "viewer");
                return new Wish(enterprise, group, users[0], users[1], users[2], folders[0], folders[1], folders[2], deleted, $"Made {Guid.NewGuid():N}");
            }
        }

        public async Task<long> WriteDownAsync(MortalPortal portal)
        {
            await portal.Directory.RecordSignInAsync(People.Administrator.AsEmployee(), CancellationToken.None);
            var plan = await portal.Services.GetRequiredService<GroupsOfBox>().PlanAsync(
                [
                    Newcomer.Add(Group),
                    Leaver.Remove(Group),
                    new(GroupAct.ChangeMemberRole, Group.Id, Manager.Id, MemberRole: GroupRole.Admin),
                    new(GroupAct.AddFolder, Group.Id, FolderId: Given.Id, FolderRole: CollaborationRole.Editor),
                    new(GroupAct.RemoveFolder, Group.Id, FolderId: Taken.Id),
                    new(GroupAct.ChangeFolderRole, Group.Id, FolderId: Changed.Id, FolderRole: CollaborationRole.Editor),
                    new(GroupAct.DescribeGroup, Group.Id, Description: "Anew"),
                    new(GroupAct.CreateGroup, "", Name: Made),
                    new(GroupAct.DeleteGroup, Deleted.Id),
                ],
                MembershipSource.Hand,
                CancellationToken.None);
            var drafted = await portal.Services.GetRequiredService<ChangeSets>().DraftAsync(
                JobKind.Groups, "A wish", "a story", People.Administrator.AsEmployee(), isByOwner: false, plan, undoes: null, CancellationToken.None);
            return Assert.IsType<JobResult.Done>(drafted).Job.Id;
        }

        public async Task CompareAsync(MortalPortal portal, long jobId)
        {
            lock (Enterprise.Gate)
            {
                var members = Enterprise.Memberships.Values.Where(membership => membership.Group == Group).Select(membership => (membership.User.Id, membership.Role)).Order();
                Assert.Equal(new[] { (Newcomer.Id, "member"), (Manager.Id, "admin") }.Order(), members);
                var folders = Enterprise.Collaborations.Values.Where(collaboration => collaboration.Group == Group).Select(collaboration => (collaboration.Item.Id, collaboration.RoleName)).Order();
                Assert.Equal(new[] { (Given.Id, "editor"), (Changed.Id, "editor") }.Order(), folders);
                Assert.Equal(("Anew", true, false), (Group.Description, Enterprise.GroupsByName.ContainsKey(Made), Enterprise.Groups.ContainsKey(Deleted.Id)));
            }

            await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
            var changes = await db.Set<GroupChange>().Where(change => change.JobId == jobId).ToListAsync();
            Assert.All(changes, change => Assert.Equal((ChangeStage.Done, true), (change.Stage, change.HasChanged)));
            Assert.Equal(changes.Count, await db.Set<AuditEntry>().CountAsync(entry => entry.Kind == AuditKind.GroupChanged && entry.Detail.EndsWith($"(change set {jobId})")));
            Assert.Equal(
                new[] { (Newcomer.Id, MembershipSource.Hand), (Manager.Id, MembershipSource.InBox) }.Order(),
                (await db.Set<MembershipSource>().Where(source => source.GroupId == Group.Id).ToListAsync()).Select(source => (source.AppUserId, source.Source)).Order());
        }
    }
}
