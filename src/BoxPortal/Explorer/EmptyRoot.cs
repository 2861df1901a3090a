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

        var isInGroup = false;
        List<BoxReference> hidden = [];
        await foreach (var membership in memberships.ListOfUserAsync(appUserId, cancellationToken))
        {
            isInGroup = true;
            await foreach (var collaboration in groups.ListCollaborationsAsync(membership.Group.Id, cancellationToken))
            {
                // Accessible but never listed under "All Files"; everything else should have been listed.
                if (collaboration.IsAccessOnly != true)
                {
                    return EmptyRootReason.HasFolders;
                }

                if (collaboration.Item is { Type: "folder" } folder)
                {
                    hidden.Add(folder);
                }
            }
        }

        return !isInGroup ? EmptyRootReason.NoGroups
            : hidden.Count == 0 ? EmptyRootReason.NoFolders
            : new EmptyRootReason("hidden-folders", [.. hidden.DistinctBy(folder => folder.Id).OrderBy(folder => folder.Name, StringComparer.CurrentCultureIgnoreCase)]);
    }
}

/// <summary>Why a root lists nothing.</summary>
/// <param name="State">Which card tells the person.</param>
/// <param name="Hidden">Folders that can be opened by their address alone.</param>
public sealed record EmptyRootReason(string State, IReadOnlyList<BoxReference> Hidden)
{
    /// <summary>The employee's app user is in no group.</summary>
    public static readonly EmptyRootReason NoGroups = new("no-groups", []);

    /// <summary>Its groups bring no folder.</summary>
    public static readonly EmptyRootReason NoFolders = new("no-folders", []);

    /// <summary>It should list something: Box has not spread a change yet, or the employee emptied their own root.</summary>
    public static readonly EmptyRootReason HasFolders = new("has-folders", []);
}
