using System.Text.Json;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox;

/// <summary>What files and folders have in common on the wire.</summary>
internal static class ItemResource
{
    /// <summary>An item in a list, or wherever another resource names it.</summary>
    public static JsonObject WriteEntry(Item item, Caller caller, string? fields) => item is Folder folder
        ? FolderResource.Shape.WriteEntry(folder, caller, fields)
        : FileResource.Shape.WriteEntry((BoxFile)item, caller, fields);

    /// <summary>An item by itself.</summary>
    public static JsonObject WriteStandard(Item item, Caller caller, string? fields) => item is Folder folder
        ? FolderResource.Shape.WriteStandard(folder, caller, fields)
        : FileResource.Shape.WriteStandard((BoxFile)item, caller, fields);

    /// <summary>The fields both have.</summary>
    public static Dictionary<string, Func<T, Caller, JsonNode?>> Fields<T>(string type, Dictionary<string, Func<T, Caller, JsonNode?>> own)
        where T : Item
    {
        Dictionary<string, Func<T, Caller, JsonNode?>> fields = new(own)
        {
            ["type"] = (_, _) => type,
            ["id"] = (item, _) => item.Id,
            ["sequence_id"] = (item, _) => Revision(item),
            ["etag"] = (item, _) => Revision(item),
            ["name"] = (item, _) => item.Name,
            ["description"] = (item, _) => item.Description,
            ["created_at"] = (item, _) => Write(item, item.CreatedAt),
            ["modified_at"] = (item, _) => Write(item, item.ModifiedAt),
            ["trashed_at"] = (item, _) => item.TrashedAt is { } at ? FieldList.Write(at) : null,
            ["purged_at"] = (item, _) => item.TrashedAt is { } at ? FieldList.Write(at + TrashResource.Life) : null,
            ["created_by"] = (item, caller) => Write(item.CreatedBy, caller),
            ["modified_by"] = (item, caller) => Write(item.ModifiedBy, caller),
            ["owned_by"] = (item, caller) => UserResource.Shape.WriteMini(item.Owner, caller),
            ["shared_link"] = (item, caller) => item.TrashedAt is null ? SharedLinkResource.Write(item, caller) : null,
            ["allowed_shared_link_access_levels"] = (_, _) => SharedLinkResource.Levels(),
            ["item_status"] = (item, _) => item.TrashedAt is null ? "active" : "trashed",
            ["has_collaborations"] = (item, _) => item.Collaborations.Count > 0,
            ["is_externally_owned"] = (_, _) => false,
            ["parent"] = (item, caller) => item.TrashedAt is not null ? TrashResource.Folder() : caller.PathOf(item) is [.., var parent] ? FolderResource.Shape.WriteMini(parent, caller) : null,
            ["path_collection"] = (item, caller) => item.TrashedAt is not null ? TrashResource.Path() : WritePath(caller.PathOf(item), caller),
        };
        return fields;
    }

    /// <summary>What is wrong with a name. Source: Box's reference, "Create folder", and its list of errors.</summary>
    public static BoxError? NameFault(string? name) =>
        string.IsNullOrEmpty(name) ? BoxError.Missing("name")
        : name.Length > 255 ? new BoxError(400, "item_name_too_long", "Item name too long")
        : name is "." or ".." || name != name.TrimEnd(' ') || name.Any(c => c is '/' or '\\' || char.IsControl(c))
            ? new BoxError(400, "item_name_invalid", "Item name invalid", "Item name is invalid")
        : null;

    /// <summary>The name is taken. Box tells by what: in an array for folders, bare for files.</summary>
    public static BoxError NameInUse(Item by, Caller caller, bool forFile)
    {
        JsonNode conflict = WriteEntry(by, caller, null);
        return new BoxError(409, "item_name_in_use", "Item with the same name already exists", new JsonObject { ["conflicts"] = forFile ? conflict : new JsonArray(conflict) });
    }

    /// <summary>Whether the caller has seen the item as it is now, where it says what it has seen.</summary>
    public static bool Matches(string? etag, Item item) => etag is null || etag.Trim('"') == Revision(item);

    /// <summary>Takes note that the item was changed.</summary>
    public static void Touch(Item item, User by, SandboxClock clock)
    {
        item.Revision++;
        item.ModifiedBy = by;
        item.ModifiedAt = clock.GetUtcNow();
        Remember(item, by, "item_modify", clock);
    }

    /// <summary>Takes note of what the user did with a file, for their recent items.</summary>
    public static void Remember(Item item, User by, string kind, SandboxClock clock)
    {
        if (item is BoxFile file)
        {
            by.Recent[file] = (kind, clock.GetUtcNow());
        }
    }

    /// <summary>Renames, moves, describes: what both kinds can have done to them.</summary>
    public static BoxError? Change(Item item, ItemChange wanted, Caller caller, Enterprise enterprise, SandboxClock clock)
    {
        var parent = item.Parent!;
        if (wanted.Parent?.Id is { } parentId && parentId != caller.PathOf(item)[^1].Id)
        {
            // Box does not say which scope of the Elements moves. Taken for what it comes to: the same right of a role as renaming and deleting.
            if ((caller.Refusal(item, Rights.Rename | Rights.Delete) ?? caller.OpenFolder(parentId, Rights.Upload, out parent)) is { } refusal)
            {
                return refusal;
            }
            if (parent.SelfAndAncestors().Contains(item))
            {
                return new BoxError(400, "cyclical_folder_structure", "Folder move creates cyclical folder structure");
            }
        }
        if (wanted.Description is not null && caller.Refusal(item, Rights.Edit) is { } noEdit)
        {
            return noEdit;
        }
        if (wanted.Description?.Length > 255)
        {
            return BoxError.BadRequest("description", "At most 255 characters");
        }
        var name = wanted.Name ?? item.Name;
        if (wanted.Name is not null && (caller.Refusal(item, Rights.Rename) ?? NameFault(name)) is { } badName)
        {
            return badName;
        }
        if (parent.Child(name) is { } taken && taken != item)
        {
            return NameInUse(taken, caller, forFile: item is BoxFile);
        }

        if (SharedLinkResource.Change(item, wanted.SharedLink, caller) is { } noLink)
        {
            return noLink;
        }
        if (wanted.SharedLink.ValueKind != JsonValueKind.Undefined)
        {
            enterprise.Happened(item.SharedLink is null ? "UNSHARE" : "SHARE", Enterprise.OfItem(item));
        }

        if (parent != item.Parent || name != item.Name)
        {
            enterprise.Move(item, parent, name);
        }
        item.Description = wanted.Description ?? item.Description;
        Touch(item, caller.User, clock);
        return null;
    }

    private static string? Revision(Item item) => item is Folder { IsRoot: true } ? null : $"{item.Revision}";

    private static string? Write(Item item, DateTimeOffset at) => item is Folder { IsRoot: true } ? null : FieldList.Write(at);

    // Nobody made a root; Box says so with a user of empty strings.
    private static JsonObject Write(User? user, Caller caller) => user is null
        ? new JsonObject { ["type"] = "user", ["id"] = "", ["name"] = "", ["login"] = "" }
        : UserResource.Shape.WriteMini(user, caller);

    private static JsonObject WritePath(IReadOnlyList<Folder> path, Caller caller) => new()
    {
        ["total_count"] = path.Count,
        ["entries"] = new JsonArray([.. path.Select(folder => FolderResource.Shape.WriteMini(folder, caller))]),
    };

    /// <summary>What is to become of an item; what is absent stays.</summary>
    internal sealed record ItemChange(string? Name, string? Description, Reference? Parent, JsonElement SharedLink);
}
