using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>
/// A file's content is asked for with a token, and fetched without one from an address that works for 15 minutes.
/// Source: Box's guide "Download file"; the addresses look like those of <c>dl.boxcloud.com</c>.
/// </summary>
internal static class DownloadResource
{
    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(15);

    public static void MapDownloads(this IEndpointRouteBuilder routes) => routes.MapGet("/files/{id}/content", Locate);

    public static void MapDownloadAddresses(this IEndpointRouteBuilder routes) => routes.MapGet("/d/1/{key}/download", Fetch);

    private static Results<RedirectHttpResult, BoxError> Locate(string id, Caller caller, Enterprise enterprise, SandboxClock clock, string? version)
    {
        if (caller.OpenFile(id, Rights.Download, out var file) is { } refusal)
        {
            return refusal;
        }
        if ((version is null ? file.Current : file.Versions.Find(each => each.Id == version)) is not { } wanted)
        {
            return BoxError.NotFound("file_version", version!);
        }
        ItemResource.Remember(file, caller.User, "item_open", clock);
        enterprise.Happened("DOWNLOAD", Enterprise.OfItem(file));
        var key = enterprise.Offer(new Download(wanted.Content, file.Name, clock.GetUtcNow() + s_life));
        return TypedResults.Redirect($"{caller.BaseAddress}/d/1/{key}/download");
    }

    // Whatever the file claims to be, a browser is to keep it, not to show it: it is a stranger's content at our address.
    private static Results<FileContentHttpResult, NotFound> Fetch(string key, Enterprise enterprise, HttpContext context)
    {
        if (enterprise.Collect(key) is not { } download)
        {
            return TypedResults.NotFound();
        }
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.File(download.Content, "application/octet-stream", download.Name, enableRangeProcessing: true);
    }
}

/// <summary>What an address under <c>/d</c> leads to.</summary>
internal sealed record Download(byte[] Content, string Name, DateTimeOffset ExpiresAt);
