using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Sandbox.Graph;

/// <summary>Graph's <c>/v1.0/groups</c>, read only. Source: Microsoft's "List groups", "List group members" and "List group transitive members".</summary>
/// <remarks>No group here is in another, so members are transitive members.</remarks>
internal static partial class GroupResource
{
    public static void MapGroupsOfGraph(this IEndpointRouteBuilder routes)
    {
        var groups = routes.MapGroup("/v1.0/groups");
        groups.MapGet("", List);
        groups.MapGet("/{id}/members", Members);
        groups.MapGet("/{id}/transitiveMembers", Members);
    }

    private static IResult List(HttpRequest request, Directory directory, [FromQuery(Name = "$select")] string? select, [FromQuery(Name = "$filter")] string? filter)
    {
        if (select is not (null or "id,displayName"))
        {
            return GraphError.BadRequest($"Could not find a property named '{select}' on type 'microsoft.graph.group'.");
        }

        var beginning = filter is null ? "" : BeginsWith().Match(filter) is { Success: true } match ? match.Groups[1].Value.Replace("''", "'", StringComparison.Ordinal) : null;
        return beginning is null
            ? GraphError.BadRequest($"Invalid filter clause: '{filter}'.")
            : GraphPage.Of(
                request, ["$select", "$filter"], "groups(id,displayName)",
                [.. directory.Groups.Where(group => group.Name.StartsWith(beginning, StringComparison.OrdinalIgnoreCase))],
                group => group.Id,
                group => new JsonObject { ["id"] = group.Id.ToString("D"), ["displayName"] = group.Name });
    }

    private static IResult Members(string id, HttpRequest request, Directory directory, [FromQuery(Name = "$select")] string? select)
    {
        if (select is not "id")
        {
            return GraphError.BadRequest($"Could not find a property named '{select}' on type 'microsoft.graph.directoryObject'.");
        }

        return Guid.TryParse(id, out var groupId) && directory.Groups.Any(group => group.Id == groupId)
            ? GraphPage.Of(
                request, ["$select"], "directoryObjects(id)",
                [.. directory.Everyone.Where(person => person.DirectoryGroups.Contains(groupId))],
                person => person.ObjectId,
                person => new JsonObject { ["@odata.type"] = "#microsoft.graph.user", ["id"] = person.ObjectId.ToString("D") })
            : GraphError.NoResource(id);
    }

    [GeneratedRegex(@"^startswith\(displayName,'((?:[^']|'')*)'\)$")]
    private static partial Regex BeginsWith();
}
