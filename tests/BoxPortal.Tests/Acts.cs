using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Groups;
using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests;

/// <summary>What administrators ask for, as tests say it.</summary>
public static class Acts
{
    /// <summary>Somebody signed in without a browser: the principal of a live session, as a circuit would hold it.</summary>
    public static async Task<ClaimsPrincipal> SessionOfAsync(this Sessions sessions, Person person)
    {
        var employee = person.AsEmployee();
        var id = await sessions.StartAsync(employee, _ => Task.FromResult(employee.Roles), replacedKey: null, PortalHost.Cancellation);
        return new ClaimsPrincipal(new ClaimsIdentity(
            [
                new("oid", person.ObjectId.ToString()),
                new("tid", BoxPortal.Sandbox.Directory.TenantId),
                new("name", person.Name),
                new("preferred_username", person.UserName),
                new(Sessions.ClaimType, id),
            ],
            authenticationType: "test"));
    }

    public static Task<MappingResult> MapAsync(this AppUserChanges changes, ClaimsPrincipal actor, EmployeeId employee, string appUserId, string reason) =>
        changes.AskAsync(actor, new AppUserRequest(AppUserAct.Map, employee, reason) { AppUserId = appUserId }, PortalHost.Cancellation);

    public static Task<MappingResult> AskAsync(this AppUserChanges changes, ClaimsPrincipal actor, AppUserAct act, EmployeeId employee, string reason) =>
        changes.AskAsync(actor, new AppUserRequest(act, employee, reason), PortalHost.Cancellation);

    /// <summary>Makes somebody the owner of a group.</summary>
    public static async Task OwnAsync(this PortalHost portal, Person owner, Group group) =>
        Assert.Null((await portal.Services.GetRequiredService<GroupKeeping>().AddOwnerAsync(
            await portal.SessionOfAsync(People.Administrator), group.Id, group.Name, owner.Id(), "Runs it", PortalHost.Cancellation)).Objection);

    /// <summary>Ends that.</summary>
    public static async Task DisownAsync(this PortalHost portal, Person owner, Group group) =>
        Assert.Null((await portal.Services.GetRequiredService<GroupKeeping>().RemoveOwnerAsync(
            await portal.SessionOfAsync(People.Administrator), group.Id, group.Name, owner.Id(), "Runs it no more", PortalHost.Cancellation)).Objection);
}
