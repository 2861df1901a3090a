using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>Box's <c>/files/{id}/versions</c>: what the file was before. Source: Box API reference, "File versions".</summary>
internal static class FileVersionResource
{
    private static readonly Shape<(BoxFile File, FileVersion Version)> s_shape = new()
    {
        Base = ["type", "id"],
        Mini = ["type", "id", "sha1", "name", "size", "created_at", "modified_at", "modified_by", "trashed_at", "purged_at"],
        Standard = ["type", "id", "sha1", "name", "size", "uploader_display_name", "created_at", "modified_at", "modified_by", "trashed_at", "purged_at"],
        Fields = new Dictionary<string, Func<(BoxFile File, FileVersion Version), Caller, JsonNode?>>
        {
            ["type"] = (_, _) => "file_version",
            ["id"] = (of, _) => of.Version.Id,
            ["sha1"] = (of, _) => of.Version.Sha1,
            ["name"] = (of, _) => of.File.Name,
            ["size"] = (of, _) => of.Version.Content.LongLength,
            ["version_number"] = (of, _) => $"{of.File.Versions.IndexOf(of.Version) + 1}",
            ["uploader_display_name"] = (of, _) => of.Version.CreatedBy.Name,
            ["created_at"] = (of, _) => FieldList.Write(of.Version.CreatedAt),
            ["modified_at"] = (of, _) => FieldList.Write(of.Version.CreatedAt),
            ["modified_by"] = (of, caller) => UserResource.Shape.WriteMini(of.Version.CreatedBy, caller),
            ["trashed_at"] = (_, _) => null,
            ["purged_at"] = (_, _) => null,
        },
    };

    public static void MapFileVersions(this IEndpointRouteBuilder routes)
    {
        var versions = routes.MapGroup("/files/{id}/versions");
        versions.MapGet("", List);
        versions.MapGet("/{version}", Get);
        versions.MapDelete("/{version}", Delete);
        versions.MapPost("/current", Promote);
    }

    // Newest first; the current one is the file itself and not listed.
    private static Results<Ok<JsonObject>, BoxError> List(string id, Caller caller, [AsParameters] Paging paging, string? fields) =>
        (caller.OpenFile(id, Rights.List, out var file) ?? paging.Refusal) is { } refusal
            ? refusal
            : TypedResults.Ok(paging.ByOffset([.. file.Versions.SkipLast(1).Reverse()], version => s_shape.WriteEntry((file, version), caller, fields)));

    private static Results<Ok<JsonObject>, BoxError> Get(string id, string version, Caller caller, string? fields) =>
        Find(id, version, Rights.List, caller, out var file, out var found) is { } refusal
            ? refusal
            : TypedResults.Ok(s_shape.WriteStandard((file, found), caller, fields));

    private static Results<NoContent, BoxError> Delete(string id, string version, Caller caller)
    {
        if (Find(id, version, Rights.Delete, caller, out var file, out var found) is { } refusal)
        {
            return refusal;
        }
        if (found == file.Current)
        {
            return BoxError.BadRequest("file_version", "The current version cannot be deleted");
        }
        file.Versions.Remove(found);
        return TypedResults.NoContent();
    }

    // Box makes a new version with the content of the old one.
    private static Results<Created<JsonObject>, BoxError> Promote(string id, Reference wanted, Caller caller, Enterprise enterprise, SandboxClock clock, string? fields)
    {
        if (Find(id, wanted.Id ?? "", Rights.NewVersion, caller, out var file, out var found) is { } refusal)
        {
            return refusal;
        }
        var made = enterprise.AddVersion(file, found.Content, caller.User, clock.GetUtcNow());
        ItemResource.Touch(file, caller.User, clock);
        return TypedResults.Created((string?)null, s_shape.WriteStandard((file, made), caller, fields));
    }

    private static BoxError? Find(string id, string version, Rights needed, Caller caller, out BoxFile file, out FileVersion found)
    {
        found = null!;
        if (caller.OpenFile(id, needed, out file) is { } refusal)
        {
            return refusal;
        }
        found = file.Versions.Find(each => each.Id == version)!;
        return found is null ? BoxError.NotFound("file_version", version) : null;
    }
}
