using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace BoxPortal.Sandbox;

/// <summary>
/// Uploads, and the check before them, which is a real OPTIONS request with a body. Both hosts of Box take both.
/// Source: Box API reference, "Uploads".
/// </summary>
internal static class UploadResource
{
    /// <summary>The largest file the sandbox holds; it holds them all in memory.</summary>
    public const long LargestFileInBytes = 256L << 20;

    public static void MapUploads(this IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/files/content", [HttpMethods.Options], CheckFile);
        routes.MapMethods("/files/{id}/content", [HttpMethods.Options], CheckVersion);
        routes.MapPost("/files/content", UploadFile).WithMetadata(UploadLimit.Instance);
        routes.MapPost("/files/{id}/content", UploadVersion).WithMetadata(UploadLimit.Instance);
    }

    private static Results<Ok<JsonObject>, BoxError> CheckFile([FromBody] Attributes wanted, Caller caller) =>
        FindRoom(wanted, wanted.Size ?? 0, caller, out _) is { } refusal
            ? refusal
            : TypedResults.Ok(UploadUrl($"{caller.BaseAddress}/api/2.0/files/content"));

    private static Results<Ok<JsonObject>, BoxError> CheckVersion(string id, [FromBody] Attributes wanted, Caller caller) =>
        (caller.OpenFile(id, Rights.NewVersion, out var file) ?? OverSpace(file.Owner, wanted.Size ?? 0)) is { } refusal
            ? refusal
            : TypedResults.Ok(UploadUrl($"{caller.BaseAddress}/api/2.0/files/{file.Id}/content"));

    private static Results<Created<JsonObject>, BoxError> UploadFile(Form form, Caller caller, Enterprise enterprise, SandboxClock clock, string? fields)
    {
        if (form.Refusal is { } bad)
        {
            return bad;
        }
        if (FindRoom(form.Attributes, form.Content.LongLength, caller, out var folder) is { } refusal)
        {
            return refusal;
        }
        var file = AddFile(folder, form.Attributes.Name!, form.Content, form.Attributes.ContentModifiedAt, caller, enterprise, clock);
        return TypedResults.Created((string?)null, WriteOne(file, caller, fields));
    }

    private static Results<Ok<JsonObject>, BoxError> UploadVersion(
        string id, Form form, Caller caller, Enterprise enterprise, SandboxClock clock, [FromHeader(Name = "If-Match")] string? ifMatch, string? fields)
    {
        if ((caller.OpenFile(id, Rights.NewVersion, out var file) ?? form.Refusal) is { } refusal)
        {
            return refusal;
        }
        if (!ItemResource.Matches(ifMatch, file))
        {
            return BoxError.PreconditionFailed;
        }
        if (OverSpace(file.Owner, form.Content.LongLength) is { } full)
        {
            return full;
        }
        return TypedResults.Ok(WriteOne(AddVersion(file, form.Content, form.Attributes.ContentModifiedAt, caller, enterprise, clock), caller, fields));
    }

    /// <summary>The file is there, in whatever way it came.</summary>
    public static BoxFile AddFile(Folder folder, string name, byte[] content, DateTimeOffset? contentModifiedAt, Caller caller, Enterprise enterprise, SandboxClock clock)
    {
        var file = enterprise.AddFile(folder, name, content, caller.User);
        file.ContentModifiedAt = contentModifiedAt ?? file.ContentModifiedAt;
        ItemResource.Remember(file, caller.User, "item_upload", clock);
        return file;
    }

    /// <summary>The version is there, in whatever way it came.</summary>
    public static BoxFile AddVersion(BoxFile file, byte[] content, DateTimeOffset? contentModifiedAt, Caller caller, Enterprise enterprise, SandboxClock clock)
    {
        enterprise.AddVersion(file, content, caller.User, clock.GetUtcNow());
        file.ContentModifiedAt = contentModifiedAt ?? clock.GetUtcNow();
        ItemResource.Touch(file, caller.User, clock);
        return file;
    }

    /// <summary>Why a file of that name and size cannot come there; <c>null</c> where it can.</summary>
    public static BoxError? FindRoom(Attributes wanted, long size, Caller caller, out Folder folder)
    {
        folder = null!;
        if (wanted.Parent?.Id is not { } parentId)
        {
            return BoxError.Missing("parent.id");
        }
        return caller.OpenFolder(parentId, Rights.Upload, out folder)
            ?? ItemResource.NameFault(wanted.Name)
            ?? (folder.Child(wanted.Name!) is { } taken ? ItemResource.NameInUse(taken, caller, forFile: true) : null)
            ?? OverSpace(folder.Owner, size);
    }

