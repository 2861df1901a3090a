using BoxPortal.AppUsers;
using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using BoxPortal.Tokens;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

/// <summary>Who somebody is hangs on tenant and object ID alone, whatever they are called.</summary>
public sealed class IdentityTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    [Fact]
    public void Different_people_never_share_an_external_ID_and_each_is_read_back() =>
        Gen.Select(Gen.Guid, Gen.Guid, Gen.Guid, Gen.Guid).Sample((tenant, person, otherTenant, other) =>
        {
            EmployeeId[] all = [.. new[] { new EmployeeId(tenant, person), new(tenant, other), new(otherTenant, person), new(otherTenant, other), new(person, tenant) }.Distinct()];

            Assert.Equal(all.Length, all.Select(id => id.ExternalAppUserId).Distinct(StringComparer.OrdinalIgnoreCase).Count());
            Assert.All(all, id => Assert.Equal(id, EmployeeId.FromExternalAppUserId(id.ExternalAppUserId)));
        });

    [Fact]
    public void What_another_system_wrote_is_read_as_nobody_or_as_exactly_whom_it_names() =>
        Gen.OneOf(
            Gen.String,
            Gen.Select(Gen.Guid, Gen.Guid, Gen.Char).Select((first, second, letter) => $"{first}{letter}{second}"),
            Gen.Select(Gen.Guid, Gen.Guid, Gen.Int[0, 72], Gen.Char).Select((first, second, at, letter) => $"{first}@{second}".Remove(at, 1).Insert(at, $"{letter}")),
            Gen.Select(Gen.Guid, Gen.Guid).Select((first, second) => $"{first:N}@{second:N}"),
            Gen.Select(Gen.Guid, Gen.Guid).Select((first, second) => $"{first}@{second}@{second}")).Sample(text =>
            {
                if (EmployeeId.FromExternalAppUserId(text) is { } read)
                {
                    Assert.Equal(text, read.ExternalAppUserId);
                }
            }, iter: 2000);

    [Fact]
    public async Task Somebody_with_the_same_mail_and_name_as_another_is_somebody_else()
    {
        var double1 = People.Maya with { ObjectId = Guid.NewGuid() };
        await AssertIsNobodyYetAsync(double1);
        await AssertStillOwnAsync(People.Maya);
    }

    [Theory]
    [InlineData("MAYA.OKAFOR@LARKFIELD.EXAMPLE")]
    [InlineData("maya.okafor@larkfield.example ")]
    [InlineData("mаya.okafor@larkfield.example")] // Cyrillic а
    [InlineData("maya.okafor＠larkfield.example")]
    [InlineData("maya．okafor@larkfield.example")]
    [InlineData("ＭＡＹＡ.okafor@larkfield.example")]
    [InlineData("maya.oka\u200Bfor@larkfield.example")]
    [InlineData("maya.o\u212Aafor@larkfield.example")] // the Kelvin sign folds to k
    [InlineData("maya.okafor@larkfield.example\u0000")]
    [InlineData("maya.okafor@larkfıeld.example")]
    public async Task A_sign_in_name_that_looks_or_folds_like_anothers_is_somebody_elses(string userName)
    {
        await AssertIsNobodyYetAsync(People.Maya with { ObjectId = Guid.NewGuid(), UserName = userName });
        await AssertStillOwnAsync(People.Maya);
    }

    [Fact]
    public async Task Somebody_renamed_keeps_what_is_theirs_and_whoever_gets_the_old_name_gets_nothing()
    {
        var before = BoxPortal.Sandbox.Directory.Named("owen.pryce");
        using (var browser = await host.Portal.SignInAsync(before))
        {
            await browser.TakeTokenAsync();
        }

        var renamed = before with { Name = "Owen Pryce-Maddox", UserName = "owen.maddox@larkfield.example" };
        var heir = before with { ObjectId = Guid.NewGuid() };
        host.Portal.Directory.Replace([.. host.Portal.Directory.Everyone.Where(person => person.ObjectId != before.ObjectId), renamed, heir]);
        using var theirs = await host.Portal.SignInAsync(renamed);
        using var heirs = await host.Portal.SignInAsync(heir);

        Assert.Equal(host.Portal.AppUserOf(before).Id, await host.Portal.WhoActsWithAsync(await theirs.TakeTokenAsync()));
        Assert.Equal("not-mapped", (await heirs.TakeRefusalAsync()).State);
    }

    [Fact]
    public async Task The_same_object_ID_in_another_tenant_is_somebody_else()
    {
        var elsewhere = new Employee(new EmployeeId(Guid.NewGuid(), People.Maya.ObjectId), People.Maya.Name, People.Maya.UserName, []);

        var result = await host.Portal.Services.GetRequiredService<ExplorerTokens>().GetAsync(elsewhere, refused: null, PortalHost.Cancellation);

        Assert.Equal(TokenRefusal.NotMapped, Assert.IsType<TokenResult.Refused>(result).Refusal);
        await AssertStillOwnAsync(People.Maya);
    }

    [Fact]
    public async Task Two_tenants_with_the_same_object_IDs_get_app_users_of_their_own()
    {
        var directory = host.Portal.Services.GetRequiredService<AppUserDirectory>();
        var changes = host.Portal.Services.GetRequiredService<AppUserChanges>();
        var tokens = host.Portal.Services.GetRequiredService<ExplorerTokens>();
        var person = Guid.NewGuid();
        Employee[] doubles = [.. Enumerable.Range(0, 4).Select(_ => new Employee(new EmployeeId(Guid.NewGuid(), person), "Same Name", "same@larkfield.example", []))];
        await Task.WhenAll(doubles.Select(one => directory.RecordSignInAsync(one, PortalHost.Cancellation)));
        foreach (var one in doubles)
        {
            Assert.IsType<MappingResult.Done>(await changes.AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Create, one.Id, "a test"));
        }

        var given = await Task.WhenAll(doubles.Select(one => tokens.GetAsync(one, refused: null, PortalHost.Cancellation)));

        var acting = await Task.WhenAll(given.Select(result => host.Portal.WhoActsWithAsync(Assert.IsType<TokenResult.Minted>(result).Token.Value)));
        Assert.Equal(doubles.Select(one => host.Portal.Enterprise.UsersByExternalId[one.Id.ExternalAppUserId].Id), acting);
        Assert.Equal(doubles.Length, acting.Distinct().Count());
    }

    private async Task AssertIsNobodyYetAsync(Person person)
    {
        host.Portal.Directory.Replace([.. host.Portal.Directory.Everyone, person]);
        using var browser = await host.Portal.SignInAsync(person);

        Assert.Equal("not-mapped", (await browser.TakeRefusalAsync()).State);
    }

    private async Task AssertStillOwnAsync(Person person)
    {
        using var browser = await host.Portal.SignInAsync(person);

        Assert.Equal(host.Portal.AppUserOf(person).Id, await host.Portal.WhoActsWithAsync(await browser.TakeTokenAsync()));
    }
}
