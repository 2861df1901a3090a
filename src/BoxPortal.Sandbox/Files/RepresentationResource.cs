using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>
/// Other forms of a file, as the header <c>X-Rep-Hints</c> asks for. Nothing is converted here: an image is its own thumbnail, a text its
/// own text, a PDF its own PDF; texts and PDFs have one and the same picture of a page for a thumbnail. Other files have none, which the
/// Elements take for a file without preview. Source: Box's guide "Representations".
/// </summary>
internal static class RepresentationResource
{
    private static readonly Dictionary<string, (string Name, string Type)> s_forms = new()
    {
        ["jpg"] = ("jpg", "image/jpeg"),
        ["jpeg"] = ("jpg", "image/jpeg"),
        ["png"] = ("png", "image/png"),
        ["pdf"] = ("pdf", "application/pdf"),
        ["txt"] = ("text", "text/plain"),
        ["md"] = ("text", "text/plain"),
        ["csv"] = ("text", "text/plain"),
        ["json"] = ("text", "text/plain"),
        ["log"] = ("text", "text/plain"),
    };

    private static readonly byte[] s_page = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAADAAAAA8CAAAAAAFq2YgAAAANklEQVR42mM4QSJgOPGfJDCqgcYaVhEAo6E0GkqUhdJojhtNS6OhNJrjRtPSaCiNasCjgUQAAEayuW9LBQktAAAAAElFTkSuQmCC");

    public static void MapRepresentations(this IEndpointRouteBuilder routes)
    {
        var representations = routes.MapGroup("/internal_files/{id}/versions/{version}/representations/{representation}");
        representations.MapGet("", Get);
        representations.MapGet("/content/{asset?}", Content);
    }

    /// <summary>The field <c>representations</c> of a file.</summary>
    public static JsonObject Write(BoxFile file, Caller caller) => new()
    {
        ["entries"] = new JsonArray([.. caller.On(file).HasFlag(Rights.Preview)
            ? Hints(caller.RepresentationHints).Select(bracket => bracket.FirstOrDefault(hint => Has(file, hint.Name))).Where(hint => hint.Name is not null)
                .DistinctBy(hint => hint.Name).Select(hint => Write(file, hint, caller))
            : []]),
    };

    private static bool Has(BoxFile file, string representation) =>
        s_forms.TryGetValue(file.Extension, out var form) && (form.Name == representation || (representation == "png" && form.Name is ("text" or "pdf")));

    private static Results<Ok<JsonObject>, BoxError> Get(string id, string version, string representation, Caller caller) =>
        caller.OpenFile(id, Rights.Preview, out var file) is { } refusal ? refusal
        : file.Versions.Exists(each => each.Id == version) && representation.Split('_') is [var name, .. var dimensions]
            && Has(file, name)
            ? TypedResults.Ok(Write(file, (name, dimensions.FirstOrDefault() ?? ""), caller))
        : BoxError.NotFound("representation", representation);

    private static Results<FileContentHttpResult, BoxError> Content(string id, string version, string representation, Caller caller, HttpContext context)
    {
        if (caller.OpenFile(id, Rights.Preview, out var file) is { } refusal)
        {
            return refusal;
        }
        var name = representation.Split('_')[0];
        if (file.Versions.Find(each => each.Id == version) is not { } wanted || !Has(file, name))
        {
            return BoxError.NotFound("representation", version);
        }
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var (form, type) = s_forms[file.Extension];
        return form == name ? TypedResults.File(wanted.Content, type) : TypedResults.File(s_page, "image/png");
    }

    private static JsonObject Write(BoxFile file, (string Name, string Dimensions) hint, Caller caller)
    {
        var isImage = hint.Name is "jpg" or "png";
        var address = $"{caller.BaseAddress}/api/2.0/internal_files/{file.Id}/versions/{file.Current.Id}/representations/{hint.Name}{(isImage ? $"_{hint.Dimensions}" : "")}";
        return new JsonObject
        {
            ["representation"] = hint.Name,
            ["properties"] = isImage ? new JsonObject { ["dimensions"] = hint.Dimensions, ["paged"] = "false", ["thumb"] = "false" } : [],
            ["info"] = new JsonObject { ["url"] = address },
            ["status"] = new JsonObject { ["state"] = "success" },
            ["content"] = new JsonObject { ["url_template"] = address + "/content/{+asset_path}" },
        };
    }

    // "[jpg?dimensions=1024x1024&paged=false,png?dimensions=1024x1024][pdf]": of each bracket one, by preference.
    private static IEnumerable<IEnumerable<(string Name, string Dimensions)>> Hints(string header) =>
        header.Split(['[', ']'], StringSplitOptions.RemoveEmptyEntries).Select(bracket => bracket.Split(',')
            .Select(hint => hint.Split('?'))
            .Select(hint => (hint[0], hint.Length > 1 ? DimensionsOf(hint[1]) : "1024x1024")));

    private static string DimensionsOf(string properties) =>
        properties.Split('&').FirstOrDefault(property => property.StartsWith("dimensions=", StringComparison.Ordinal)) is { } found
        && found["dimensions=".Length..] is { Length: <= 11 } dimensions && dimensions.All(c => char.IsAsciiDigit(c) || c == 'x')
            ? dimensions
            : "1024x1024";
}
