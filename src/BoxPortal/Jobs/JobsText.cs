namespace BoxPortal.Jobs;

/// <summary>Names the words of jobs: how they stand, the steps that can be taken with them, and what speaks against one.</summary>
internal sealed class JobsText;