    /// <summary>Space is the owner's of the folder, not the uploader's.</summary>
    public static BoxError? OverSpace(User owner, long size) =>
        owner.SpaceAmount >= 0 && FolderResource.SizeOf(owner.Root) + size > owner.SpaceAmount
            ? new BoxError(403, "storage_limit_exceeded", "Account storage limit reached")
            : null;

    /// <summary>A list of one file, as uploads are answered.</summary>
    public static JsonObject WriteOne(BoxFile file, Caller caller, string? fields) =>
        new() { ["total_count"] = 1, ["entries"] = new JsonArray(FileResource.Shape.WriteStandard(file, caller, fields)) };

    private static JsonObject UploadUrl(string address) => new() { ["upload_url"] = address, ["upload_token"] = null };

    internal sealed record Attributes(string? Name, Reference? Parent, long? Size, DateTimeOffset? ContentModifiedAt);

    /// <summary>An upload as it was sent: the part <c>attributes</c>, then the part <c>file</c>.</summary>
    internal sealed class Form
    {
        public Attributes Attributes { get; private set; } = new(null, null, null, null);
        public byte[] Content { get; private set; } = [];
        public BoxError? Refusal { get; private set; }

        public static async ValueTask<Form> BindAsync(HttpContext context)
        {
            Form form = new();
            try
            {
                form.Refusal = await form.ReadAsync(context);
            }
            catch (BadHttpRequestException fault)
            {
                form.Refusal = BoxError.Of(fault.StatusCode);
            }
            catch (Exception fault) when (fault is IOException or InvalidDataException or JsonException)
            {
                form.Refusal = BoxError.Of(StatusCodes.Status400BadRequest);
            }
            return form;
        }

        private async Task<BoxError?> ReadAsync(HttpContext context)
        {
            if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type)
                || type.MediaType != "multipart/form-data"
                || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= 200 } boundary)
            {
                return BoxError.BadRequest("content-type", "multipart/form-data expected");
            }

            var json = context.RequestServices.GetRequiredService<IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions>>().Value.SerializerOptions;
            MultipartReader parts = new(boundary.ToString(), context.Request.Body);
            var hasAttributes = false;
            while (await parts.ReadNextSectionAsync(context.RequestAborted) is { } part)
            {
                switch (NameOf(part))
                {
                    case "attributes":
                        Attributes = await JsonSerializer.DeserializeAsync<Attributes>(part.Body, json, context.RequestAborted) ?? Attributes;
                        hasAttributes = true;
                        break;

                    case "file" when !hasAttributes:
                        return new BoxError(400, "metadata_after_file_contents", "The attributes part must come before the file contents");

                    case "file":
                        using (MemoryStream content = new())
                        {
                            await part.Body.CopyToAsync(content, context.RequestAborted);
                            Content = content.ToArray();
                        }
                        return CheckDigest(context.Request.Headers.ContentMD5);

                    default:
                        break;
                }
            }
            return BoxError.Missing("file");
        }

        // Named after MD5, but Box's own clients put the SHA-1 there.
        private BoxError? CheckDigest(string? digest) =>
#pragma warning disable CA5350 // Box's choice.
            string.IsNullOrEmpty(digest) || digest.Equals(Convert.ToHexString(SHA1.HashData(Content)), StringComparison.OrdinalIgnoreCase)
#pragma warning restore CA5350
                ? null
                : new BoxError(400, "bad_digest", "The specified content-md5 did not match what we received");

        // .NET's own client writes the names without quotes.
        private static string? NameOf(MultipartSection part) =>
            ContentDispositionHeaderValue.TryParse(part.ContentDisposition, out var disposition) ? HeaderUtilities.RemoveQuotes(disposition.Name).Value : null;
    }

    /// <summary>Uploads may be larger than anything else that is sent here.</summary>
    private sealed class UploadLimit : IRequestSizeLimitMetadata
    {
        public static readonly UploadLimit Instance = new();

        public long? MaxRequestBodySize => LargestFileInBytes + (1 << 20);
    }
}
