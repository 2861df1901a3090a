using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Sandbox;

/// <summary>Large files come in parts, several at a time and in any order. Source: Box API reference and guide, "Chunked uploads".</summary>
internal static class UploadSessionResource
{
    // Smaller files are to come at once.
    private const long SmallestFileInBytes = 20_000_000;
    private static readonly TimeSpan s_life = TimeSpan.FromDays(7);

    public static void MapUploadSessions(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/files/upload_sessions", OpenForFile);
        routes.MapPost("/files/{id}/upload_sessions", OpenForVersion);
        var session = routes.MapGroup("/files/upload_sessions/{session}");
        session.MapGet("", Get);
        session.MapPut("", AddPart).WithMetadata(UploadLimit.Instance);
        session.MapDelete("", Abort);
        session.MapGet("/parts", Parts);
        session.MapPost("/commit", Commit);
        session.MapPost("/log", Log);
    }

    private static Results<Created<JsonObject>, BoxError> OpenForFile(NewSession wanted, Caller caller, Enterprise enterprise, SandboxClock clock)
    {
        if ((SizeFault(wanted.FileSize) ?? UploadResource.FindRoom(new(wanted.FileName, new Reference(wanted.FolderId, null, null), null, null), wanted.FileSize ?? 0, caller, out _)) is { } refusal)
        {
            return refusal;
        }
        caller.OpenFolder(wanted.FolderId!, Rights.Upload, out var folder);
        return Open(wanted.FileName!, folder, null, wanted.FileSize!.Value, caller, enterprise, clock);
    }

    private static Results<Created<JsonObject>, BoxError> OpenForVersion(string id, NewSession wanted, Caller caller, Enterprise enterprise, SandboxClock clock) =>
        (caller.OpenFile(id, Rights.NewVersion, out var file) ?? SizeFault(wanted.FileSize) ?? UploadResource.OverSpace(file.Owner, wanted.FileSize!.Value)) is { } refusal
            ? refusal
            : Open(wanted.FileName ?? file.Name, null, file, wanted.FileSize!.Value, caller, enterprise, clock);

    private static Results<Created<JsonObject>, BoxError> Open(string name, Folder? folder, BoxFile? file, long size, Caller caller, Enterprise enterprise, SandboxClock clock)
    {
        // Not in Box's reference. The Elements take the session from the refusal and go on with it.
        if (enterprise.FindUploadSession(caller.User, folder, file, name, size) is { } begun)
        {
            return new BoxError(409, "session_conflict", "An upload session for this file is open already", new JsonObject { ["session"] = Write(begun, caller) });
        }
        UploadSession session = new()
        {
            Id = Secret.Fingerprint(Secret.New()).ToUpperInvariant(),
            User = caller.User,
            File = file,
            Folder = folder,
            Name = name,
            Content = new byte[size],
            ExpiresAt = clock.GetUtcNow() + s_life,
        };
        enterprise.Open(session);
        return TypedResults.Created((string?)null, Write(session, caller));
    }

    private static Results<Ok<JsonObject>, BoxError> Get(string session, Caller caller, Enterprise enterprise) =>
        Find(session, caller, enterprise, out var found) is { } refusal ? refusal : TypedResults.Ok(Write(found, caller));

    private static Results<Ok<JsonObject>, BoxError> AddPart(
        string session, Octets part, Caller caller, Enterprise enterprise, [FromHeader(Name = "Content-Range")] string? range, [FromHeader(Name = "Digest")] string? digest)
    {
        if ((Find(session, caller, enterprise, out var found) ?? part.Refusal) is { } refusal)
        {
            return refusal;
        }
        if (!ContentRangeHeaderValue.TryParse(range, out var at) || at is not { From: { } from, To: { } to, Length: { } total, Unit: "bytes" }
            || !found.Fits(from, to, total) || part.Bytes.Length != to - from + 1)
        {
            return new BoxError(416, "invalid_range", "The part does not fit the part size and the size of the file");
        }
        if (found.Has(from))
        {
            return new BoxError(409, "range_overlaps_existing_part", "The part overlaps one that is there already");
        }
#pragma warning disable CA5350 // Box's choice.
        var sha1 = SHA1.HashData(part.Bytes);
#pragma warning restore CA5350
        return DigestFault(digest, sha1) is { } wrong
            ? wrong
            : TypedResults.Ok(new JsonObject { ["part"] = Write(found.Add(from, part.Bytes, Convert.ToHexStringLower(sha1))) });
    }

    private static Results<Ok<JsonObject>, BoxError> Parts(string session, Caller caller, Enterprise enterprise, [AsParameters] Paging paging) =>
        (Find(session, caller, enterprise, out var found) ?? paging.Refusal) is { } refusal
            ? refusal
            : TypedResults.Ok(paging.ByOffset(found.Parts, Write, usualLimit: 1000));

