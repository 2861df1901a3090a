using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Sandbox;

/// <summary>Box's <c>/groups</c>. Source: Box API reference, "Groups".</summary>
internal static class GroupResource
{
    private static readonly string[] s_levels = ["admins_only", "admins_and_members", "all_managed_users"];

    public static readonly Shape<Group> Shape = new()
    {
        Base = ["type", "id"],
        Mini = ["type", "id", "name", "group_type"],
        Standard = ["type", "id", "name", "group_type", "created_at", "modified_at"],
        Fields = new Dictionary<string, Func<Group, Caller, JsonNode?>>
        {
            ["type"] = (_, _) => "group",
            ["id"] = (group, _) => group.Id,
            ["name"] = (group, _) => group.Name,
            ["group_type"] = (_, _) => "managed_group",
            ["created_at"] = (group, _) => FieldList.Write(group.CreatedAt),
            ["modified_at"] = (group, _) => FieldList.Write(group.ModifiedAt),
            ["description"] = (group, _) => group.Description,
            ["provenance"] = (group, _) => group.Provenance,
            ["external_sync_identifier"] = (group, _) => group.ExternalSyncIdentifier,
            ["invitability_level"] = (group, _) => group.InvitabilityLevel,
            ["member_viewability_level"] = (group, _) => group.MemberViewabilityLevel,
            ["permissions"] = (group, caller) => new JsonObject { ["can_invite_as_collaborator"] = CanBeInvitedBy(group, caller) },
        },
    };

    public static RouteGroupBuilder MapGroups(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/groups");
        groups.MapGet("", List);
        groups.MapPost("", Create);
        groups.MapGet("/{id}", Get);
        groups.MapPut("/{id}", Update);
        groups.MapDelete("/{id}", Delete);
        groups.MapGet("/{id}/memberships", Memberships);
        groups.MapGet("/{id}/collaborations", Collaborations);
        return groups;
    }

    /// <summary>Whether the caller may give the group access to something.</summary>
    public static bool CanBeInvitedBy(Group group, Caller caller) =>
        caller.IsAdministrator
        || group.InvitabilityLevel == "all_managed_users"
        || (group.InvitabilityLevel == "admins_and_members" && caller.User.Memberships.Any(membership => membership.Group == group));

    private static Results<Ok<JsonObject>, BoxError> List(
        Caller caller, Enterprise enterprise, [AsParameters] Paging paging, [FromQuery(Name = "filter_term")] string? filterTerm, string? fields)
    {
        if ((RefusalToManage(caller) ?? paging.Refusal) is { } refusal)
        {
            return refusal;
        }
        IReadOnlyCollection<Group> found = filterTerm is null
            ? enterprise.Groups.Values
            : [.. enterprise.Groups.Values.Where(group => group.Name.StartsWith(filterTerm, StringComparison.OrdinalIgnoreCase))];
        return TypedResults.Ok(paging.ByOffset(found, group => Shape.WriteEntry(group, caller, fields)));
    }

    private static Results<Ok<JsonObject>, BoxError> Get(string id, Caller caller, Enterprise enterprise, string? fields) =>
        Find(id, caller, enterprise, out var group) is { } refusal
            ? refusal
            : TypedResults.Ok(Shape.WriteStandard(group, caller, fields));

    private static Results<Created<JsonObject>, BoxError> Create(GroupChange wanted, Caller caller, Enterprise enterprise, string? fields)
    {
        if (RefusalToManage(caller) is { } refusal)
        {
            return refusal;
        }
        if (wanted.Name is null)
        {
            return BoxError.Missing("name");
        }
        if (wanted.Fault(enterprise, null) is { } fault)
        {
            return fault;
        }

        var group = enterprise.AddGroup(wanted.Name);
        wanted.Apply(group, enterprise);
        return TypedResults.Created((string?)null, Shape.WriteStandard(group, caller, fields));
    }

