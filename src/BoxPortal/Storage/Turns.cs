using Microsoft.EntityFrameworkCore;

namespace BoxPortal.Storage;

/// <summary>Writes much without keeping others from writing: the database has one write lock, and employees' tokens wait for it, too.</summary>
public static class Turns
{
    /// <summary>Rows for each turn: well under a second's writing.</summary>
    private const int RowsPerTurn = 1_000;

    /// <summary>Longer than SQLite's provider waits before it tries for the lock again, so that whoever waits gets it.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Writes a thousand rows at a time, each time in a transaction and a context of their own.</summary>
    /// <param name="databases">Opens the database.</param>
    /// <param name="rows">What is written.</param>
    /// <param name="addAsync">Adds some of the rows, in their order.</param>
    /// <param name="clock">By which others get their turn.</param>
    /// <param name="cancellationToken">Stops between two turns or in one; what was written stays.</param>
    public static async Task WriteInTurnsAsync<T>(
        this IDbContextFactory<PortalDb> databases, IReadOnlyList<T> rows, Func<PortalDb, T[], Task> addAsync, TimeProvider clock, CancellationToken cancellationToken)
    {
        var isFirst = true;
        foreach (var turn in rows.Chunk(RowsPerTurn))
        {
            if (!isFirst)
            {
                await Task.Delay(s_pause, clock, cancellationToken);
            }

            isFirst = false;
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await addAsync(db, turn);
            await db.SaveChangesAsync(cancellationToken);
        }
    }
}