    private static Results<Created<JsonObject>, BoxError> Commit(
        string session, Wanted wanted, Caller caller, Enterprise enterprise, SandboxClock clock,
        [FromHeader(Name = "Digest")] string? digest, [FromHeader(Name = "If-Match")] string? ifMatch, string? fields)
    {
        if (Find(session, caller, enterprise, out var found) is { } refusal)
        {
            return refusal;
        }
        if (!found.IsWhole || wanted.Parts is not { } parts || !parts.Select(part => part.PartId).SequenceEqual(found.Parts.Select(part => part.Id)))
        {
            return new BoxError(400, "parts_mismatch", "The parts listed are not those of the whole file, in order");
        }
#pragma warning disable CA5350 // Box's choice.
        if (DigestFault(digest, SHA1.HashData(found.Content)) is { } wrong)
#pragma warning restore CA5350
        {
            return wrong;
        }
        // Much may have happened since the session was opened.
        var lost = found.File is { } changed
            ? caller.OpenFile(changed.Id, Rights.NewVersion, out _) ?? (ItemResource.Matches(ifMatch, changed) ? null : BoxError.PreconditionFailed)
            : UploadResource.FindRoom(new(found.Name, new Reference(found.Folder!.Id, null, null), null, null), found.Content.Length, caller, out _);
        if (lost is not null)
        {
            return lost;
        }

        enterprise.Close(found);
        var at = wanted.Attributes?.ContentModifiedAt;
        return found.File is { } file
            ? TypedResults.Created((string?)null, UploadResource.WriteOne(UploadResource.AddVersion(file, found.Content, at, caller, enterprise, clock), caller, fields))
            : TypedResults.Created((string?)null, UploadResource.WriteOne(UploadResource.AddFile(found.Folder!, found.Name, found.Content, at, caller, enterprise, clock), caller, fields));
    }

    private static Results<NoContent, BoxError> Abort(string session, Caller caller, Enterprise enterprise)
    {
        if (Find(session, caller, enterprise, out var found) is { } refusal)
        {
            return refusal;
        }
        enterprise.Close(found);
        return TypedResults.NoContent();
    }

    // Where the Elements tell Box of their troubles.
    private static Results<NoContent, BoxError> Log(string session, Caller caller, Enterprise enterprise) =>
        Find(session, caller, enterprise, out _) is { } refusal ? refusal : TypedResults.NoContent();

    private static BoxError? Find(string id, Caller caller, Enterprise enterprise, out UploadSession session)
    {
        session = enterprise.FindUploadSession(id)!;
        return session is null || session.User != caller.User ? BoxError.NotFound("upload_session", id) : null;
    }

    private static BoxError? SizeFault(long? size) =>
        size is null ? BoxError.Missing("file_size")
        : size < SmallestFileInBytes ? new BoxError(400, "file_size_too_small", "The file is too small for an upload in parts")
        : size > UploadResource.LargestFileInBytes ? new BoxError(413, "file_size_limit_exceeded", "The file is larger than the user may upload")
        : null;

    private static BoxError? DigestFault(string? told, byte[] sha1) =>
        told == "sha=" + Convert.ToBase64String(sha1) ? null : new BoxError(400, "bad_digest", "The specified digest did not match what we received");

    private static JsonObject Write(UploadSession session, Caller caller)
    {
        var address = $"{caller.BaseAddress}/api/2.0/files/upload_sessions/{session.Id}";
        return new JsonObject
        {
            ["id"] = session.Id,
            ["type"] = "upload_session",
            ["session_expires_at"] = FieldList.Write(session.ExpiresAt),
            ["part_size"] = UploadSession.PartSizeInBytes,
            ["total_parts"] = session.TotalParts,
            ["num_parts_processed"] = session.Parts.Count,
            ["session_endpoints"] = new JsonObject
            {
                ["upload_part"] = address,
                ["commit"] = $"{address}/commit",
                ["abort"] = address,
                ["list_parts"] = $"{address}/parts",
                ["status"] = address,
                ["log_event"] = $"{address}/log",
            },
        };
    }

    private static JsonObject Write(UploadPart part) => new() { ["part_id"] = part.Id, ["offset"] = part.Offset, ["size"] = part.Size, ["sha1"] = part.Sha1 };

    internal sealed record NewSession(string? FolderId, string? FileName, long? FileSize);

    internal sealed record Wanted(IReadOnlyList<WantedPart>? Parts, UploadResource.Attributes? Attributes);

    internal sealed record WantedPart(string? PartId);

    /// <summary>A body as it is.</summary>
    internal sealed record Octets(byte[] Bytes, BoxError? Refusal)
    {
        public static async ValueTask<Octets> BindAsync(HttpContext context)
        {
            using MemoryStream body = new();
            try
            {
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            }
            catch (BadHttpRequestException fault)
            {
                return new Octets([], BoxError.Of(fault.StatusCode));
            }
            return new Octets(body.ToArray(), null);
        }
    }

    /// <summary>A part may be larger than anything else that is sent here, but for a whole file.</summary>
    private sealed class UploadLimit : Microsoft.AspNetCore.Http.Metadata.IRequestSizeLimitMetadata
    {
        public static readonly UploadLimit Instance = new();

        // And a little, for the framing of a body sent in chunks counts, too.
        public long? MaxRequestBodySize => UploadSession.PartSizeInBytes + (1 << 20);
    }
}
