using System.Security.Claims;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Authorization;

namespace BoxPortal.AppUsers;

/// <summary>
/// Shows what a mapping leads to: the root of the app user, as Box lists it now. Asked here, as that app user; nothing but names
/// leaves the server, and every look is recorded.
/// </summary>
public sealed class MappingProofs(
    AppUserDirectory directory, BoxFolders folders, AuditTrail audit, IAuthorizationService authorization, TimeProvider clock)
{
    /// <summary>How many names <see cref="ProveAsync"/> gives at most.</summary>
    public const int MostShown = 200;

    /// <summary>As many as Box gives in one answer: nobody reads more to recognise a person.</summary>
    private const int MostCounted = 1000;

    /// <summary>Lists the root of an employee's app user.</summary>
    /// <param name="actor">Who looks; authorised here and now.</param>
    /// <param name="employee">Whose mapping.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public async Task<ProofResult> ProveAsync(ClaimsPrincipal actor, EmployeeId employee, CancellationToken cancellationToken)
    {
        if (!(await authorization.AuthorizeAsync(actor, Policies.ProveMapping)).Succeeded)
        {
            return new ProofResult.Failed(await directory.RefuseAsync(actor, employee, "Prove: tried without the role for it.", cancellationToken));
        }

        if (await directory.FindAsync(employee, cancellationToken) is not { State: not MappingState.Suspended, AppUserId: { } appUserId } mapping)
        {
            return new ProofResult.Failed(new MappingResult.Unusable("This person acts as nobody in Box now."));
        }

        var by = Employee.From(actor).UserName;
        var at = clock.GetUtcNow();
        var items = new List<BoxItem>();
        try
        {
            await foreach (var item in folders.ListItemsAsync("0", new BoxSubject.AppUser(appUserId), cancellationToken))
            {
                items.Add(item);
                if (items.Count == MostCounted)
                {
                    break;
                }
            }
        }
        catch (BoxApiException refusal)
        {
            await audit.WriteAsync(audit.Entry(AuditKind.Refused, employee, mapping.Name, by, $"Prove: {refusal.Message}", appUserId, refusal: refusal), cancellationToken);
            return new ProofResult.Failed(new MappingResult.BoxRefused(refusal));
        }

        var isAll = items.Count < MostCounted;
        // Nobody sees what the record does not know of.
        await audit.WriteAsync(audit.Entry(AuditKind.Proved, employee, mapping.Name, by,
            $"Looked at what app user {appUserId} sees: {items.Count}{(isAll ? "" : " or more")} at the top.", appUserId), cancellationToken);
        var shown = items.OrderBy(item => item.Type != "folder").ThenBy(item => item.Name, StringComparer.OrdinalIgnoreCase).Take(MostShown);
        return new ProofResult.Listed(appUserId, [.. shown], items.Count - Math.Min(items.Count, MostShown), isAll, at);
    }
}

/// <summary>What came of proving a mapping. Every case is ordinary; faults are exceptions.</summary>
public abstract record ProofResult
{
    private ProofResult() { }

    /// <summary>Box has listed it.</summary>
    /// <param name="AppUserId">As whom.</param>
    /// <param name="Items">Folders first, then by name.</param>
    /// <param name="More">How many there are beyond <paramref name="Items"/>.</param>
    /// <param name="IsAll">Whether there are no more than that.</param>
    /// <param name="At">When Box was asked, UTC.</param>
    public sealed record Listed(string AppUserId, IReadOnlyList<BoxItem> Items, int More, bool IsAll, DateTimeOffset At) : ProofResult;

    /// <summary>It was not to be had.</summary>
    /// <param name="Why">Why not.</param>
    public sealed record Failed(MappingResult Why) : ProofResult;
}
