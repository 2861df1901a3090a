using BoxPortal.Sandbox.Tests.SignIn;

namespace BoxPortal.Sandbox.Tests;

public sealed class LargerCompanyTests
{
    [Theory]
    [InlineData(5_000, 500, 3_000)]
    [InlineData(20_000, 2_000, 12_000)]
    public void A_tenth_as_many_groups_as_people_and_one_of_three_fifths(int people, int groups, int largest)
    {
        var (enterprise, directory) = Plant(people);

        Assert.Equal(people, directory.Everyone.Count);
        Assert.Equal(people, directory.Everyone.Select(person => person.UserName).Distinct().Count());
        Assert.Equal(groups, enterprise.Groups.Count);
        Assert.Equal(largest, enterprise.Groups.Values.Max(group => group.Memberships.Count));
        Assert.InRange(enterprise.Users.Count, people * 98 / 100, people);
        Assert.All(directory.Everyone, person => Assert.Matches("^[a-z-]+[.][a-z-]+[0-9]*@larkfield[.]example$", person.UserName));
    }

    [Fact]
    public void The_ordinary_company_is_part_of_it()
    {
        var (enterprise, directory) = Plant(5_000);

        Assert.Equal(Directory.People, directory.Everyone.Take(Directory.People.Count));
        Assert.Equal(4, enterprise.UsersByExternalId[Directory.Named("maya.okafor").ExternalAppUserId].Memberships.Count);
    }

    [Fact]
    public void The_same_size_is_the_same_company()
    {
        var (first, _) = Plant(5_000);
        var (second, _) = Plant(5_000);

        Assert.Equal(Memberships(first), Memberships(second));

        static List<string> Memberships(Enterprise enterprise) =>
            [.. enterprise.Memberships.Values.Select(membership => $"{membership.Id} {membership.User.Name} {membership.Group.Name}")];
    }

    [Fact]
    public void Planting_the_ordinary_company_again_sends_the_others_home()
    {
        var (enterprise, directory) = Plant(5_000);
        enterprise.Clear();

        Seed.Plant(enterprise, directory, new SandboxClock());

        Assert.Equal(Directory.People, directory.Everyone);
        Assert.Equal(12, enterprise.Groups.Count);
    }

    [Fact]
    public async Task The_sign_in_page_never_lists_them_all()
    {
        await using var application = new Application();
        await application.InitializeAsync();
        application.Directory.Replace(Plant(20_000).Directory.Everyone);
        var last = application.Directory.Everyone[^1];

        var page = await application.AskAsync();
        var names = await Application.NamesOnAsync(page);
        var next = await Application.NamesOnAsync(await application.AskAsync(("page", "2")));
        var found = await Application.NamesOnAsync(await application.AskAsync(("find", last.UserName)));

        Assert.InRange(names.Count, 50, 110);
        Assert.Contains("Page 1 of 200, 20,000 people", await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(next.Intersect(names));
        Assert.Equal([last.Name], found);
    }

    private static (Enterprise Enterprise, Directory Directory) Plant(int people)
    {
        var clock = new SandboxClock();
        var enterprise = new Enterprise(new SandboxOptions(), clock);
        var directory = new Directory();
        Seed.Plant(enterprise, directory, clock, people);
        return (enterprise, directory);
    }
}
