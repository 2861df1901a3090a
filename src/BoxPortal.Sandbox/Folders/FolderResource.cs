using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Sandbox;

/// <summary>Box's <c>/folders</c>. Source: Box API reference, "Folders".</summary>
internal static class FolderResource
{
    public static readonly Shape<Folder> Shape = new()
    {
        Base = ["type", "id", "etag"],
        Mini = ["type", "id", "sequence_id", "etag", "name"],
        Standard =
        [
            "type", "id", "sequence_id", "etag", "name", "created_at", "modified_at", "description", "size", "path_collection", "created_by",
            "modified_by", "trashed_at", "purged_at", "content_created_at", "content_modified_at", "owned_by", "shared_link",
            "folder_upload_email", "parent", "item_status",
        ],
        Fields = ItemResource.Fields<Folder>("folder", new()
        {
            ["size"] = (folder, _) => SizeOf(folder),
            ["content_created_at"] = (folder, _) => folder.IsRoot ? null : FieldList.Write(folder.CreatedAt),
            ["content_modified_at"] = (folder, _) => folder.IsRoot ? null : FieldList.Write(folder.ModifiedAt),
            ["folder_upload_email"] = (_, _) => null,
            ["permissions"] = (folder, caller) => Permissions(caller.On(folder)),
        }),
    };

    public static RouteGroupBuilder MapFolders(this IEndpointRouteBuilder routes)
    {
        var folders = routes.MapGroup("/folders");
        folders.MapPost("", Create);
        folders.MapGet("/{id}", Get);
        folders.MapPut("/{id}", Update);
        folders.MapDelete("/{id}", Delete);
        folders.MapGet("/{id}/items", Items);
        folders.MapGet("/{id}/collaborations", Collaborations);
        return folders;
    }

    /// <summary>The bytes of all that is below.</summary>
    public static long SizeOf(Folder folder) =>
        folder.Children.Sum(child => child is Folder below ? SizeOf(below) : ((BoxFile)child).Current.Content.LongLength);

    // The Elements list with this call, not with /items.
    private static Results<Ok<JsonObject>, StatusCodeHttpResult, BoxError> Get(
        string id,
        Caller caller,
        [AsParameters] Paging paging,
        [AsParameters] ItemOrder order,
        [FromHeader(Name = "If-None-Match")] string? ifNoneMatch,
        string? fields)
    {
        if ((caller.OpenFolder(id, Rights.List, out var folder) ?? paging.Refusal ?? order.Refusal) is { } refusal)
        {
            return refusal;
        }
        if (ifNoneMatch is not null && ItemResource.Matches(ifNoneMatch, folder))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        var answer = Shape.WriteStandard(folder, caller, fields);
        if (fields is null || FieldList.Names(fields).Contains("item_collection"))
        {
            answer["item_collection"] = List(folder, caller, paging, order, fields);
        }
        return TypedResults.Ok(answer);
    }

    private static Results<Ok<JsonObject>, BoxError> Items(string id, Caller caller, [AsParameters] Paging paging, [AsParameters] ItemOrder order, string? fields)
    {
        if ((caller.OpenFolder(id, Rights.List, out var folder) ?? paging.Refusal ?? order.Refusal) is { } refusal)
        {
            return refusal;
        }
        return TypedResults.Ok(paging.UseMarker == true
            ? paging.ByMarker(caller.Children(folder).OrderBy(item => item.Id, StringComparer.Ordinal), item => item.Id, item => ItemResource.WriteEntry(item, caller, fields))
            : List(folder, caller, paging, order, fields));
    }

    private static Results<Created<JsonObject>, BoxError> Create(NewFolder wanted, Caller caller, Enterprise enterprise, string? fields)
    {
        if (wanted.Parent?.Id is not { } parentId)
        {
            return BoxError.Missing("parent.id");
        }
        if ((caller.OpenFolder(parentId, Rights.Upload, out var parent) ?? ItemResource.NameFault(wanted.Name)) is { } refusal)
        {
            return refusal;
        }
        if (parent.Child(wanted.Name!) is { } taken)
        {
            return ItemResource.NameInUse(taken, caller, forFile: false);
        }

        var folder = enterprise.AddFolder(parent, wanted.Name!, caller.User);
        return TypedResults.Created((string?)null, Shape.WriteStandard(folder, caller, fields));
    }

