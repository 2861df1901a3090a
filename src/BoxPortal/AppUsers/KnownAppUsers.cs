using System.Runtime.CompilerServices;
using BoxPortal.Box;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;

namespace BoxPortal.AppUsers;

/// <summary>
/// Box's app users as it lists them: read whole at each start, then every few hours and on demand. From the list the portal
/// rebuilds what a lost database knew (by external ID), notices app users that are gone, and suggests who might be whose.
/// Decisions of administrators stay.
/// </summary>
public sealed partial class KnownAppUsers(
    IDbContextFactory<PortalDb> databases, BoxUsers users, AppUserDirectory directory, AppUserMatching matching,
    IOptionsMonitor<MicrosoftIdentityOptions> signIn, TimeProvider clock, ILogger<KnownAppUsers> logger) : BackgroundService
{
    private const int ChunkSize = 500;

    private static readonly TimeSpan s_interval = TimeSpan.FromHours(6);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(15);

    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _starting = new();
    private Task<DateTimeOffset>? _running;

    /// <summary>Ends when Box has been read once since the start.</summary>
    public Task FirstReading => _first.Task;

    /// <summary>As of when the list is, UTC; <c>null</c> before the first reading since the start.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>Reads Box's app users, unless the list is younger than <paramref name="maximumAge"/>; however many ask, it is read once.</summary>
    /// <returns>As of when the list is, UTC.</returns>
    /// <exception cref="BoxApiException">Box refused or did not answer; the list is as it was.</exception>
    public Task<DateTimeOffset> RefreshAsync(TimeSpan maximumAge, CancellationToken cancellationToken)
    {
        lock (_starting)
        {
            if (_running is not { IsCompleted: false })
            {
                if (ReadAt is { } readAt && clock.GetUtcNow() - readAt <= maximumAge)
                {
                    return Task.FromResult(readAt);
                }

                _running = Task.Run(ReadAsync, CancellationToken.None);
            }

            return _running.WaitAsync(cancellationToken);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var pause = s_interval;
            try
            {
                await RefreshAsync(TimeSpan.Zero, stoppingToken);
            }
            catch (BoxApiException refusal)
            {
                Log.BoxRefused(logger, s_pause, refusal.Message);
                pause = s_pause;
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    private async Task<DateTimeOffset> ReadAsync()
    {
        var startedAt = clock.GetUtcNow();
        var (listed, recovered) = (0, 0);
        await foreach (var chunk in ListAsync(CancellationToken.None).Chunk(ChunkSize))
        {
            await NoteAsync(chunk, startedAt);
            recovered += await RecoverAsync(chunk);
            listed += chunk.Length;
        }

        var gone = await ForgetAllButAsync(startedAt);
        await matching.MatchAllAsync(CancellationToken.None);
        ReadAt = startedAt;
        _first.TrySetResult();
        Log.Read(logger, listed, recovered, gone);
        return startedAt;
    }

    private async IAsyncEnumerable<BoxUser> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var user in users.ListAsync(filterTerm: null, cancellationToken))
        {
            if (user.IsPlatformAccessOnly)
            {
                yield return user;
            }
        }
    }

    private async Task NoteAsync(BoxUser[] chunk, DateTimeOffset seenAt)
    {
        await using var db = await databases.CreateDbContextAsync();
        var ids = chunk.Select(user => user.Id).ToArray();
        var known = await db.Set<KnownAppUser>().Where(user => ids.Contains(user.Id)).ToDictionaryAsync(user => user.Id);
        foreach (var user in chunk)
        {
            if (!known.TryGetValue(user.Id, out var row))
            {
                known[user.Id] = row = new KnownAppUser { Id = user.Id, Name = user.Name };
                db.Add(row);
            }

            row.Name = user.Name;
            row.ExternalId = user.ExternalAppUserId;
            row.Mail = AppUserMatching.MailOf(user);
            row.IsActive = user.Status != BoxUserStatus.Inactive;
            row.SeenAt = seenAt;
        }

        await db.SaveChangesAsync();
    }

    /// <summary>Records the mappings of those whose external ID names an employee of ours, in one transaction.</summary>
    private async Task<int> RecoverAsync(BoxUser[] chunk)
    {
        var tenantId = Guid.Parse(signIn.Get(OpenIdConnectDefaults.AuthenticationScheme).TenantId!);
        var ours = new Dictionary<EmployeeId, BoxUser>();
        foreach (var user in chunk)
        {
            if (EmployeeId.FromExternalAppUserId(user.ExternalAppUserId) is { } employee && employee.TenantId == tenantId)
            {
                ours[employee] = user;
            }
        }

        return ours.Count == 0 ? 0 : await directory.RecoverAsync(ours, CancellationToken.None);
    }

    /// <summary>Whoever the list has not named is gone, but Box says so of each itself before anybody's mapping is called broken.</summary>
    private async Task<int> ForgetAllButAsync(DateTimeOffset seenAt)
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Set<KnownAppUser>().Where(user => user.SeenAt < seenAt).ExecuteDeleteAsync();
        var missing = await db.Set<AppUserMapping>().AsNoTracking()
            .Where(mapping => mapping.State == MappingState.Mapped && !db.Set<KnownAppUser>().Any(user => user.Id == mapping.AppUserId))
            .ToListAsync();
        var gone = 0;
        foreach (var mapping in missing)
        {
            if (await directory.DiagnoseAsync(mapping.EmployeeId, mapping.AppUserId!, refusal: null, CancellationToken.None) is { State: MappingState.Orphaned })
            {
                gone++;
            }
        }

        return gone;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Box lists {Count} app users; {Recovered} mappings found by external ID, {Gone} app users gone")]
        public static partial void Read(ILogger logger, int count, int recovered, int gone);

        [LoggerMessage(2, LogLevel.Warning, "Box could not be asked for its app users; trying again in {Pause}: {Refusal}")]
        public static partial void BoxRefused(ILogger logger, TimeSpan pause, string refusal);
    }
}
