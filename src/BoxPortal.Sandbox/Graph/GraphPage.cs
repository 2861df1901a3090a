using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Graph;

/// <summary>A page of one of Graph's lists, and the way to the next. Source: Microsoft's "Paging Microsoft Graph data in your app".</summary>
internal static class GraphPage
{
    private const int UsualPage = 100;
    private const int LargestPage = 999;

    /// <param name="request">Its query is repeated in the link to the next page.</param>
    /// <param name="understood">The parameters that this list knows beside those of paging.</param>
    /// <param name="context">What <c>@odata.context</c> says after <c>#</c>.</param>
    /// <param name="all">The whole list, always in the same order.</param>
    /// <param name="idOf">What tells one entry from another.</param>
    /// <param name="write">An entry as it is answered.</param>
    public static IResult Of<T>(
        HttpRequest request, string[] understood, string context, IReadOnlyList<T> all, Func<T, Guid> idOf, Func<T, JsonObject> write)
    {
        if (request.Query.Keys.FirstOrDefault(key => key is not ("$top" or "$skiptoken") && !understood.Contains(key)) is { } unknown)
        {
            return GraphError.BadRequest($"Unrecognized query argument specified: '{unknown}'.");
        }

        var size = UsualPage;
        if (request.Query.TryGetValue("$top", out var top) && (!int.TryParse(top, out size) || size is < 1 or > LargestPage))
        {
            return GraphError.Unsupported($"Invalid page size specified: '{top}'. Must be between 1 and {LargestPage} inclusive.");
        }

        // The token of a page is opaque to the client; here it is the last entry before it.
        var start = request.Query.TryGetValue("$skiptoken", out var token) ? all.TakeWhile(one => idOf(one).ToString("N") != token).Count() + 1 : 0;
        if (start > all.Count)
        {
            return GraphError.ExpiredPage;
        }

        var page = all.Skip(start).Take(size).ToList();
        var address = $"{request.Scheme}://{request.Host}";
        JsonObject answer = new()
        {
            ["@odata.context"] = $"{address}/v1.0/$metadata#{context}",
            ["value"] = new JsonArray([.. page.Select(write)]),
        };
        if (start + page.Count < all.Count)
        {
            var query = request.Query.Where(one => one.Key != "$skiptoken").Select(one => $"{one.Key}={Uri.EscapeDataString(one.Value.ToString())}");
            answer["@odata.nextLink"] = $"{address}{request.Path}?{string.Join('&', query.Append($"$skiptoken={idOf(page[^1]):N}"))}";
        }

        return TypedResults.Ok(answer);
    }
}
