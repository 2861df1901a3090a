using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Sandbox;

/// <summary>Which part of a list is wanted: by offset, or by the marker that the part before gave. Source: Box's guide "Pagination".</summary>
internal sealed class Paging
{
    private const int MostEntries = 1000;
    private const int LastOffset = 10_000;

    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [FromQuery(Name = "offset")]
    public int? Offset { get; init; }

    [FromQuery(Name = "usemarker")]
    public bool? UseMarker { get; init; }

    [FromQuery(Name = "marker")]
    public string? Marker { get; init; }

    public BoxError? Refusal =>
        Limit < 0 ? BoxError.BadRequest("limit", "Invalid limit")
        : Offset is < 0 or > LastOffset ? BoxError.BadRequest("offset", $"Offset must be between 0 and {LastOffset}")
        : Marker is { Length: > 0 } && Position(Marker) is null ? BoxError.BadRequest("marker", "Invalid marker")
        : null;

    /// <summary>A page by offset, with the total.</summary>
    public JsonObject ByOffset<T>(IReadOnlyCollection<T> all, Func<T, JsonNode> write, int usualLimit = 100)
    {
        var limit = Math.Min(Limit ?? usualLimit, MostEntries);
        return new JsonObject
        {
            ["total_count"] = all.Count,
            ["entries"] = new JsonArray([.. all.Skip(Offset ?? 0).Take(limit).Select(write)]),
            ["limit"] = limit,
            ["offset"] = Offset ?? 0,
        };
    }

    /// <summary>A page by marker, which is the id of the last entry before it.</summary>
    /// <param name="all">In the order of their ids, which is that of their making.</param>
    /// <param name="id">The id of an entry.</param>
    /// <param name="write">Writes an entry.</param>
    public JsonObject ByMarker<T>(IEnumerable<T> all, Func<T, string> id, Func<T, JsonNode> write)
    {
        var limit = Math.Min(Limit ?? 100, MostEntries);
        var after = Marker is { Length: > 0 } ? Position(Marker)! : "";
        var rest = all.SkipWhile(entry => string.CompareOrdinal(id(entry), after) <= 0).Take(limit + 1).ToList();
        var page = rest.Take(limit).ToList();
        return new JsonObject
        {
            ["entries"] = new JsonArray([.. page.Select(write)]),
            ["limit"] = limit,
            ["next_marker"] = rest.Count > limit && page.Count > 0 ? Base64Url.EncodeToString(Encoding.ASCII.GetBytes(id(page[^1]))) : null,
        };
    }

    // A marker is opaque to the client; here it holds digits.
    private static string? Position(string marker)
    {
        Span<byte> bytes = stackalloc byte[32];
        return Base64Url.IsValid(marker, out var length) && length <= bytes.Length
            && Base64Url.TryDecodeFromChars(marker, bytes, out var written)
            && Encoding.ASCII.GetString(bytes[..written]) is var position
            && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? position
            : null;
    }
}
