using System.Runtime.CompilerServices;
using System.Security.Claims;
using BoxPortal.Box;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Authorization;

namespace BoxPortal.AppUsers;

/// <summary>
/// What others lose while an app user is inactive: Box makes unavailable to everybody what an inactive user owns.
/// Source: Box's support article "Users &amp; Groups Settings".
/// </summary>
public sealed class OwnedContent(BoxFolders folders, BoxCollaborations collaborations, IAuthorizationService authorization)
{
    private const int AtOnce = 4;

    /// <summary>
    /// Finds the folders at the top of what an app user owns that others use, and tells after each how far it has come. The last
    /// news is complete.
    /// </summary>
    /// <param name="actor">Who asks; authorised here and now, and told of nothing where they may not.</param>
    /// <param name="appUserId">Whose; still active, since nobody else sees their root.</param>
    /// <param name="cancellationToken">Stops the looking.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer: what is found so far is not all.</exception>
    public async IAsyncEnumerable<OwnedContentFound> FindSharedAsync(
        ClaimsPrincipal actor, string appUserId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!(await authorization.AuthorizeAsync(actor, Policies.Administrator)).Succeeded)
        {
            yield break;
        }

        var subject = new BoxSubject.AppUser(appUserId);
        var shared = await folders.ListOwnedAsync("0", subject, cancellationToken)
            .Where(item => item is { Type: "folder", HasCollaborations: true })
            .ToListAsync(cancellationToken);
        yield return new OwnedContentFound(shared.Count, 0, []);

        var atOnce = new SemaphoreSlim(AtOnce);
        List<SharedFolder> used = [];
        var looked = 0;
        await foreach (var counted in Task.WhenEach(shared.Select(folder => CountAsync(folder, subject, atOnce, cancellationToken))))
        {
            var folder = await counted;
            looked++;
            if (folder.Users + folder.Groups > 0)
            {
                used.Add(folder);
            }

            yield return new OwnedContentFound(shared.Count, looked, [.. used.OrderBy(each => each.Name, StringComparer.OrdinalIgnoreCase)]);
        }
    }

    private async Task<SharedFolder> CountAsync(
        BoxItem folder, BoxSubject.AppUser owner, SemaphoreSlim atOnce, CancellationToken cancellationToken)
    {
        await atOnce.WaitAsync(cancellationToken);
        try
        {
            var (people, groups) = (0, 0);
            await foreach (var collaboration in collaborations.ListOfFolderAsync(folder.Id, owner, cancellationToken))
            {
                if (collaboration.AccessibleBy is { Type: "group" })
                {
                    groups++;
                }
                else if (collaboration.AccessibleBy?.Id != owner.Id)
                {
                    people++; // somebody invited by mail, too, whom Box does not name yet
                }
            }

            return new SharedFolder(folder.Name, people, groups);
        }
        finally
        {
            atOnce.Release();
        }
    }
}

/// <summary>How far the looking has come.</summary>
/// <param name="Total">How many folders are to be looked at.</param>
/// <param name="Looked">How many have been.</param>
/// <param name="Used">Those that others use.</param>
public sealed record OwnedContentFound(int Total, int Looked, IReadOnlyList<SharedFolder> Used)
{
    /// <summary>Whether that is all.</summary>
    public bool IsAll => Looked == Total;
}

/// <summary>A folder that others use.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Users">How many people use it by themselves.</param>
/// <param name="Groups">How many groups use it.</param>
public sealed record SharedFolder(string Name, int Users, int Groups);
