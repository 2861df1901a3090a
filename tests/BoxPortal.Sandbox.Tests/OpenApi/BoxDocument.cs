using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;

namespace BoxPortal.Sandbox.Tests.OpenApi;

/// <summary>
/// Box's own OpenAPI document, read beside the repository and never copied into it. Says whether an answer is one Box could have given.
/// </summary>
public sealed partial class BoxDocument
{
    private static readonly Lazy<Task<BoxDocument?>> s_loaded = new(LoadOrNullAsync);

    private const string SlipForAccess = "has \"accessed\", which is defined nowhere, for \"access\"";

    // Where Box answers otherwise than its document says. Each is a place in the document and what Box really does there.
    private static readonly (string Place, string Why, Action<JsonNode> Allow)[] s_deviations =
    [
        ("ClientError/properties/code", "lists 17 codes of more than a hundred in Box's guide \"Common errors\"", code => code.AsObject().Remove("enum")),
        ("ClientError/properties/context_info", "is a plain string with item_name_invalid, in fixtures of Box's SDKs", info => info["type"] = new JsonArray("object", "string", "null")),
        ("EventSourceResource", "is one of several, yet one of these allows whatever the others are", source => { source["anyOf"] = source["oneOf"]!.DeepClone(); source.AsObject().Remove("oneOf"); }),
        ("ConflictError/allOf/1/properties/context_info/properties/conflicts", "is an object for files: the Elements read conflicts.id", Anything),
        ("File/allOf/1/properties/shared_link/allOf/0/required", SlipForAccess, AccessNotAccessed),
        ("Folder/allOf/1/properties/shared_link/allOf/0/required", SlipForAccess, AccessNotAccessed),
        ("File/allOf/1/properties/shared_link", "is null for a file without one, in fixtures of Box's SDKs", Nullable),
        ("User--Mini/allOf/1/properties/login", "is empty for the maker of a root folder, in fixtures of Box's SDKs", login => (login["format"], login["pattern"]) = (null, "^$|@")),
        ("UploadUrl/properties/upload_token", "is null, in fixtures of Box's SDKs", Nullable),
        ("User--Full/allOf/1/properties/external_app_user_id", "is null for a user without one", Nullable),
        ("Group--Full/allOf/1/properties/provenance", "is null for a group without one", Nullable),
        ("Group--Full/allOf/1/properties/external_sync_identifier", "is null for a group without one", Nullable),
    ];

    // Calls that Box's own Elements make and the document leaves out. Their refusals are refusals like any other.
    private static readonly string[] s_undocumented = ["/files/[^/]+/content", "/files/upload_sessions/[^/]+/log", "/internal_files/.+"];

    private readonly List<(Regex Path, int Variables, JsonObject Operations)> _paths;
    private readonly JsonSchema _schemas;

    private BoxDocument(List<(Regex, int, JsonObject)> paths, JsonSchema schemas)
    {
        _paths = paths;
        _schemas = schemas;
    }

    /// <summary>The document, or <c>null</c> where it does not lie beside the repository.</summary>
    public static Task<BoxDocument?> LoadAsync() => s_loaded.Value;

    /// <summary>The document, or the end of a test that needs it where it does not lie beside the repository.</summary>
    public static async Task<BoxDocument> LoadOrSkipAsync()
    {
        var document = await LoadAsync();
        Assert.SkipWhen(document is null, "Box's OpenAPI document is not at ../shared/box-openapi beside the repository: no answer is held to it");
        return document;
    }

    /// <summary>What is wrong with an answer, in words; empty where nothing is.</summary>
    public IReadOnlyList<string> Faults(RecordedAnswer answer)
    {
        if (answer.Status == 401)
        {
            // The document has the usual envelope, Box has no body, and the Elements count on that.
            return answer.Body.Length == 0 ? [] : ["A 401 has no body"];
        }
        // Of what it tells apart by more than the path, such as a file from a folder, one must allow the answer.
        var faults = Operations(answer).Select(operation => Faults(answer, operation)).ToList();
        return faults.Count == 0 ? Undocumented(answer) : faults.Find(each => each.Count == 0) ?? faults[0];
    }

    private IReadOnlyList<string> Undocumented(RecordedAnswer answer) =>
        answer.Status >= 400 ? Validate(answer, "ClientError")
        : s_undocumented.Any(path => Regex.IsMatch(BasePath().Replace(answer.Path, ""), $"^{path}$")) ? []
        : ["The document knows no such call"];

