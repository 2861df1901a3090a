namespace BoxPortal.Graph;

/// <summary>A group of the company's directory.</summary>
/// <param name="ObjectId">Entra's object ID: what claim <c>groups</c> names it by.</param>
/// <param name="Name">As people write it.</param>
public sealed record DirectoryGroup(Guid ObjectId, string Name);
