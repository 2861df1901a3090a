using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Sandbox;

/// <summary>
/// Box's <c>/search</c>, by names: each word of the query must begin a word of the name. What is new is found only once it is
/// indexed. The Elements' own scopes do not open it. Source: Box API reference and guide, "Search".
/// </summary>
internal static class SearchResource
{
    private const int MostEntries = 200;
    private static readonly string[] s_types = ["file", "folder", "web_link"];

    public static void MapSearch(this IEndpointRouteBuilder routes) => routes.MapGet("/search", Search);

    private static Results<Ok<JsonObject>, BoxError> Search(Caller caller, Enterprise enterprise, [AsParameters] Question question, [AsParameters] Paging paging, string? fields)
    {
        if (!caller.MaySearch)
        {
            return BoxError.InsufficientScope;
        }
        if ((question.Refusal ?? paging.Refusal) is { } refusal)
        {
            return refusal;
        }
        List<Folder> ancestors = [];
        foreach (var id in question.Ancestors)
        {
            if (caller.OpenFolder(id, Rights.List, out var ancestor) is { } unknown)
            {
                return unknown;
            }
            ancestors.Add(ancestor);
        }

        var all = enterprise.Folders.Values.Concat<Item>(enterprise.Files.Values);
        var found = question.Sort(all.Where(item => question.Matches(item) && enterprise.IsIndexed(item) && caller.On(item).HasFlag(Rights.List) && IsBelow(item)));
        var limit = Math.Min(paging.Limit ?? 30, MostEntries);
        return TypedResults.Ok(new JsonObject
        {
            ["type"] = "search_results_items",
            ["total_count"] = found.Count,
            ["limit"] = limit,
            ["offset"] = paging.Offset ?? 0,
            ["entries"] = new JsonArray([.. found.Skip(paging.Offset ?? 0).Take(limit).Select(item => ItemResource.WriteEntry(item, caller, fields))]),
        });

        // Below one's own root is all one sees.
        bool IsBelow(Item item) => ancestors.Count == 0 || ancestors.Any(ancestor => ancestor == caller.User.Root || item.SelfAndAncestors().Skip(1).Contains(ancestor));
    }

    /// <summary>What is looked for.</summary>
    internal sealed class Question
    {
        [FromQuery(Name = "query")]
        public string? Query { get; init; }

        [FromQuery(Name = "type")]
        public string? Type { get; init; }

        [FromQuery(Name = "file_extensions")]
        public string? FileExtensions { get; init; }

        [FromQuery(Name = "ancestor_folder_ids")]
        public string? AncestorFolderIds { get; init; }

        [FromQuery(Name = "updated_at_range")]
        public string? UpdatedAtRange { get; init; }

        [FromQuery(Name = "sort")]
        public string? SortBy { get; init; }

        [FromQuery(Name = "direction")]
        public string? Direction { get; init; }

        public IReadOnlyList<string> Ancestors => Split(AncestorFolderIds);

        public BoxError? Refusal =>
            string.IsNullOrWhiteSpace(Query) ? new BoxError(400, "missing_parameter", "'query' or 'mdfilters' is required")
            : Type is not null && !s_types.Contains(Type) ? BoxError.BadRequest("type", $"Invalid value '{Type}'")
            : SortBy is not (null or "relevance" or "modified_at") ? BoxError.BadRequest("sort", $"Invalid value '{SortBy}'")
            : UpdatedAtRange is not null && Range is null ? BoxError.BadRequest("updated_at_range", $"Invalid value '{UpdatedAtRange}'")
            : null;

        private (DateTimeOffset From, DateTimeOffset To)? Range =>
            UpdatedAtRange?.Split(',') is [var from, var to] && Time(from, DateTimeOffset.MinValue) is { } first && Time(to, DateTimeOffset.MaxValue) is { } last ? (first, last) : null;

        public bool Matches(Item item) =>
            (Type is null || Type == (item is Folder ? "folder" : "file"))
            && (FileExtensions is null || (item is BoxFile file && Split(FileExtensions).Contains(file.Extension, StringComparer.OrdinalIgnoreCase)))
            && (Range is not var (from, to) || (from <= item.ModifiedAt && item.ModifiedAt <= to))
            && Words(Query!).All(word => Words(item.Name).Any(other => other.StartsWith(word, StringComparison.OrdinalIgnoreCase)));

        public List<Item> Sort(IEnumerable<Item> items)
        {
            var sorted = SortBy == "modified_at" ? items.OrderByDescending(item => item.ModifiedAt).ThenBy(item => item.Id, StringComparer.Ordinal).ToList()
                : items.OrderBy(item => item.Name, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Id, StringComparer.Ordinal).ToList();
            if ("ASC".Equals(Direction, StringComparison.OrdinalIgnoreCase) && SortBy == "modified_at")
            {
                sorted.Reverse();
            }
            return sorted;
        }

        private static string[] Split(string? list) => list?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

        private static string[] Words(string text) =>
            new string([.. text.Select(c => char.IsLetterOrDigit(c) ? c : ' ')]).Split(' ', StringSplitOptions.RemoveEmptyEntries);

        private static DateTimeOffset? Time(string text, DateTimeOffset otherwise) =>
            text.Length == 0 ? otherwise : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;
    }
}
