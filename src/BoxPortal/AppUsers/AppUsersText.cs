namespace BoxPortal.AppUsers;

/// <summary>Names the words of the pages of people, and of all that is done to their mappings.</summary>
internal sealed class AppUsersText;
