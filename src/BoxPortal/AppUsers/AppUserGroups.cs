using System.Collections.Concurrent;
using BoxPortal.Box;

namespace BoxPortal.AppUsers;

/// <summary>Which groups app users are in, for lists: as Box said within the last minutes, so that leafing through people costs it little.</summary>
public sealed class AppUserGroups(BoxGroupMemberships memberships, TimeProvider clock)
{
    private const int MostAtOnce = 4;
    private const int MostKept = 10_000;

    private static readonly TimeSpan s_life = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, (IReadOnlyList<string> Names, DateTimeOffset At)> _known = [];

    /// <summary>The names of the groups, if Box said so lately.</summary>
    public IReadOnlyList<string>? Known(string appUserId) =>
        _known.TryGetValue(appUserId, out var known) && clock.GetUtcNow() - known.At < s_life ? known.Names : null;

    /// <summary>Asks Box about those who are not known, a few at a time.</summary>
    /// <param name="appUserIds">Whose groups.</param>
    /// <param name="cancellationToken">Stops the asking.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer; those it told of before are known.</exception>
    public Task LoadAsync(IEnumerable<string> appUserIds, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            appUserIds.Where(id => Known(id) is null),
            new ParallelOptions { MaxDegreeOfParallelism = MostAtOnce, CancellationToken = cancellationToken },
            async (id, stop) =>
            {
                List<string> names = [];
                try
                {
                    await foreach (var membership in memberships.ListOfUserAsync(id, stop))
                    {
                        names.Add(membership.Group.Name ?? membership.Group.Id);
                    }
                }
                catch (BoxApiException gone) when (gone.Status == System.Net.HttpStatusCode.NotFound)
                {
                    // in no group any more
                }

                if (_known.Count >= MostKept)
                {
                    _known.Clear();
                }

                _known[id] = ([.. names.Order(StringComparer.CurrentCultureIgnoreCase)], clock.GetUtcNow());
            });
}
