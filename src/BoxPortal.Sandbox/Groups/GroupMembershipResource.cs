using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>Box's <c>/group_memberships</c>. Source: Box API reference, "Group memberships".</summary>
internal static class GroupMembershipResource
{
    public static readonly Shape<GroupMembership> Shape = new()
    {
        Base = ["type", "id"],
        Mini = ["type", "id", "user", "group", "role"],
        Standard = ["type", "id", "user", "group", "role", "configurable_permissions", "created_at", "modified_at"],
        Fields = new Dictionary<string, Func<GroupMembership, Caller, JsonNode?>>
        {
            ["type"] = (_, _) => "group_membership",
            ["id"] = (membership, _) => membership.Id,
            ["user"] = (membership, caller) => UserResource.Shape.WriteMini(membership.User, caller),
            ["group"] = (membership, caller) => GroupResource.Shape.WriteMini(membership.Group, caller),
            ["role"] = (membership, _) => membership.Role,
            ["configurable_permissions"] = (_, _) => null,
            ["created_at"] = (membership, _) => FieldList.Write(membership.CreatedAt),
            ["modified_at"] = (membership, _) => FieldList.Write(membership.ModifiedAt),
        },
    };

    public static RouteGroupBuilder MapGroupMemberships(this IEndpointRouteBuilder routes)
    {
        var memberships = routes.MapGroup("/group_memberships");
        memberships.MapPost("", Create);
        memberships.MapGet("/{id}", Get);
        memberships.MapPut("/{id}", Update);
        memberships.MapDelete("/{id}", Delete);
        return memberships;
    }

    private static Results<Created<JsonObject>, BoxError> Create(NewMembership wanted, Caller caller, Enterprise enterprise, string? fields)
    {
        if (RefusalToManage(caller) is { } refusal)
        {
            return refusal;
        }
        if (wanted.User?.Id is not { } userId)
        {
            return BoxError.Missing("user.id");
        }
        if (wanted.Group?.Id is not { } groupId)
        {
            return BoxError.Missing("group.id");
        }
        if (wanted.Role is not (null or "member" or "admin"))
        {
            return BoxError.BadRequest("role", $"Invalid value '{wanted.Role}'");
        }
        if (!enterprise.Users.TryGetValue(userId, out var user))
        {
            return BoxError.NotFound("user", userId);
        }
        if (!enterprise.Groups.TryGetValue(groupId, out var group))
        {
            return BoxError.NotFound("group", groupId);
        }
        if (user.Memberships.Any(membership => membership.Group == group))
        {
            return BoxError.Conflict("user", "The user is already a member of the group");
        }

        var made = enterprise.AddMembership(user, group, wanted.Role ?? "member");
        return TypedResults.Created((string?)null, Shape.WriteStandard(made, caller, fields));
    }

    private static Results<Ok<JsonObject>, BoxError> Get(string id, Caller caller, Enterprise enterprise, string? fields) =>
        Find(id, caller, enterprise, out var membership) is { } refusal
            ? refusal
            : TypedResults.Ok(Shape.WriteStandard(membership, caller, fields));

    private static Results<Ok<JsonObject>, BoxError> Update(
        string id, NewRole wanted, Caller caller, Enterprise enterprise, SandboxClock clock, string? fields)
    {
        if (Find(id, caller, enterprise, out var membership) is { } refusal)
        {
            return refusal;
        }
        if (wanted.Role is not (null or "member" or "admin"))
        {
            return BoxError.BadRequest("role", $"Invalid value '{wanted.Role}'");
        }

        membership.Role = wanted.Role ?? membership.Role;
        membership.ModifiedAt = clock.GetUtcNow();
        return TypedResults.Ok(Shape.WriteStandard(membership, caller, fields));
    }

    private static Results<NoContent, BoxError> Delete(string id, Caller caller, Enterprise enterprise)
    {
        if (Find(id, caller, enterprise, out var membership) is { } refusal)
        {
            return refusal;
        }
        enterprise.Remove(membership);
        return TypedResults.NoContent();
    }

    private static BoxError? Find(string id, Caller caller, Enterprise enterprise, out GroupMembership membership)
    {
        membership = enterprise.Memberships.GetValueOrDefault(id)!;
        return RefusalToManage(caller) ?? (membership is null ? BoxError.NotFound("group_membership", id) : null);
    }

    private static BoxError? RefusalToManage(Caller caller) => caller.RefusalToAdminister(Scope.ManageGroups);

    internal sealed record NewMembership(Reference? User, Reference? Group, string? Role);

    internal sealed record NewRole(string? Role);
}

/// <summary>How a body names another resource.</summary>
internal sealed record Reference(string? Id, string? Type, string? Login);
