using BoxPortal.Groups;

namespace BoxPortal.Access;

/// <summary>Sets up who sees which folder, and why.</summary>
public static class AccessSetup
{
    /// <summary>Registers what reads it from Box, and what explains it.</summary>
}