    private IReadOnlyList<string> Faults(RecordedAnswer answer, JsonNode operation)
    {
        var responses = operation["responses"]!.AsObject();
        if (!responses.TryGetPropertyValue($"{answer.Status}", out var response))
        {
            if (answer.Status < 400)
            {
                return [$"The document knows no status {answer.Status} here"];
            }
            response = responses["default"];
        }
        if (response?["content"]?["application/json"]?["definition"]?.GetValue<string>() is not { } definition)
        {
            return answer.Body.Length == 0 || response?["content"] is not null ? [] : ["The document has no body here"];
        }
        return Validate(answer, definition);
    }

    private IReadOnlyList<string> Validate(RecordedAnswer answer, string definition)
    {
        try
        {
            return [.. _schemas.Definitions[definition].Validate(answer.Body).Select(error => error.ToString())];
        }
        catch (Newtonsoft.Json.JsonException fault)
        {
            return [$"Not JSON: {fault.Message}"];
        }
    }

    private IEnumerable<JsonNode> Operations(RecordedAnswer answer)
    {
        var path = BasePath().Replace(answer.Path, "");
        var matching = _paths.Where(known => known.Path.IsMatch(path)).GroupBy(known => known.Variables).MinBy(same => same.Key);
        return matching?.Select(known => known.Operations[answer.Method.ToLowerInvariant()]).OfType<JsonNode>() ?? [];
    }

    private static async Task<BoxDocument?> LoadOrNullAsync()
    {
        if (Find() is not { } file)
        {
            return null;
        }
        var document = JsonNode.Parse(await File.ReadAllTextAsync(file))!;
        var schemas = document["components"]!["schemas"]!.AsObject();
        foreach (var (place, _, allow) in s_deviations)
        {
            var node = place.Split('/').Aggregate<string, JsonNode?>(schemas, (at, step) => at is JsonArray array ? array[int.Parse(step, null)] : at?[step]);
            allow(node ?? throw new InvalidOperationException($"Box's document has no {place} any more"));
        }

        // The responses' own schemas join the named ones, so that all are read at once.
        JsonObject definitions = [];
        foreach (var (name, schema) in schemas.ToList())
        {
            schemas.Remove(name);
            definitions[name] = schema;
        }
        List<(Regex, int, JsonObject)> paths = [];
        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                foreach (var (status, response) in operation!["responses"]!.AsObject())
                {
                    if (response?["content"]?["application/json"] is JsonObject { } content && content["schema"] is { } schema)
                    {
                        var name = $"{method} {path} {status}";
                        content.Remove("schema");
                        definitions[name] = schema;
                        content["definition"] = name;
                    }
                }
            }
            paths.Add((new Regex($"^{Variable().Replace(path.Split('#')[0], "[^/]+")}$"), Variable().Count(path), operations!.AsObject()));
        }

        Translate(definitions);
        var text = new JsonObject { ["definitions"] = definitions }.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        return new BoxDocument(paths, await JsonSchema.FromJsonAsync(text));
    }

    // OpenAPI 3.0 says "nullable" where JSON Schema says type null; and names the discriminating property, which the enums of "type" do too.
    private static void Translate(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray array:
                foreach (var item in array)
                {
                    Translate(item);
                }
                break;

            case JsonObject schema:
                foreach (var (_, child) in schema.ToList())
                {
                    Translate(child);
                }
                schema.Remove("discriminator");
                schema.Remove("example");
                if (schema["nullable"] is JsonValue flag && flag.TryGetValue<bool>(out var nullable))
                {
                    schema.Remove("nullable");
                    if (nullable)
                    {
                        Nullable(schema);
                    }
                }
                break;

            default:
                break;
        }
    }

    private static void Nullable(JsonNode node)
    {
        var schema = node.AsObject();
        if (schema["type"] is JsonValue type)
        {
            schema["type"] = new JsonArray(type.GetValue<string>(), "null");
            schema["enum"]?.AsArray().Add(null);
        }
        if (schema["allOf"] is { } all)
        {
            schema.Remove("allOf");
            schema.Remove("type");
            schema["oneOf"] = new JsonArray(new JsonObject { ["type"] = "null" }, new JsonObject { ["allOf"] = all });
        }
    }

    private static void AccessNotAccessed(JsonNode required)
    {
        var names = required.AsArray();
        names[names.Select(name => (string)name!).ToList().IndexOf("accessed")] = "access";
    }

    private static void Anything(JsonNode node) => node.AsObject().Clear();

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BoxPortal.sln")))
            {
                var file = Path.Combine(folder.FullName, "..", "shared", "box-openapi", "openapi-v2024.0.json");
                return File.Exists(file) ? file : null;
            }
        }
        return null;
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Variable();

    [GeneratedRegex("^(/api)?/2\\.0(?=/)")]
    private static partial Regex BasePath();
}

/// <summary>One answer as it went over the wire.</summary>
public sealed record RecordedAnswer(string Method, string Path, int Status, string Body);
