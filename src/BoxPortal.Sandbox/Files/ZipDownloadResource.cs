using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>
/// Several files and folders as one archive: asked for with a token, fetched without one from an address that works for a
/// while. Source: Box API reference, "Zip Downloads"; at Box the address is <c>dl.boxcloud.com</c>'s.
/// </summary>
internal static class ZipDownloadResource
{
    private const int MostItems = 10_000;
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(15);

    public static void MapZipDownloads(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/zip_downloads", Create);
        routes.MapGet("/zip_downloads/{key}/status", Status);
    }

    public static void MapZipAddresses(this IEndpointRouteBuilder routes) => routes.MapGet("/d/2.0/zip_downloads/{key}/content", Fetch);

    private static Results<JsonHttpResult<JsonObject>, BoxError> Create(Wanted wanted, Caller caller, Enterprise enterprise, SandboxClock clock)
    {
        if (wanted.Items is not { Count: > 0 } references)
        {
            return BoxError.Missing("items");
        }
        List<Item> items = [];
        foreach (var reference in references)
        {
            if (reference is not { Id: { } id, Type: "file" or "folder" } || id == Folder.RootId)
            {
                return BoxError.BadRequest("items", "Each item is a file or a folder, and none the root folder");
            }
            if (caller.OpenItem(reference.Type, id, Rights.Download, out var item) is { } refusal)
            {
                return refusal;
            }
            items.Add(item);
        }

        // Of items with the same name each gets one of its own.
        List<(Item Item, string Name)> named = [.. items.Distinct().GroupBy(item => item.Name, StringComparer.OrdinalIgnoreCase)
            .SelectMany(same => same.Select(item => (item, same.Count() == 1 ? item.Name : item.Id + Path.GetExtension(item.Name))))];
        List<(string Path, byte[] Content)> entries = [.. named.SelectMany(each => Entries(each.Item, each.Name, caller))];
        if (entries.Count > MostItems)
        {
            return BoxError.BadRequest("items", $"At most {MostItems} files");
        }

        ZipDownload zip = new(entries, (wanted.DownloadFileName ?? clock.GetUtcNow().ToString("yyyy-MM-dd HH-mm-ss", CultureInfo.InvariantCulture)) + ".zip", caller.User, clock.GetUtcNow() + s_life);
        var key = enterprise.Offer(zip);
        return TypedResults.Json(
            new JsonObject
            {
                ["download_url"] = $"{caller.BaseAddress}/d/2.0/zip_downloads/{key}/content",
                ["status_url"] = $"{caller.BaseAddress}/2.0/zip_downloads/{key}/status",
                ["expires_at"] = FieldList.Write(zip.ExpiresAt),
                ["name_conflicts"] = new JsonArray([.. named.Where(each => each.Name != each.Item.Name).GroupBy(each => each.Item.Name, StringComparer.OrdinalIgnoreCase).Select(Conflict)]),
            },
            statusCode: StatusCodes.Status202Accepted);
    }

    private static Results<Ok<JsonObject>, BoxError> Status(string key, Caller caller, Enterprise enterprise) =>
        enterprise.FindZip(key) is not { } zip || zip.User != caller.User
            ? BoxError.NotFound("zip_download", key)
            : TypedResults.Ok(new JsonObject
            {
                ["total_file_count"] = zip.Entries.Count,
                ["downloaded_file_count"] = zip.IsFetched ? zip.Entries.Count : 0,
                ["skipped_file_count"] = 0,
                ["skipped_folder_count"] = 0,
                ["state"] = zip.IsFetched ? "succeeded" : "in_progress",
            });

    private static Results<FileContentHttpResult, NotFound> Fetch(string key, Enterprise enterprise, HttpContext context)
    {
        ZipDownload? zip;
        lock (enterprise.Gate)
        {
            zip = enterprise.FindZip(key);
        }
        if (zip is null)
        {
            return TypedResults.NotFound();
        }
        using MemoryStream bytes = new();
        using (ZipArchive archive = new(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in zip.Entries)
            {
                using var entry = archive.CreateEntry(path, CompressionLevel.Fastest).Open();
                entry.Write(content);
            }
        }
        zip.IsFetched = true;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.File(bytes.ToArray(), "application/zip", zip.Name);
    }

    // What of it the caller may not take along is left away.
    private static IEnumerable<(string Path, byte[] Content)> Entries(Item item, string path, Caller caller) => item switch
    {
        BoxFile file => caller.On(file).HasFlag(Rights.Download) ? [(path, file.Current.Content)] : [],
        Folder folder => folder.Children.Count == 0 ? [(path + "/", [])] : folder.Children.SelectMany(child => Entries(child, $"{path}/{child.Name}", caller)),
        _ => [],
    };

    private static JsonArray Conflict(IEnumerable<(Item Item, string Name)> same) =>
        [.. same.Select(each => new JsonObject
        {
            ["id"] = each.Item.Id,
            ["type"] = each.Item is Folder ? "folder" : "file",
            ["original_name"] = each.Item.Name,
            ["download_name"] = each.Name,
        })];

    internal sealed record Wanted(IReadOnlyList<Reference>? Items, string? DownloadFileName);
}

/// <summary>An archive that somebody may fetch. It is packed then.</summary>
internal sealed record ZipDownload(IReadOnlyList<(string Path, byte[] Content)> Entries, string Name, User User, DateTimeOffset ExpiresAt)
{
    public bool IsFetched { get; set; }
}
