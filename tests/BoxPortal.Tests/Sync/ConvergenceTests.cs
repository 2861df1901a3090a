using BoxPortal.Groups;
using BoxPortal.Jobs;
using BoxPortal.Tests.Groups;
using BoxPortal.Tests.Imports;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Sync;

/// <summary>From any state, through any faults, the sync comes to the wanted one, goes no further, and asks Box for nothing twice.</summary>
public sealed class ConvergenceTests(ITestOutputHelper output)
{
    private const int Cases = 50;

    /// <summary>Time passes faster than it will: the schedule would come between.</summary>
    private static readonly Dictionary<string, string> s_noSchedule = new() { ["Sync:EveryMinutes"] = "0" };

    [Theory]
    [InlineData(100)]
    [InlineData(1000)]
    public async Task As_many_calls_are_made_as_there_are_changes_and_pages(int changes)
    {
        var cost = await SyncCost.MeasureAsync(changes);

        output.WriteLine($"{cost}");
        Assert.Equal((cost.Minimum, 1, 0), (cost.Calls, cost.Again, cost.Refused));
    }

    [Theory]
    [InlineData(1, 0.1)]
    [InlineData(2, 0.3)]
    [InlineData(3, 0.5)]
    [InlineData(4, 0.5)]
    public async Task Through_random_faults_it_comes_to_the_wanted_state_and_nothing_is_done_twice(int seed, double share)
    {
        var clock = PassingTime.StoppedClock();
        await using var portal = await PortalHost.StartRecoveredAsync(s_noSchedule, clock).WithAdministratorAsync();
        var people = await portal.HireAsync(24, clock);
        var (source, (group, _)) = (portal.NewDirectoryGroup(), portal.NewGroup(members: 0));
        portal.Fill(source, people.Take(20));
        await portal.RuleAsync(source, group);
        await clock.PassUntilAsync(portal.SyncAsync());
        var writes = portal.Writes();
        portal.Fill(source, people.Skip(4));
        var random = new Random(seed);
        string[] modes = ["status", "reset", "applyThenReset", "truncate", "html", "empty"];
        foreach (var path in new[] { "/2.0/group_memberships", $"/2.0/groups/{group.Id}", "/v1.0/groups" })
        {
            for (var call = 0; call < 60; call++)
            {
                await portal.SpoilAsync(random.NextDouble() < share
                    ? new { path, mode = modes[random.Next(modes.Length)] }
                    : (object)new { path, delayMs = 0 });
            }
        }

        for (var runs = 0; runs < 20 && !portal.NamesIn(group).SequenceEqual(people.Skip(4).Names()); runs++)
        {
            await clock.PassUntilAsync(portal.SyncAsync());
        }

        await portal.MendAsync();
        Assert.Null(await clock.PassUntilAsync(portal.SyncAsync()));
        Assert.Equal(people.Skip(4).Names(), portal.NamesIn(group));
        Assert.Equal(people.Skip(4).Select(person => portal.AppUserOf(person).Id).Order(), (await portal.SourcesAsync(group)).Select(membership => membership.AppUserId).Order());
        var done = await portal.ReadAsync(db => db.Set<GroupChange>().Where(change => change.HasChanged).ToListAsync());
        Assert.Equal(28, done.Count);
        Assert.Equal(28, done.DistinctBy(change => (change.Act, change.AppUserId)).Count());
        // Each took effect once: what Box took and did not tell of came back as a refusal, not as a second effect.
        output.WriteLine($"seed {seed}, {share:P0}: {portal.Requests.Count(request => request.IsMembershipWrite) - writes} calls for 8 changes");
    }

    [Fact]
    public async Task From_random_states_it_comes_to_the_wanted_one_touches_nothing_else_and_then_rests()
    {
        var clock = PassingTime.StoppedClock();
        await using var portal = await PortalHost.StartRecoveredAsync(s_noSchedule, clock).WithAdministratorAsync();
        var people = await portal.HireAsync(8, clock);
        var users = people.Select(portal.AppUserOf).ToList();
        var bits = Gen.Int[0, 255];

        await Gen.Select(bits, bits, bits, bits, bits, bits).SampleAsync(async (first, second, firstLater, secondLater, inBox, manual) =>
        {
            // Two rules on one group, a group that no rule names, and people put in by hand, in Box and in the portal.
            var (one, two, (group, _), (unruled, _)) = (portal.NewDirectoryGroup(), portal.NewDirectoryGroup(), portal.NewGroup(members: 0), portal.NewGroup(members: 2));
            foreach (var user in Chosen(users, inBox))
            {
                portal.Enterprise.AddMembership(user, group);
            }

            var byHand = Chosen(users, manual & ~inBox).ToList();
            if (byHand.Count > 0)
            {
                await clock.PassUntilAsync(portal.DoAsync(await portal.SessionOfAsync(People.Administrator), [.. byHand.Select(user => user.Add(group))]));
            }

            var before = portal.MembersOf(unruled);
            portal.Fill(one, Chosen(people, first));
            portal.Fill(two, Chosen(people, second));
            var (ruleOne, ruleTwo) = (await portal.RuleAsync(one, group), await portal.RuleAsync(two, group));
            await clock.PassUntilAsync(portal.SyncAsync());
            portal.Fill(one, Chosen(people, firstLater));
            portal.Fill(two, Chosen(people, secondLater));
            if (await clock.PassUntilAsync(portal.SyncAsync()) is { Stage: JobStage.ToApprove } waiting)
            {
                await clock.PassUntilAsync(portal.ApproveAsync(waiting.Id));
            }

            // An empty answer stops its rule: whom it had put in stays.
            var granted = (firstLater == 0 ? first : firstLater) | (secondLater == 0 ? second : secondLater);
            var writes = portal.Writes();
            Assert.Null(await clock.PassUntilAsync(portal.SyncAsync()));
            Assert.Equal(writes, portal.Writes());
            Assert.Equal(Chosen(users, granted | inBox | manual).Select(user => user.Id).ToHashSet(), portal.MembersOf(group));
            Assert.Equal(before, portal.MembersOf(unruled));
            foreach (var rule in new[] { ruleOne, ruleTwo })
            {
                await portal.Rules().DeleteAsync(await portal.SessionOfAsync(People.Administrator), rule.Id, PortalHost.Cancellation);
            }
        }, iter: Cases, threads: 1);
    }

    private static IEnumerable<T> Chosen<T>(IReadOnlyList<T> all, int bits) => all.Where((_, index) => (bits & (1 << index)) != 0);
}
