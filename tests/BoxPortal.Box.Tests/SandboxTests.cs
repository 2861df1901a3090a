using System.Net;

namespace BoxPortal.Box.Tests;

/// <summary>Every call the later screens need, against the sandbox's own idea of Box.</summary>
public sealed class SandboxTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_app_user_lives_from_creation_to_deletion()
    {
        await using var box = await SandboxedClient.StartAsync();

        var made = await box.Users.CreateAppUserAsync(new NewAppUser("Ada Lovelace", "ada@tenant", "de", 123_456), Stop);
        var found = await box.Users.FindByExternalIdAsync("ada@tenant", Stop);
        var suspended = await box.Users.UpdateAsync(made.Id, new() { Status = BoxUserStatus.Inactive }, Stop);
        var rekeyed = await box.Users.UpdateAsync(made.Id, new() { ExternalAppUserId = "countess@tenant" }, Stop);
        await box.Users.DeleteAsync(made.Id, Stop);

        Assert.Equal(
            ("Ada Lovelace", "ada@tenant", "de", 123_456, true, BoxUserStatus.Active),
            (made.Name, made.ExternalAppUserId, made.Language, made.SpaceAmountInBytes, made.IsPlatformAccessOnly, made.Status));
        Assert.Equal(made, found);
        Assert.Equal(made with { Status = BoxUserStatus.Inactive }, suspended);
        Assert.Equal("countess@tenant", rekeyed.ExternalAppUserId);
        Assert.Null(await box.Users.FindAsync(made.Id, Stop));
    }

    [Fact]
    public async Task The_same_external_id_twice_is_refused_and_the_first_is_found()
    {
        await using var box = await SandboxedClient.StartAsync();
        var first = await box.Users.CreateAppUserAsync(new NewAppUser("Ada", "ada@tenant"), Stop);

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => box.Users.CreateAppUserAsync(new NewAppUser("Ada", "ada@tenant"), Stop));

        Assert.Equal(HttpStatusCode.Conflict, fault.Status);
        Assert.Equal(first.Id, (await box.Users.FindByExternalIdAsync("ada@tenant", Stop))?.Id);
    }

    [Fact]
    public async Task A_create_whose_answer_was_lost_was_done_once_and_is_found_again()
    {
        await using var box = await SandboxedClient.StartAsync();
        await box.ControlAsync("faults", new { path = "/2.0/users", method = "POST", mode = "applyThenReset" });

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => box.Users.CreateAppUserAsync(new NewAppUser("Ada", "ada@tenant"), Stop));

        Assert.True(fault.IsTransient);
        Assert.Single(box.Requests, request => request.Method == "POST" && request.Path.StartsWith("/2.0/users", StringComparison.Ordinal));
        Assert.NotNull(await box.Users.FindByExternalIdAsync("ada@tenant", Stop));
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("html")]
    [InlineData("empty")]
    [InlineData("reset")]
    [InlineData("status")]
    public async Task Nobody_notices_a_hiccup_of_Box(string mode)
    {
        await using var box = await SandboxedClient.StartAsync();
        await box.ControlAsync("faults", new { path = "/oauth2/token", mode });
        await box.ControlAsync("faults", new { path = "/2.0/users", mode });

        Assert.Equal(box.Enterprise.ServiceAccount.Id, (await box.Users.GetMeAsync(Stop)).Id);
        Assert.Equal([mode, null, mode, null], box.Requests.Where(request => !request.Path.StartsWith("/_sandbox", StringComparison.Ordinal)).Select(request => request.Fault));
    }

    [Fact]
    public async Task Everybody_of_a_large_company_is_listed_once()
    {
        await using var box = await SandboxedClient.StartAsync();
        await box.ControlAsync("reseed", new { people = 2500 });

        var ids = await box.Users.ListAsync(null, Stop).Select(user => user.Id).ToArrayAsync(Stop);

        Assert.InRange(ids.Length, 2400, 3000);
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public async Task A_group_brings_its_members_the_folders_it_was_let_into()
    {
        await using var box = await SandboxedClient.StartAsync();
        var ada = await box.Users.CreateAppUserAsync(new NewAppUser("Ada", "ada@tenant"), Stop);
        var asAda = new BoxSubject.AppUser(ada.Id);
        var shared = await box.Folders.ListItemsAsync("0", subject: null, Stop).FirstAsync(item => item.Type == "folder", Stop);
        Assert.Empty(await box.Folders.ListItemsAsync("0", asAda, Stop).ToArrayAsync(Stop));

        var group = await box.Groups.CreateAsync(new() { Name = "Bidders", Provenance = "BoxPortal", InvitabilityLevel = GroupAudience.AdminsOnly }, Stop);
        var membership = await box.Memberships.CreateAsync(ada.Id, group.Id, GroupRole.Member, Stop);
        var collaboration = await box.Collaborations.CreateForGroupAsync(shared.Id, group.Id, CollaborationRole.Viewer, Stop);

        Assert.Equal([shared], await box.Folders.ListItemsAsync("0", asAda, Stop).ToArrayAsync(Stop));
        Assert.Equal(membership.Id, (await box.Memberships.ListOfUserAsync(ada.Id, Stop).SingleAsync(Stop)).Id);
        Assert.Equal(membership.Id, (await box.Groups.ListMembershipsAsync(group.Id, Stop).SingleAsync(Stop)).Id);
        Assert.Equal(collaboration.Id, (await box.Groups.ListCollaborationsAsync(group.Id, Stop).SingleAsync(Stop)).Id);
        Assert.Contains(await box.Collaborations.ListOfFolderAsync(shared.Id, subject: null, Stop).ToArrayAsync(Stop), entry => entry.Id == collaboration.Id);
        Assert.Equal(("BoxPortal", GroupAudience.AdminsOnly), (group.Provenance, group.InvitabilityLevel));
        Assert.Equal((shared.Id, group.Id), (collaboration.Item?.Id, collaboration.AccessibleBy?.Id));

        Assert.Equal(GroupRole.Admin, (await box.Memberships.UpdateRoleAsync(membership.Id, GroupRole.Admin, Stop)).Role);
        Assert.Equal(CollaborationRole.Editor, (await box.Collaborations.UpdateRoleAsync(collaboration.Id, CollaborationRole.Editor, Stop)).Role);
        Assert.Equal("Tenders", (await box.Groups.UpdateAsync(group.Id, new() { Name = "Tenders" }, Stop)).Name);
        await box.Collaborations.DeleteAsync(collaboration.Id, Stop);
        Assert.Empty(await box.Folders.ListItemsAsync("0", asAda, Stop).ToArrayAsync(Stop));
        await box.Memberships.DeleteAsync(membership.Id, Stop);
        var twice = await Assert.ThrowsAsync<BoxApiException>(() => box.Memberships.DeleteAsync(membership.Id, Stop));
        Assert.Equal(HttpStatusCode.NotFound, twice.Status);
        await box.Groups.DeleteAsync(group.Id, Stop);
    }

    [Fact]
    public async Task A_deletion_whose_answer_was_lost_is_a_deletion()
    {
        await using var box = await SandboxedClient.StartAsync();
        var group = await box.Groups.CreateAsync(new() { Name = "Bidders" }, Stop);
        await box.ControlAsync("faults", new { path = "/2.0/groups", method = "DELETE", mode = "applyThenReset" });

        await box.Groups.DeleteAsync(group.Id, Stop);

        await Assert.ThrowsAsync<BoxApiException>(() => box.Groups.GetAsync(group.Id, Stop));
    }

    [Fact]
    public async Task A_folder_belongs_to_the_service_account_and_is_not_found_by_strangers()
    {
        await using var box = await SandboxedClient.StartAsync();
        var stranger = await box.Users.CreateAppUserAsync(new NewAppUser("Eve", "eve@tenant"), Stop);
        var shared = await box.Folders.ListItemsAsync("0", subject: null, Stop).FirstAsync(item => item.Type == "folder", Stop);

        var folder = await box.Folders.GetAsync(shared.Id, Stop);
        var fault = await Assert.ThrowsAsync<BoxApiException>(
            async () => await box.Folders.ListItemsAsync(shared.Id, new BoxSubject.AppUser(stranger.Id), Stop).CountAsync(Stop));

        Assert.Equal((box.Enterprise.ServiceAccount.Id, "0"), (folder.OwnedBy?.Id, folder.Parent?.Id));
        Assert.Equal((HttpStatusCode.NotFound, "not_found"), (fault.Status, fault.Code));
        Assert.NotNull(fault.RequestId);
    }

    [Fact]
    public async Task What_an_app_user_owns_and_who_else_uses_it_is_found_as_that_user()
    {
        await using var box = await SandboxedClient.StartAsync();
        var ada = await box.Users.CreateAppUserAsync(new NewAppUser("Ada", "ada@tenant"), Stop);
        var bob = await box.Users.CreateAppUserAsync(new NewAppUser("Bob", "bob@tenant"), Stop);
        var asAda = new BoxSubject.AppUser(ada.Id);
        var root = box.Enterprise.Users[ada.Id].Root;
        var (used, own) = (box.Enterprise.AddFolder(root, "Used by Bob"), box.Enterprise.AddFolder(root, "Ada's own"));
        box.Enterprise.AddCollaboration(used, box.Enterprise.Users[bob.Id], "viewer");
        var companys = await box.Folders.ListItemsAsync("0", subject: null, Stop).FirstAsync(item => item.Type == "folder", Stop);
        await box.Collaborations.CreateForUserAsync(companys.Id, ada.Id, CollaborationRole.Editor, Stop);

        var owned = await box.Folders.ListOwnedAsync("0", asAda, Stop).OrderBy(item => item.Id).ToArrayAsync(Stop);
        var collaboration = await box.Collaborations.ListOfFolderAsync(used.Id, asAda, Stop).SingleAsync(Stop);
        var fault = await Assert.ThrowsAsync<BoxApiException>(
            async () => await box.Collaborations.ListOfFolderAsync(used.Id, subject: null, Stop).CountAsync(Stop));

        Assert.Equal([(used.Id, ada.Id, true), (own.Id, ada.Id, false)], owned.Select(item => (item.Id, item.OwnedBy!.Id, item.HasCollaborations == true)));
        Assert.Equal((bob.Id, CollaborationRole.Viewer), (collaboration.AccessibleBy?.Id, collaboration.Role));
        Assert.Equal(HttpStatusCode.NotFound, fault.Status);
    }

    [Fact]
    public async Task A_user_who_still_owns_something_is_not_deleted_and_Box_says_why()
    {
        await using var box = await SandboxedClient.StartAsync();
        var ada = await box.Users.CreateAppUserAsync(new NewAppUser("Ada", "ada@tenant"), Stop);
        box.Enterprise.AddFolder(box.Enterprise.Users[ada.Id].Root, "Own");

        var fault = await Assert.ThrowsAsync<BoxApiException>(() => box.Users.DeleteAsync(ada.Id, Stop));

        Assert.Equal((HttpStatusCode.BadRequest, "bad_request", "Bad Request: The user still owns content"), (fault.Status, fault.Code, fault.Description));
        Assert.False(fault.IsTransient);
        Assert.Single(box.Requests, request => request.Method == "DELETE");
        Assert.NotNull(await box.Users.FindAsync(ada.Id, Stop));
    }

    [Fact]
    public async Task A_notification_email_comes_with_its_user()
    {
        await using var box = await SandboxedClient.StartAsync();
        var ada = await box.Users.CreateAppUserAsync(new NewAppUser("Ada", "ada@tenant"), Stop);
        box.Enterprise.Users[ada.Id].NotificationEmail = new("ada@larkfield.example", IsConfirmed: true);

        var found = await box.Users.FindByExternalIdAsync("ada@tenant", Stop);

        Assert.Null(ada.NotificationEmail);
        Assert.Equal(new NotificationEmail("ada@larkfield.example", IsConfirmed: true), found?.NotificationEmail);
    }
}
