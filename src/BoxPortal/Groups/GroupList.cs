using BoxPortal.Box;

namespace BoxPortal.Groups;

/// <summary>The enterprise's groups as Box listed them a moment ago, once for all who look: Box has no way to search within names.</summary>
public sealed class GroupList(BoxGroups groups, TimeProvider clock)
{
    /// <summary>How old a list may be before Box is asked anew.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private Task<GroupListing>? _reading;
    private GroupListing? _newest;

    /// <summary>The list, at most <paramref name="maximumAge"/> old. Whoever comes while Box is being asked waits for the same answer.</summary>
    /// <param name="maximumAge">How old it may be; zero for what Box says now.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="BoxApiException">Box refused or did not answer; there may be more than 11,000 groups, of which Box lists no more.</exception>
    public Task<GroupListing> ReadAsync(TimeSpan maximumAge, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_newest is { } newest && clock.GetUtcNow() - newest.ReadAt < maximumAge)
            {
                return Task.FromResult(newest);
            }

            if (_reading is not { IsCompleted: false })
            {
                _reading = ReadAsync();
            }

            return _reading.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Forgets what it knows: a group was made, renamed or deleted.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            (_newest, _reading) = (null, null);
        }
    }

    private async Task<GroupListing> ReadAsync()
    {
        var readAt = clock.GetUtcNow();
        var all = await groups.ListAsync(filterTerm: null, CancellationToken.None).ToListAsync(CancellationToken.None);
        var listing = new GroupListing([.. all.OrderBy(group => group.Name, StringComparer.OrdinalIgnoreCase).ThenBy(group => group.Id, StringComparer.Ordinal)], readAt);
        lock (_gate)
        {
            _newest = listing;
        }

        return listing;
    }
}

/// <summary>All groups at one moment.</summary>
/// <param name="Groups">By name.</param>
/// <param name="ReadAt">When Box was asked, UTC.</param>
public sealed record GroupListing(IReadOnlyList<BoxGroup> Groups, DateTimeOffset ReadAt)
{
    /// <summary>Those that <paramref name="sight"/> lets see and <paramref name="search"/> names by any part of name, description or ID.</summary>
    public IEnumerable<BoxGroup> Of(GroupSight sight, string? search)
    {
        var text = search?.Trim();
        return Groups.Where(group => sight.Sees(group.Id) && (string.IsNullOrEmpty(text) || group.Id == text
            || group.Name.Contains(text, StringComparison.OrdinalIgnoreCase) || group.Description?.Contains(text, StringComparison.OrdinalIgnoreCase) == true));
    }
}
