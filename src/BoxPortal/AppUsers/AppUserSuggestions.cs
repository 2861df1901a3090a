using System.Security.Claims;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.AppUsers;

/// <summary>What the help desk does for people who are not mapped: it names the app user that looks like theirs. Administrators decide.</summary>
public sealed class AppUserSuggestions(
    IDbContextFactory<PortalDb> databases,
    AppUserDirectory directory,
    BoxUsers users,
    AuditTrail audit,
    IAuthorizationService authorization,
    TimeProvider clock)
{
    /// <summary>The score of what a person suggests: they may know better than any comparison, or not.</summary>
    public const int Score = 50;

    /// <summary>Names an app user for somebody who has none. Changes no mapping.</summary>
    /// <param name="actor">Who suggests; authorised here and now.</param>
    /// <param name="employee">For whom.</param>
    /// <param name="appUserId">Which app user.</param>
    /// <param name="reason">Why it is theirs, in the actor's words.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public async Task<MappingResult> SuggestAsync(
        ClaimsPrincipal actor, EmployeeId employee, string appUserId, string reason, CancellationToken cancellationToken)
    {
        if (!(await authorization.AuthorizeAsync(actor, Policies.SuggestMatches)).Succeeded)
        {
            return await directory.RefuseAsync(actor, employee, "Suggest: tried without the role for it.", cancellationToken);
        }

        if (string.IsNullOrWhiteSpace(reason) || reason.Length > AppUserRequest.LongestReason)
        {
            return new MappingResult.Unusable(AppUserRequest.WantsReason);
        }

        try
        {
            if (AppUserChanges.Unsuitability(await users.FindAsync(appUserId, cancellationToken), appUserId) is { } words)
            {
                return new MappingResult.Unusable(words);
            }
        }
        catch (BoxApiException refusal)
        {
            return new MappingResult.BoxRefused(refusal);
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Set<AppUserMapping>().AsNoTracking().FirstOrDefaultAsync(other => other.AppUserId == appUserId, cancellationToken) is { } taken)
        {
            return new MappingResult.Taken(taken.Name);
        }

        switch (await AppUserDirectory.Row(db, employee).SingleOrDefaultAsync(cancellationToken))
        {
            case null:
                return new MappingResult.Unusable("This person is not known to the portal any more.");
            case { State: MappingState.Mapped or MappingState.Suspended } settled:
                return new MappingResult.Unusable(new("{0} has an app user. Suggest one for people who have none.", settled.Name));
            case var mapping:
                return await SaveAsync(db, mapping, Employee.From(actor), appUserId, reason, cancellationToken);
        }
    }

    /// <summary>Leaves the mapping's version as it is: what an administrator has before them is no less true for it.</summary>
    private Task<MappingResult> SaveAsync(
        PortalDb db, AppUserMapping mapping, Employee actor, string appUserId, string reason, CancellationToken cancellationToken)
    {
        var before = mapping.SuggestedAppUserId;
        (mapping.SuggestedAppUserId, mapping.SuggestionScore) = (appUserId, Score);
        mapping.SuggestionReason = $"suggested by {actor.Name}: {reason}";
        mapping.UpdatedAt = clock.GetUtcNow();
        var entry = audit.Entry(
            AuditKind.Suggested, mapping.EmployeeId, mapping.Name, actor.UserName, $"App user {appUserId} suggested: {reason}", appUserId, reference: mapping.Reference);
        entry.Tell(Standing(before), Standing(appUserId), reason);
        return directory.SaveAsync(db, mapping, entry, cancellationToken);
    }

    private static string Standing(string? appUserId) => appUserId is null ? "no suggestion" : $"suggested {appUserId}";
}
