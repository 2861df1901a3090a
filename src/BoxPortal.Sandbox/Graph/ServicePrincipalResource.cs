using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Graph;

/// <summary>
/// Graph's <c>/v1.0/servicePrincipals(appId='…')</c>: which app roles the portal's registration has, and who holds them.
/// Source: Microsoft's "Get servicePrincipal" and "List appRoleAssignments granted for a service principal".
/// </summary>
internal static class ServicePrincipalResource
{
    private static readonly Guid s_id = Directory.IdOf("service principal", Directory.ClientId);

    public static void MapServicePrincipals(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1.0/servicePrincipals(appId='{appId}')", Get);
        routes.MapGet("/v1.0/servicePrincipals(appId='{appId}')/appRoleAssignedTo", Assignments);
    }

    private static IResult Get(string appId, HttpRequest request) => appId != Directory.ClientId
        ? GraphError.NoResource(appId)
        : request.Query["$select"].ToString() != "id,appRoles"
            ? GraphError.BadRequest("The sandbox answers $select=id,appRoles only.")
            : TypedResults.Ok(new JsonObject
            {
                ["@odata.context"] = $"{request.Scheme}://{request.Host}/v1.0/$metadata#servicePrincipals(id,appRoles)/$entity",
                ["id"] = s_id.ToString("D"),
                ["appRoles"] = new JsonArray([.. Directory.AppRoles.Select(role => new JsonObject
                {
                    ["allowedMemberTypes"] = new JsonArray("User"),
                    ["description"] = role.Value,
                    ["displayName"] = role.Value,
                    ["id"] = role.Id.ToString("D"),
                    ["isEnabled"] = true,
                    ["origin"] = "Application",
                    ["value"] = role.Value,
                })]),
            });

    private static IResult Assignments(string appId, HttpRequest request, Directory directory) => appId != Directory.ClientId
        ? GraphError.NoResource(appId)
        : GraphPage.Of(
            request, [], $"servicePrincipals('{s_id:D}')/appRoleAssignedTo",
            [
                .. from role in Directory.AppRoles
                   from holder in Holders(directory, role.Value)
                   select (holder, role, id: Directory.IdOf("assignment", $"{holder.ObjectId}{role.Value}")),
            ],
            assignment => assignment.id,
            assignment => new JsonObject
            {
                ["id"] = assignment.id.ToString("D"),
                ["appRoleId"] = assignment.role.Id.ToString("D"),
                ["principalDisplayName"] = assignment.holder.Name,
                ["principalId"] = assignment.holder.ObjectId.ToString("D"),
                ["principalType"] = assignment.holder.Type,
                ["resourceDisplayName"] = "BoxPortal",
                ["resourceId"] = s_id.ToString("D"),
            });

    private static IEnumerable<(Guid ObjectId, string Name, string Type)> Holders(Directory directory, string role) =>
    [
        .. directory.Everyone.Where(person => person.AppRoles.Contains(role)).Select(person => (person.ObjectId, person.Name, "User")),
        .. directory.Groups.Where(group => group.AppRoles.Contains(role)).Select(group => (group.Id, group.Name, "Group")),
    ];
}
