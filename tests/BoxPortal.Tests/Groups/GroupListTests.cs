using BoxPortal.Sandbox;
using BoxPortal.Tests.Imports;
using BoxPortal.Tests.SignIn;

namespace BoxPortal.Tests.Groups;

public sealed class GroupListTests
{
    [Fact]
    public async Task Of_2000_groups_pages_are_drawn_from_one_list_and_only_those_shown_are_counted_once_somebody_looks()
    {
        await using var portal = await PortalHost.StartAsync(plant: Plant).WithAdministratorAsync();
        using var browser = await portal.SignInAsync(People.Administrator);
        var before = portal.Requests.Count;

        Assert.Contains("1–25 of 2,000", await ReadAsync("/groups"), StringComparison.Ordinal);
        Assert.Contains("1,976–2,000 of 2,000", await ReadAsync("/groups?page=80"), StringComparison.Ordinal);
        Assert.Contains("Group 1777", await ReadAsync("/groups?q=1777"), StringComparison.Ordinal);
        Assert.Equal(2, CallsFor("/2.0/groups?")); // a page of a thousand each, once for all of it
        Assert.Equal(0, CallsFor("/memberships"));

        await using var page = await CircuitClient.ConnectAsync(browser);
        await page.StartCircuitAsync("/groups?q=1777");
        await page.ExpectAsync("123");
        Assert.Equal(1, CallsFor("/memberships"));
        await using var other = await CircuitClient.ConnectAsync(browser);
        await other.StartCircuitAsync("/groups?q=1777");
        await other.ExpectAsync("123");
        Assert.Equal(1, CallsFor("/memberships")); // known for a minute

        int CallsFor(string part) => portal.Requests.Skip(before).Count(request => request.Path.Contains(part, StringComparison.Ordinal));

        async Task<string> ReadAsync(string address)
        {
            using var answer = await browser.GetAsync(address);
            return await answer.Content.ReadAsStringAsync(PortalHost.Cancellation);
        }
    }

    private static void Plant(Enterprise enterprise)
    {
        lock (enterprise.Gate)
        {
            while (enterprise.Groups.Count < 2_000)
            {
                var group = enterprise.AddGroup($"Group {enterprise.Groups.Count:0000}");
                for (var member = 0; group.Name == "Group 1777" && member < 123; member++)
                {
                    enterprise.AddMembership(enterprise.AddAppUser($"Member {member}", null), group);
                }
            }
        }
    }
}
