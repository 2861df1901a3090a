namespace BoxPortal.Graph;

/// <summary>Somebody in the company's directory.</summary>
/// <param name="ObjectId">Entra's object ID: the same as claim <c>oid</c> when this person signs in.</param>
/// <param name="DisplayName">As people write it; the user principal name where the directory has no other.</param>
/// <param name="UserPrincipalName">The sign-in name. It may change.</param>
/// <param name="Mail">The mail address, for those who have one.</param>
/// <param name="AccountEnabled">Whether this person may sign in anywhere.</param>
/// <param name="Department">Where the directory says so.</param>
/// <param name="JobTitle">Where the directory says so.</param>
public sealed record DirectoryPerson(
    Guid ObjectId,
    string DisplayName,
    string UserPrincipalName,
    string? Mail,
    bool AccountEnabled,
    string? Department,
    string? JobTitle);
