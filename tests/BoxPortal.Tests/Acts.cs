using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.SignIn;

namespace BoxPortal.Tests;

/// <summary>What administrators ask for, as tests say it.</summary>
public static class Acts
{
    public static Task<MappingResult> MapAsync(this AppUserChanges changes, ClaimsPrincipal actor, EmployeeId employee, string appUserId, string reason) =>
        changes.AskAsync(actor, new AppUserRequest(AppUserAct.Map, employee, reason) { AppUserId = appUserId }, PortalHost.Cancellation);

    public static Task<MappingResult> AskAsync(this AppUserChanges changes, ClaimsPrincipal actor, AppUserAct act, EmployeeId employee, string reason) =>
        changes.AskAsync(actor, new AppUserRequest(act, employee, reason), PortalHost.Cancellation);
}