    private static Results<Ok<JsonObject>, BoxError> Update(
        string id, ItemResource.ItemChange wanted, Caller caller, Enterprise enterprise, SandboxClock clock, [FromHeader(Name = "If-Match")] string? ifMatch, string? fields)
    {
        if (caller.OpenFolder(id, Rights.None, out var folder) is { } refusal)
        {
            return refusal;
        }
        if (folder.IsRoot)
        {
            return BoxError.AccessDenied;
        }
        if (!ItemResource.Matches(ifMatch, folder))
        {
            return BoxError.PreconditionFailed;
        }
        return ItemResource.Change(folder, wanted, caller, enterprise, clock) is { } unchanged
            ? unchanged
            : TypedResults.Ok(Shape.WriteStandard(folder, caller, fields));
    }

    private static Results<NoContent, BoxError> Delete(
        string id, Caller caller, Enterprise enterprise, bool? recursive, [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        if (caller.OpenFolder(id, Rights.Delete, out var folder) is { } refusal)
        {
            return refusal;
        }
        if (!ItemResource.Matches(ifMatch, folder))
        {
            return BoxError.PreconditionFailed;
        }
        if (folder.Children.Count > 0 && recursive != true)
        {
            return new BoxError(400, "folder_not_empty", "Cannot delete - folder not empty");
        }

        enterprise.Trash(folder, caller.User);
        return TypedResults.NoContent();
    }

    private static Results<Ok<JsonObject>, BoxError> Collaborations(string id, Caller caller, [AsParameters] Paging paging, string? fields) =>
        (caller.OpenFolder(id, Rights.List, out var folder) ?? paging.Refusal) is { } refusal
            ? refusal
            : TypedResults.Ok(CollaborationResource.ListOf(folder, caller, paging, fields));

    private static JsonObject List(Folder folder, Caller caller, Paging paging, ItemOrder order, string? fields)
    {
        var list = paging.ByOffset(order.Sort(caller.Children(folder)), item => ItemResource.WriteEntry(item, caller, fields));
        list["order"] = order.Write();
        return list;
    }

    private static JsonObject Permissions(Rights rights) => new()
    {
        ["can_download"] = rights.HasFlag(Rights.Download),
        ["can_upload"] = rights.HasFlag(Rights.Upload),
        ["can_rename"] = rights.HasFlag(Rights.Rename),
        ["can_delete"] = rights.HasFlag(Rights.Delete),
        ["can_share"] = rights.HasFlag(Rights.Share),
        ["can_invite_collaborator"] = rights.HasFlag(Rights.Invite),
        ["can_set_share_access"] = rights.HasFlag(Rights.ShareAccess),
    };

    internal sealed record NewFolder(string? Name, Reference? Parent);
}

/// <summary>In which order a folder is listed: folders before files, then as asked.</summary>
internal sealed class ItemOrder
{
    [FromQuery(Name = "sort")]
    public string? SortBy { get; init; }

    [FromQuery(Name = "direction")]
    public string? Direction { get; init; }

    public BoxError? Refusal =>
        By is null ? BoxError.BadRequest("sort", $"Invalid value '{SortBy}'")
        : Way is null ? BoxError.BadRequest("direction", $"Invalid value '{Direction}'")
        : null;

    // The Elements write both in lower case.
    private string? By => (SortBy ?? "name").ToLowerInvariant() is var by && by is "id" or "name" or "date" or "size" ? by : null;

    private string? Way => (Direction ?? "ASC").ToUpperInvariant() is var way && way is "ASC" or "DESC" ? way : null;

    public List<Item> Sort(IEnumerable<Item> items)
    {
        var sorted = items.ToList();
        var sign = Way == "DESC" ? -1 : 1;
        // Sizes of folders are sums: each once.
        Dictionary<Item, long> sizes = By == "size" ? sorted.ToDictionary(item => item, SizeOf) : [];
        sorted.Sort((one, other) => (one is BoxFile).CompareTo(other is BoxFile) is not 0 and var byKind ? byKind : sign * Compare(one, other));
        return sorted;

        int Compare(Item one, Item other)
        {
            var compared = By switch
            {
                "name" => string.Compare(one.Name, other.Name, StringComparison.OrdinalIgnoreCase),
                "date" => one.ModifiedAt.CompareTo(other.ModifiedAt),
                "size" => sizes[one].CompareTo(sizes[other]),
                _ => 0,
            };
            return compared != 0 ? compared : string.CompareOrdinal(one.Id, other.Id);
        }
    }

    public JsonArray Write() =>
    [
        new JsonObject { ["by"] = "type", ["direction"] = "ASC" },
        new JsonObject { ["by"] = By, ["direction"] = Way },
    ];

    private static long SizeOf(Item item) => item is Folder folder ? FolderResource.SizeOf(folder) : ((BoxFile)item).Current.Content.LongLength;
}
