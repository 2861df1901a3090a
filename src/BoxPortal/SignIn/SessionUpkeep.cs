using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.SignIn;

/// <summary>Brings sessions back when the portal starts, and ends those that nobody ends.</summary>
internal sealed partial class SessionUpkeep(Sessions sessions, TimeProvider clock, ILogger<SessionUpkeep> logger) : BackgroundService
{
    /// <summary>A session past its time opens nothing from that moment; within this it also goes from the screens.</summary>
    private static readonly TimeSpan s_round = TimeSpan.FromSeconds(10);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await sessions.LoadAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_round, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await sessions.TidyAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is DbException or DbUpdateException)
            {
                Log.DatabaseFailed(logger, fault);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The database did not take what became of sessions; trying again")]
        public static partial void DatabaseFailed(ILogger logger, Exception fault);
    }
}
