namespace BoxPortal.Box;

/// <summary>A user, a group or an item where another resource names it.</summary>
/// <param name="Id">Box's ID.</param>
/// <param name="Type">Box's word for what it is: <c>user</c>, <c>group</c>, <c>folder</c>, <c>file</c>, <c>web_link</c>.</param>
/// <param name="Name">Its name; <c>null</c> where Box does not say it.</param>
/// <param name="Login">A user's login; <c>null</c> for everything else.</param>
public sealed record BoxReference(string Id, string? Type = null, string? Name = null, string? Login = null);
