using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Sandbox;

/// <summary>Box's <c>/users</c>. Source: Box API reference, "Users".</summary>
internal static class UserResource
{
    private static readonly string[] s_statuses = ["active", "inactive", "cannot_delete_edit", "cannot_delete_edit_upload"];

    public static readonly Shape<User> Shape = new()
    {
        Base = ["type", "id"],
        Mini = ["type", "id", "name", "login"],
        Standard =
        [
            "type", "id", "name", "login", "created_at", "modified_at", "language", "timezone", "space_amount", "space_used",
            "max_upload_size", "status", "job_title", "phone", "address", "avatar_url", "notification_email",
        ],
        Fields = new Dictionary<string, Func<User, Caller, JsonNode?>>
        {
            ["type"] = (_, _) => "user",
            ["id"] = (user, _) => user.Id,
            ["name"] = (user, _) => user.Name,
            ["login"] = (user, _) => user.Login,
            ["created_at"] = (user, _) => FieldList.Write(user.CreatedAt),
            ["modified_at"] = (user, _) => FieldList.Write(user.ModifiedAt),
            ["language"] = (user, _) => user.Language,
            ["timezone"] = (user, _) => user.Timezone,
            ["space_amount"] = (user, _) => user.SpaceAmount,
            ["space_used"] = (user, _) => FolderResource.SizeOf(user.Root),
            ["max_upload_size"] = (_, _) => UploadResource.LargestFileInBytes,
            ["status"] = (user, _) => user.Status,
            ["job_title"] = (user, _) => user.JobTitle,
            ["phone"] = (user, _) => user.Phone,
            ["address"] = (user, _) => user.Address,
            ["avatar_url"] = (user, caller) => $"{caller.BaseAddress}/api/avatar/large/{user.Id}",
            ["notification_email"] = (user, _) => user.NotificationEmail is { } other
                ? new JsonObject { ["email"] = other.Email, ["is_confirmed"] = other.IsConfirmed }
                : null,
            ["role"] = (user, _) => user.Role,
            ["enterprise"] = (_, _) => new JsonObject { ["type"] = "enterprise", ["id"] = Enterprise.Id, ["name"] = "Sandbox" },
            ["is_platform_access_only"] = (user, _) => user.IsPlatformAccessOnly,
            ["external_app_user_id"] = (user, _) => user.ExternalAppUserId,
        },
    };

