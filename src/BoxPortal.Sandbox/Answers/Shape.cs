using System.Globalization;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox;

/// <summary>
/// How Box writes one kind of resource: which fields there are, and which of them a mini and a standard answer hold.
/// Fields are computed only where they are written.
/// </summary>
internal sealed class Shape<T>
{
    /// <summary>What is always there, whatever <c>fields</c> asks for.</summary>
    public required IReadOnlyList<string> Base { get; init; }

    public required IReadOnlyList<string> Mini { get; init; }

    /// <summary>What a whole resource holds when <c>fields</c> asks for nothing.</summary>
    public required IReadOnlyList<string> Standard { get; init; }

    public required IReadOnlyDictionary<string, Func<T, Caller, JsonNode?>> Fields { get; init; }

    public JsonObject WriteMini(T resource, Caller caller) => Write(resource, caller, Mini);

    /// <summary>The standard fields, or the base with those that <paramref name="fields"/> names; a name Box does not know is ignored.</summary>
    public JsonObject WriteStandard(T resource, Caller caller, string? fields) =>
        Write(resource, caller, fields is null ? Standard : Asked(fields));

    /// <summary>An entry of a list: mini unless fields are named.</summary>
    public JsonObject WriteEntry(T resource, Caller caller, string? fields) =>
        Write(resource, caller, fields is null ? Mini : Asked(fields));

    private IEnumerable<string> Asked(string fields) => Base.Concat(FieldList.Names(fields)).Distinct();

    private JsonObject Write(T resource, Caller caller, IEnumerable<string> names)
    {
        JsonObject written = [];
        foreach (var name in names)
        {
            if (Fields.TryGetValue(name, out var field))
            {
                written[name] = field(resource, caller);
            }
        }
        return written;
    }
}

/// <summary>The query parameter <c>fields</c>, and how values are written.</summary>
internal static class FieldList
{
    public static IEnumerable<string> Names(string fields) =>
        fields.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Box writes times with an offset and without fractions.</summary>
    public static string Write(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);
}
