using System.Net;
using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>Box's <c>/2.0/folders</c>. Source: Box API reference, "Folders".</summary>
/// <param name="api">Makes the calls.</param>
public sealed class BoxFolders(BoxApi api)
{
    /// <summary>One folder, as the service account.</summary>
    /// <param name="id">Box's ID.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    /// <exception cref="BoxApiException">404: there is none, or none that we may see.</exception>
    public Task<BoxFolder> GetAsync(string id, CancellationToken cancellationToken) => GetAsync(id, subject: null, cancellationToken);

    /// <summary>One folder, where not finding it is ordinary.</summary>
    /// <param name="id">Box's ID.</param>
    /// <param name="subject">Who asks; <c>null</c> for the service account.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    /// <returns><c>null</c> when there is none, or none that the subject may see.</returns>
    /// <exception cref="BoxApiException"><c>invalid_grant</c>: there is no such subject.</exception>
    public async Task<BoxFolder?> FindAsync(string id, BoxSubject? subject, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(id, subject, cancellationToken);
        }
        catch (BoxApiException refusal) when (refusal.Status is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>What lies in a folder: folders first, then files.</summary>
    /// <param name="id">Box's ID; <c>"0"</c> is the root of the one who asks.</param>
    /// <param name="subject">Who asks; <c>null</c> for the service account.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="BoxApiException">404: there is none, or none that the subject may see. <c>invalid_grant</c>: there is no such subject.</exception>
    public IAsyncEnumerable<BoxItem> ListItemsAsync(string id, BoxSubject? subject, CancellationToken cancellationToken) =>
        api.ListByMarkerAsync(
            $"/2.0/folders/{BoxApi.Id(id)}/items?fields=name&usemarker=true", BoxJson.Default.PageBoxItem, subject, cancellationToken);

    /// <summary>The folders in a folder, as the service account, with whether others were let into each.</summary>
    /// <param name="id">Box's ID.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="BoxApiException">404: there is none, or none that we may see.</exception>
    public IAsyncEnumerable<BoxItem> ListFoldersAsync(string id, CancellationToken cancellationToken) =>
        api.ListByMarkerAsync(
            $"/2.0/folders/{BoxApi.Id(id)}/items?fields=name,has_collaborations&usemarker=true", BoxJson.Default.PageBoxItem, subject: null, cancellationToken)
            .Where(item => item.Type == "folder");

    /// <summary>What an app user owns in a folder, asked as itself, with whether others use it.</summary>
    /// <param name="id">Box's ID; <c>"0"</c> is the app user's root, where all that it owns begins.</param>
    /// <param name="owner">The app user. An inactive one gets no token: ask before suspending it.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="BoxApiException">404: there is no such folder, or none that the owner may see. <c>invalid_grant</c>: there is no such app user.</exception>
    public IAsyncEnumerable<BoxItem> ListOwnedAsync(string id, BoxSubject.AppUser owner, CancellationToken cancellationToken) =>
        api.ListByMarkerAsync(
            $"/2.0/folders/{BoxApi.Id(id)}/items?fields=name,owned_by,has_collaborations&usemarker=true",
            BoxJson.Default.PageBoxItem,
            owner,
            cancellationToken).Where(item => item.OwnedBy?.Id == owner.Id);

    private Task<BoxFolder> GetAsync(string id, BoxSubject? subject, CancellationToken cancellationToken) =>
        api.SendAsync(
            new BoxCall(HttpMethod.Get, $"/2.0/folders/{BoxApi.Id(id)}?fields=name,parent,owned_by,path_collection,permissions"), BoxJson.Default.BoxFolder, subject, cancellationToken);
}
