using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>
/// What was deleted lies in the trash for a while and can be brought back. Which collaborations come back with it is written
/// nowhere; here none does. Source: Box API reference, "Trashed items", "Trashed files", "Trashed folders".
/// </summary>
internal static class TrashResource
{
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    public static void MapTrash(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/folders/trash/items", List);
        foreach (var kind in (string[])["file", "folder"])
        {
            routes.MapGet($"/{kind}s/{{id}}/trash", (string id, Caller caller, string? fields) => Get(kind, id, caller, fields));
            routes.MapDelete($"/{kind}s/{{id}}/trash", (string id, Caller caller, Enterprise enterprise) => Delete(kind, id, caller, enterprise));
            routes.MapPost($"/{kind}s/{{id}}", (string id, Caller caller, Enterprise enterprise, Wanted? wanted, string? fields) => Restore(kind, id, caller, enterprise, wanted, fields));
        }
    }

    /// <summary>Where Box says that deleted things are.</summary>
    public static JsonObject Folder() => new() { ["type"] = "folder", ["id"] = "1", ["sequence_id"] = null, ["etag"] = null, ["name"] = "Trash" };

    public static JsonObject Path() => new() { ["total_count"] = 1, ["entries"] = new JsonArray(Folder()) };

    private static Results<Ok<JsonObject>, BoxError> List(Caller caller, Enterprise enterprise, [AsParameters] Paging paging, [AsParameters] ItemOrder order, string? fields)
    {
        if ((caller.RefusalOfTrash ?? paging.Refusal ?? order.Refusal) is { } refusal)
        {
            return refusal;
        }
        var mine = enterprise.Trashed.Values.Where(caller.HoldsTrashed);
        if (paging.UseMarker == true)
        {
            return TypedResults.Ok(paging.ByMarker(mine.OrderBy(item => item.Id, StringComparer.Ordinal), item => item.Id, item => ItemResource.WriteEntry(item, caller, fields)));
        }
        var list = paging.ByOffset(order.Sort(mine), item => ItemResource.WriteEntry(item, caller, fields));
        list["order"] = order.Write();
        return TypedResults.Ok(list);
    }

    private static Results<Ok<JsonObject>, BoxError> Get(string kind, string id, Caller caller, string? fields) =>
        caller.OpenTrashed(kind, id, out var item) is { } refusal
            ? refusal
            : TypedResults.Ok(ItemResource.WriteStandard(item, caller, fields));

    private static Results<NoContent, BoxError> Delete(string kind, string id, Caller caller, Enterprise enterprise)
    {
        if (caller.OpenTrashed(kind, id, out var item) is { } refusal)
        {
            return refusal;
        }
        enterprise.Remove(item);
        return TypedResults.NoContent();
    }

    private static Results<Created<JsonObject>, BoxError> Restore(string kind, string id, Caller caller, Enterprise enterprise, Wanted? wanted, string? fields)
    {
        if (caller.OpenTrashed(kind, id, out var item) is { } refusal)
        {
            return refusal;
        }
        // Where it lay before, if that is still there; what is said in the request counts only where it is not.
        var parent = item.Parent!;
        if (!parent.IsRoot && enterprise.Find(parent.Id) is null)
        {
            if (wanted?.Parent?.Id is not { } parentId || caller.OpenFolder(parentId, Rights.Upload, out parent) is not null)
            {
                return BoxError.AccessDenied;
            }
        }
        else if (caller.Refusal(parent, Rights.Upload) is { } noRight)
        {
            return noRight;
        }
        var name = parent.Child(item.Name) is not null ? wanted?.Name ?? item.Name : item.Name;
        if (ItemResource.NameFault(name) is { } badName)
        {
            return badName;
        }
        if (parent.Child(name) is { } taken)
        {
            return ItemResource.NameInUse(taken, caller, forFile: item is BoxFile);
        }
        enterprise.Restore(item, parent, name);
        var answer = ItemResource.WriteStandard(item, caller, fields);
        if (answer.ContainsKey("shared_link"))
        {
            answer["shared_link"] = null; // here only: by Box's reference the link is active again
        }
        return TypedResults.Created((string?)null, answer);
    }

    internal sealed record Wanted(string? Name, Reference? Parent);
}
