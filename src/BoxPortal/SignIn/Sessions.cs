using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using BoxPortal.Audit;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BoxPortal.SignIn;

/// <summary>
/// Who is signed in, now. Every door asks here, from memory: a cookie, a circuit or a stream without a live session is nobody's.
/// </summary>
public sealed class Sessions(IDbContextFactory<PortalDb> databases, AuditTrail audit, IOptions<SessionsOptions> options, TimeProvider clock)
{
    /// <summary>Type of the claim that holds a session's id.</summary>
    public const string ClaimType = "session";

    /// <summary>How long a session lives without its person doing anything.</summary>
    public static readonly TimeSpan IdleTimeout = TimeSpan.FromHours(8);

    /// <summary>How often it is written down when people were last active, so that a restart does not wake those who left.</summary>
    private static readonly TimeSpan s_noteActivityEvery = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Session> _live = new(StringComparer.Ordinal);
    private DateTimeOffset _activityNotedAt;

    /// <summary>The live session of a principal, with the roles it has at this moment; <c>null</c> where there is none, or not any more.</summary>
    public Session? Find(ClaimsPrincipal principal) =>
        principal.FindFirst(ClaimType) is { Value: var id } && _live.TryGetValue(KeyOf(id), out var session) && CauseOfEnd(session) is null ? session : null;

    /// <summary>Begins a session, and ends those of the same person that hold a role which this one has not.</summary>
    /// <param name="employee">Who has signed in.</param>
    /// <param name="findRoles">Says which roles the session gets. Asked when it can already be ended, so that no role taken away meanwhile slips in.</param>
    /// <param name="replacedKey">The session that this one takes the place of in the same browser, if any.</param>
    /// <param name="cancellationToken">Abandons the sign-in; then there is no session.</param>
    /// <returns>The session's id, for the person's cookie alone.</returns>
    public async Task<string> StartAsync(
        Employee employee, Func<CancellationToken, Task<IReadOnlyList<string>>> findRoles, string? replacedKey, CancellationToken cancellationToken)
    {
        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        var session = new Session
        {
            Key = KeyOf(id),
            TenantId = employee.Id.TenantId,
            ObjectId = employee.Id.ObjectId,
            Name = employee.Name,
            UserName = employee.UserName,
            Roles = [],
            CreatedAt = now,
            ActiveAt = now,
        };
        _live[session.Key] = session;
        try
        {
            session.Roles = await findRoles(cancellationToken);
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            db.Add(session);
            await db.SaveChangesAsync(cancellationToken);
        }
        catch
        {
            _live.TryRemove(session.Key, out _);
            throw;
        }

        if (session.Ended.IsCancellationRequested)
        {
            await DeleteAsync([session]); // ended before there was a row
        }

        if (replacedKey is not null && _live.TryGetValue(replacedKey, out var replaced))
        {
            await EndAsync([replaced], "Signed in again in the same browser.", replaced.UserName);
        }

        await EndAsync(
            Of(employee.Id).Where(other => other.Roles.Except(session.Roles).Any()), "Signed in again with fewer roles.", AuditTrail.Portal);
        return id;
    }

    /// <summary>Signs a principal out. Once this returns, the session does not come back, whatever happens to the portal.</summary>
    public Task EndAsync(ClaimsPrincipal principal) =>
        Find(principal) is { } session ? EndAsync([session], "Signed out.", session.UserName) : Task.CompletedTask;

    /// <summary>Ends every session of an employee at once, with all that is open in them.</summary>
    /// <param name="employee">Whose.</param>
    /// <param name="cause">Why, in words for the record.</param>
    public Task EndAllOfAsync(EmployeeId employee, string cause) => EndAsync(Of(employee), cause, AuditTrail.Portal);

    /// <summary>Reads the sessions that were live when the portal stopped.</summary>
    internal async Task LoadAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await foreach (var session in db.Set<Session>().AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            _live.TryAdd(session.Key, session);
        }

        _activityNotedAt = clock.GetUtcNow();
    }

    /// <summary>Ends the sessions whose time has come, and now and then writes down who is still active.</summary>
    internal async Task TidyAsync(CancellationToken cancellationToken)
    {
        foreach (var overdue in _live.Values.ToLookup(CauseOfEnd))
        {
            if (overdue.Key is { } cause)
            {
                await EndAsync(overdue, cause, AuditTrail.Portal);
            }
        }

        var now = clock.GetUtcNow();
        if (now - _activityNotedAt < s_noteActivityEvery)
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var session in _live.Values.Where(session => session.ActiveAt >= _activityNotedAt))
        {
            await db.Set<Session>().Where(row => row.Key == session.Key)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.ActiveAt, session.ActiveAt), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        _activityNotedAt = now;
    }

    private static string KeyOf(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private string? CauseOfEnd(Session session)
    {
        var now = clock.GetUtcNow();
        return now >= session.CreatedAt + options.Value.Lifetime ? "The session reached its longest life (Sessions:Lifetime)."
            : now >= session.ActiveAt + IdleTimeout ? $"Nothing was done for {IdleTimeout.TotalHours} hours."
            : null;
    }

    private IEnumerable<Session> Of(EmployeeId employee) => _live.Values.Where(session => session.EmployeeId == employee);

    /// <summary>First what is open, then the row, then the word of it: should the database fail, the sessions are over all the same. Not to be cancelled.</summary>
    private async Task EndAsync(IEnumerable<Session> sessions, string cause, string actor)
    {
        var ended = sessions.Where(session => _live.TryRemove(session.Key, out _)).ToList();
        if (ended.Count == 0)
        {
            return;
        }

        var closing = Task.WhenAll(ended.Select(session => session.EndAsync()));
        await DeleteAsync(ended, [.. ended.Select(session => audit.Entry(AuditKind.SignedOut, session.EmployeeId, session.Name, actor, cause))]);
        await closing;
    }

    private async Task DeleteAsync(IReadOnlyList<Session> ended, params AuditEntry[] entries)
    {
        await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
        await using var transaction = await db.Database.BeginTransactionAsync(CancellationToken.None);
        var keys = ended.Select(session => session.Key).ToList();
        await db.Set<Session>().Where(row => keys.Contains(row.Key)).ExecuteDeleteAsync(CancellationToken.None);
        db.AddRange(entries);
        await db.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
    }
}
