using System.Globalization;
using BoxPortal.Jobs;
using BoxPortal.Storage;
using CsvHelper;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Imports;

/// <summary>Lines, verdicts and results as a file, for spreadsheets: none of its cells is run.</summary>
internal static class ImportExport
{
    private const int ChunkSize = 1000;

    /// <summary>Writes all lines of the job, some at a time.</summary>
    public static async Task WriteAsync(Stream file, IDbContextFactory<PortalDb> databases, Job job, CancellationToken cancellationToken)
    {
        await using var writer = CsvWriter.Create(file, new CsvWriterOptions { Quoting = CsvQuoting.Always, WriteByteOrderMark = true }, leaveOpen: true); // or Excel takes UTF-8 for something else
        await WriteAsync(writer, ["line", "object_id", "mail", "name", "app_user", "reason", "verdict", "why", "person", "result", "result_why", "box_code", "box_request_id"], cancellationToken);
        for (var skip = 0; ; skip += ChunkSize)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            var rows = await ImportRow.ReadAsync(db, job, ImportFilter.All, skip, ChunkSize, cancellationToken);
            foreach (var (line, change) in rows)
            {
                await WriteAsync(writer,
                [
                    line.Line.ToString(CultureInfo.InvariantCulture), line.ObjectId, line.Mail, line.Name, line.AppUser, line.Reason,
                    line.Verdict is { } verdict ? VerdictChip.Word(verdict) : "", line.Words, line.PersonName ?? "",
                    change is null ? "" : OutcomeChip.Word(change.Stage), change?.Outcome ?? "", change?.BoxCode ?? "", change?.BoxRequestId ?? "",
                ], cancellationToken);
            }

            if (rows.Count < ChunkSize)
            {
                return;
            }
        }
    }

    private static ValueTask WriteAsync(CsvWriter writer, string[] cells, CancellationToken cancellationToken) =>
        writer.WriteRecordAsync(Array.ConvertAll(cells, LineText.Defuse), cancellationToken);
}
