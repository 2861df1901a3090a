using System.Globalization;
using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using CsvHelper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Access;

/// <summary>Who sees a folder, as a file.</summary>
public static class AccessExport
{
    private static readonly string[] s_columns = ["folder", "folder_id", "person", "sign_in_name", "object_id", "app_user", "state", "sees_it", "may", "through", "role", "on_folder", "since_utc", "member_since_utc", "member_before_utc"];

    /// <summary>Maps <c>GET /access/people.csv?folder=&amp;at=</c>: one line for each person and each way they come by, as a page told at that moment.</summary>
    public static void MapAccess(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/access/people.csv", GetAsync).RequireAuthorization(Policies.ProveMapping).AllowCookieRedirect(); // a link on a page leads to it

    private static async Task<Results<PushStreamHttpResult, NotFound, ForbidHttpResult, ProblemHttpResult>> GetAsync(
        string folder, string? at, ClaimsPrincipal session, AccessExplainer explainer, AuditTrail audit, IDbContextFactory<PortalDb> databases, HttpResponse response,
        CancellationToken cancellationToken)
    {
        if (AccessQuestion.IdIn(folder) is not { } id)
        {
            return TypedResults.NotFound(); // no folder is called so, and what stands in an address is not for the record
        }

        switch (await explainer.ListAsync(session, id, Moment(at), cancellationToken))
        {
            case AccessResult.Listed { Audience: var audience }:
                var reader = Employee.From(session);
                // Whoever takes it away is in the record.
                await audit.WriteAsync(audit.Entry(AuditKind.Exported, reader.Id, reader.Name, reader.UserName,
                    $"Who sees “{audience.Folder.Name}” (folder {audience.Folder.Id}): {audience.People.Count - audience.Suspended} people."), cancellationToken);
                response.Headers.CacheControl = "no-store";
                return TypedResults.Stream(stream => WriteAsync(stream, audience, databases, cancellationToken), "text/csv; charset=utf-8", $"access-{audience.Folder.Id}.csv");
            case AccessResult.NotAllowed:
                return TypedResults.Forbid();
            case AccessResult.BoxRefused { Refusal: var refusal }:
                return TypedResults.Problem($"Box did not say who sees this folder: {refusal.Message}", statusCode: StatusCodes.Status503ServiceUnavailable);
            default:
                return TypedResults.NotFound();
        }
    }

    /// <summary>Where the file is of what a page shows.</summary>
    public static string Address(AudiencePage page) =>
        $"/access/people.csv?folder={Uri.EscapeDataString(page.Folder.Id)}&at={page.At.UtcTicks.ToString(CultureInfo.InvariantCulture)}";

    private static DateTimeOffset? Moment(string? ticks) =>
        long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at <= DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(at, TimeSpan.Zero) : null;

    private static async Task WriteAsync(Stream stream, FolderAudience audience, IDbContextFactory<PortalDb> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var people = await db.Set<AppUserMapping>().AsNoTracking().Where(mapping => mapping.AppUserId != null).ToDictionaryAsync(mapping => mapping.AppUserId!, cancellationToken);
        var groupIds = audience.People.SelectMany(one => one.Paths).OfType<AccessPath.ThroughGroup>().Select(path => path.Group.Id).Distinct().ToArray();
        var memberships = (await db.Set<MembershipSource>().AsNoTracking().Where(source => groupIds.Contains(source.GroupId)).ToListAsync(cancellationToken))
            .ToLookup(source => (source.GroupId, source.AppUserId));
        // A name that a spreadsheet would take for a formula is given as text; spreadsheets know UTF-8 by its mark.
        await using var csv = CsvWriter.Create(stream, new CsvWriterOptions { Injection = CsvInjection.Escape, WriteByteOrderMark = true }, leaveOpen: true);
        await csv.WriteRecordAsync(s_columns, cancellationToken);
        foreach (var one in audience.Account is { } account ? audience.People.Append(account) : audience.People)
        {
            var person = people.GetValueOrDefault(one.AppUserId);
            foreach (var path in one.Paths)
            {
                var (since, before) = path is AccessPath.ThroughGroup { Group.Id: var groupId } ? MembershipSource.DatesOf(memberships[(groupId, one.AppUserId)]) : default;
                await csv.WriteRecordAsync(
                    [
                        audience.Folder.Name, audience.Folder.Id, person?.Name ?? one.Name, person?.UserName ?? "", person is null ? "" : $"{person.ObjectId}", one.AppUserId,
                        StateOf(one, person, audience.Account), one.IsSuspended ? "no" : "yes", one.Access.Words, path.Words, path.Role.Word(), path.On.Name, Since(path), Text(since), Text(before),
                    ],
                    cancellationToken);
            }
        }

        foreach (var gap in audience.Gaps)
        {
            await csv.WriteRecordAsync([audience.Folder.Name, audience.Folder.Id, gap.ToString(), "", "", "", "", "", "", "", "", "", "", "", ""], cancellationToken);
        }
    }

    private static string StateOf(FolderReader one, AppUserMapping? person, FolderReader? account) =>
        one == account ? AudiencePage.AccountWords : one.IsSuspended ? MappingStateChip.Word(MappingState.Suspended) : person is null ? "" : MappingStateChip.Word(person.State);

    private static string Since(AccessPath path) => Text(path switch
    {
        AccessPath.ThroughGroup { Grant.CreatedAt: var at } => at,
        AccessPath.Direct { Grant.CreatedAt: var at } => at,
        _ => null,
    });

    private static string Text(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? "";
}
