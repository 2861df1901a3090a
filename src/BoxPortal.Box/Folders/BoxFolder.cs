using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>A folder in Box.</summary>
/// <param name="Id">Box's ID; <c>"0"</c> is the root of whoever asks.</param>
/// <param name="Name">Its name.</param>
/// <param name="Parent">The folder it lies in; <c>null</c> for the root.</param>
/// <param name="OwnedBy">Whose it is, and whose storage it fills; <c>null</c> for the root.</param>
public sealed record BoxFolder(string Id, string Name, BoxReference? Parent = null, BoxReference? OwnedBy = null) : IBoxResource;
