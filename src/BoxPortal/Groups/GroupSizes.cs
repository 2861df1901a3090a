using System.Collections.Concurrent;
using System.Net;
using BoxPortal.Box;

namespace BoxPortal.Groups;

/// <summary>How many members groups have. Box says it with a page of a group's members only, so a call for each group: asked of those that are shown.</summary>
public sealed class GroupSizes(BoxGroups groups, TimeProvider clock)
{
    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<string, (int Size, DateTimeOffset At)> _known = [];

    /// <summary>The sizes of these groups, each at most <see cref="GroupList.Life"/> old; of one that is gone, none.</summary>
    /// <param name="groupIds">Few: what a page shows.</param>
    /// <param name="cancellationToken">Abandons the asking.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer.</exception>
    public async Task<IReadOnlyDictionary<string, int>> ReadAsync(IReadOnlyCollection<string> groupIds, CancellationToken cancellationToken)
    {
        ConcurrentDictionary<string, int> sizes = [];
        await Parallel.ForEachAsync(groupIds, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (groupId, stop) =>
        {
            var now = clock.GetUtcNow();
            if (_known.TryGetValue(groupId, out var known) && now - known.At < GroupList.Life)
            {
                sizes[groupId] = known.Size;
                return;
            }

            try
            {
                var (_, size) = await groups.ReadMembershipsAsync(groupId, skip: 0, take: 1, stop);
                sizes[groupId] = size;
                _known[groupId] = (size, now);
            }
            catch (BoxApiException gone) when (gone.Status == HttpStatusCode.NotFound)
            {
                _known.TryRemove(groupId, out _);
            }
        });
        return sizes;
    }
}
