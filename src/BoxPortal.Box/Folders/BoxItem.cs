using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>What lies in a folder.</summary>
/// <param name="Id">Box's ID, unique among items of its type.</param>
/// <param name="Type">Box's word for what it is: <c>folder</c>, <c>file</c>, <c>web_link</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="OwnedBy">Whose it is; <c>null</c> unless asked for.</param>
/// <param name="HasCollaborations">Whether others were let into this very item, not into one above or below it; <c>null</c> unless asked for.</param>
public sealed record BoxItem(string Id, string Type, string Name, BoxReference? OwnedBy = null, bool? HasCollaborations = null) : IBoxResource;
