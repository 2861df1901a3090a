using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Sandbox;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.AppUsers;

public sealed class ProofTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private MappingProofs Proofs => host.Portal.Services.GetRequiredService<MappingProofs>();

    [Theory]
    [InlineData("priya.raman")]
    [InlineData("kenji.watanabe")]
    [InlineData("charlotte.mbeki")]
    public async Task Administrators_help_desk_and_auditors_see_what_the_app_user_sees_and_are_recorded(string userName)
    {
        var user = host.Portal.AppUserOf(People.Maya);

        var result = await Proofs.ProveAsync(await host.Portal.SessionOfAsync(Named(userName)), People.Maya.Id(), PortalHost.Cancellation);

        var proof = Assert.IsType<ProofResult.Listed>(result);
        Assert.Equal((user.Id, 0, true), (proof.AppUserId, proof.More, proof.IsAll));
        Assert.Equal(["Company", "Engineering", "Expense claims", "Heron", "Manuals", "Tenders"], proof.Items.Select(item => item.Name));
        var asked = host.Portal.Requests.Last(request => request.Path.StartsWith("/2.0/folders/0/items", StringComparison.Ordinal));
        Assert.Equal(user.Id, asked.UserId); // as that app user, not as the service account
        Assert.Contains(await host.Portal.ReadRecordAsync(user.Id), entry => entry.Kind == AuditKind.Proved && entry.Actor == $"{userName}@larkfield.example" && entry.ObjectId == People.Maya.ObjectId);
    }

    [Theory]
    [InlineData("maya.okafor")]
    [InlineData(null)]
    public async Task Nobody_else_sees_anything_and_who_tried_is_recorded(string? userName)
    {
        var actor = userName is null ? new System.Security.Claims.ClaimsPrincipal() : await host.Portal.SessionOfAsync(Named(userName));

        var result = await Proofs.ProveAsync(actor, People.Tomas.Id(), PortalHost.Cancellation);

        Assert.IsType<MappingResult.NotAllowed>(Assert.IsType<ProofResult.Failed>(result).Why);
        Assert.DoesNotContain(host.Portal.Requests, request => request.UserId == host.Portal.AppUserOf(People.Tomas).Id);
        Assert.Contains(await host.Portal.ReadRecordAsync(People.Tomas.Name), entry => entry.Kind == AuditKind.Refused && entry.Detail.StartsWith("Prove", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_long_list_the_first_are_shown_and_the_rest_counted()
    {
        var person = Named("helen.ashworth");
        var user = host.Portal.AppUserOf(person);
        var seen = Assert.IsType<ProofResult.Listed>(await ProveAsync(person)).Items.Count;
        foreach (var number in Enumerable.Range(0, 300))
        {
            host.Portal.Enterprise.AddFolder(user.Root, $"Own {number:000}", user);
        }

        var some = Assert.IsType<ProofResult.Listed>(await ProveAsync(person));
        foreach (var number in Enumerable.Range(300, 900))
        {
            host.Portal.Enterprise.AddFolder(user.Root, $"Own {number:000}", user);
        }

        var many = Assert.IsType<ProofResult.Listed>(await ProveAsync(person));

        Assert.Equal((200, seen + 100, true), (some.Items.Count, some.More, some.IsAll));
        Assert.Equal((200, 800, false), (many.Items.Count, many.More, many.IsAll));
    }

    [Fact]
    public async Task Whoever_acts_as_nobody_is_not_asked_for()
    {
        await host.Portal.Services.GetRequiredService<AppUserChanges>().AskAsync(await host.Portal.SessionOfAsync(People.Administrator), AppUserAct.Suspend, Named("samuel.adeyemi").Id(), "left");
        var before = host.Portal.Requests.Count;

        foreach (var person in new[] { Named("samuel.adeyemi"), People.Suspended, People.Newcomer with { ObjectId = Guid.NewGuid() } })
        {
            Assert.IsType<MappingResult.Unusable>(Assert.IsType<ProofResult.Failed>(await ProveAsync(person)).Why);
        }

        Assert.DoesNotContain(host.Portal.Requests.Skip(before), request => request.Path.Contains("/folders/0/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_Box_refuses_is_told_with_its_code_and_request_and_recorded()
    {
        var person = Named("agnieszka.wrona");
        var user = host.Portal.AppUserOf(person);
        user.IsOfAnotherApp = true;

        var result = await ProveAsync(person);

        var refusal = Assert.IsType<MappingResult.BoxRefused>(Assert.IsType<ProofResult.Failed>(result).Why).Refusal;
        Assert.True(refusal.IsAboutSubject);
        var entry = Assert.Single(await host.Portal.ReadRecordAsync(user.Id), entry => entry.Kind == AuditKind.Refused);
        Assert.Equal((refusal.Code, refusal.RequestId, People.HelpDesk.UserName), (entry.BoxCode, entry.BoxRequestId, entry.Actor));
    }

    private async Task<ProofResult> ProveAsync(Person person) =>
        await Proofs.ProveAsync(await host.Portal.SessionOfAsync(People.HelpDesk), person.Id(), PortalHost.Cancellation);

    private static Person Named(string userName) => BoxPortal.Sandbox.Directory.Named(userName);
}
