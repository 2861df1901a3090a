using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

public sealed class MappingTests(MappingTests.Host host) : IClassFixture<MappingTests.Host>
{
    private AppUserDirectory Directory => host.Portal.Services.GetRequiredService<AppUserDirectory>();

    private AppUserChanges Changes => host.Portal.Services.GetRequiredService<AppUserChanges>();

    [Fact]
    public async Task An_administrator_maps_somebody_who_waits_and_their_token_is_that_app_users()
    {
        var (person, browser) = await WaitingAsync();
        var user = host.Portal.Enterprise.AddAppUser("Made by hand", null);

        var result = await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), user.Id, "asked by phone");

        var mapping = Assert.IsType<MappingResult.Done>(result).Mapping;
        Assert.Equal((MappingState.Mapped, user.Id, null), (mapping.State, mapping.AppUserId, mapping.WaitingSince));
        Assert.Equal(user.Id, await host.Portal.WhoActsWithAsync(await browser.TakeTokenAsync()));
        Assert.Equal(person.ExternalAppUserId, user.ExternalAppUserId); // so that the mapping can be found again
        var entry = Assert.Single(await host.Portal.ReadRecordAsync(user.Id), entry => entry.Kind == AuditKind.Mapped);
        Assert.Equal((People.Administrator.UserName, person.ObjectId), (entry.Actor, entry.ObjectId));
        Assert.Contains("asked by phone", entry.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("A")]
    public async Task Nothing_is_done_without_a_reason_that_the_record_has_room_for(string reason)
    {
        var (person, _) = await WaitingAsync();
        var user = host.Portal.Enterprise.AddAppUser("Made by hand", null);
        var words = reason == "A" ? new string('A', 501) : reason;

        var result = await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), user.Id, words);

        Assert.Contains("500 characters", Assert.IsType<MappingResult.Unusable>(result).Reason, StringComparison.Ordinal);
        await AssertUntouchedAsync(person);
        Assert.IsType<MappingResult.Done>(await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), user.Id, new string('A', 500)));
    }

    [Fact]
    public async Task An_identifier_that_another_system_wrote_on_the_app_user_is_left_alone()
    {
        var (person, _) = await WaitingAsync();
        var user = host.Portal.Enterprise.AddAppUser("From the HR system", $"hr-{Guid.NewGuid()}");
        var theirs = user.ExternalAppUserId;

        var result = await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), user.Id, "a test");

        Assert.IsType<MappingResult.Done>(result);
        Assert.Equal(theirs, user.ExternalAppUserId);
    }

    [Fact]
    public async Task An_app_user_that_serves_somebody_else_is_taken()
    {
        var (person, _) = await WaitingAsync();

        var result = await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), host.Portal.AppUserOf(People.Maya).Id, "a test");

        Assert.Equal(People.Maya.Name, Assert.IsType<MappingResult.Taken>(result).Name);
        await AssertUntouchedAsync(person);
        Assert.Equal(People.Maya.ExternalAppUserId, host.Portal.AppUserOf(People.Maya).ExternalAppUserId);
    }

    [Fact]
    public async Task An_app_user_that_cannot_serve_is_not_mapped_and_the_reason_is_given()
    {
        var (person, _) = await WaitingAsync();
        var managed = host.Portal.Enterprise.AddManagedUser("Has a login", $"{Guid.NewGuid():N}@larkfield.example");
        var inactive = host.Portal.Enterprise.AddAppUser("Inactive", null);
        inactive.Status = "inactive";
        var foreign = host.Portal.Enterprise.AddAppUser("Foreign", null);
        foreign.IsOfAnotherApp = true;

        foreach (var id in new[] { managed.Id, inactive.Id, "999999999", "", "../users/me", "me", new string('9', 4000) })
        {
            var result = await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), id, "a test");

            Assert.NotEmpty(Assert.IsType<MappingResult.Unusable>(result).Reason);
        }

        var refused = await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), foreign.Id, "a test");
        Assert.True(Assert.IsType<MappingResult.BoxRefused>(refused).Refusal.IsAboutSubject);
        await AssertUntouchedAsync(person);
        Assert.Null(foreign.ExternalAppUserId);
    }

    [Theory]
    [InlineData("kenji.watanabe")]
    [InlineData("charlotte.mbeki")]
    [InlineData("maya.okafor")]
    [InlineData(null)]
    public async Task Whoever_is_no_administrator_changes_nothing_and_is_recorded(string? userName)
    {
        var (person, _) = await WaitingAsync();
        var user = host.Portal.Enterprise.AddAppUser("Wanted", null);
        var actor = userName is null ? new System.Security.Claims.ClaimsPrincipal() : await host.Portal.SessionOfAsync(BoxPortal.Sandbox.Directory.Named(userName));
        var users = host.Portal.Enterprise.Users.Count;

        MappingResult[] results =
        [
            await Changes.MapAsync(actor, person.Id(), user.Id, "a test"),
            await Changes.AskAsync(actor, AppUserAct.Create, person.Id(), "a test"),
            await Changes.AskAsync(actor, AppUserAct.Unmap, People.Maya.Id(), "a test"),
        ];

        Assert.All(results, result => Assert.IsType<MappingResult.NotAllowed>(result));
        await AssertUntouchedAsync(person);
        Assert.Equal(users, host.Portal.Enterprise.Users.Count);
        Assert.Equal(MappingState.Mapped, (await Directory.FindAsync(People.Maya.Id(), PortalHost.Cancellation))!.State);
        var tried = (await host.Portal.ReadRecordAsync(person.Name)).Where(entry => entry.Kind == AuditKind.Refused).ToList();
        Assert.Equal(2, tried.Count);
        Assert.All(tried, entry => Assert.Equal(userName is null ? "somebody not signed in" : $"{userName}@larkfield.example", entry.Actor));
    }

    [Fact]
    public async Task Creating_makes_the_app_user_and_repeating_it_makes_no_second()
    {
        var (person, browser) = await WaitingAsync();

        var first = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Create, person.Id(), "new here");
        var second = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Create, person.Id(), "new here");

        Assert.Equal(Assert.IsType<MappingResult.Done>(first).Mapping.AppUserId, Assert.IsType<MappingResult.Done>(second).Mapping.AppUserId);
        Assert.Single(host.Portal.Enterprise.Users.Values, user => user.ExternalAppUserId == person.ExternalAppUserId);
        Assert.Equal(host.Portal.AppUserOf(person).Id, await host.Portal.WhoActsWithAsync(await browser.TakeTokenAsync()));
    }

    [Fact]
    public async Task Two_administrators_who_create_at_once_make_one()
    {
        var (person, _) = await WaitingAsync();
        var administrator = await host.Portal.SessionOfAsync(People.Administrator);

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            Changes.AskAsync(administrator, AppUserAct.Create, person.Id(), "a test")));

        Assert.All(results, result => Assert.IsType<MappingResult.Done>(result));
        Assert.Single(host.Portal.Enterprise.Users.Values, user => user.ExternalAppUserId == person.ExternalAppUserId);
        Assert.Single(await host.Portal.ReadRecordAsync(host.Portal.AppUserOf(person).Id), entry => entry.Kind == AuditKind.AppUserCreated);
    }

    [Fact]
    public async Task Two_administrators_who_map_differently_at_once_end_with_one_mapping_and_both_know()
    {
        var (person, browser) = await WaitingAsync();
        User[] users = [.. Enumerable.Range(0, 6).Select(number => host.Portal.Enterprise.AddAppUser($"Candidate {number}", null))];
        var administrator = await host.Portal.SessionOfAsync(People.Administrator);

        var results = await Task.WhenAll(users.Select(user =>
            Changes.MapAsync(administrator, person.Id(), user.Id, "a test")));

        Assert.All(results, result => Assert.True(result is MappingResult.Done or MappingResult.ChangedMeanwhile, $"{result}"));
        Assert.Contains(results, result => result is MappingResult.Done);
        var mapping = (await Directory.FindAsync(person.Id(), PortalHost.Cancellation))!;
        Assert.Equal(mapping.AppUserId, await host.Portal.WhoActsWithAsync(await browser.TakeTokenAsync()));
        Assert.Equal(results.Count(result => result is MappingResult.Done), (await host.Portal.ReadRecordAsync(person.Name)).Count(entry => entry.Kind == AuditKind.Mapped));
    }

    [Fact]
    public async Task One_app_user_mapped_to_two_people_at_once_becomes_one_persons()
    {
        var (first, _) = await WaitingAsync();
        var (second, _) = await WaitingAsync();
        var user = host.Portal.Enterprise.AddAppUser("Wanted by two", null);
        var administrator = await host.Portal.SessionOfAsync(People.Administrator);

        var results = await Task.WhenAll(new[] { first, second }.Select(person =>
            Changes.MapAsync(administrator, person.Id(), user.Id, "a test")));

        Assert.Single(results, result => result is MappingResult.Done);
        var winner = results[0] is MappingResult.Done ? first : second;
        Assert.Equal(winner.ExternalAppUserId, user.ExternalAppUserId);
        var holders = new[] { await Directory.FindAsync(first.Id(), PortalHost.Cancellation), await Directory.FindAsync(second.Id(), PortalHost.Cancellation) };
        Assert.Single(holders, mapping => mapping!.AppUserId == user.Id);
    }

    [Fact]
    public async Task Unmapping_ends_the_token_at_once_keeps_the_app_user_and_may_be_repeated()
    {
        var (person, browser) = await WaitingAsync();
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Create, person.Id(), "a test");
        await browser.TakeTokenAsync();
        var user = host.Portal.AppUserOf(person);

        var first = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, person.Id(), "left");
        var refusal = await browser.TakeRefusalAsync();
        var second = await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, person.Id(), "left");

        Assert.Equal(MappingState.Unmapped, Assert.IsType<MappingResult.Done>(first).Mapping.State);
        Assert.Equal("not-mapped", refusal.State);
        Assert.IsType<MappingResult.Done>(second);
        Assert.Contains(user.Id, host.Portal.Enterprise.Users.Keys);
        Assert.Single(await host.Portal.ReadRecordAsync(user.Id), entry => entry.Kind == AuditKind.Unmapped);
    }

    [Fact]
    public async Task Somebody_unmapped_can_be_mapped_to_another_app_user()
    {
        var (person, browser) = await WaitingAsync();
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Create, person.Id(), "a test");
        await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, person.Id(), "wrong one");
        var right = host.Portal.Enterprise.AddAppUser("The right one", null);

        var result = await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), person.Id(), right.Id, "a test");

        Assert.IsType<MappingResult.Done>(result);
        Assert.Equal(right.Id, await host.Portal.WhoActsWithAsync(await browser.TakeTokenAsync()));
    }

    [Fact]
    public async Task Somebody_the_portal_has_never_met_can_neither_be_mapped_nor_given_an_app_user()
    {
        var stranger = People.Newcomer with { ObjectId = Guid.NewGuid() };
        var user = host.Portal.Enterprise.AddAppUser("For nobody", null);

        Assert.IsType<MappingResult.Unusable>(await Changes.MapAsync(await host.Portal.SessionOfAsync(People.Administrator), stranger.Id(), user.Id, "a test"));
        Assert.IsType<MappingResult.Unusable>(await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Create, stranger.Id(), "a test"));
        Assert.IsType<MappingResult.Unusable>(await Changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Unmap, stranger.Id(), "a test"));
        Assert.Null(user.ExternalAppUserId);
    }

    [Fact]
    public async Task Only_app_users_are_offered_and_those_taken_say_by_whom()
    {
        host.Portal.Enterprise.AddManagedUser("Maya Managed", $"{Guid.NewGuid():N}@larkfield.example");

        var found = await Directory.FindAppUsersAsync(await host.Portal.SessionOfAsync(People.Administrator), "Maya", PortalHost.Cancellation);

        var maya = Assert.Single(found);
        Assert.Equal((host.Portal.AppUserOf(People.Maya).Id, People.Maya.Name), (maya.User.Id, maya.MappedTo));
    }

    private async Task AssertUntouchedAsync(Person person)
    {
        var mapping = (await Directory.FindAsync(person.Id(), PortalHost.Cancellation))!;
        Assert.Equal((MappingState.Waiting, null), (mapping.State, mapping.AppUserId));
    }

    /// <summary>Somebody who has just signed in for the first time.</summary>
    private async Task<(Person Person, Browser Browser)> WaitingAsync()
    {
        var id = Guid.NewGuid();
        var person = People.Newcomer with { ObjectId = id, Name = $"Newcomer {id:N}", UserName = $"{id:N}@larkfield.example" };
        host.Introduce(person);
        return (person, await host.Portal.SignInAsync(person));
    }

    public sealed class Host : IAsyncLifetime
    {
        private readonly Lock _introducing = new();

        public PortalHost Portal { get; private set; } = null!;

        public void Introduce(Person person)
        {
            lock (_introducing)
            {
                Portal.Directory.Replace([.. Portal.Directory.Everyone, person]);
            }
        }

        public async ValueTask InitializeAsync() => Portal = await PortalHost.StartRecoveredAsync();

        public ValueTask DisposeAsync() => Portal.DisposeAsync();
    }
}
