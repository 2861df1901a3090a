using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>Box's <c>/2.0/collaborations</c>, as the service account unless a call names another. Source: Box API reference, "Collaborations".</summary>
/// <param name="api">Makes the calls.</param>
public sealed class BoxCollaborations(BoxApi api)
{
    internal const string Fields = "fields=role,status,accessible_by,item,is_access_only,expires_at,created_at";

    /// <summary>Who has access to a folder.</summary>
    /// <param name="folderId">Box's ID of the folder.</param>
    /// <param name="subject">Who asks; <c>null</c> for the service account, which sees no app user's own folder.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="BoxApiException">404: there is no such folder, or none that the subject may see.</exception>
    public IAsyncEnumerable<Collaboration> ListOfFolderAsync(string folderId, BoxSubject? subject, CancellationToken cancellationToken) =>
        api.ListByMarkerAsync(
            $"/2.0/folders/{BoxApi.Id(folderId)}/collaborations?{Fields}", BoxJson.Default.PageCollaboration, subject, cancellationToken);

    /// <summary>Gives a group access to a folder, without a mail to anybody.</summary>
    /// <param name="folderId">Box's ID of the folder; not <c>"0"</c>.</param>
    /// <param name="groupId">Box's ID of the group.</param>
    /// <param name="role">What may be done there.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">400 <c>user_already_collaborator</c> or 409: it has access already. Transient: it may have been done.</exception>
    public Task<Collaboration> CreateForGroupAsync(
        string folderId, string groupId, CollaborationRole role, CancellationToken cancellationToken) =>
        CreateAsync(folderId, new(groupId, "group"), role, cancellationToken);

    /// <summary>Gives a user access to a folder, without a mail to anybody.</summary>
    /// <param name="folderId">Box's ID of the folder; not <c>"0"</c>.</param>
    /// <param name="userId">Box's ID of the user.</param>
    /// <param name="role">What may be done there.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">400 <c>user_already_collaborator</c> or 409: has access already. Transient: it may have been done.</exception>
    public Task<Collaboration> CreateForUserAsync(
        string folderId, string userId, CollaborationRole role, CancellationToken cancellationToken) =>
        CreateAsync(folderId, new(userId, "user"), role, cancellationToken);

    /// <summary>Changes what may be done.</summary>
    /// <param name="id">Box's ID of the collaboration.</param>
    /// <param name="role">What may be done from now on; not <see cref="CollaborationRole.Owner"/>, which moves the folder.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">404: there is none.</exception>
    public Task<Collaboration> UpdateRoleAsync(string id, CollaborationRole role, CancellationToken cancellationToken) =>
        api.SendAsync(
            new BoxCall(HttpMethod.Put, $"/2.0/collaborations/{BoxApi.Id(id)}?{Fields}")
                .With(new CollaborationBody(role, null, null), BoxJson.Default.CollaborationBody),
            BoxJson.Default.Collaboration,
            cancellationToken);

    /// <summary>Takes access away.</summary>
    /// <param name="id">Box's ID of the collaboration.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">404: there is none.</exception>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) =>
        api.DeleteAsync($"/2.0/collaborations/{BoxApi.Id(id)}", cancellationToken);

    private Task<Collaboration> CreateAsync(
        string folderId, BoxReference accessibleBy, CollaborationRole role, CancellationToken cancellationToken) =>
        api.SendAsync(
            new BoxCall(HttpMethod.Post, $"/2.0/collaborations?notify=false&{Fields}")
                .With(new CollaborationBody(role, new(folderId, "folder"), accessibleBy), BoxJson.Default.CollaborationBody),
            BoxJson.Default.Collaboration,
            cancellationToken);
}
