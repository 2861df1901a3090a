using System.Net;
using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>Box's <c>/2.0/users</c>, as the service account. Source: Box API reference, "Users".</summary>
/// <param name="api">Makes the calls.</param>
public sealed class BoxUsers(BoxApi api)
{
    private const string Fields =
        "fields=name,login,status,external_app_user_id,is_platform_access_only,language,space_amount,created_at,notification_email";

    /// <summary>One user.</summary>
    /// <param name="id">Box's ID.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    /// <exception cref="BoxApiException">404: there is none, or none that we may see.</exception>
    public Task<BoxUser> GetAsync(string id, CancellationToken cancellationToken) =>
        api.SendAsync(new BoxCall(HttpMethod.Get, $"/2.0/users/{BoxApi.Id(id)}?{Fields}"), BoxJson.Default.BoxUser, cancellationToken);

    /// <summary>As <see cref="GetAsync"/>, where not finding one is ordinary.</summary>
    /// <param name="id">Box's ID.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    /// <returns><c>null</c> when there is none, or none that we may see.</returns>
    public async Task<BoxUser?> FindAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(id, cancellationToken);
        }
        catch (BoxApiException refusal) when (refusal.Status is HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>Our service account itself.</summary>
    /// <param name="cancellationToken">Abandons the call.</param>
    public Task<BoxUser> GetMeAsync(CancellationToken cancellationToken) => GetAsync("me", cancellationToken);

    /// <summary>The app user that carries our own key; Box finds only those that this very application made.</summary>
    /// <param name="externalAppUserId">Our own key.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    /// <returns><c>null</c> when there is none, or it is too new for Box's index.</returns>
    public async Task<BoxUser?> FindByExternalIdAsync(string externalAppUserId, CancellationToken cancellationToken)
    {
        var query = $"/2.0/users?{Fields}&usemarker=true&external_app_user_id={Uri.EscapeDataString(externalAppUserId)}";
        await foreach (var user in api.ListByMarkerAsync(query, BoxJson.Default.PageBoxUser, subject: null, cancellationToken))
        {
            if (user.ExternalAppUserId == externalAppUserId)
            {
                return user;
            }
        }

        return null;
    }

    /// <summary>The enterprise's users, app users among them.</summary>
    /// <param name="filterTerm">Start of a name or login; <c>null</c> for all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    public IAsyncEnumerable<BoxUser> ListAsync(string? filterTerm, CancellationToken cancellationToken) =>
        api.ListByMarkerAsync(
            $"/2.0/users?{Fields}&usemarker=true{(filterTerm is null ? "" : $"&filter_term={Uri.EscapeDataString(filterTerm)}")}",
            BoxJson.Default.PageBoxUser,
            subject: null,
            cancellationToken);

    /// <summary>Makes an app user.</summary>
    /// <param name="user">What it is to be.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">
    /// 409: the key is taken; look it up. Transient: it may have been made; look it up before trying again, this call does not.
    /// </exception>
    public Task<BoxUser> CreateAppUserAsync(NewAppUser user, CancellationToken cancellationToken) =>
        api.SendAsync(
            new BoxCall(HttpMethod.Post, $"/2.0/users?{Fields}").With(user, BoxJson.Default.NewAppUser), BoxJson.Default.BoxUser, cancellationToken);

    /// <summary>Changes a user.</summary>
    /// <param name="id">Box's ID.</param>
    /// <param name="changes">What to change.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <returns>The user as it is now.</returns>
    /// <exception cref="BoxApiException">404: there is none, or none that we may see.</exception>
    public Task<BoxUser> UpdateAsync(string id, BoxUserChanges changes, CancellationToken cancellationToken) =>
        api.SendAsync(
            new BoxCall(HttpMethod.Put, $"/2.0/users/{BoxApi.Id(id)}?{Fields}").With(changes, BoxJson.Default.BoxUserChanges),
            BoxJson.Default.BoxUser,
            cancellationToken);

    /// <summary>Deletes a user, without a mail to anybody. What it owns is not deleted with it: it is refused.</summary>
    /// <param name="id">Box's ID.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">404: there is none. 400 or 403: it still owns content (Box does not document which); not transient.</exception>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) =>
        api.DeleteAsync($"/2.0/users/{BoxApi.Id(id)}?notify=false", cancellationToken);
}
