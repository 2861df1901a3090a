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
                .. from person in directory.Everyone
                   from role in Directory.AppRoles
                   where person.AppRoles.Contains(role.Value)
                   select (person, role, id: Directory.IdOf("assignment", $"{person.ObjectId}{role.Value}")),
            ],
            assignment => assignment.id,
            assignment => new JsonObject
            {
                ["id"] = assignment.id.ToString("D"),
                ["appRoleId"] = assignment.role.Id.ToString("D"),
                ["principalDisplayName"] = assignment.person.Name,
                ["principalId"] = assignment.person.ObjectId.ToString("D"),
                ["principalType"] = "User",
                ["resourceDisplayName"] = "BoxPortal",
                ["resourceId"] = s_id.ToString("D"),
            });
}
