namespace BoxPortal.Groups;

/// <summary>Names the words of change sets: what they mean, how they stand, and what came of them.</summary>
internal sealed class ChangeSetsText;
