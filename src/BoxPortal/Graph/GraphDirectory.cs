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
        if (!IsEnabled)
        {
            throw new InvalidOperationException("The directory is not to be asked: Graph:Enabled is false.");
        }

        HashSet<Uri> seen = [];
        var isEmpty = true;
        for (Uri? address = new(options.Value.BaseAddress, FirstPage); address is not null;)
        {
            if (!seen.Add(address))
            {
                throw new GraphException("Graph's list leads back to a page before.") { IsTransient = true };
            }

            var page = await PageAsync(address, cancellationToken);
            foreach (var user in page.Value)
            {
                isEmpty = false;
                yield return user.ToPerson();
            }

            address = page.NextLink is null ? null : Follow(page.NextLink);
        }

        if (isEmpty)
        {
            throw new GraphException("Graph's list names nobody, and no directory is without anybody.") { IsTransient = true };
        }
    }

    /// <summary>On a 401 the token has been revoked under us: it is forgotten, and another one gets one chance.</summary>
    private async Task<UserPage> PageAsync(Uri address, CancellationToken cancellationToken)
    {
        var token = await tokens.GetAsync(cancellationToken);
        try
        {
            return await http.SendAsync(new GraphCall(address, token.Value), UserPage.Read, cancellationToken);
        }
        catch (GraphException fault) when (fault.Status == HttpStatusCode.Unauthorized)
        {
            tokens.Forget(token);
        }

        token = await tokens.GetAsync(cancellationToken);
        return await http.SendAsync(new GraphCall(address, token.Value), UserPage.Read, cancellationToken);
    }

    /// <summary>The token goes where the settings say, and nowhere that an answer says.</summary>
    private Uri Follow(string link) =>
        Uri.TryCreate(link, UriKind.Absolute, out var next)
        && next.GetLeftPart(UriPartial.Authority) == options.Value.BaseAddress.GetLeftPart(UriPartial.Authority)
            ? next
            : throw new GraphException("Graph's list leads on to another address than Graph:BaseAddress; it was not followed.");
}
