namespace BoxPortal.Groups;

/// <summary>Names the words of the pages of groups, and of what Box does not tell of them.</summary>
internal sealed class GroupsText;
