using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>Box's <c>/2.0/groups</c>, as the service account. Source: Box API reference, "Groups".</summary>
/// <param name="api">Makes the calls.</param>
public sealed class BoxGroups(BoxApi api)
{
    /// <summary>How many groups, members of a group, or folders of a group Box lists at most: offsets end at 10,000, with a page of 1,000 after it.</summary>
    public const int MostListed = 11_000;

    private const string Fields =
        "fields=name,description,provenance,external_sync_identifier,invitability_level,member_viewability_level,created_at";

    /// <summary>The enterprise's groups.</summary>
    /// <param name="filterTerm">Start of a name; <c>null</c> for all.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="BoxApiException">More than 11,000 match: Box gives no more.</exception>
    public IAsyncEnumerable<BoxGroup> ListAsync(string? filterTerm, CancellationToken cancellationToken) =>
        api.ListByOffsetAsync(
            $"/2.0/groups?{Fields}{(filterTerm is null ? "" : $"&filter_term={Uri.EscapeDataString(filterTerm)}")}",
            BoxJson.Default.PageBoxGroup,
            cancellationToken);

    /// <summary>One group.</summary>
    /// <param name="id">Box's ID.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    /// <exception cref="BoxApiException">404: there is none, or none that we may see.</exception>
    public Task<BoxGroup> GetAsync(string id, CancellationToken cancellationToken) =>
        api.SendAsync(new BoxCall(HttpMethod.Get, $"/2.0/groups/{BoxApi.Id(id)}?{Fields}"), BoxJson.Default.BoxGroup, cancellationToken);

    /// <summary>Makes a group.</summary>
    /// <param name="group">What it is to be; a name at least.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">409: the name is taken; Box does not say by which group. Transient: it may have been made.</exception>
    public Task<BoxGroup> CreateAsync(BoxGroupChanges group, CancellationToken cancellationToken) =>
        api.SendAsync(
            new BoxCall(HttpMethod.Post, $"/2.0/groups?{Fields}").With(group, BoxJson.Default.BoxGroupChanges), BoxJson.Default.BoxGroup, cancellationToken);

    /// <summary>Changes a group.</summary>
    /// <param name="id">Box's ID.</param>
    /// <param name="changes">What to change.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <returns>The group as it is now.</returns>
    /// <exception cref="BoxApiException">404: there is none. 409: the name is taken.</exception>
    public Task<BoxGroup> UpdateAsync(string id, BoxGroupChanges changes, CancellationToken cancellationToken) =>
        api.SendAsync(
            new BoxCall(HttpMethod.Put, $"/2.0/groups/{BoxApi.Id(id)}?{Fields}").With(changes, BoxJson.Default.BoxGroupChanges),
            BoxJson.Default.BoxGroup,
            cancellationToken);

    /// <summary>Deletes a group, with its memberships and collaborations.</summary>
    /// <param name="id">Box's ID.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">404: there is none.</exception>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) =>
        api.DeleteAsync($"/2.0/groups/{BoxApi.Id(id)}", cancellationToken);

    /// <summary>Who is in a group.</summary>
    /// <param name="groupId">Box's ID of the group.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="BoxApiException">404: there is no such group. More than 11,000: Box gives no more.</exception>
    public IAsyncEnumerable<GroupMembership> ListMembershipsAsync(string groupId, CancellationToken cancellationToken) =>
        api.ListByOffsetAsync(
            $"/2.0/groups/{BoxApi.Id(groupId)}/memberships?{BoxGroupMemberships.Fields}", BoxJson.Default.PageGroupMembership, cancellationToken);

    /// <summary>Some of those who are in a group, in Box's order, and how many there are in all.</summary>
    /// <param name="groupId">Box's ID of the group.</param>
    /// <param name="skip">How many to leave out; of more than <see cref="MostListed"/>, Box shows none.</param>
    /// <param name="take">How many to read, at most 1,000.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    /// <exception cref="BoxApiException">404: there is no such group.</exception>
    public Task<(IReadOnlyList<GroupMembership> Members, int Total)> ReadMembershipsAsync(string groupId, int skip, int take, CancellationToken cancellationToken) =>
        api.ReadPartAsync(
            $"/2.0/groups/{BoxApi.Id(groupId)}/memberships?{BoxGroupMemberships.Fields}", BoxJson.Default.PageGroupMembership, skip, take, cancellationToken);

    /// <summary>What a group has access to.</summary>
    /// <param name="groupId">Box's ID of the group.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="BoxApiException">404: there is no such group. More than 11,000: Box gives no more.</exception>
    public IAsyncEnumerable<Collaboration> ListCollaborationsAsync(string groupId, CancellationToken cancellationToken) =>
        api.ListByOffsetAsync(
            $"/2.0/groups/{BoxApi.Id(groupId)}/collaborations?{BoxCollaborations.Fields}", BoxJson.Default.PageCollaboration, cancellationToken);
}
