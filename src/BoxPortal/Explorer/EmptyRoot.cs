using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.SignIn;

namespace BoxPortal.Explorer;

/// <summary>Why an employee's Explorer lists nothing: Box's Explorer says the same words for every case.</summary>
public sealed class EmptyRoot(AppUserDirectory directory, BoxGroupMemberships memberships, BoxGroups groups)
{
    /// <summary>Asks Box as the service account, so one call and one more for each group.</summary>
    /// <exception cref="BoxApiException">Box refused or did not answer.</exception>
    public async Task<EmptyRootReason> ExplainAsync(Employee employee, CancellationToken cancellationToken)
    {
        if (await directory.GetAsync(employee, cancellationToken) is not { State: MappingState.Mapped, AppUserId: { } appUserId })
        {
            return EmptyRootReason.NoGroups;
        }

        var reason = EmptyRootReason.NoGroups;
        await foreach (var membership in memberships.ListOfUserAsync(appUserId, cancellationToken))
        {
            reason = EmptyRootReason.NoFolders;
            await foreach (var collaboration in groups.ListCollaborationsAsync(membership.Group.Id, cancellationToken))
            {
                // Accessible but never listed under "All Files"; everything else should have been listed.
                if (collaboration.IsAccessOnly != true)
                {
                    return EmptyRootReason.HasFolders;
                }
            }
        }

        return reason;
    }
}

/// <summary>Why a root lists nothing.</summary>
public enum EmptyRootReason
{
    /// <summary>The employee's app user is in no group.</summary>
    NoGroups,

    /// <summary>Its groups bring no folder that is listed.</summary>
    NoFolders,

    /// <summary>It should list something: Box has not spread a change yet, or the employee emptied their own root.</summary>
    HasFolders,
}
