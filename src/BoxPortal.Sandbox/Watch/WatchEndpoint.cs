using BoxPortal.Sandbox.SignIn;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox.Watch;

/// <summary>A page for people who want to watch: the company, its folders, the latest requests. It is one of the controls, and open to this machine only.</summary>
internal static class WatchEndpoint
{
    private const int MostRequests = 50;
    private const int MostFolders = 200;

    public static void MapWatch(this IEndpointRouteBuilder routes) => routes.MapGet("/", Show);

    private static Results<RazorComponentResult<WatchPage>, StatusCodeHttpResult> Show(HttpContext context, Enterprise enterprise, SandboxClock clock, RequestLog log, bool watch = false)
    {
        if (!ControlResource.IsFromThisMachine(context))
        {
            return TypedResults.StatusCode(StatusCodes.Status403Forbidden);
        }
        PageHeaders.Write(context.Response, formAction: "'none'");
        if (watch)
        {
            context.Response.Headers["Refresh"] = "5";
        }
        lock (enterprise.Gate)
        {
            return new RazorComponentResult<WatchPage>(new
            {
                View = new WatchView(
                    enterprise.Users.Count, enterprise.Groups.Count, enterprise.Folders.Count, enterprise.Files.Count, clock.GetUtcNow(), watch,
                    [.. Below(enterprise.ServiceAccount.Root, 0).Take(MostFolders)],
                    [.. log.Requests.Where(request => request.Path != "/").Reverse().Take(MostRequests).Select(request => new WatchedRequest(
                        request.At, request.Status, request.Fault, request.Method, request.Path, request.UserId is { } id ? enterprise.Users.GetValueOrDefault(id)?.Name : null))]),
            });
        }
    }

    private static IEnumerable<WatchedFolder> Below(Folder parent, int depth) =>
        parent.Children.OfType<Folder>().OrderBy(folder => folder.Name, StringComparer.OrdinalIgnoreCase).SelectMany(folder => Below(folder, depth + 1).Prepend(new WatchedFolder(
            depth, folder.Name, folder.Children.OfType<BoxFile>().Count(),
            string.Join(", ", folder.Collaborations.Select(collaboration => $"{collaboration.Group?.Name ?? collaboration.User!.Name} ({collaboration.RoleName})")))));
}

/// <summary>What a watcher sees.</summary>
public sealed record WatchView(
    int People, int Groups, int Folders, int Files, DateTimeOffset Now, bool IsWatching, IReadOnlyList<WatchedFolder> Tree, IReadOnlyList<WatchedRequest> Requests);

/// <summary>A folder, so many levels below the service account's root.</summary>
public sealed record WatchedFolder(int Depth, string Name, int Files, string SharedWith);

/// <summary>A request, and as whom it was made where that is known.</summary>
public sealed record WatchedRequest(DateTimeOffset At, int? Status, string? Fault, string Method, string Path, string? As);
