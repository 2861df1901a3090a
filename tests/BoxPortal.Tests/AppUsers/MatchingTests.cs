using BoxPortal.AppUsers;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

public sealed class MatchingTests(MatchingTests.Host host) : IClassFixture<MatchingTests.Host>
{
    private static readonly Guid s_tenant = Guid.Parse(BoxPortal.Sandbox.Directory.TenantId);

    [Fact]
    public async Task An_equal_external_ID_is_as_sure_as_can_be()
    {
        var employee = Somebody("Ada Quill", "ada.quill@acme.com");
        var user = host.Portal.Enterprise.AddAppUser("Called otherwise", employee.Id.ObjectId.ToString());

        var mapping = await ArriveAsync(employee);

        Assert.Equal((user.Id, 100, "external id equal"), (mapping.SuggestedAppUserId, mapping.SuggestionScore, mapping.SuggestionReason));
    }

    [Fact]
    public async Task Mail_and_name_together_are_nearly_sure_and_mail_alone_needs_a_click()
    {
        var both = host.Portal.Enterprise.AddAppUser("Bo Karlsen", "bo.karlsen@acme.com");
        var alone = host.Portal.Enterprise.AddAppUser("Whoever had it before", "cy.draper@acme.com");

        var sure = await ArriveAsync(Somebody("Bo Karlsen", "Bo.Karlsen@ACME.com"));
        var unsure = await ArriveAsync(Somebody("Cy Draper", "cy.draper@acme.com"));

        Assert.Equal((both.Id, 90, "e-mail and name equal"), (sure.SuggestedAppUserId, sure.SuggestionScore, sure.SuggestionReason));
        Assert.Equal((alone.Id, 60, "e-mail equal only: needs a click"), (unsure.SuggestedAppUserId, unsure.SuggestionScore, unsure.SuggestionReason));
        Assert.Equal(MappingState.Waiting, unsure.State); // and nothing is applied by itself
    }

    [Theory]
    [InlineData("jo@acme.com", "jo@acme.com.au")]
    [InlineData("jo@acme.com.au", "jo@acme.com")]
    [InlineData("jo@acme.com", "jo.b@acme.com")]
    [InlineData("jo@acme.com", "jo@аcme.com")] // a Cyrillic а
    [InlineData("jo@acme.com", "јo@acme.com")] // a Cyrillic ј
    [InlineData("jo@acme.com", "jo+files@acme.com")]
    [InlineData("jo@acme.com", "ｊo@acme.com")] // a full-width j
    public async Task A_neighbour_of_a_mail_address_is_somebody_else(string employeesMail, string appUsersMail)
    {
        var tag = Guid.NewGuid().ToString("N")[..8];
        host.Portal.Enterprise.AddAppUser($"App user {tag}", appUsersMail.Replace("o@", $"o{tag}@", StringComparison.Ordinal).Replace("o.b@", $"o{tag}.b@", StringComparison.Ordinal).Replace("o+files@", $"o{tag}+files@", StringComparison.Ordinal));

        var mapping = await ArriveAsync(Somebody($"Jo {tag}", employeesMail.Replace("o@", $"o{tag}@", StringComparison.Ordinal)));

        Assert.Null(mapping.SuggestedAppUserId);
    }

    [Fact]
    public async Task A_name_that_two_people_bear_is_the_weakest_reason_and_two_equal_app_users_are_none()
    {
        var dana = host.Portal.Enterprise.AddAppUser("Dana Rook", null);
        host.Portal.Enterprise.AddAppUser("Eli Stone", null);
        host.Portal.Enterprise.AddAppUser("Eli Stone", null);

        var only = await ArriveAsync(Somebody("Dana Rook", "dana.rook@acme.com"));
        var second = await ArriveAsync(Somebody("Dana Rook", "dana.rook2@acme.com"));
        var undecided = await ArriveAsync(Somebody("Eli Stone", "eli.stone@acme.com"));

        Assert.Equal((dana.Id, 40), (only.SuggestedAppUserId, only.SuggestionScore));
        Assert.Equal((dana.Id, 20, "name equal only, and 2 people bear it: needs a click"), (second.SuggestedAppUserId, second.SuggestionScore, second.SuggestionReason));
        Assert.Null(undecided.SuggestedAppUserId);
    }

    [Fact]
    public async Task An_app_user_that_is_taken_or_inactive_is_suggested_to_nobody()
    {
        host.Portal.Enterprise.AddAppUser("Fay Tran", "fay.tran@acme.com").Status = "inactive";

        var mapping = await ArriveAsync(Somebody("Fay Tran", "fay.tran@acme.com"));
        var namesake = await ArriveAsync(Somebody(People.Maya.Name, "maya.okafor@acme.com")); // Maya's app user is hers

        Assert.Null(mapping.SuggestedAppUserId);
        Assert.Null(namesake.SuggestedAppUserId);
    }

    [Fact]
    public async Task An_app_user_that_vanished_from_Box_orphans_its_mapping_at_the_next_reading()
    {
        var user = host.Portal.Enterprise.AddAppUser("Gus Umber", null);
        var mapping = await ArriveAsync(Somebody("Gus Umber", "gus.umber@acme.com"));
        await host.Portal.Services.GetRequiredService<AppUserChanges>().MapAsync(await host.Portal.SessionOfAsync(People.Administrator), mapping.EmployeeId, user.Id, "his");
        host.Portal.Enterprise.Users.Remove(user.Id);

        await host.ReadBoxAsync();

        var now = await FindAsync(mapping.EmployeeId);
        Assert.Equal((MappingState.Orphaned, user.Id), (now.State, now.AppUserId));
        Assert.Null(now.SuggestedAppUserId);
    }

    private static Employee Somebody(string name, string userName) => new(new EmployeeId(s_tenant, Guid.NewGuid()), name, userName, []);

    /// <summary>Signs somebody in after Box has been read, so that the suggestion is there when an administrator sees them.</summary>
    private async Task<AppUserMapping> ArriveAsync(Employee employee)
    {
        await host.ReadBoxAsync();
        await host.Portal.Services.GetRequiredService<AppUserDirectory>().RecordSignInAsync(employee, PortalHost.Cancellation);
        return await FindAsync(employee.Id);
    }

    private async Task<AppUserMapping> FindAsync(EmployeeId employee)
    {
        await using var db = await host.Portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation);
        return await db.Set<AppUserMapping>().SingleAsync(mapping => mapping.ObjectId == employee.ObjectId, PortalHost.Cancellation);
    }

    public sealed class Host : IAsyncLifetime
    {
        public PortalHost Portal { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Portal = await PortalHost.StartRecoveredAsync();

        public Task ReadBoxAsync() => Portal.Services.GetRequiredService<KnownAppUsers>().RefreshAsync(TimeSpan.Zero, PortalHost.Cancellation);

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }
}
