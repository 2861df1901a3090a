using BoxPortal.SignIn;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Tests.Sync;

/// <summary>Where the directory cannot be asked, people's own sign-ins say what groups they are in; of whoever has not signed in nothing is known.</summary>
public sealed class SignInClaimsTests : IAsyncLifetime
{
    private PortalHost _portal = null!;

    public async ValueTask InitializeAsync() =>
        _portal = await PortalHost.StartRecoveredAsync(new Dictionary<string, string> { ["Graph:Enabled"] = "false" }).WithAdministratorAsync();

    public ValueTask DisposeAsync() => _portal.DisposeAsync();

    [Fact]
    public async Task Who_signs_in_is_put_in_and_taken_out_by_what_the_token_says_and_whoever_does_not_is_left_alone()
    {
        var source = BoxPortal.Sandbox.Directory.GroupNamed("Production");
        var (group, _) = _portal.NewGroup(members: 0);
        await _portal.RuleAsync(source, group);
        var (tomas, ana) = (People.Tomas, BoxPortal.Sandbox.Directory.Named("ana.jovanovic"));
        using var first = await _portal.SignInAsync(tomas);
        using var second = await _portal.SignInAsync(ana);
        using var other = await _portal.SignInAsync(People.Maya);

        await _portal.SyncAsync();
        Assert.Equal(new[] { tomas, ana }.Names(), _portal.NamesIn(group));

        _portal.Fill(source, BoxPortal.Sandbox.Directory.Named("owen.pryce")); // both have left it; one of them comes back to say so
        using var again = await _portal.SignInAsync(tomas);
        using var owen = await _portal.SignInAsync(BoxPortal.Sandbox.Directory.Named("owen.pryce"));
        await _portal.SyncAsync();
        Assert.Equal(new[] { ana, BoxPortal.Sandbox.Directory.Named("owen.pryce") }.Names(), _portal.NamesIn(group));
    }

    [Fact]
    public async Task Too_many_groups_for_a_token_are_unknown_and_none_of_it_is_in_a_cookie()
    {
        var gwen = BoxPortal.Sandbox.Directory.Named("gwen.achterberg");
        using var browser = await _portal.SignInAsync(gwen);
        using var priya = await _portal.SignInAsync(People.Administrator);

        var claims = await _portal.ReadAsync(db => db.Set<DirectoryClaims>().ToDictionaryAsync(row => row.ObjectId));
        Assert.Null(claims[gwen.ObjectId].Groups);
        Assert.Equal(People.Administrator.DirectoryGroups.Select(id => DirectoryClaims.Entry(id.ToString("D"))), Entries(claims[People.Administrator.ObjectId].Groups!));
        Assert.Equal(" Administrator ", claims[People.Administrator.ObjectId].Roles);
        Assert.All([browser, priya], one => Assert.True(one.Cookies.Jar.Values.Sum(cookie => cookie.Length) < 3000));
    }

    private static IEnumerable<string> Entries(string text) => text.Split("  ").Select(entry => $" {entry.Trim()} ");
}