    private static Results<Ok<JsonObject>, BoxError> Update(string id, GroupChange wanted, Caller caller, Enterprise enterprise, SandboxClock clock, string? fields)
    {
        if (Find(id, caller, enterprise, out var group) is { } refusal)
        {
            return refusal;
        }
        if (wanted.Fault(enterprise, group) is { } fault)
        {
            return fault;
        }

        wanted.Apply(group, enterprise);
        group.ModifiedAt = clock.GetUtcNow();
        enterprise.Happened("GROUP_EDITED", Enterprise.OfGroup(group));
        return TypedResults.Ok(Shape.WriteStandard(group, caller, fields));
    }

    private static Results<NoContent, BoxError> Delete(string id, Caller caller, Enterprise enterprise)
    {
        if (Find(id, caller, enterprise, out var group) is { } refusal)
        {
            return refusal;
        }
        enterprise.Remove(group);
        return TypedResults.NoContent();
    }

    private static Results<Ok<JsonObject>, BoxError> Memberships(string id, Caller caller, Enterprise enterprise, [AsParameters] Paging paging) =>
        (Find(id, caller, enterprise, out var group) ?? paging.Refusal) is { } refusal
            ? refusal
            : TypedResults.Ok(paging.ByOffset(group.Memberships, membership => GroupMembershipResource.Shape.WriteMini(membership, caller)));

    private static Results<Ok<JsonObject>, BoxError> Collaborations(string id, Caller caller, Enterprise enterprise, [AsParameters] Paging paging, string? fields) =>
        (Find(id, caller, enterprise, out var group) ?? paging.Refusal) is { } refusal
            ? refusal
            : TypedResults.Ok(paging.ByOffset(group.Collaborations, collaboration => CollaborationResource.Shape.WriteStandard(collaboration, caller, fields)));

    private static BoxError? Find(string id, Caller caller, Enterprise enterprise, out Group group)
    {
        group = enterprise.Groups.GetValueOrDefault(id)!;
        return RefusalToManage(caller) ?? (group is null ? BoxError.NotFound("group", id) : null);
    }

    private static BoxError? RefusalToManage(Caller caller) => caller.RefusalToAdminister(Scope.ManageGroups);

    /// <summary>What is to become of a group; what is absent stays.</summary>
    internal sealed record GroupChange(
        string? Name, string? Description, string? Provenance, string? ExternalSyncIdentifier, string? InvitabilityLevel, string? MemberViewabilityLevel)
    {
        public BoxError? Fault(Enterprise enterprise, Group? group) =>
            Name is not null && (string.IsNullOrWhiteSpace(Name) || Name.Length > 255) ? BoxError.BadRequest("name", "Invalid group name")
            : Description?.Length > 255 ? BoxError.BadRequest("description", "At most 255 characters")
            : Provenance?.Length > 255 ? BoxError.BadRequest("provenance", "At most 255 characters")
            : ExternalSyncIdentifier?.Length > 255 ? BoxError.BadRequest("external_sync_identifier", "At most 255 characters")
            : InvitabilityLevel is not null && !s_levels.Contains(InvitabilityLevel) ? BoxError.BadRequest("invitability_level", "Invalid value")
            : MemberViewabilityLevel is not null && !s_levels.Contains(MemberViewabilityLevel) ? BoxError.BadRequest("member_viewability_level", "Invalid value")
            // Box does not say which group has the name.
            : Name is not null && enterprise.GroupsByName.TryGetValue(Name, out var other) && other != group
                ? BoxError.Conflict("group_tag_name", "Invalid value. A resource with this value already exists")
            : null;

        public void Apply(Group group, Enterprise enterprise)
        {
            enterprise.Rename(group, Name ?? group.Name);
            group.Description = Description ?? group.Description;
            group.Provenance = Provenance ?? group.Provenance;
            group.ExternalSyncIdentifier = ExternalSyncIdentifier ?? group.ExternalSyncIdentifier;
            group.InvitabilityLevel = InvitabilityLevel ?? group.InvitabilityLevel;
            group.MemberViewabilityLevel = MemberViewabilityLevel ?? group.MemberViewabilityLevel;
        }
    }
}
