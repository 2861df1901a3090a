namespace BoxPortal.Box.Http;

/// <summary>One page of a list, in both of Box's ways of paging.</summary>
/// <param name="Entries">What is on it.</param>
/// <param name="NextMarker">Where the next begins; null or empty at the end, and in offset paging.</param>
/// <param name="TotalCount">How many there are in all; only in offset paging.</param>
/// <param name="Limit">How many Box puts on a page, which may be fewer than asked for.</param>
internal sealed record Page<T>(IReadOnlyList<T> Entries, string? NextMarker = null, int? TotalCount = null, int? Limit = null);
