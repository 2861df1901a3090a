using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Jobs;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Imports;

/// <summary>Imports up to the moment when somebody confirms them; from then on they are jobs like any other.</summary>
public sealed class ImportDrafts(
    IDbContextFactory<PortalDb> databases, AppUserDirectory directory, AppUserChanges changes, JobSteps steps, JobTriggers triggers, TimeProvider clock) : IDisposable
{
    /// <summary>Two who confirm the same draft would write its changes twice.</summary>
    private readonly SemaphoreSlim _confirming = new(1, 1);

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
                : new Sentence("It has more than {0} lines. Split it.", ImportSource.MostLines));
        }

        var employee = Employee.From(actor);
        var job = steps.Draft(JobKind.Import, source.Title, employee);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        db.Add(job);
        await db.SaveChangesAsync(cancellationToken); // for its number
        var import = new Import { JobId = job.Id, Source = source.Description };
        db.Add(import);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        try
        {
            await databases.WriteInTurnsAsync(
                lines,
                (turn, some) =>
                {
                    turn.AddRange(some.Select(line => LineText.Read(job.Id, line)));
                    return Task.CompletedTask;
                },
                clock,
                cancellationToken);
            import.Lines = lines.Count;
            steps.Record(db, job, employee, $"read: {lines.Count} lines, {source.Description}", before: null);
            await db.SaveChangesAsync(cancellationToken);
        }
        catch
        {
            await ForgetUnreadAsync(databases, job.Id, CancellationToken.None);
            throw;
        }

        await triggers.TriggerAsync<ImportPreview>(job.Id, CancellationToken.None);
        return new JobResult.Done(job);
    }

    /// <summary>Deletes what was written of an import that was not read to its end.</summary>
    internal static async Task ForgetUnreadAsync(IDbContextFactory<PortalDb> databases, long jobId, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Set<ImportLine>().Where(line => line.JobId == jobId).ExecuteDeleteAsync(cancellationToken);
        await db.Set<Import>().Where(import => import.JobId == jobId).ExecuteDeleteAsync(cancellationToken);
        await db.Set<Job>().Where(job => job.Id == jobId).ExecuteDeleteAsync(cancellationToken);
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
    public async Task<JobResult> ConfirmAsync(ClaimsPrincipal actor, long jobId, ImportConfirmation confirmation, CancellationToken cancellationToken)
    {
        if (await steps.RefuseAsync(actor, jobId, "confirmed", cancellationToken) is { } refusal)
        {
            return refusal;
        }

        if (string.IsNullOrWhiteSpace(confirmation.Reason) || confirmation.Reason.Length > AppUserRequest.LongestReason)
        {
            return new JobResult.NotNow(AppUserRequest.WantsReason);
        }

        var employee = Employee.From(actor);
        await _confirming.WaitAsync(cancellationToken);
        try
        {
            return await WriteChangesAsync(employee, jobId, confirmation, cancellationToken) is { } objection
                ? new JobResult.NotNow(objection)
                : await steps.TakeAllowedAsync(employee, jobId, new JobStep("confirmed", [JobStage.Draft], JobStage.Running)
                {
                    And = (db, job) => BeginAsync(db, job, employee, confirmation),
                }, cancellationToken);
        }
        finally
        {
            _confirming.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _confirming.Dispose();

    /// <summary>The changes, while it still is a draft: nobody works on them before it runs. What an earlier try left is written anew.</summary>
    /// <returns>What speaks against it, in words.</returns>
    private async Task<string?> WriteChangesAsync(Employee actor, long jobId, ImportConfirmation confirmation, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        if (await db.Set<Job>().AsNoTracking().SingleOrDefaultAsync(job => job.Id == jobId, cancellationToken) is not { Stage: JobStage.Draft } job)
        {
            return "It cannot be confirmed as it stands now.";
        }

        if (await ObjectionAsync(db, jobId, confirmation) is { } objection)
        {
            return objection;
        }

        var wanted = LinesOf(db, jobId, confirmation);
        await db.Set<AppUserChange>().Where(change => change.JobId == jobId && !wanted.Any(line => line.Line == change.Line)).ExecuteDeleteAsync(cancellationToken);
        var lines = await wanted.AsNoTracking().OrderBy(line => line.Line).ToListAsync(cancellationToken);
        await databases.WriteInTurnsAsync(
            lines,
            async (turn, some) =>
            {
                var numbers = some.Select(line => (int?)line.Line).ToArray();
                var earlier = await turn.Set<AppUserChange>().Where(change => change.JobId == jobId && numbers.Contains(change.Line)).ToListAsync(cancellationToken);
                // Whom an earlier try has entered is nobody who came by themselves: the try is forgotten no sooner than this one is written.
                var entered = earlier.ToDictionary(change => change.ObjectId, change => change.SeenVersion);
                turn.RemoveRange(earlier);
                var newcomers = await EnterAsync(turn, job, [.. some.Where(line => line.SeenVersion is null)], cancellationToken);
                turn.AddRange(some.Select(line => changes.ChangeOf(actor, new AppUserRequest(
                    line.Verdict == LineVerdict.Create ? AppUserAct.Create : AppUserAct.Map,
                    new EmployeeId(job.TenantId, line.PersonId!.Value),
                    line.Reason.Length > 0 ? line.Reason : confirmation.Reason)
                {
                    AppUserId = line.Verdict == LineVerdict.Create ? null : line.AppUserId,
                    SeenVersion = line.SeenVersion ?? newcomers.GetValueOrDefault(line.PersonId.Value)?.Version
                        ?? entered.GetValueOrDefault(line.PersonId.Value) ?? 0, // nobody's: it came since
                    JobId = job.Id,
                    Line = line.Line,
                })));
            },
            clock,
            cancellationToken);
        return null;
    }

    private async Task<string?> BeginAsync(PortalDb db, Job job, Employee actor, ImportConfirmation confirmation)
    {
        if (await ObjectionAsync(db, job.Id, confirmation) is { } objection)
        {
            return objection;
        }

        await LinesOf(db, job.Id, confirmation).ExecuteUpdateAsync(set => set.SetProperty(line => line.IsApplied, true));
        steps.Begin(job, actor, confirmation.Reason, await db.Set<AppUserChange>().CountAsync(change => change.JobId == job.Id));
        return null;
    }

    private static async Task<string?> ObjectionAsync(PortalDb db, long jobId, ImportConfirmation confirmation)
    {
        if (await db.Set<Import>().AsNoTracking().SingleAsync(import => import.JobId == jobId) is not { CheckedAt: { } checkedAt } || checkedAt != confirmation.SeenCheckedAt)
        {
            return "It was checked again since you looked. Look at what the lines say now.";
        }

        return await LinesOf(db, jobId, confirmation).AnyAsync() ? null : "None of its lines would change anything.";
    }

    private static IQueryable<ImportLine> LinesOf(PortalDb db, long jobId, ImportConfirmation confirmation)
    {
        var verdicts = Applied(confirmation.AlsoRemap);
        return db.Set<ImportLine>().Where(line => line.JobId == jobId && verdicts.Contains(line.Verdict!.Value));
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
