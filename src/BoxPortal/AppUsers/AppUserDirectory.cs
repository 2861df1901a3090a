using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Claims;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BoxPortal.AppUsers;

/// <summary>Who is who: which app user each employee acts as, and how employees come to them by themselves.</summary>
public sealed partial class AppUserDirectory(
    IDbContextFactory<PortalDb> databases,
    BoxUsers users,
    AuditTrail audit,
    AccessChanges changes,
    AppUserMatching matching,
    IAuthorizationService authorization,
    IOptions<AppUsersOptions> options,
    TimeProvider clock,
    ILogger<AppUserDirectory> logger)
{
    private readonly ConcurrentDictionary<EmployeeId, Lazy<Task<AppUserMapping>>> _provisioning = [];

    /// <summary>The newest row seen of each employee who has asked: every token request looks here, and every change passes here.</summary>
    private readonly ConcurrentDictionary<EmployeeId, AppUserMapping> _newest = [];

    /// <summary>How many app users <see cref="FindAppUsersAsync"/> offers at most.</summary>
    public const int MostFound = 20;

    /// <summary>Everybody whom <paramref name="search"/> names by any part of name, sign-in name, mail address, app user ID, object ID or reference.</summary>
    public static IQueryable<AppUserMapping> Search(PortalDb db, string? search)
    {
        var mappings = db.Set<AppUserMapping>().AsNoTracking();
        if (string.IsNullOrWhiteSpace(search))
        {
            return mappings;
        }

        var text = search.Trim().Replace('\0', '\uFFFD'); // where a database would stop reading
        // The index knows what it has seen three letters of.
        var numbers = new StringInfo(text).LengthInTextElements >= 3
            ? db.Database.SqlQuery<long>($"""SELECT rowid AS "Value" FROM "PeopleText" WHERE "PeopleText" MATCH {$"\"{text.Replace("\"", "\"\"")}\""}""")
            : db.Database.SqlQuery<long>($"""SELECT rowid AS "Value" FROM "PeopleText" WHERE "Text" LIKE {$"%{LikeEscape.Escape(text)}%"} ESCAPE {LikeEscape.Character}""");
        return mappings.Where(mapping => numbers.Contains(mapping.Number));
    }

    /// <summary>Notes that an employee has signed in; a newcomer gets a row by the policy for newcomers.</summary>
    /// <returns>The app roles that the session gets: those of the directory, and none for somebody who is suspended here.</returns>
    public async Task<IReadOnlyList<string>> RecordSignInAsync(Employee employee, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var isAdministrator = employee.Roles.Contains(Policies.Roles.Administrator);
        var mapping = await EnrolAsync(employee, cancellationToken);
        IReadOnlyList<string> roles = mapping.IsSuspendedHere ? [] : employee.Roles;

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.Set<AppUserMapping>()
            .Where(row => row.TenantId == employee.Id.TenantId && row.ObjectId == employee.Id.ObjectId)
            .ExecuteUpdateAsync(set => set
                .SetProperty(row => row.Name, employee.Name)
                .SetProperty(row => row.UserName, employee.UserName)
                .SetProperty(row => row.IsAdministrator, isAdministrator)
                .SetProperty(row => row.LastSignInAt, now), cancellationToken);
        db.Add(audit.Entry(AuditKind.SignedIn, employee.Id, employee.Name, employee.UserName,
            mapping.IsSuspendedHere ? "Signed in, suspended." : roles.Count == 0 ? "Signed in." : $"Signed in as {string.Join(", ", roles)}.",
            reference: mapping.Reference)); // whatever card the person reads it from
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await matching.MatchAsync(employee.Id, cancellationToken); // for the administrator who sees them come
        await FindAsync(employee.Id, cancellationToken);
        changes.Publish(employee.Id); // administrators look at a list that says when somebody was last here
        return roles;
    }

    /// <summary>How the employee stands now. Makes no call to Box, and as a rule none to the database.</summary>
    public async ValueTask<AppUserMapping> GetAsync(Employee employee, CancellationToken cancellationToken) =>
        _newest.TryGetValue(employee.Id, out var known) ? known : await EnrolAsync(employee, cancellationToken);

    /// <summary>The row of anybody, read afresh; <c>null</c> for somebody the portal has not met.</summary>
    public async Task<AppUserMapping?> FindAsync(EmployeeId employee, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var mapping = await Row(db, employee).AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        return mapping is null ? null : Remember(mapping);
    }

    /// <summary>Names of the administrators who have signed in before: those who see the waiting.</summary>
    public async Task<IReadOnlyList<string>> ListAdministratorsAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await db.Set<AppUserMapping>().Where(mapping => mapping.IsAdministrator).OrderBy(mapping => mapping.Name)
            .Select(mapping => mapping.Name).Take(10).ToListAsync(cancellationToken);
    }

    /// <summary>App users in Box whose ID is <paramref name="text"/>, or whose name or login starts with it, at most <see cref="MostFound"/>, with whose they are already.</summary>
    /// <exception cref="BoxApiException">Box refused or did not answer.</exception>
    public async Task<IReadOnlyList<AppUserCandidate>> FindAppUsersAsync(ClaimsPrincipal actor, string? text, CancellationToken cancellationToken)
    {
        if (!await MayAsync(actor, Policies.SuggestMatches))
        {
            return [];
        }

        text = string.IsNullOrWhiteSpace(text) ? null : text.Trim();
        var found = new List<BoxUser>(MostFound);
        if (text?.All(char.IsAsciiDigit) == true && await users.FindAsync(text, cancellationToken) is { IsPlatformAccessOnly: true } named)
        {
            found.Add(named);
        }

        await foreach (var user in users.ListAsync(text, cancellationToken))
        {
            if (user.IsPlatformAccessOnly && user.Id != text)
            {
                found.Add(user);
            }

            if (found.Count == MostFound)
            {
                break;
            }
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ids = found.Select(user => user.Id).ToArray();
        var taken = await db.Set<AppUserMapping>().Where(mapping => ids.Contains(mapping.AppUserId))
            .ToDictionaryAsync(mapping => mapping.AppUserId!, mapping => mapping.Name, cancellationToken);
        return [.. found.Select(user => new AppUserCandidate(user, taken.GetValueOrDefault(user.Id)))];
    }

    /// <summary>By policy <see cref="NewcomerPolicy.Automatic"/>: makes the waiting employee's app user, exactly once however many ask.</summary>
    /// <returns>The mapping as it is afterwards; unchanged where the policy says otherwise.</returns>
    /// <exception cref="BoxApiException">Box refused or did not answer; the next sign-in or ask tries again.</exception>
    public async Task<AppUserMapping> ProvisionByPolicyAsync(AppUserMapping mapping, CancellationToken cancellationToken) =>
        ProvisionsByPolicy(mapping)
            ? await ProvisionAsync(mapping.EmployeeId, "App user created at first sign-in, as the policy for newcomers says.", AuditTrail.Portal, cancellationToken)
            : mapping;

    /// <summary>Whether <see cref="ProvisionByPolicyAsync"/> would make an app user.</summary>
    public bool ProvisionsByPolicy(AppUserMapping mapping) =>
        mapping.State == MappingState.Waiting && options.Value.Newcomers == NewcomerPolicy.Automatic;

    /// <summary>Records what Box said of a mapping that used to work, and tells open pages.</summary>
    /// <param name="employee">Whose mapping.</param>
    /// <param name="appUserId">The app user Box spoke of; a mapping that has moved on meanwhile is left alone.</param>
    /// <param name="refusal">What Box answered to the token request, if one was made.</param>
    /// <param name="cancellationToken">Abandons the look-up.</param>
    /// <returns>The mapping as it is afterwards.</returns>
    /// <exception cref="BoxApiException">Box did not say what is wrong with the app user.</exception>
    public async Task<AppUserMapping?> DiagnoseAsync(EmployeeId employee, string appUserId, BoxApiException? refusal, CancellationToken cancellationToken)
    {
        var user = await users.FindAsync(appUserId, cancellationToken);
        var (state, cause) = user switch
        {
            null => (MappingState.Orphaned, $"Box has no app user {appUserId} any more."),
            { Status: BoxUserStatus.Inactive } => (MappingState.Suspended, "The app user is inactive in Box."),
            _ when refusal?.IsAboutSubject is true =>
                (MappingState.Foreign, "Our Box application may not act as this user: another application made it, or it has a login of its own."),
            _ => (MappingState.Mapped, ""), // Box refuses everybody, not this one: the app's own settings are wrong
        };

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var mapping = await Row(db, employee).SingleOrDefaultAsync(cancellationToken);
        if (state == MappingState.Mapped || mapping is not { State: MappingState.Mapped } || mapping.AppUserId != appUserId)
        {
            return mapping;
        }

        Change(mapping, state, cause, appUserId);
        await SaveAsync(db, mapping, audit.Entry(AuditKind.MappingBroken, employee, mapping.Name, AuditTrail.Portal, cause, appUserId,
            refusal: refusal, reference: mapping.Reference), cancellationToken);
        return mapping;
    }

    /// <summary>
    /// Records the mappings of app users whose external IDs name employees who have none yet, or whose mapping Box had called
    /// broken and now is whole again; all in one transaction.
    /// </summary>
    /// <returns>How many there were to record.</returns>
    internal async Task<int> RecoverAsync(IReadOnlyDictionary<EmployeeId, BoxUser> found, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var objectIds = found.Keys.Select(employee => employee.ObjectId).ToArray();
        var userIds = found.Values.Select(user => user.Id).ToArray();
        var known = (await db.Set<AppUserMapping>().Where(mapping => objectIds.Contains(mapping.ObjectId)).ToListAsync(cancellationToken))
            .ToDictionary(mapping => mapping.EmployeeId);
        var taken = await db.Set<AppUserMapping>().Where(mapping => userIds.Contains(mapping.AppUserId))
            .Select(mapping => mapping.AppUserId).ToHashSetAsync(cancellationToken);
        List<AppUserMapping> recovered = [];
        foreach (var (employee, user) in found)
        {
            var active = user.Status != BoxUserStatus.Inactive;
            var mapping = known.GetValueOrDefault(employee);
            var mended = active && mapping is { IsSuspendedHere: false, State: MappingState.Suspended or MappingState.Orphaned or MappingState.Foreign } && mapping.AppUserId == user.Id;
            if (!mended && (mapping is { State: not MappingState.Waiting } || taken.Contains(user.Id)))
            {
                continue;
            }

            if (mapping is null)
            {
                mapping = NewRow(employee, user.Name, userName: "");
                db.Add(mapping);
            }

            Change(mapping, active ? MappingState.Mapped : MappingState.Suspended,
                active ? "Found in Box by external ID." : "Found in Box by external ID; the app user is inactive.", user.Id);
            db.Add(audit.Entry(AuditKind.Mapped, employee, mapping.Name, AuditTrail.Portal, mapping.Cause, user.Id, reference: mapping.Reference));
            recovered.Add(mapping);
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || IsUniqueViolation(exception))
        {
            return await RecoverAsync(found, cancellationToken); // somebody was quicker with one of them: look again
        }

        recovered.ForEach(mapping =>
        {
            Remember(mapping);
            changes.Publish(mapping.EmployeeId);
        });
        return recovered.Count;
    }

    /// <summary>A row, not yet saved, for somebody who has not signed in: not mapped, by decision of whoever enters them.</summary>
    internal AppUserMapping Enter(EmployeeId employee, string name, string mail, string cause)
    {
        var mapping = NewRow(employee, name, userName: "");
        mapping.Mail = mail.Length == 0 ? null : mail;
        Change(mapping, MappingState.Unmapped, cause, appUserId: null);
        return mapping;
    }

    private async Task<AppUserMapping> ProvisionAsync(EmployeeId employee, string cause, string actor, CancellationToken cancellationToken)
    {
        var flight = _provisioning.GetOrAdd(employee, _ => new(() => ProvisionOnceAsync(employee, cause, actor)));
        try
        {
            return await flight.Value.WaitAsync(cancellationToken);
        }
        finally
        {
            if (flight.Value.IsCompleted)
            {
                _provisioning.TryRemove(KeyValuePair.Create(employee, flight));
            }
        }
    }

    /// <summary>Not to be cancelled: somebody else may wait for the same app user.</summary>
    private async Task<AppUserMapping> ProvisionOnceAsync(EmployeeId employee, string cause, string actor)
    {
        var mapping = await FindAsync(employee, CancellationToken.None) ?? throw new InvalidOperationException("An employee without a row cannot be provisioned.");
        if (mapping.State == MappingState.Mapped)
        {
            return mapping;
        }

        var user = await FindOrMakeAppUserAsync(mapping, beforeMaking: null);
        return await SaveMappedAsync(employee, user.Id, cause, actor, AuditKind.AppUserCreated, CancellationToken.None) is MappingResult.Done done
            ? done.Mapping
            : throw new DbUpdateConcurrencyException("The mapping changed while its app user was being made.");
    }

    /// <summary>The app user that carries the employee's mark in Box, made where there is none.</summary>
    /// <param name="mapping">The employee.</param>
    /// <param name="beforeMaking">Done between finding none and asking Box for one.</param>
    /// <exception cref="BoxApiException">Box refused, or did not say whether it has made one.</exception>
    internal async Task<BoxUser> FindOrMakeAppUserAsync(AppUserMapping mapping, Func<Task>? beforeMaking)
    {
        var externalId = mapping.EmployeeId.ExternalAppUserId;
        if (await users.FindByExternalIdAsync(externalId, CancellationToken.None) is { } known)
        {
            return known;
        }

        if (beforeMaking is not null)
        {
            await beforeMaking();
        }

        try
        {
            return await users.CreateAppUserAsync(
                new NewAppUser(BoxName(mapping.Name), externalId, options.Value.Language, options.Value.SpaceInBytes), CancellationToken.None);
        }
        catch (BoxApiException fault) when (fault.IsTransient || fault.Status == HttpStatusCode.Conflict)
        {
            // Box may have made it and lost the answer, or another portal was quicker: look before anybody repeats it.
            Log.CreationUnclear(logger, fault.Message);
            if (await users.FindByExternalIdAsync(externalId, CancellationToken.None) is { } made)
            {
                return made;
            }

            throw;
        }
    }

    /// <summary>
    /// Marks the app user as the employee's, so that the mapping can be rebuilt from Box. Leaves alone what another system wrote there.
    /// Only once the mapping stands, and it stands without: the employee's former app user may still carry the mark.
    /// </summary>
    internal async Task ClaimExternalIdAsync(BoxUser user, EmployeeId employee, CancellationToken cancellationToken)
    {
        if (user.ExternalAppUserId != employee.ExternalAppUserId
            && (string.IsNullOrEmpty(user.ExternalAppUserId) || EmployeeId.FromExternalAppUserId(user.ExternalAppUserId) is not null))
        {
            try
            {
                await users.UpdateAsync(user.Id, new BoxUserChanges { ExternalAppUserId = employee.ExternalAppUserId }, cancellationToken);
            }
            catch (BoxApiException refusal)
            {
                Log.Unmarked(logger, user.Id, refusal.Message);
            }
        }
    }

    private async Task<MappingResult> SaveMappedAsync(
        EmployeeId employee, string appUserId, string cause, string actor, AuditKind kind, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var others = db.Set<AppUserMapping>().AsNoTracking().Where(other => other.AppUserId == appUserId
            && !(other.TenantId == employee.TenantId && other.ObjectId == employee.ObjectId));
        if (await others.FirstOrDefaultAsync(cancellationToken) is { } taken)
        {
            return new MappingResult.Taken(taken.Name);
        }

        if (await Row(db, employee).SingleOrDefaultAsync(cancellationToken) is not { } mapping)
        {
            return new MappingResult.Unusable("This person is not known to the portal any more.");
        }

        if (mapping.State == MappingState.Mapped && mapping.AppUserId == appUserId)
        {
            return new MappingResult.Done(mapping);
        }

        Change(mapping, MappingState.Mapped, cause, appUserId);
        return await SaveAsync(db, mapping, audit.Entry(kind, employee, mapping.Name, actor, cause, appUserId, reference: mapping.Reference), cancellationToken);
    }

    /// <summary>Records that somebody tried what their role does not allow.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="employee">On whom.</param>
    /// <param name="attempt">What, in words.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    internal async Task<MappingResult> RefuseAsync(ClaimsPrincipal actor, EmployeeId employee, string attempt, CancellationToken cancellationToken)
    {
        var name = (await FindAsync(employee, cancellationToken))?.Name ?? "";
        await audit.WriteAsync(audit.Entry(
            AuditKind.Refused, employee, name, Employee.TryFrom(actor)?.UserName ?? "somebody not signed in", attempt), cancellationToken);
        return new MappingResult.NotAllowed();
    }

    /// <summary>Saves a change and its record in one transaction, then tells open pages.</summary>
    internal async Task<MappingResult> SaveAsync(PortalDb db, AppUserMapping mapping, AuditEntry entry, CancellationToken cancellationToken)
    {
        db.Add(entry);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || IsUniqueViolation(exception))
        {
            return new MappingResult.ChangedMeanwhile();
        }

        Remember(mapping);
        changes.Publish(mapping.EmployeeId);
        return new MappingResult.Done(mapping);
    }

    /// <summary>A reader that began before a change must not put the old row back after it.</summary>
    private AppUserMapping Remember(AppUserMapping mapping) =>
        _newest.AddOrUpdate(mapping.EmployeeId, mapping, (_, other) => mapping.Version >= other.Version ? mapping : other);

    internal void Change(AppUserMapping mapping, MappingState state, string cause, string? appUserId)
    {
        mapping.State = state;
        mapping.Cause = cause;
        mapping.AppUserId = appUserId;
        mapping.WaitingSince = state == MappingState.Waiting ? mapping.WaitingSince ?? clock.GetUtcNow() : null;
        mapping.Rank = state == MappingState.Waiting ? 0 : 1;
        if (state == MappingState.Mapped)
        {
            (mapping.SuggestedAppUserId, mapping.SuggestionScore, mapping.SuggestionReason) = (null, null, null);
        }

        mapping.UpdatedAt = clock.GetUtcNow();
        mapping.Version++;
    }

    /// <summary>The row of somebody who may be new; of many who ask at once, one makes it.</summary>
    private async Task<AppUserMapping> EnrolAsync(Employee employee, CancellationToken cancellationToken)
    {
        if (await FindAsync(employee.Id, cancellationToken) is { } known)
        {
            return known;
        }

        var mapping = NewRow(employee.Id, employee.Name, employee.UserName);
        var waits = options.Value.Newcomers != NewcomerPolicy.Off;
        Change(mapping, waits ? MappingState.Waiting : MappingState.Unmapped,
            waits ? "Signed in for the first time." : "Signed in for the first time; newcomers are mapped only by an administrator (AppUsers:Newcomers is Off).", appUserId: null);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        db.Add(mapping);
        var entry = audit.Entry(AuditKind.Waiting, employee.Id, employee.Name, AuditTrail.Portal, mapping.Cause, reference: mapping.Reference);
        return await SaveAsync(db, mapping, entry, cancellationToken) is MappingResult.Done
            ? mapping
            : await FindAsync(employee.Id, cancellationToken) ?? throw new InvalidOperationException("A row that was in the way is gone.");
    }

    private AppUserMapping NewRow(EmployeeId employee, string name, string userName) => new()
    {
        TenantId = employee.TenantId,
        ObjectId = employee.ObjectId,
        Name = name,
        UserName = userName,
        State = MappingState.Unmapped,
        Cause = "",
        UpdatedAt = clock.GetUtcNow(),
        Reference = Reference.New(),
    };

    /// <summary>Box takes 50 characters; the whole name stays with the portal.</summary>
    private static string BoxName(string name) => name.Length <= 50 ? name : name[..(char.IsHighSurrogate(name[49]) ? 49 : 50)];

    private async Task<bool> MayAsync(ClaimsPrincipal actor, string policy) => (await authorization.AuthorizeAsync(actor, policy)).Succeeded;

    internal static IQueryable<AppUserMapping> Row(PortalDb db, EmployeeId employee) =>
        db.Set<AppUserMapping>().Where(mapping => mapping.TenantId == employee.TenantId && mapping.ObjectId == employee.ObjectId);

    private static bool IsUniqueViolation(DbUpdateException exception) =>
        exception.InnerException is Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 19 };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Whether Box made the app user is unclear; looking it up by external ID: {Refusal}")]
        public static partial void CreationUnclear(ILogger logger, string refusal);

        [LoggerMessage(2, LogLevel.Warning, "App user {AppUserId} is mapped, but Box did not take the external ID by which a lost database would find it again: {Refusal}")]
        public static partial void Unmarked(ILogger logger, string appUserId, string refusal);
    }
}
