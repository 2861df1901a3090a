using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

public sealed class SuggestionTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private AppUserSuggestions Suggestions => host.Portal.Services.GetRequiredService<AppUserSuggestions>();

    private AppUserDirectory Directory => host.Portal.Services.GetRequiredService<AppUserDirectory>();

    [Theory]
    [InlineData("kenji.watanabe", "Kenji Watanabe")]
    [InlineData("priya.raman", "Priya Raman")]
    public async Task Help_desk_and_administrators_suggest_and_nothing_changes_but_that(string userName, string name)
    {
        var person = await WaitingAsync();
        var user = host.Portal.Enterprise.AddAppUser("Perhaps theirs", null);
        var before = (await FindAsync(person)).Version;

        var result = await Suggestions.SuggestAsync(await host.Portal.SessionOfAsync(Named(userName)), person.Id(), user.Id, "read it to me", PortalHost.Cancellation);

        Assert.IsType<MappingResult.Done>(result);
        var mapping = await FindAsync(person);
        Assert.Equal((user.Id, 50, $"suggested by {name}: read it to me"), (mapping.SuggestedAppUserId, mapping.SuggestionScore, mapping.SuggestionReason));
        Assert.Equal((MappingState.Waiting, null, before), (mapping.State, mapping.AppUserId, mapping.Version));
        Assert.Null(user.ExternalAppUserId);
        var entry = Assert.Single(await host.Portal.ReadRecordAsync(user.Id), entry => entry.Kind == AuditKind.Suggested);
        Assert.Equal(("no suggestion", $"suggested {user.Id}", "read it to me", $"{userName}@larkfield.example"), (entry.Before, entry.After, entry.Reason, entry.Actor));
    }

    [Fact]
    public async Task Another_suggestion_takes_its_place_and_a_mapping_ends_it()
    {
        var person = await WaitingAsync();
        var first = host.Portal.Enterprise.AddAppUser("First", null);
        var second = host.Portal.Enterprise.AddAppUser("Second", null);
        await Suggestions.SuggestAsync(await host.Portal.SessionOfAsync(People.HelpDesk), person.Id(), first.Id, "one", PortalHost.Cancellation);

        await Suggestions.SuggestAsync(await host.Portal.SessionOfAsync(People.HelpDesk), person.Id(), second.Id, "two", PortalHost.Cancellation);
        var suggested = (await FindAsync(person)).SuggestedAppUserId;
        await host.Portal.Services.GetRequiredService<AppUserChanges>().MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), first.Id, "after all");

        Assert.Equal(second.Id, suggested);
        var mapping = await FindAsync(person);
        Assert.Equal((first.Id, null, null, null), (mapping.AppUserId, mapping.SuggestedAppUserId, mapping.SuggestionScore, mapping.SuggestionReason));
        Assert.Equal($"suggested {first.Id}", Assert.Single(await host.Portal.ReadRecordAsync(second.Id), entry => entry.Kind == AuditKind.Suggested).Before);
    }

    [Theory]
    [InlineData("charlotte.mbeki")]
    [InlineData("maya.okafor")]
    [InlineData(null)]
    public async Task Nobody_else_suggests_and_who_tried_is_recorded(string? userName)
    {
        var person = await WaitingAsync();
        var user = host.Portal.Enterprise.AddAppUser("Not theirs to name", null);
        var actor = userName is null ? new System.Security.Claims.ClaimsPrincipal() : await host.Portal.SessionOfAsync(Named(userName));

        var result = await Suggestions.SuggestAsync(actor, person.Id(), user.Id, "x", PortalHost.Cancellation);

        Assert.IsType<MappingResult.NotAllowed>(result);
        Assert.Empty(await Directory.FindAppUsersAsync(actor, user.Id, PortalHost.Cancellation));
        Assert.Null((await FindAsync(person)).SuggestedAppUserId);
        Assert.Contains(await host.Portal.ReadRecordAsync(person.Name), entry => entry.Kind == AuditKind.Refused
            && entry.Actor == (userName is null ? "somebody not signed in" : $"{userName}@larkfield.example"));
    }

    [Fact]
    public async Task What_cannot_serve_or_is_not_needed_is_not_suggested()
    {
        var person = await WaitingAsync();
        var inactive = host.Portal.Enterprise.AddAppUser("Inactive", null);
        inactive.Status = "inactive";
        var managed = host.Portal.Enterprise.AddManagedUser("Has a login", $"{Guid.NewGuid():N}@larkfield.example");
        var free = host.Portal.Enterprise.AddAppUser("Free", null);
        async Task<MappingResult> SuggestAsync(Person forWhom, string id) =>
            await Suggestions.SuggestAsync(await host.Portal.SessionOfAsync(People.HelpDesk), forWhom.Id(), id, "x", PortalHost.Cancellation);

        Assert.IsType<MappingResult.Unusable>(await SuggestAsync(person, inactive.Id));
        Assert.IsType<MappingResult.Unusable>(await SuggestAsync(person, managed.Id));
        Assert.IsType<MappingResult.Unusable>(await SuggestAsync(person, "../users/me"));
        Assert.Equal(People.Maya.Name, Assert.IsType<MappingResult.Taken>(await SuggestAsync(person, host.Portal.AppUserOf(People.Maya).Id)).Name);
        Assert.IsType<MappingResult.Unusable>(await SuggestAsync(People.Tomas, free.Id));
        Assert.IsType<MappingResult.Unusable>(await SuggestAsync(People.Suspended, free.Id));
        Assert.IsType<MappingResult.Unusable>(await SuggestAsync(person with { ObjectId = Guid.NewGuid() }, free.Id));
        Assert.Null((await FindAsync(person)).SuggestedAppUserId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(501)]
    public async Task A_suggestion_has_a_reason_of_a_line(int length)
    {
        var person = await WaitingAsync();
        var user = host.Portal.Enterprise.AddAppUser("Well meant", null);

        var result = await Suggestions.SuggestAsync(await host.Portal.SessionOfAsync(People.HelpDesk), person.Id(), user.Id, new string('x', length), PortalHost.Cancellation);

        Assert.Contains("Say why", Assert.IsType<MappingResult.Unusable>(result).Reason, StringComparison.Ordinal);
        Assert.Null((await FindAsync(person)).SuggestedAppUserId);
    }

    [Fact]
    public async Task An_app_user_is_found_by_its_id()
    {
        var id = host.Portal.AppUserOf(People.Maya).Id;

        var found = await Directory.FindAppUsersAsync(await host.Portal.SessionOfAsync(People.HelpDesk), $" {id} ", PortalHost.Cancellation);

        Assert.Equal([(id, People.Maya.Name)], found.Select(candidate => (candidate.User.Id, candidate.MappedTo!)));
        Assert.Empty(await Directory.FindAppUsersAsync(await host.Portal.SessionOfAsync(People.HelpDesk), "999999999", PortalHost.Cancellation));
    }

    private async Task<AppUserMapping> FindAsync(Person person) => (await Directory.FindAsync(person.Id(), PortalHost.Cancellation))!;

    /// <summary>Somebody who has just signed in for the first time.</summary>
    private async Task<Person> WaitingAsync()
    {
        var id = Guid.NewGuid();
        var person = People.Newcomer with { ObjectId = id, Name = $"Newcomer {id:N}", UserName = $"{id:N}@larkfield.example" };
        await Directory.RecordSignInAsync(person.AsEmployee(), PortalHost.Cancellation);
        return person;
    }

    private static Person Named(string userName) => BoxPortal.Sandbox.Directory.Named(userName);
}
