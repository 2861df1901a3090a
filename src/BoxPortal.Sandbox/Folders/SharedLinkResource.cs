using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>
/// Shared links: made, changed and taken back by PUT of their item, used with the header <c>BoxApi</c>. A link never shows
/// the item in a browser here: there is no web app. Source: Box API reference, "Shared links (Files)", "Shared links (Folders)".
/// </summary>
internal static class SharedLinkResource
{
    /// <summary>What a link may be; the administrators of the sandbox's enterprise allow all, and <c>open</c> is their default.</summary>
    private static readonly string[] s_levels = ["open", "company", "collaborators"];

    public static void MapSharedItems(this IEndpointRouteBuilder routes) => routes.MapGet("/shared_items", Get);

    public static JsonArray Levels() => [.. s_levels.Select(level => JsonValue.Create(level))];

    /// <summary>The field <c>shared_link</c>.</summary>
    public static JsonObject? Write(Item item, Caller caller)
    {
        if (item.SharedLink is not { } link)
        {
            return null;
        }
        return new JsonObject
        {
            ["url"] = $"{caller.BaseAddress}/s/{link.Key}",
            ["download_url"] = item is BoxFile file ? $"{caller.BaseAddress}/shared/static/{link.Key}.{file.Extension}" : null,
            ["vanity_url"] = null,
            ["vanity_name"] = null,
            ["access"] = link.Access,
            ["effective_access"] = link.Access,
            ["effective_permission"] = link.CanDownload ? "can_download" : "can_preview",
            ["is_password_enabled"] = link.Password is not null,
            ["unshared_at"] = link.EndsAt is { } end ? FieldList.Write(end) : null,
            ["download_count"] = 0,
            ["preview_count"] = 0,
            ["permissions"] = new JsonObject { ["can_preview"] = true, ["can_download"] = link.CanDownload, ["can_edit"] = false },
        };
    }

    /// <summary>Makes the item's link as it is wanted, or takes it back.</summary>
    public static BoxError? Change(Item item, JsonElement wanted, Caller caller)
    {
        if (wanted.ValueKind == JsonValueKind.Undefined)
        {
            return null;
        }
        if (caller.Refusal(item, Rights.Share) is { } refusal)
        {
            return refusal;
        }
        if (wanted.ValueKind == JsonValueKind.Null)
        {
            item.SharedLink = null;
            return null;
        }
        if (wanted.ValueKind != JsonValueKind.Object)
        {
            return BoxError.BadRequest("shared_link", "An object or null is expected");
        }

        var link = item.SharedLink ?? new SharedLink(Secret.New()[..32], s_levels[0], null, null, CanDownload: true);
        var access = Text(wanted, "access") ?? link.Access;
        if (!s_levels.Contains(access))
        {
            return BoxError.BadRequest("shared_link.access", $"Invalid value '{access}'");
        }
        if (item.SharedLink is not null && access != link.Access && caller.Refusal(item, Rights.ShareAccess) is { } notTheirs)
        {
            return notTheirs;
        }
        var canDownload = wanted.TryGetProperty("permissions", out var permissions) && permissions.ValueKind == JsonValueKind.Object
            && permissions.TryGetProperty("can_download", out var can) && can.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? can.GetBoolean()
                : link.CanDownload;
        item.SharedLink = link with
        {
            Access = access,
            CanDownload = canDownload,
            Password = wanted.TryGetProperty("password", out _) ? Text(wanted, "password") : link.Password,
            EndsAt = wanted.TryGetProperty("unshared_at", out var end) ? (end.ValueKind == JsonValueKind.String && end.TryGetDateTimeOffset(out var at) ? at : null) : link.EndsAt,
        };
        return null;
    }

    /// <summary>The item that the header <c>BoxApi</c> leads the user to, where its link admits them.</summary>
    public static Item? Find(string header, User user, Enterprise enterprise, SandboxClock clock)
    {
        var told = header.Split('&').Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToLookup(part => part[0].Trim(), part => Uri.UnescapeDataString(part[1]));
        return told["shared_link"].FirstOrDefault()?.Split("/s/") is [_, var key]
            && enterprise.Folders.Values.Concat<Item>(enterprise.Files.Values).FirstOrDefault(item => item.SharedLink?.Key == key) is { SharedLink: { } link } found
            && !(link.EndsAt <= clock.GetUtcNow())
            && (link.Password is null || told["shared_link_password"].FirstOrDefault() == link.Password)
            && (link.Access != "collaborators" || found.Collaborations.Any(collaboration => collaboration.User == user || user.Memberships.Any(membership => membership.Group == collaboration.Group)))
            ? found
            : null;
    }

    private static Results<Ok<JsonObject>, BoxError> Get(Caller caller, string? fields) =>
        caller.Linked is { } item && caller.On(item).HasFlag(Rights.List)
            ? TypedResults.Ok(ItemResource.WriteStandard(item, caller, fields))
            : BoxError.NotFound("shared_link", "");

    private static string? Text(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
