using System.Diagnostics;
using System.Security.Claims;
using System.Threading.RateLimiting;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.AppUsers;

/// <summary>
/// What administrators do to mappings. Each act is written down before it is done, done in steps that may be repeated, and
/// recorded in the transaction that changes the mapping: so a portal that dies in the middle carries it to its end afterwards.
/// </summary>
public sealed partial class AppUserChanges(
    IDbContextFactory<PortalDb> databases,
    AppUserDirectory directory,
    BoxUsers users,
    BoxSubjectTokens tokens,
    Sessions sessions,
    AuditTrail audit,
    IAuthorizationService authorization,
    TimeProvider clock,
    ILogger<AppUserChanges> logger) : IDisposable
{
    private static readonly MappingResult s_self = new MappingResult.Unusable("That is you. Ask another administrator, so that nobody shuts themselves out.");

    /// <summary>One change at a time for each employee.</summary>
    private readonly PartitionedRateLimiter<EmployeeId> _employees = PartitionedRateLimiter.Create<EmployeeId, EmployeeId>(
        employee => RateLimitPartition.GetConcurrencyLimiter(employee, _ => new() { PermitLimit = 1, QueueLimit = int.MaxValue }));

    /// <summary>Two administrators who suspend each other at the same moment would otherwise leave none.</summary>
    private readonly SemaphoreSlim _administrators = new(1, 1);

    /// <summary>Writes down what is asked for, and does it.</summary>
    /// <param name="actor">Who asks; authorised here and now.</param>
    /// <param name="request">What to do, to whom, and why.</param>
    /// <param name="cancellationToken">Stops the waiting; what is written down is carried to its end.</param>
    public async Task<MappingResult> AskAsync(ClaimsPrincipal actor, AppUserRequest request, CancellationToken cancellationToken)
    {
        if (!(await authorization.AuthorizeAsync(actor, Policies.Administrator)).Succeeded)
        {
            return await directory.RefuseAsync(actor, request.Employee, $"{request.Act}: tried without being an administrator.", cancellationToken);
        }

        if (string.IsNullOrWhiteSpace(request.Reason) || request.Reason.Length > AppUserRequest.LongestReason)
        {
            return new MappingResult.Unusable(AppUserRequest.WantsReason);
        }

        if (await directory.FindAsync(request.Employee, cancellationToken) is not { } mapping)
        {
            return new MappingResult.Unusable("This person is not known to the portal any more.");
        }

        var change = ChangeOf(Employee.From(actor), request);
        await using (var db = await databases.CreateDbContextAsync(cancellationToken))
        {
            db.Add(change);
            await db.SaveChangesAsync(cancellationToken);
        }

        return await CarryOutAsync(change.Id).WaitAsync(cancellationToken);
    }

    /// <summary>The change that <paramref name="request"/> asks for, not yet written down.</summary>
    /// <param name="actor">Who asks, authorised by the caller.</param>
    /// <param name="request">What to do, to whom, and why.</param>
    public AppUserChange ChangeOf(Employee actor, AppUserRequest request) => new()
    {
        Act = request.Act,
        TenantId = request.Employee.TenantId,
        ObjectId = request.Employee.ObjectId,
        AppUserId = request.AppUserId,
        SeenVersion = request.SeenVersion,
        UndoesId = request.UndoesId,
        Actor = actor.UserName,
        ActorId = actor.Id.ObjectId,
        Reason = request.Reason,
        AskedAt = clock.GetUtcNow(),
        CorrelationId = Activity.Current?.TraceId.ToHexString(),
        JobId = request.JobId,
        Line = request.Line,
    };

    /// <summary>Does what has been written down, or what is left of it. Safe to repeat. Not to be cancelled in the middle.</summary>
    /// <param name="changeId">Which change.</param>
    public async Task<MappingResult> CarryOutAsync(long changeId)
    {
        await using var db = await databases.CreateDbContextAsync();
        var change = await db.Set<AppUserChange>().SingleAsync(change => change.Id == changeId);
        using (await _employees.AcquireAsync(change.EmployeeId))
        {
            await db.Entry(change).ReloadAsync(); // whoever held the lock may have done it
            var mapping = await AppUserDirectory.Row(db, change.EmployeeId).SingleAsync();
            if (change.Stage != ChangeStage.Asked)
            {
                return change.Stage == ChangeStage.Done ? new MappingResult.Done(mapping) : new MappingResult.Unusable(change.Outcome);
            }

            MappingResult result;
            try
            {
                result = await DoAsync(new Work(db, change, mapping));
            }
            catch (BoxApiException refusal)
            {
                result = new MappingResult.BoxRefused(refusal);
            }

            return await EndAsync(change.Id, result);
        }
    }

    /// <summary>Changes that were asked for, belong to no job, and have not come to an end: their portal died, or Box did not answer.</summary>
    public async Task<IReadOnlyList<long>> ListUnfinishedAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<AppUserChange>().Where(change => change.Stage == ChangeStage.Asked && change.JobId == null)
            .OrderBy(change => change.Id).Select(change => change.Id).ToListAsync(cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _employees.Dispose();
        _administrators.Dispose();
    }

    private async Task<MappingResult> DoAsync(Work work)
    {
        // Once the mapping is changed there is only forward.
        if (work.Change.VersionAfter is null && await ObjectionAsync(work) is { } objection)
        {
            return objection;
        }

        return work.Change.Act switch
        {
            AppUserAct.Map => await MapAsync(work, work.Change.AppUserId!),
            AppUserAct.Create => await CreateAsync(work),
            AppUserAct.Suspend => await SuspendAsync(work),
            AppUserAct.Reactivate => await ReactivateAsync(work),
            AppUserAct.Unmap => await UnmapAsync(work),
            AppUserAct.Undo => await UndoAsync(work),
            _ => throw new UnreachableException($"There is no way to {work.Change.Act}."),
        };
    }

    /// <summary>What speaks against it now, whatever spoke for it when it was asked for.</summary>
    private async Task<MappingResult?> ObjectionAsync(Work work)
    {
        var (_, change, mapping) = work;
        // A job goes on for long after it was begun.
        if (change.JobId is not null && await directory.FindAsync(new EmployeeId(change.TenantId, change.ActorId), CancellationToken.None) is not { IsAdministrator: true, IsSuspendedHere: false })
        {
            return new MappingResult.NotAllowed();
        }

        if (change.SeenVersion is { } seen && seen != mapping.Version)
        {
            return new MappingResult.ChangedMeanwhile();
        }

        var self = change.ActorId == change.ObjectId;
        return change.Act switch
        {
            AppUserAct.Suspend or AppUserAct.Unmap when self => s_self,
            AppUserAct.Map or AppUserAct.Create or AppUserAct.Unmap when mapping.IsSuspendedHere =>
                new MappingResult.Unusable(new("{0} is suspended. Reactivate first.", mapping.Name)),
            _ => null,
        };
    }

    private async Task<MappingResult> MapAsync(Work work, string appUserId)
    {
        var (_, change, mapping) = work;
        var user = await users.FindAsync(appUserId, CancellationToken.None);
        if (change.VersionAfter is null)
        {
            if (Unsuitability(user, appUserId) is { } words)
            {
                return new MappingResult.Unusable(words);
            }

            var subject = new BoxSubject.AppUser(appUserId);
            await tokens.ForgetAsync(subject, CancellationToken.None); // a token from before would prove nothing
            await tokens.GetAsync(subject, CancellationToken.None);
            if (await BecomeAsync(work, appUserId, AuditKind.Mapped) is not MappingResult.Done and var unsaved)
            {
                return unsaved;
            }
        }

        await ForgetFormerAsync(change, mapping);
        if (user is not null)
        {
            await directory.ClaimExternalIdAsync(user, mapping.EmployeeId, CancellationToken.None);
        }

        return new MappingResult.Done(mapping);
    }

    private async Task<MappingResult> CreateAsync(Work work)
    {
        var (db, change, mapping) = work;
        if (mapping.State == MappingState.Mapped)
        {
            return new MappingResult.Done(mapping);
        }

        var user = await directory.FindOrMakeAppUserAsync(mapping, beforeMaking: async () =>
        {
            change.MakesAppUser = true;
            await db.SaveChangesAsync();
        });
        return await BecomeAsync(work, user.Id, AuditKind.AppUserCreated);
    }

    private async Task<MappingResult> SuspendAsync(Work work)
    {
        var (db, change, mapping) = work;
        if (!mapping.IsSuspendedHere)
        {
            await _administrators.WaitAsync();
            try
            {
                if (mapping.IsAdministrator && !await db.Set<AppUserMapping>()
                    .AnyAsync(other => other.IsAdministrator && !other.IsSuspendedHere && other.Number != mapping.Number))
                {
                    return new MappingResult.Unusable(new("{0} is the last administrator that the portal knows. Let another one sign in first.", mapping.Name));
                }

                mapping.IsSuspendedHere = true;
                if (await SaveAsync(work, MappingState.Suspended, mapping.AppUserId, AuditKind.Suspended) is not MappingResult.Done and var unsaved)
                {
                    return unsaved;
                }
            }
            finally
            {
                _administrators.Release();
            }
        }

        await sessions.EndAllOfAsync(change.EmployeeId, mapping.Cause);
        if (mapping.AppUserId is not { } appUserId)
        {
            return new MappingResult.Done(mapping);
        }

        await tokens.ForgetAsync(new BoxSubject.AppUser(appUserId), CancellationToken.None);
        return await SetStatusAsync(appUserId, BoxUserStatus.Inactive) is { } refusal
            ? new MappingResult.Done(mapping) { Reservation = refusal }
            : new MappingResult.Done(mapping);
    }

    private async Task<MappingResult> ReactivateAsync(Work work)
    {
        var mapping = work.Mapping;
        if (mapping is not { State: MappingState.Suspended })
        {
            return new MappingResult.Done(mapping);
        }

        if (mapping.AppUserId is { } appUserId)
        {
            if (await users.FindAsync(appUserId, CancellationToken.None) is null)
            {
                // Else nothing could be done for them ever again: whoever is suspended here cannot be mapped anew.
                mapping.IsSuspendedHere = false;
                return await SaveAsync(work, MappingState.Orphaned, appUserId, AuditKind.Reactivated);
            }

            await users.UpdateAsync(appUserId, new BoxUserChanges { Status = BoxUserStatus.Active }, CancellationToken.None);
        }

        mapping.IsSuspendedHere = false;
        return await SaveAsync(work, mapping.AppUserId is null ? MappingState.Unmapped : MappingState.Mapped, mapping.AppUserId, AuditKind.Reactivated);
    }

    private async Task<MappingResult> UnmapAsync(Work work)
    {
        var (_, change, mapping) = work;
        if (mapping.State is not MappingState.Unmapped
            && await SaveAsync(work, MappingState.Unmapped, appUserId: null, AuditKind.Unmapped) is not MappingResult.Done and var unsaved)
        {
            return unsaved;
        }

        await ForgetFormerAsync(change, mapping);
        return new MappingResult.Done(mapping);
    }

    private async Task<MappingResult> UndoAsync(Work work)
    {
        var (db, change, mapping) = work;
        var undone = await db.Set<AppUserChange>().AsNoTracking().SingleAsync(other => other.Id == change.UndoesId);
        if (undone is not { VersionAfter: { } version, FormerState: { } formerState })
        {
            return new MappingResult.Done(mapping); // it had changed nothing
        }

        if (change.VersionAfter is null)
        {
            if (mapping.Version != version)
            {
                return new MappingResult.ChangedMeanwhile();
            }

            if (undone.Act is AppUserAct.Suspend or AppUserAct.Reactivate)
            {
                return new MappingResult.Unusable("Suspending and reactivating are each other's undoing. Do the other.");
            }

            if (formerState == MappingState.Mapped)
            {
                return await MapAsync(work, undone.FormerAppUserId!);
            }

            if (change.ActorId == change.ObjectId)
            {
                return s_self;
            }

            if (await SaveAsync(work, formerState, undone.FormerAppUserId, AuditKind.Undone) is not MappingResult.Done and var unsaved)
            {
                return unsaved;
            }
        }

        await ForgetFormerAsync(change, mapping);
        // Box deletes nobody who owns content, unless forced: what somebody has put there meanwhile is safe.
        return undone.MakesAppUser && change.FormerAppUserId is { } made && await DeleteAsync(made) is { } refusal
            ? new MappingResult.Done(mapping) { Reservation = refusal }
            : new MappingResult.Done(mapping);
    }

    private async Task<MappingResult> BecomeAsync(Work work, string appUserId, AuditKind kind)
    {
        var (db, _, mapping) = work;
        if (mapping.State == MappingState.Mapped && mapping.AppUserId == appUserId)
        {
            return new MappingResult.Done(mapping);
        }

        return await db.Set<AppUserMapping>().AsNoTracking().FirstOrDefaultAsync(other => other.AppUserId == appUserId && other.Number != mapping.Number) is { } taken
            ? new MappingResult.Taken(taken.Name)
            : await SaveAsync(work, MappingState.Mapped, appUserId, kind);
    }

    /// <summary>The mapping, its record and how far the change has come, in one transaction.</summary>
    private Task<MappingResult> SaveAsync(Work work, MappingState state, string? appUserId, AuditKind kind)
    {
        var (db, change, mapping) = work;
        (change.FormerState, change.FormerAppUserId) = (mapping.State, mapping.AppUserId);
        var before = Standing(mapping.State, mapping.AppUserId);
        directory.Change(mapping, state, $"{Verb(kind)} by {change.Actor}: {change.Reason}", appUserId);
        change.VersionAfter = mapping.Version;
        var entry = audit.Entry(kind, change.EmployeeId, mapping.Name, change.Actor, mapping.Cause, appUserId ?? change.FormerAppUserId, reference: mapping.Reference);
        entry.Tell(before, Standing(state, appUserId), change.Reason, change.CorrelationId);
        return directory.SaveAsync(db, mapping, entry, CancellationToken.None);
    }

    /// <summary>Says of the change what came of it. By an own context: the one it was done with may hold what could not be saved.</summary>
    private async Task<MappingResult> EndAsync(long changeId, MappingResult result)
    {
        await using var db = await databases.CreateDbContextAsync();
        var change = await db.Set<AppUserChange>().SingleAsync(change => change.Id == changeId);
        // What Box may or may not have done is done again until Box says: only what has certainly changed nothing is given up,
        // and only where somebody looks on, who can ask again. A job waits for Box.
        if (result is MappingResult.BoxRefused { Refusal: { IsTransient: true } refusal } && (change.IsBegun || change.JobId is not null))
        {
            Log.Unfinished(logger, changeId, refusal.Message);
            return new MappingResult.BoxRefused(refusal) { GoesOn = true };
        }

        change.Stage = result is MappingResult.Done ? ChangeStage.Done : ChangeStage.Failed;
        change.Outcome = result.Words;
        (change.BoxCode, change.BoxRequestId) = (result.Refusal?.Code, result.Refusal?.RequestId);
        change.EndedAt = clock.GetUtcNow();
        if (result is not MappingResult.Done { Reservation: null })
        {
            var mapping = await AppUserDirectory.Row(db, change.EmployeeId).AsNoTracking().SingleAsync();
            var entry = audit.Entry(AuditKind.Refused, change.EmployeeId, mapping.Name, change.Actor, $"{change.Act}: {result.Words}",
                change.AppUserId ?? mapping.AppUserId, refusal: result.Refusal, reference: mapping.Reference);
            entry.Tell(before: null, after: null, change.Reason, change.CorrelationId);
            db.Add(entry);
        }

        await db.SaveChangesAsync();
        return result;
    }

    /// <returns>What Box said against it; <c>null</c> when it is so, or when there is nobody to be it.</returns>
    private async Task<BoxApiException?> SetStatusAsync(string appUserId, BoxUserStatus status)
    {
        try
        {
            await users.UpdateAsync(appUserId, new BoxUserChanges { Status = status }, CancellationToken.None);
            return null;
        }
        catch (BoxApiException refusal) when (!refusal.IsTransient)
        {
            return refusal.Status == System.Net.HttpStatusCode.NotFound ? null : refusal;
        }
    }

    private async Task<BoxApiException?> DeleteAsync(string appUserId)
    {
        try
        {
            await users.DeleteAsync(appUserId, CancellationToken.None);
            return null;
        }
        catch (BoxApiException refusal) when (!refusal.IsTransient)
        {
            return refusal.Status == System.Net.HttpStatusCode.NotFound ? null : refusal;
        }
    }

    private async Task ForgetFormerAsync(AppUserChange change, AppUserMapping mapping)
    {
        if (change.FormerAppUserId is { } former && former != mapping.AppUserId)
        {
            await tokens.ForgetAsync(new BoxSubject.AppUser(former), CancellationToken.None);
        }
    }

    internal static Sentence? Unsuitability(BoxUser? user, string appUserId) => user switch
    {
        null => new("Box has no app user {0}.", appUserId),
        { IsPlatformAccessOnly: false } => new("{0} is a person with a Box login of their own, not an app user.", user.Name),
        { Status: BoxUserStatus.Inactive } => new("{0} is inactive in Box. Activate the app user there first.", user.Name),
        _ => null,
    };

    private static string Standing(MappingState state, string? appUserId) => appUserId is null ? state.ToString() : $"{state} {appUserId}";

    private static string Verb(AuditKind kind) => kind == AuditKind.AppUserCreated ? "App user created" : kind.ToString();

    /// <summary>A change being done. The three belong together: what is saved is saved through this context.</summary>
    private sealed record Work(PortalDb Db, AppUserChange Change, AppUserMapping Mapping);

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Box did not say whether change {ChangeId} is done; it is tried again: {Refusal}")]
        public static partial void Unfinished(ILogger logger, long changeId, string refusal);
    }
}

/// <summary>Something to do to one employee's mapping.</summary>
/// <param name="Act">What.</param>
/// <param name="Employee">To whom.</param>
/// <param name="Reason">Why, for the record.</param>
public sealed record AppUserRequest(AppUserAct Act, EmployeeId Employee, string Reason)
{
    /// <summary>Characters of a reason: more than anybody needs to say why, and a line of the record stays a line.</summary>
    public const int LongestReason = 500;

    /// <summary>Told to whoever gives none, or a longer one.</summary>
    public static readonly Sentence WantsReason = new("Say why, in at most {0} characters: the record keeps it.", LongestReason);

    /// <summary>Where the act names an app user.</summary>
    public string? AppUserId { get; init; }

    /// <summary>The mapping's version on the screen where it was decided: if another stands there now, nothing is done.</summary>
    public int? SeenVersion { get; init; }

    /// <summary>The change to take back.</summary>
    public long? UndoesId { get; init; }

    /// <summary>The job it belongs to.</summary>
    public long? JobId { get; init; }

    /// <summary>Its line in the job's file.</summary>
    public int? Line { get; init; }
}
