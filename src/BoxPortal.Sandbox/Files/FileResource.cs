using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Sandbox;

/// <summary>Box's <c>/files/{id}</c>. Source: Box API reference, "Files".</summary>
internal static class FileResource
{
    public static readonly Shape<BoxFile> Shape = new()
    {
        Base = ["type", "id", "etag"],
        Mini = ["type", "id", "file_version", "sequence_id", "etag", "sha1", "name"],
        Standard =
        [
            "type", "id", "file_version", "sequence_id", "etag", "sha1", "name", "description", "size", "path_collection", "created_at",
            "modified_at", "trashed_at", "purged_at", "content_created_at", "content_modified_at", "created_by", "modified_by", "owned_by",
            "shared_link", "parent", "item_status",
        ],
        Fields = ItemResource.Fields<BoxFile>("file", new()
        {
            ["file_version"] = (file, _) => new JsonObject { ["type"] = "file_version", ["id"] = file.Current.Id, ["sha1"] = file.Current.Sha1 },
            ["sha1"] = (file, _) => file.Current.Sha1,
            ["size"] = (file, _) => file.Current.Content.LongLength,
            ["content_created_at"] = (file, _) => FieldList.Write(file.ContentCreatedAt),
            ["content_modified_at"] = (file, _) => FieldList.Write(file.ContentModifiedAt),
            ["extension"] = (file, _) => file.Extension,
            ["version_number"] = (file, _) => $"{file.Versions.Count}",
            ["permissions"] = (file, caller) => Permissions(caller.On(file)),
            ["authenticated_download_url"] = (file, caller) => $"{caller.BaseAddress}/2.0/files/{file.Id}/content",
            ["is_download_available"] = (_, _) => true,
            ["representations"] = RepresentationResource.Write,
            ["watermark_info"] = (_, _) => new JsonObject { ["is_watermarked"] = false },
        }),
    };

    public static RouteGroupBuilder MapFiles(this IEndpointRouteBuilder routes)
    {
        var files = routes.MapGroup("/files/{id}");
        files.MapGet("", Get);
        files.MapPut("", Update);
        files.MapDelete("", Delete);
        files.MapGet("/collaborations", Collaborations);
        return files;
    }

    private static Results<Ok<JsonObject>, StatusCodeHttpResult, BoxError> Get(
        string id, Caller caller, [FromHeader(Name = "If-None-Match")] string? ifNoneMatch, string? fields)
    {
        if (caller.OpenFile(id, Rights.List, out var file) is { } refusal)
        {
            return refusal;
        }
        return ifNoneMatch is not null && ItemResource.Matches(ifNoneMatch, file)
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Ok(Shape.WriteStandard(file, caller, fields));
    }

    private static Results<Ok<JsonObject>, BoxError> Update(
        string id, ItemResource.ItemChange wanted, Caller caller, Enterprise enterprise, SandboxClock clock, [FromHeader(Name = "If-Match")] string? ifMatch, string? fields)
    {
        if (caller.OpenFile(id, Rights.None, out var file) is { } refusal)
        {
            return refusal;
        }
        if (!ItemResource.Matches(ifMatch, file))
        {
            return BoxError.PreconditionFailed;
        }
        return ItemResource.Change(file, wanted, caller, enterprise, clock) is { } unchanged
            ? unchanged
            : TypedResults.Ok(Shape.WriteStandard(file, caller, fields));
    }

    private static Results<NoContent, BoxError> Delete(string id, Caller caller, Enterprise enterprise, [FromHeader(Name = "If-Match")] string? ifMatch)
    {
        if (caller.OpenFile(id, Rights.Delete, out var file) is { } refusal)
        {
            return refusal;
        }
        if (!ItemResource.Matches(ifMatch, file))
        {
            return BoxError.PreconditionFailed;
        }
        enterprise.Trash(file, caller.User);
        return TypedResults.NoContent();
    }

    private static Results<Ok<JsonObject>, BoxError> Collaborations(string id, Caller caller, [AsParameters] Paging paging, string? fields) =>
        (caller.OpenFile(id, Rights.List, out var file) ?? paging.Refusal) is { } refusal
            ? refusal
            : TypedResults.Ok(CollaborationResource.ListOf(file, caller, paging, fields));

    private static JsonObject Permissions(Rights rights) => new()
    {
        ["can_download"] = rights.HasFlag(Rights.Download),
        ["can_preview"] = rights.HasFlag(Rights.Preview),
        ["can_upload"] = rights.HasFlag(Rights.NewVersion),
        ["can_comment"] = false,
        ["can_rename"] = rights.HasFlag(Rights.Rename),
        ["can_delete"] = rights.HasFlag(Rights.Delete),
        ["can_share"] = rights.HasFlag(Rights.Share),
        ["can_set_share_access"] = rights.HasFlag(Rights.ShareAccess),
        ["can_invite_collaborator"] = rights.HasFlag(Rights.Invite),
        ["can_annotate"] = false,
        ["can_view_annotations_all"] = false,
        ["can_view_annotations_self"] = false,
        ["can_apply_watermark"] = false,
    };
}
