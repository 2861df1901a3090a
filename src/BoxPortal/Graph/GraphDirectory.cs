using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace BoxPortal.Graph;

/// <summary>The company's directory, as Microsoft Graph tells it.</summary>
/// <param name="http">The wire.</param>
/// <param name="tokens">The token to ask with.</param>
/// <param name="options">Whether and where to ask.</param>
public sealed class GraphDirectory(GraphHttp http, GraphTokens tokens, IOptions<GraphOptions> options)
{
    /// <summary>How many groups <see cref="FindGroupsAsync"/> offers at most.</summary>
    public const int MostFound = 20;

    /// <summary>999 is the most that Graph puts on a page of users.</summary>
    private const string FirstPage = "/v1.0/users?$select=id,displayName,userPrincipalName,mail,accountEnabled,department,jobTitle&$top=999";

    /// <summary>Whether the portal may ask: <c>Graph:Enabled</c>.</summary>
    public bool IsEnabled => options.Value.Enabled;

    /// <summary>
    /// Everybody in the tenant, guests and disabled accounts too, page by page as they are needed. The list is whole when it ends
    /// by itself, and at no other time: whatever is missing from it is an exception, also in its middle.
    /// </summary>
    /// <param name="cancellationToken">Abandons the list.</param>
    /// <exception cref="GraphException">
    /// Graph or the identity provider refused (<c>Authorization_RequestDenied</c>: the permission or the consent is missing;
    /// <c>Directory_ExpiredPageToken</c>: too much time between two pages), or answered with anything but a whole page.
    /// </exception>
    /// <exception cref="InvalidOperationException"><see cref="IsEnabled"/> is false.</exception>
    /// <remarks>Source: Microsoft's "List users" and "Paging Microsoft Graph data in your app".</remarks>
    public async IAsyncEnumerable<DirectoryPerson> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var isEmpty = true;
        await foreach (var user in ListAsync<UserPage.User>(FirstPage, UserPage.Read, cancellationToken))
        {
            isEmpty = false;
            yield return user.ToPerson();
        }

