using System.Globalization;
using BoxPortal.Storage;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;

namespace BoxPortal.AppUsers;

/// <summary>How the list of people can be sorted; the words stand in the address.</summary>
public enum PeopleOrder
{
    /// <summary>Those who wait first, then by name.</summary>
    Waiting,

    /// <summary>By name.</summary>
    Name,

    /// <summary>By state, then by name.</summary>
    State,

    /// <summary>Last here first.</summary>
    Seen,

    /// <summary>Surest suggestion first.</summary>
    Suggestion,
}

/// <summary>When people were last here.</summary>
public enum SeenFilter
{
    /// <summary>Has never signed in.</summary>
    Never,

    /// <summary>Not in the last ninety days, or never.</summary>
    LongAgo,
}

/// <summary>Which people are listed, and in which order: everything that stands in the list's address.</summary>
/// <param name="Search">Any part of what they are called.</param>
/// <param name="State">How they stand.</param>
/// <param name="Suggested">Only those for whom there is a suggestion.</param>
/// <param name="Seen">When they were last here.</param>
/// <param name="Order">Sorted by what.</param>
/// <param name="Backwards">Sorted the other way round.</param>
public sealed record PeopleList(string? Search, MappingState? State, bool Suggested, SeenFilter? Seen, PeopleOrder Order, bool Backwards)
{
    /// <summary>Those who have not been here for longer have been away for long.</summary>
    public static readonly TimeSpan LongAgo = TimeSpan.FromDays(90);

    /// <summary>Reads what an address says. What it cannot mean, it does not say.</summary>
    public static PeopleList Parse(string? search, string? state, string? seen, string? order) => new(
        string.IsNullOrWhiteSpace(search) ? null : search.Trim(),
        Named<MappingState>(state),
        "suggested".Equals(state, StringComparison.OrdinalIgnoreCase),
        Named<SeenFilter>(seen),
        Named<PeopleOrder>(order?.TrimStart('-')) ?? PeopleOrder.Waiting,
        order is ['-', ..]);

    /// <summary>The part of the address after the question mark, without the page: what is saved under a name.</summary>
    public string Query => QueryHelpers.AddQueryString("", new Dictionary<string, string?>
    {
        ["q"] = Search,
        ["state"] = StateWord,
        ["seen"] = Word(Seen),
        ["order"] = OrderWord(Order, Backwards),
    });

    /// <summary>The word for the state, <c>suggested</c> among them; <c>null</c> for all.</summary>
    public string? StateWord => Suggested ? "suggested" : Word(State);

    /// <summary>The word for an order; <c>null</c> for the one that needs no word.</summary>
    public static string? OrderWord(PeopleOrder order, bool backwards) =>
        (order, backwards) == (PeopleOrder.Waiting, false) ? null : $"{(backwards ? "-" : "")}{Word<PeopleOrder>(order)}";

    /// <summary>Everybody the list is of, whatever their state.</summary>
    public IQueryable<AppUserMapping> InAnyState(PortalDb db, DateTimeOffset now)
    {
        var people = AppUserDirectory.Search(db, Search);
        var since = now - LongAgo;
        return Seen switch
        {
            SeenFilter.Never => people.Where(mapping => mapping.LastSignInAt == null),
            SeenFilter.LongAgo => people.Where(mapping => mapping.LastSignInAt == null || mapping.LastSignInAt < since),
            _ => people,
        };
    }

    /// <summary>How many of them are in which state; states that nobody is in are left out. Of everybody, nobody is counted: it stands written.</summary>
    public IQueryable<PeopleCount> Counts(PortalDb db, DateTimeOffset now) => Search is null && Seen is null
        ? db.Set<PeopleCount>().AsNoTracking().Where(count => count.People > 0)
        : InAnyState(db, now).GroupBy(mapping => mapping.State).Select(group => new PeopleCount
        {
            State = group.Key,
            People = group.Count(),
            Suggested = group.Count(mapping => mapping.SuggestedAppUserId != null),
        });

    /// <summary>The list itself, in its order.</summary>
    public IQueryable<AppUserMapping> Of(PortalDb db, DateTimeOffset now)
    {
        var people = InAnyState(db, now);
        people = State is { } state ? people.Where(mapping => mapping.State == state) : people;
        people = Suggested ? people.Where(mapping => mapping.SuggestedAppUserId != null) : people;
        var ordered = (Order, Backwards) switch
        {
            // Within one state nobody waits more than another: the state's own index has the order.
            (PeopleOrder.Waiting, false) when State is not null => people.OrderBy(mapping => mapping.Name),
            (PeopleOrder.Waiting, true) when State is not null => people.OrderByDescending(mapping => mapping.Name),
            (PeopleOrder.Waiting, false) => people.OrderBy(mapping => mapping.Rank).ThenBy(mapping => mapping.Name),
            (PeopleOrder.Waiting, true) => people.OrderByDescending(mapping => mapping.Rank).ThenByDescending(mapping => mapping.Name),
            (PeopleOrder.Name, false) => people.OrderBy(mapping => mapping.Name),
            (PeopleOrder.Name, true) => people.OrderByDescending(mapping => mapping.Name),
            (PeopleOrder.State, false) => people.OrderBy(mapping => mapping.State).ThenBy(mapping => mapping.Name),
            (PeopleOrder.State, true) => people.OrderByDescending(mapping => mapping.State).ThenByDescending(mapping => mapping.Name),
            (PeopleOrder.Seen, false) => people.OrderByDescending(mapping => mapping.LastSignInAt),
            (PeopleOrder.Seen, true) => people.OrderBy(mapping => mapping.LastSignInAt),
            (PeopleOrder.Suggestion, false) => people.OrderByDescending(mapping => mapping.SuggestionScore).ThenBy(mapping => mapping.Name),
            _ => people.OrderBy(mapping => mapping.SuggestionScore).ThenBy(mapping => mapping.Name),
        };
        // The index that has the order ends with the number, read the same way: so ties stand where they stood.
        return (Order, Backwards) is (PeopleOrder.Seen, false) or (PeopleOrder.Waiting or PeopleOrder.Name or PeopleOrder.State, true)
            ? ordered.ThenByDescending(mapping => mapping.Number)
            : ordered.ThenBy(mapping => mapping.Number);
    }

    private static string? Word<T>(T? value) where T : struct, Enum => value?.ToString().ToLowerInvariant();

    private static T? Named<T>(string? word) where T : struct, Enum =>
        Enum.TryParse<T>(word, ignoreCase: true, out var value) && Enum.IsDefined(value) && !int.TryParse(word, CultureInfo.InvariantCulture, out _) ? value : null;
}
