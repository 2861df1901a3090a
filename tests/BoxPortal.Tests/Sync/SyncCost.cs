using System.Globalization;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;

namespace BoxPortal.Tests.Sync;

/// <summary>What a sync costs, by Box's own count, in virtual time.</summary>
/// <param name="Changes">How many people came into a group.</param>
/// <param name="Calls">How many calls about groups the run made.</param>
/// <param name="Again">How many the next run made, with nothing left to do.</param>
/// <param name="Refused">How often Box said that it was too many.</param>
/// <param name="Took">How long the run was under way by the portal's clock.</param>
public sealed record SyncCost(int Changes, int Calls, int Again, int Refused, TimeSpan Took)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(10);

    /// <summary>The least that it can cost: one call for each, and one page of members, for there are none yet.</summary>
    public int Minimum => Changes + 1;

    /// <summary>Lets the directory put so many people into one group, and follows it.</summary>
    /// <param name="changes">How many.</param>
    /// <param name="step">In what steps time passes, where it is to be measured.</param>
    public static async Task<SyncCost> MeasureAsync(int changes, TimeSpan? step = null)
    {
        var clock = PassingTime.StoppedClock();
        // Time passes faster than it will: the schedule would come between.
        await using var portal = await PortalHost.StartRecoveredAsync(new Dictionary<string, string> { ["Sync:EveryMinutes"] = "0" }, clock).WithAdministratorAsync();
        var people = await portal.HireAsync(changes, clock);
        var (source, (group, _)) = (portal.NewDirectoryGroup(), portal.NewGroup(members: 0));
        portal.Fill(source, people);
        await portal.RuleAsync(source, group);
        var (before, began) = (Calls(), clock.GetUtcNow());

        await clock.PassUntilAsync(FollowAsync(), step);
        var (first, took) = (Calls(), clock.GetUtcNow() - began);
        await clock.PassUntilAsync(FollowAsync(), step);

        return portal.MembersOf(group).Count == changes
            ? new SyncCost(changes, first - before, Calls() - first, portal.Requests.Count(request => request.Status == 429), took)
            : throw new InvalidOperationException($"{portal.MembersOf(group).Count} of {changes} people are in the group.");

        int Calls() => portal.Requests.Count(request => request.Path.StartsWith("/2.0/group", StringComparison.Ordinal));

        async Task<bool> FollowAsync()
        {
            if (await portal.BeginSyncAsync() is not { } id)
            {
                return false;
            }

            await PassingTime.UntilAsync(async () => (await portal.JobAsync(id)).EndedAt is not null, s_patience);
            return true;
        }
    }

    /// <inheritdoc />
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Changes:N0} changes: {Calls:N0} calls ÷ {Minimum:N0} = {Calls / (double)Minimum:0.000}, {Refused} refused as too many, in {Took.TotalMinutes:0.0} min of the portal's time; the next run: {Again}");
}