    public static RouteGroupBuilder MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/users");
        users.MapGet("", List);
        users.MapPost("", Create);
        users.MapGet("/me", Me);
        users.MapGet("/{id}", Get);
        users.MapPut("/{id}", Update);
        users.MapDelete("/{id}", Delete);
        users.MapGet("/{id}/memberships", Memberships);
        return users;
    }

    private static Results<Ok<JsonObject>, BoxError> List(
        Caller caller,
        Enterprise enterprise,
        [AsParameters] Paging paging,
        [FromQuery(Name = "filter_term")] string? filterTerm,
        [FromQuery(Name = "external_app_user_id")] string? externalAppUserId,
        [FromQuery(Name = "user_type")] string? userType,
        string? fields)
    {
        if (RefusalToManage(caller) is { } refusal)
        {
            return refusal;
        }
        if (paging.Refusal is { } badPage)
        {
            return badPage;
        }
        if (userType is not (null or "all" or "managed" or "external"))
        {
            return BoxError.BadRequest("user_type", $"Invalid value '{userType}'");
        }

        // Nobody from outside collaborates here, so "external" finds nobody; app users count as managed.
        IEnumerable<User> found =
            userType == "external" ? []
            : externalAppUserId is null ? enterprise.Users.Values
            : enterprise.UsersByExternalId.TryGetValue(externalAppUserId, out var user) ? [user]
            : [];
        if (filterTerm is not null)
        {
            found = found.Where(user =>
                user.Name.StartsWith(filterTerm, StringComparison.OrdinalIgnoreCase) || user.Login.StartsWith(filterTerm, StringComparison.OrdinalIgnoreCase));
        }
        return TypedResults.Ok(paging.UseMarker == true
            ? paging.ByMarker(found, user => user.Id, Write)
            : paging.ByOffset(found.ToList(), Write));

        JsonNode Write(User user) => Shape.WriteStandard(user, caller, fields);
    }

    private static Ok<JsonObject> Me(Caller caller, string? fields) => TypedResults.Ok(Shape.WriteStandard(caller.User, caller, fields));

    private static Results<Ok<JsonObject>, BoxError> Get(string id, Caller caller, Enterprise enterprise, string? fields)
    {
        if (id != caller.User.Id && RefusalToManage(caller) is { } refusal)
        {
            return refusal;
        }
        return enterprise.Users.TryGetValue(id, out var user)
            ? TypedResults.Ok(Shape.WriteStandard(user, caller, fields))
            : BoxError.NotFound("user", id);
    }

    private static Results<Created<JsonObject>, BoxError> Create(UserChange wanted, Caller caller, Enterprise enterprise, string? fields)
    {
        if (RefusalToManage(caller) is { } refusal)
        {
            return refusal;
        }
        if (string.IsNullOrWhiteSpace(wanted.Name))
        {
            return BoxError.Missing("name");
        }
        if (wanted.IsPlatformAccessOnly != true && string.IsNullOrWhiteSpace(wanted.Login))
        {
            return BoxError.Missing("login");
        }
        if ((wanted.Fault() ?? wanted.Clash(enterprise, null)) is { } fault)
        {
            return fault;
        }

        var user = wanted.IsPlatformAccessOnly == true
            ? enterprise.AddAppUser(wanted.Name, wanted.ExternalAppUserId)
            : enterprise.AddManagedUser(wanted.Name, wanted.Login!);
        wanted.Apply(user, enterprise);
        return TypedResults.Created((string?)null, Shape.WriteStandard(user, caller, fields));
    }

    private static Results<Ok<JsonObject>, BoxError> Update(string id, UserChange wanted, Caller caller, Enterprise enterprise, SandboxClock clock, string? fields)
    {
        if (RefusalToManage(caller) is { } refusal)
        {
            return refusal;
        }
        if (!enterprise.Users.TryGetValue(id, out var user))
        {
            return BoxError.NotFound("user", id);
        }
        if ((wanted.Fault() ?? wanted.Clash(enterprise, user)) is { } fault)
        {
            return fault;
        }

        wanted.Apply(user, enterprise);
        if (wanted.NotificationEmail.ValueKind != JsonValueKind.Undefined)
        {
            // Not when a user is made: Box's document has it for changes only.
            user.NotificationEmail = wanted.NotificationAddress is { } address ? new NotificationEmail(address, IsConfirmed: false) : null;
        }
        user.ModifiedAt = clock.GetUtcNow();
        return TypedResults.Ok(Shape.WriteStandard(user, caller, fields));
    }

    private static Results<NoContent, BoxError> Delete(string id, Caller caller, Enterprise enterprise, bool? force)
    {
        if (RefusalToManage(caller) is { } refusal)
        {
            return refusal;
        }
        if (!enterprise.Users.TryGetValue(id, out var user))
        {
            return BoxError.NotFound("user", id);
        }
        if (user == enterprise.ServiceAccount)
        {
            return BoxError.AccessDenied;
        }
        // Which status Box answers here is written nowhere.
        if (user.Root.Children.Count > 0 && force != true)
        {
            return BoxError.BadRequest("force", "The user still owns content");
        }

        enterprise.Remove(user);
        return TypedResults.NoContent();
    }

    private static Results<Ok<JsonObject>, BoxError> Memberships(string id, Caller caller, Enterprise enterprise, [AsParameters] Paging paging)
    {
        if (id != caller.User.Id && RefusalToManage(caller) is { } refusal)
        {
            return refusal;
        }
        if (paging.Refusal is { } badPage)
        {
            return badPage;
        }
        return enterprise.Users.TryGetValue(id, out var user)
            ? TypedResults.Ok(paging.ByOffset(user.Memberships, membership => GroupMembershipResource.Shape.WriteMini(membership, caller)))
            : BoxError.NotFound("user", id);
    }

    private static BoxError? RefusalToManage(Caller caller) => caller.RefusalToAdminister(Scope.ManageAppUsers);

    /// <summary>What is to become of a user; what is absent stays.</summary>
    internal sealed record UserChange(
        string? Name,
        string? Login,
        bool? IsPlatformAccessOnly,
        string? ExternalAppUserId,
        long? SpaceAmount,
        string? Status,
        string? Role,
        string? Language,
        string? Timezone,
        string? JobTitle,
        string? Phone,
        string? Address,
        JsonElement NotificationEmail)
    {
        /// <summary>The address to notify; <c>null</c> takes it away.</summary>
        public string? NotificationAddress =>
            NotificationEmail.ValueKind == JsonValueKind.Object && NotificationEmail.TryGetProperty("email", out var email) && email.ValueKind == JsonValueKind.String
                ? email.GetString()
                : null;

        public BoxError? Fault() =>
            Name is { Length: > 50 or 0 } ? BoxError.BadRequest("name", "A name has 1 to 50 characters")
            : Login is not null && !Login.Contains('@') ? BoxError.BadRequest("login", "Invalid e-mail address")
            : Status is not null && !s_statuses.Contains(Status) ? BoxError.BadRequest("status", $"Invalid value '{Status}'")
            : Role is not (null or "user" or "coadmin") ? BoxError.BadRequest("role", $"Invalid value '{Role}'")
            : SpaceAmount < -1 ? BoxError.BadRequest("space_amount", "Invalid value")
            : JobTitle?.Length > 100 ? BoxError.BadRequest("job_title", "At most 100 characters")
            : Phone?.Length > 100 ? BoxError.BadRequest("phone", "At most 100 characters")
            : Address?.Length > 255 ? BoxError.BadRequest("address", "At most 255 characters")
            : NotificationEmail.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null) && NotificationAddress?.Contains('@') != true
                ? BoxError.BadRequest("notification_email", "Invalid e-mail address")
            : null;

        public BoxError? Clash(Enterprise enterprise, User? user) =>
            Login is not null && enterprise.UsersByLogin.TryGetValue(Login, out var other) && other != user
                ? new BoxError(409, "user_login_already_used", "User with the specified login already exists")
            // Which code Box gives here is written nowhere.
            : ExternalAppUserId is not null && enterprise.UsersByExternalId.TryGetValue(ExternalAppUserId, out var holder) && holder != user
                ? BoxError.Conflict("external_app_user_id", "An app user with the specified external_app_user_id already exists")
            : null;

        public void Apply(User user, Enterprise enterprise)
        {
            user.Name = Name ?? user.Name;
            user.SpaceAmount = SpaceAmount ?? user.SpaceAmount;
            user.Status = Status ?? user.Status;
            user.Role = Role ?? user.Role;
            user.Language = Language ?? user.Language;
            user.Timezone = Timezone ?? user.Timezone;
            user.JobTitle = JobTitle ?? user.JobTitle;
            user.Phone = Phone ?? user.Phone;
            user.Address = Address ?? user.Address;
            if (Login is not null && !user.IsPlatformAccessOnly)
            {
                enterprise.Relogin(user, Login);
            }
            if (ExternalAppUserId is not null)
            {
                enterprise.Rekey(user, ExternalAppUserId);
            }
        }
    }
}
