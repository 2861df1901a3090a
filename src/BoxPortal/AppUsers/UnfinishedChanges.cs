using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.AppUsers;

/// <summary>Carries to their end the changes that a former run of the portal, or a Box that did not answer, left in the middle.</summary>
internal sealed partial class UnfinishedChanges(AppUserChanges changes, TimeProvider clock, ILogger<UnfinishedChanges> logger) : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                foreach (var change in await changes.ListUnfinishedAsync(stoppingToken))
                {
                    stoppingToken.ThrowIfCancellationRequested();
                    var result = await changes.CarryOutAsync(change);
                    Log.CarriedOut(logger, change, result.Words);
                }
            }
            catch (Exception fault) when (fault is DbException or DbUpdateException)
            {
                Log.StorageFailed(logger, s_pause, fault); // what could not be recorded was not done; the next look finds it again
            }

            await Task.Delay(s_pause, clock, stoppingToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Change {ChangeId} was taken up again: {Outcome}")]
        public static partial void CarriedOut(ILogger logger, long changeId, string outcome);

        [LoggerMessage(2, LogLevel.Error, "The database could not be used; unfinished changes are looked for again in {Pause}")]
        public static partial void StorageFailed(ILogger logger, TimeSpan pause, Exception exception);
    }
}
