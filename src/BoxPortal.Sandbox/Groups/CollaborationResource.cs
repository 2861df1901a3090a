using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>Box's <c>/collaborations</c>. Source: Box API reference, "User collaborations".</summary>
internal static class CollaborationResource
{
    public static readonly Shape<Collaboration> Shape = new()
    {
        Base = ["type", "id"],
        Mini = ["type", "id"],
        Standard =
        [
            "type", "id", "created_by", "created_at", "modified_at", "expires_at", "status", "accessible_by", "invite_email", "role",
            "acknowledged_at", "item", "is_access_only",
        ],
        Fields = new Dictionary<string, Func<Collaboration, Caller, JsonNode?>>
        {
            ["type"] = (_, _) => "collaboration",
            ["id"] = (collaboration, _) => collaboration.Id,
            ["created_by"] = (collaboration, caller) => UserResource.Shape.WriteMini(collaboration.CreatedBy, caller),
            ["created_at"] = (collaboration, _) => FieldList.Write(collaboration.CreatedAt),
            ["modified_at"] = (collaboration, _) => FieldList.Write(collaboration.ModifiedAt),
            ["expires_at"] = (collaboration, _) => collaboration.ExpiresAt is { } end ? FieldList.Write(end) : null,
            // Groups and users of the same enterprise are not asked: they have accepted at once.
            ["status"] = (collaboration, _) => collaboration.Status,
            ["accessible_by"] = (collaboration, caller) => collaboration.User is not null
                ? UserResource.Shape.WriteMini(collaboration.User, caller)
                : GroupResource.Shape.WriteMini(collaboration.Group!, caller),
            ["invite_email"] = (_, _) => null,
            ["role"] = (collaboration, _) => collaboration.RoleName,
            ["acknowledged_at"] = (collaboration, _) => FieldList.Write(collaboration.CreatedAt),
            ["item"] = (collaboration, caller) => collaboration.Status == "pending" ? null : ItemResource.WriteEntry(collaboration.Item, caller, null),
            ["is_access_only"] = (collaboration, _) => collaboration.IsAccessOnly,
        },
    };

    public static RouteGroupBuilder MapCollaborations(this IEndpointRouteBuilder routes)
    {
        var collaborations = routes.MapGroup("/collaborations");
        collaborations.MapPost("", Create);
        collaborations.MapGet("/{id}", Get);
        collaborations.MapPut("/{id}", Update);
        collaborations.MapDelete("/{id}", Delete);
        return collaborations;
    }

    /// <summary>What is given on the item itself.</summary>
    public static JsonObject ListOf(Item item, Caller caller, Paging paging, string? fields) =>
        paging.ByMarker(item.Collaborations, collaboration => collaboration.Id, collaboration => Shape.WriteStandard(collaboration, caller, fields));

    private static Results<Created<JsonObject>, BoxError> Create(NewCollaboration wanted, Caller caller, Enterprise enterprise, string? fields)
    {
        if (wanted.Item is not { Id: { } itemId, Type: "folder" or "file" })
        {
            return BoxError.Missing("item");
        }
        if (itemId == Folder.RootId)
        {
            return new BoxError(400, "collaborations_not_available_on_root_folder", "Root folder cannot be collaborated");
        }
        if (caller.OpenItem(wanted.Item.Type, itemId, Rights.Invite, out var item) is { } refusal)
        {
            return refusal;
        }
        // Shared one by one, files take these two roles only, unless an administrator allows more.
        if (wanted.Role is null || !Role.Names.Contains(wanted.Role) || (item is BoxFile && wanted.Role is not ("editor" or "viewer")))
        {
            return BoxError.BadRequest("role", $"Invalid value '{wanted.Role}'");
        }
        if (Grantee(wanted.AccessibleBy, caller, enterprise, out var user, out var group) is { } nobody)
        {
            return nobody;
        }
        if (item.Owner == user || item.Collaborations.Any(collaboration => collaboration.User == user && collaboration.Group == group))
        {
            return user is not null
                ? new BoxError(400, "user_already_collaborator", "User is already a collaborator")
                : BoxError.Conflict("accessible_by", "The group is already a collaborator");
        }

        var made = enterprise.AddCollaboration(item, user, group, wanted.Role, caller.User, wanted.IsAccessOnly ?? false, null);
        return TypedResults.Created((string?)null, Shape.WriteStandard(made, caller, fields));
    }

    private static Results<Ok<JsonObject>, BoxError> Get(string id, Caller caller, Enterprise enterprise, string? fields) =>
        Find(id, Rights.List, caller, enterprise, out var collaboration) is { } refusal
            ? refusal
            : TypedResults.Ok(Shape.WriteStandard(collaboration, caller, fields));

    private static Results<Ok<JsonObject>, BoxError> Update(
        string id, NewRole wanted, Caller caller, Enterprise enterprise, SandboxClock clock, string? fields)
    {
        if (Find(id, Rights.Invite, caller, enterprise, out var collaboration) is { } refusal)
        {
            return refusal;
        }
        if (wanted.Role is null || !Role.Names.Contains(wanted.Role))
        {
            return BoxError.BadRequest("role", $"Invalid value '{wanted.Role}'");
        }

        collaboration.RoleName = wanted.Role;
        enterprise.Happened("COLLABORATION_ROLE_CHANGE", Enterprise.OfItem(collaboration.Item), Enterprise.OfCollaboration(collaboration));
        collaboration.ModifiedAt = clock.GetUtcNow();
        return TypedResults.Ok(Shape.WriteStandard(collaboration, caller, fields));
    }

    private static Results<NoContent, BoxError> Delete(string id, Caller caller, Enterprise enterprise)
    {
        if (Find(id, Rights.Invite, caller, enterprise, out var collaboration) is { } refusal)
        {
            return refusal;
        }
        enterprise.Remove(collaboration);
        return TypedResults.NoContent();
    }

    private static BoxError? Find(string id, Rights needed, Caller caller, Enterprise enterprise, out Collaboration collaboration)
    {
        collaboration = enterprise.Collaborations.GetValueOrDefault(id)!;
        return collaboration is null || !caller.Reaches(collaboration.Item)
            ? BoxError.NotFound("collab", id)
            : caller.Refusal(collaboration.Item, needed);
    }

    private static BoxError? Grantee(Reference? named, Caller caller, Enterprise enterprise, out User? user, out Group? group)
    {
        (user, group) = (null, null);
        switch (named)
        {
            case { Type: "group", Id: { } id }:
                group = enterprise.Groups.GetValueOrDefault(id);
                return group is null ? BoxError.NotFound("group", id) : GroupResource.CanBeInvitedBy(group, caller) ? null : BoxError.AccessDenied;
            case { Type: "user", Id: { } id }:
                user = enterprise.Users.GetValueOrDefault(id);
                return user is null ? BoxError.NotFound("user", id) : null;
            case { Type: "user", Login: { } login }:
                user = enterprise.UsersByLogin.GetValueOrDefault(login);
                return user is null ? BoxError.NotFound("user", login) : null;
            default:
                return BoxError.Missing("accessible_by");
        }
    }

    internal sealed record NewCollaboration(Reference? Item, Reference? AccessibleBy, string? Role, bool? IsAccessOnly);

    internal sealed record NewRole(string? Role);
}
