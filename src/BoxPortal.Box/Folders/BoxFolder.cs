using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>A folder in Box.</summary>
/// <param name="Id">Box's ID; <c>"0"</c> is the root of whoever asks.</param>
/// <param name="Name">Its name.</param>
/// <param name="Parent">The folder it lies in; <c>null</c> for the root.</param>
/// <param name="OwnedBy">Whose it is, and whose storage it fills; <c>null</c> for the root.</param>
/// <param name="PathCollection">The folders above it, as whoever asks sees them.</param>
public sealed record BoxFolder(string Id, string Name, BoxReference? Parent = null, BoxReference? OwnedBy = null, BoxPath? PathCollection = null) : IBoxResource;

/// <summary>The folders above another.</summary>
/// <param name="Entries">From the asker's root <c>"0"</c> down to the parent; what is above something shared with the asker is left out.</param>
public sealed record BoxPath(IReadOnlyList<BoxReference> Entries);
