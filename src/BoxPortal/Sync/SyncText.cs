namespace BoxPortal.Sync;

/// <summary>Names the words of the directory's sync, and of where Box differs from what the portal has done.</summary>
internal sealed class SyncText;
