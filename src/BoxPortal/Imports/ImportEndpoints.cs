using System.Globalization;
using System.Security.Claims;
using BoxPortal.Audit;
using BoxPortal.Jobs;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace BoxPortal.Imports;

/// <summary>Files in and out: by plain requests, since a circuit takes no message larger than 32 KB.</summary>
public static class ImportEndpoints
{
    /// <summary>What a form around a file takes.</summary>
    private const int FormInBytes = 64 * 1024;

    /// <summary>Maps the handing in of a file (POST, antiforgery-checked) and the taking away of what came of it.</summary>
    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        var imports = routes.MapGroup("/imports");
        imports.MapPost("/files", UploadAsync).RequireAuthorization(Policies.Administrator).WithMetadata(new RequestSizeLimitAttribute(CsvFile.LargestInBytes + FormInBytes));
        imports.MapGet("/{id:long}/lines.csv", DownloadAsync).RequireAuthorization(Policies.ReadRecord).AllowCookieRedirect(); // a link on a page leads to it
    }

    /// <summary>The form binding is what makes the framework check antiforgery.</summary>
    private static async Task<Results<Created, ProblemHttpResult>> UploadAsync(
        IFormFile file, ClaimsPrincipal session, ImportDrafts drafts, IStringLocalizer<ImportsText> text, IStringLocalizer<JobsText> jobs, CancellationToken cancellationToken)
    {
        if (file.Length > CsvFile.LargestInBytes)
        {
            return TypedResults.Problem(CsvFile.TooLarge.In(text), statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        var bytes = new byte[file.Length];
        await using (var content = file.OpenReadStream())
        {
            await content.ReadExactlyAsync(bytes, cancellationToken);
        }

        switch (CsvFile.Open(LineText.Show(Path.GetFileName(file.FileName)), bytes))
        {
            case CsvFile.Readable { Source: var source }:
                var result = await drafts.DraftAsync(session, source, cancellationToken);
                return result is JobResult.Done { Job.Id: var id }
                    ? TypedResults.Created($"/imports/{id.ToString(CultureInfo.InvariantCulture)}")
                    : TypedResults.Problem(result.Said?.In(jobs), statusCode: result is JobResult.NotAllowed ? StatusCodes.Status403Forbidden : StatusCodes.Status422UnprocessableEntity);
            case CsvFile.Unreadable { Why: var why }:
                return TypedResults.Problem(why.In(text), statusCode: StatusCodes.Status422UnprocessableEntity);
            case var unknown:
                throw new System.Diagnostics.UnreachableException($"No answer to {unknown}.");
        }
    }

    private static async Task<Results<PushStreamHttpResult, NotFound>> DownloadAsync(
        long id, ClaimsPrincipal session, IDbContextFactory<PortalDb> databases, AuditTrail audit, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(job => job.Id == id, cancellationToken) is not { } job)
        {
            return TypedResults.NotFound();
        }

        var employee = Employee.From(session);
        await audit.WriteAsync(audit.Entry(AuditKind.Exported, employee.Id, employee.Name, employee.UserName,
            $"Lines of {job.Kind} “{job.Title}” (job {id})."), cancellationToken);
        return TypedResults.Stream(file => ImportExport.WriteAsync(file, databases, job, cancellationToken), "text/csv; charset=utf-8", $"import-{id}.csv");
    }
}
