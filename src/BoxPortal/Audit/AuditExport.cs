using System.Globalization;
using System.Security.Claims;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using CsvHelper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Audit;

/// <summary>The record as a file.</summary>
public static class AuditExport
{
    private static readonly string[] s_columns =
    [
        "at_utc", "what", "name", "object_id", "by", "detail", "before", "after", "reason", "app_user", "token_fingerprint",
        "box_code", "box_request_id", "reference", "correlation_id",
    ];

    /// <summary>Maps <c>GET /record.csv</c>: what the record's page lists at the same address, all of it.</summary>
    public static void MapAudit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/record.csv", GetAsync).RequireAuthorization(Policies.ReadRecord);

    private static async Task<PushStreamHttpResult> GetAsync(
        string? q, string? kind, string? from, string? until, ClaimsPrincipal session, IDbContextFactory<PortalDb> databases, AuditTrail audit, HttpResponse response,
        CancellationToken cancellationToken)
    {
        var list = RecordList.Parse(q, kind, from, until);
        var reader = Employee.From(session);
        // Whoever takes the record away is in it.
        await audit.WriteAsync(audit.Entry(AuditKind.Exported, reader.Id, reader.Name, reader.UserName, list.Words), cancellationToken);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Stream(stream => WriteAsync(stream, list, databases, cancellationToken), "text/csv; charset=utf-8", "record.csv");
    }

    private static async Task WriteAsync(Stream stream, RecordList list, IDbContextFactory<PortalDb> databases, CancellationToken cancellationToken)
    {
        // A name that a spreadsheet would take for a formula is given as text; spreadsheets know UTF-8 by its mark.
        await using var csv = CsvWriter.Create(stream, new CsvWriterOptions { Injection = CsvInjection.Escape, WriteByteOrderMark = true }, leaveOpen: true);
        await csv.WriteRecordAsync(s_columns, cancellationToken);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await foreach (var entry in list.Of(db).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            await csv.WriteRecordAsync(
                [
                    entry.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), entry.Kind.ToString(), entry.Name, $"{entry.ObjectId}",
                    entry.Actor, entry.Detail, entry.Before ?? "", entry.After ?? "", entry.Reason ?? "", entry.AppUserId ?? "", entry.TokenFingerprint ?? "",
                    entry.BoxCode ?? "", entry.BoxRequestId ?? "", entry.Reference ?? "", entry.CorrelationId ?? "",
                ],
                cancellationToken);
        }
    }
}
