using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>Box's <c>/2.0/group_memberships</c>, as the service account. Source: Box API reference, "Group memberships".</summary>
/// <param name="api">Makes the calls.</param>
public sealed class BoxGroupMemberships(BoxApi api)
{
    internal const string Fields = "fields=user,group,role";

    /// <summary>Which groups a user is in.</summary>
    /// <param name="userId">Box's ID of the user.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="BoxApiException">404: there is no such user. More than 11,000: Box gives no more.</exception>
    public IAsyncEnumerable<GroupMembership> ListOfUserAsync(string userId, CancellationToken cancellationToken) =>
        api.ListByOffsetAsync(
            $"/2.0/users/{BoxApi.Id(userId)}/memberships?{Fields}", BoxJson.Default.PageGroupMembership, cancellationToken);

    /// <summary>One membership, with its date.</summary>
    /// <param name="id">Box's ID of the membership.</param>
    /// <param name="cancellationToken">Abandons the call.</param>
    /// <exception cref="BoxApiException">404: there is none.</exception>
    public Task<GroupMembership> GetAsync(string id, CancellationToken cancellationToken) =>
        api.SendAsync(
            new BoxCall(HttpMethod.Get, $"/2.0/group_memberships/{BoxApi.Id(id)}?{Fields},created_at"), BoxJson.Default.GroupMembership, cancellationToken);

    /// <summary>Puts a user into a group.</summary>
    /// <param name="userId">Box's ID of the user.</param>
    /// <param name="groupId">Box's ID of the group.</param>
    /// <param name="role">As what.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">409: already in it. 404: no such user or group. Transient: it may have been done.</exception>
    public Task<GroupMembership> CreateAsync(string userId, string groupId, GroupRole role, CancellationToken cancellationToken) =>
        api.SendAsync(
            new BoxCall(HttpMethod.Post, $"/2.0/group_memberships?{Fields}")
                .With(new MembershipBody(new(userId), new(groupId), role), BoxJson.Default.MembershipBody),
            BoxJson.Default.GroupMembership,
            cancellationToken);

    /// <summary>Changes what a member may do.</summary>
    /// <param name="id">Box's ID of the membership.</param>
    /// <param name="role">As what from now on.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">404: there is none.</exception>
    public Task<GroupMembership> UpdateRoleAsync(string id, GroupRole role, CancellationToken cancellationToken) =>
        api.SendAsync(
            new BoxCall(HttpMethod.Put, $"/2.0/group_memberships/{BoxApi.Id(id)}?{Fields}")
                .With(new MembershipBody(null, null, role), BoxJson.Default.MembershipBody),
            BoxJson.Default.GroupMembership,
            cancellationToken);

    /// <summary>Takes a user out of a group.</summary>
    /// <param name="id">Box's ID of the membership.</param>
    /// <param name="cancellationToken">Abandons the call, which Box may have carried out all the same.</param>
    /// <exception cref="BoxApiException">404: there is none.</exception>
    public Task DeleteAsync(string id, CancellationToken cancellationToken) =>
        api.DeleteAsync($"/2.0/group_memberships/{BoxApi.Id(id)}", cancellationToken);
}
