using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>Box's <c>/recent_items</c>: what the caller has lately opened, uploaded or changed. Source: Box API reference, "Recent items".</summary>
internal static class RecentResource
{
    public static void MapRecents(this IEndpointRouteBuilder routes) => routes.MapGet("/recent_items", List);

    private static Results<Ok<JsonObject>, BoxError> List(Caller caller, [AsParameters] Paging paging, string? fields)
    {
        if (paging.Refusal is { } refusal)
        {
            return refusal;
        }
        var reached = caller.User.Recent.Where(recent => caller.Reaches(recent.Key) && caller.On(recent.Key).HasFlag(Rights.List)).OrderByDescending(recent => recent.Value.At);
        var limit = Math.Min(paging.Limit ?? 100, 1000);
        return TypedResults.Ok(new JsonObject
        {
            ["entries"] = new JsonArray([.. reached.Take(limit).Select(recent => new JsonObject
            {
                ["type"] = "recent_item",
                ["item"] = FileResource.Shape.WriteEntry(recent.Key, caller, fields),
                ["interaction_type"] = recent.Value.Kind,
                ["interacted_at"] = FieldList.Write(recent.Value.At),
            })]),
            ["limit"] = limit,
            ["next_marker"] = null,
            // Not in Box's document, but the Elements show an error without it.
            ["order"] = new JsonObject { ["by"] = "interacted_at", ["direction"] = "DESC" },
        });
    }
}
