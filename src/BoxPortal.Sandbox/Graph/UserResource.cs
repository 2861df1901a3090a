using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Sandbox.Graph;

/// <summary>Graph's <c>/v1.0/users</c>, read only. Source: Microsoft's "List users" and "Paging Microsoft Graph data in your app".</summary>
internal static class UserResource
{
    private const int UsualPage = 100;
    private const int LargestPage = 999;

    private static readonly Dictionary<string, Func<Person, JsonNode?>> s_fields = new()
    {
        ["id"] = person => person.ObjectId.ToString("D"),
        ["displayName"] = person => person.Name,
        ["userPrincipalName"] = person => person.UserName,
        ["mail"] = person => person.UserName,
        ["jobTitle"] = person => person.JobTitle,
        ["department"] = person => person.Department,
        ["accountEnabled"] = person => person.AccountEnabled,
    };

    /// <summary>Of the fields there are here, those that Graph gives to whoever selects none.</summary>
    private static readonly string[] s_usual = ["id", "displayName", "userPrincipalName", "mail", "jobTitle"];

    public static void MapUsersOfGraph(this IEndpointRouteBuilder routes) => routes.MapGet("/v1.0/users", List);

    private static Results<Ok<JsonObject>, GraphError> List(
        HttpRequest request,
        Directory directory,
        [FromQuery(Name = "$select")] string? select,
        [FromQuery(Name = "$top")] int? top,
        [FromQuery(Name = "$skiptoken")] string? skipToken)
    {
        var fields = select?.Split(',', StringSplitOptions.TrimEntries) ?? s_usual;
        if (request.Query.Keys.FirstOrDefault(key => key is not ("$select" or "$top" or "$skiptoken")) is { } unknown)
        {
            return GraphError.BadRequest($"Unrecognized query argument specified: '{unknown}'.");
        }
        if (top is < 1 or > LargestPage)
        {
            return GraphError.Unsupported($"Invalid page size specified: '{top}'. Must be between 1 and {LargestPage} inclusive.");
        }
        if (fields.FirstOrDefault(field => !s_fields.ContainsKey(field)) is { } other)
        {
            return GraphError.BadRequest($"Could not find a property named '{other}' on type 'microsoft.graph.user'.");
        }

        var everyone = directory.Everyone;
        var start = skipToken is null ? 0 : PlaceAfter(skipToken, everyone);
        if (start > everyone.Count)
        {
            return GraphError.ExpiredPage;
        }

        var page = everyone.Skip(start).Take(top ?? UsualPage).ToList();
        JsonObject answer = new()
        {
            ["@odata.context"] = $"{AddressOf(request)}/v1.0/$metadata#users({string.Join(',', fields)})",
            ["value"] = new JsonArray([.. page.Select(person => Write(person, fields))]),
        };
        if (start + page.Count < everyone.Count)
        {
            answer["@odata.nextLink"] = $"{AddressOf(request)}/v1.0/users?$select={Uri.EscapeDataString(string.Join(',', fields))}"
                + $"&$top={top ?? UsualPage}&$skiptoken={page[^1].ObjectId:N}";
        }
        return TypedResults.Ok(answer);
    }

    /// <summary>The token of a page is opaque to the client; here it is the last person before it.</summary>
    /// <returns>More than there are, where that person is not there any more.</returns>
    private static int PlaceAfter(string skipToken, IReadOnlyList<Person> everyone) =>
        everyone.TakeWhile(person => person.ObjectId.ToString("N") != skipToken).Count() + 1;

    private static JsonObject Write(Person person, IEnumerable<string> fields) =>
        new(fields.Distinct().Select(field => KeyValuePair.Create(field, s_fields[field](person))));

    private static string AddressOf(HttpRequest request) => $"{request.Scheme}://{request.Host}";
}
