using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Jobs;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Imports;

/// <summary>Imports up to the moment when somebody confirms them; from then on they are jobs like any other.</summary>
public sealed class ImportDrafts(IDbContextFactory<PortalDb> databases, AppUserDirectory directory, AppUserChanges changes, JobSteps steps, JobTriggers triggers)
{
    /// <summary>The verdicts that confirming makes a change of.</summary>
    public static IReadOnlyList<LineVerdict> Applied(bool alsoRemap) =>
        alsoRemap ? [LineVerdict.Map, LineVerdict.Create, LineVerdict.Change] : [LineVerdict.Map, LineVerdict.Create];

    /// <summary>Writes the lines of a source down, all of them or none, and begins to check them. Changes nobody's mapping.</summary>
    /// <param name="actor">Who imports; authorised here and now.</param>
    /// <param name="source">Where the lines come from.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    public async Task<JobResult> DraftAsync(ClaimsPrincipal actor, ImportSource source, CancellationToken cancellationToken)
    {
        if (await steps.RefuseAsync(actor, jobId: null, "begun", cancellationToken) is { } refusal)
        {
            return refusal;
        }

        var lines = await source.Lines.Take(ImportSource.MostLines + 1).ToListAsync(cancellationToken);
        if (lines.Count is 0 or > ImportSource.MostLines)
        {
            return new JobResult.NotNow(lines.Count == 0
                ? "It names columns, but has no lines."
                : $"It has more than {ImportSource.MostLines} lines. Split it.");
        }

        var employee = Employee.From(actor);
        var job = steps.Draft(JobKind.Import, source.Title, employee);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(job);
        await db.SaveChangesAsync(cancellationToken); // for its number
        db.Add(new Import { JobId = job.Id, Source = source.Description, Lines = lines.Count });
        db.AddRange(lines.Select(line => LineText.Read(job.Id, line)));
        steps.Record(db, job, employee, $"read: {lines.Count} lines, {source.Description}", before: null);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await triggers.TriggerAsync<ImportPreview>(job.Id, CancellationToken.None);
        return new JobResult.Done(job);
    }

    /// <summary>Checks all lines of a draft against how things stand now.</summary>
    public async Task<JobResult> CheckAgainAsync(ClaimsPrincipal actor, long jobId, CancellationToken cancellationToken)
    {
        var result = await steps.TakeAsync(actor, jobId, new JobStep("checked again", [JobStage.Draft], JobStage.Draft)
        {
            And = async (db, job) =>
            {
                var import = await db.Set<Import>().SingleAsync(import => import.JobId == job.Id, cancellationToken);
                import.CheckedAt = null;
                return null;
            },
        }, cancellationToken);
        if (result is JobResult.Done)
        {
            await triggers.TriggerAsync<ImportPreview>(jobId, CancellationToken.None);
        }

        return result;
    }

    /// <summary>Makes the changes that the preview has shown, and begins with the first.</summary>
    /// <param name="actor">Who confirms; authorised here and now, and again at each change.</param>
    /// <param name="jobId">Which import.</param>
    /// <param name="confirmation">What they have seen, and what they want of it.</param>
    /// <param name="cancellationToken">Abandons it; once it has begun it goes on.</param>
    public Task<JobResult> ConfirmAsync(ClaimsPrincipal actor, long jobId, ImportConfirmation confirmation, CancellationToken cancellationToken) =>
        steps.TakeAsync(actor, jobId, new JobStep("confirmed", [JobStage.Draft], JobStage.Running)
        {
            And = (db, job) => BeginAsync(db, job, Employee.From(actor), confirmation, cancellationToken),
        }, cancellationToken);

    private async Task<string?> BeginAsync(PortalDb db, Job job, Employee actor, ImportConfirmation confirmation, CancellationToken cancellationToken)
    {
        if (await db.Set<Import>().SingleAsync(import => import.JobId == job.Id, cancellationToken) is not { CheckedAt: { } checkedAt } || checkedAt != confirmation.SeenCheckedAt)
        {
            return "It was checked again since you looked. Look at what the lines say now.";
        }

        var verdicts = Applied(confirmation.AlsoRemap);
        var applied = db.Set<ImportLine>().Where(line => line.JobId == job.Id && verdicts.Contains(line.Verdict!.Value));
        var lines = await applied.AsNoTracking().OrderBy(line => line.Line).ToListAsync(cancellationToken);
        if (lines.Count == 0)
        {
            return "None of its lines would change anything.";
        }

        var newcomers = await EnterAsync(db, job, [.. lines.Where(line => line.SeenVersion is null)], cancellationToken);
        await applied.ExecuteUpdateAsync(set => set.SetProperty(line => line.IsApplied, true), cancellationToken);
        steps.Begin(db, job, actor, confirmation.Reason, [.. lines.Select(line => changes.ChangeOf(actor, new AppUserRequest(
            line.Verdict == LineVerdict.Create ? AppUserAct.Create : AppUserAct.Map,
            new EmployeeId(job.TenantId, line.PersonId!.Value),
            line.Reason.Length > 0 ? line.Reason : confirmation.Reason)
        {
            AppUserId = line.Verdict == LineVerdict.Create ? null : line.AppUserId,
            SeenVersion = line.SeenVersion ?? newcomers.GetValueOrDefault(line.PersonId.Value)?.Version ?? 0, // nobody's: it came since
            JobId = job.Id,
            Line = line.Line,
        }))]);
        return null;
    }

    /// <summary>Rows for people whom the portal does not know; those who have come since by themselves keep theirs.</summary>
    private async Task<Dictionary<Guid, AppUserMapping>> EnterAsync(PortalDb db, Job job, IReadOnlyList<ImportLine> lines, CancellationToken cancellationToken)
    {
        var ids = lines.Select(line => line.PersonId!.Value).ToArray();
        var known = (await db.Set<AppUserMapping>().Where(mapping => mapping.TenantId == job.TenantId && ids.Contains(mapping.ObjectId))
            .Select(mapping => mapping.ObjectId).ToListAsync(cancellationToken)).ToHashSet();
        var entered = lines.Where(line => !known.Contains(line.PersonId!.Value))
            .Select(line => directory.Enter(new EmployeeId(job.TenantId, line.PersonId!.Value), line.PersonName!, line.Mail, $"Entered by import “{job.Title}”, line {line.Line}."))
            .ToDictionary(mapping => mapping.ObjectId);
        db.AddRange(entered.Values);
        return entered;
    }
}

/// <summary>What somebody confirms.</summary>
/// <param name="Reason">Why, for the record of every change whose line has no reason of its own.</param>
/// <param name="AlsoRemap">Whether people who act as another app user now are changed too.</param>
/// <param name="SeenCheckedAt">When the lines that they looked at had been checked.</param>
public sealed record ImportConfirmation(string Reason, bool AlsoRemap, DateTimeOffset SeenCheckedAt);