        if (isEmpty)
        {
            throw new GraphException("Graph's list names nobody, and no directory is without anybody.") { IsTransient = true };
        }
    }

    /// <summary>The first groups whose names begin so, at most <see cref="MostFound"/>.</summary>
    /// <param name="beginning">Of the name; empty for any.</param>
    /// <param name="cancellationToken">Abandons the search.</param>
    /// <exception cref="GraphException">As <see cref="ListAsync(CancellationToken)"/>.</exception>
    /// <remarks>Source: Microsoft's "List groups".</remarks>
    public async Task<IReadOnlyList<DirectoryGroup>> FindGroupsAsync(string beginning, CancellationToken cancellationToken)
    {
        var filter = beginning.Length == 0 ? "" : $"&$filter={Uri.EscapeDataString($"startswith(displayName,'{beginning.Replace("'", "''", StringComparison.Ordinal)}')")}";
        var page = await PageAsync(At($"/v1.0/groups?$select=id,displayName&$top={MostFound}{filter}"), GroupPage.Read, cancellationToken);
        return [.. page.Value.Select(group => new DirectoryGroup(group.Id, string.IsNullOrWhiteSpace(group.DisplayName) ? group.Id.ToString("D") : group.DisplayName))];
    }

    /// <summary>Everybody who is in a group, also by a group in it. Whole or an exception.</summary>
    /// <param name="groupId">The group's object ID.</param>
    /// <param name="cancellationToken">Abandons the list.</param>
    /// <returns>Object IDs; none where the group has nobody in it.</returns>
    /// <exception cref="GraphException">404: there is no such group. Otherwise as <see cref="ListAsync(CancellationToken)"/>.</exception>
    /// <remarks>Source: Microsoft's "List group transitive members".</remarks>
    public Task<IReadOnlySet<Guid>> MembersAsync(Guid groupId, CancellationToken cancellationToken) =>
        MembersAsync($"/v1.0/groups/{groupId:D}/transitiveMembers", cancellationToken);

    /// <summary>Everybody who holds an app role of the portal's registration, by themselves or by a group that it is assigned to.</summary>
    /// <param name="role">Its value, as claim <c>roles</c> has it.</param>
    /// <param name="cancellationToken">Abandons the list.</param>
    /// <returns>Object IDs; <c>null</c> where the registration has no such role any more.</returns>
    /// <exception cref="GraphException">As <see cref="ListAsync(CancellationToken)"/>.</exception>
    /// <remarks>Source: Microsoft's "List appRoleAssignments granted for a service principal"; a group's own members have it, those of a group in it have not.</remarks>
    public async Task<IReadOnlySet<Guid>?> HoldersAsync(string role, CancellationToken cancellationToken)
    {
        var known = (await PageAsync(At($"{Registration}?$select=id,appRoles"), ServicePrincipal.Read, cancellationToken)).AppRoles
            .FirstOrDefault(known => known.Value == role);
        if (known is null)
        {
            return null;
        }

        HashSet<Guid> holders = [];
        List<Guid> groups = [];
        await foreach (var assignment in ListAsync<AssignmentPage.Assignment>($"{Registration}/appRoleAssignedTo?$top=999", AssignmentPage.Read, cancellationToken))
        {
            if (assignment.AppRoleId == known.Id && assignment.PrincipalType == "User")
            {
                holders.Add(assignment.PrincipalId);
            }
            else if (assignment.AppRoleId == known.Id && assignment.PrincipalType == "Group")
            {
                groups.Add(assignment.PrincipalId);
            }
        }

        foreach (var group in groups)
        {
            holders.UnionWith(await MembersAsync($"/v1.0/groups/{group:D}/members", cancellationToken));
        }

        return holders;
    }

    private string Registration => $"/v1.0/servicePrincipals(appId='{tokens.ClientId}')";

    private async Task<IReadOnlySet<Guid>> MembersAsync(string address, CancellationToken cancellationToken)
    {
        HashSet<Guid> members = [];
        await foreach (var member in ListAsync<MemberPage.Member>($"{address}?$select=id&$top=999", MemberPage.Read, cancellationToken))
        {
            if (member.IsPerson)
            {
                members.Add(member.Id);
            }
        }

        return members;
    }

    private async IAsyncEnumerable<T> ListAsync<T>(
        string first, Func<byte[], IGraphPage<T>> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HashSet<Uri> seen = [];
        for (var address = At(first); address is not null;)
        {
            if (!seen.Add(address))
            {
                throw new GraphException("Graph's list leads back to a page before.") { IsTransient = true };
            }

            var page = await PageAsync(address, read, cancellationToken);
            foreach (var entry in page.Value)
            {
                yield return entry;
            }

            address = page.NextLink is null ? null : Follow(page.NextLink);
        }
    }

    private Uri At(string address) => IsEnabled
        ? new Uri(options.Value.BaseAddress, address)
        : throw new InvalidOperationException("The directory is not to be asked: Graph:Enabled is false.");

    /// <summary>On a 401 the token has been revoked under us: it is forgotten, and another one gets one chance.</summary>
    private async Task<T> PageAsync<T>(Uri address, Func<byte[], T> read, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken);
        try
        {
            return await http.SendAsync(new GraphCall(address, token.Value), read, cancellationToken);
        }
        catch (GraphException fault) when (fault.Status == HttpStatusCode.Unauthorized)
        {
            tokens.Forget(token);
        }

        token = await tokens.GetAsync(cancellationToken);
        return await http.SendAsync(new GraphCall(address, token.Value), read, cancellationToken);
    }

    /// <summary>The token goes where the settings say, and nowhere that an answer says.</summary>
    private Uri Follow(string link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var next)
        && next.GetLeftPart(UriPartial.Authority) == options.Value.BaseAddress.GetLeftPart(UriPartial.Authority)
            ? next
            : throw new GraphException("Graph's list leads on to another address than Graph:BaseAddress; it was not followed.");
}
