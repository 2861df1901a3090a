using System.Text.Json;
using System.Text.Json.Serialization;

namespace BoxPortal.Graph;

/// <summary>
/// The JSON of Graph and of the token endpoint, generated at build. What is not marked optional must be there and not null, and
/// nothing may be said twice: half an answer is no answer.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowDuplicateProperties = false,
    NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(UserPage))]
[JsonSerializable(typeof(GroupPage))]
[JsonSerializable(typeof(MemberPage))]
[JsonSerializable(typeof(AssignmentPage))]
[JsonSerializable(typeof(ServicePrincipal))]
internal sealed partial class GraphJson : JsonSerializerContext;

/// <summary>What the token endpoint answers: <c>{"token_type":"Bearer","expires_in":3599,"access_token":"…"}</c>.</summary>
/// <param name="AccessToken">The bearer string.</param>
/// <param name="ExpiresIn">Its life in seconds.</param>
/// <param name="TokenType"><c>Bearer</c>, for every token we can use.</param>
internal sealed record TokenAnswer(
    [property: JsonPropertyName("access_token")] string AccessToken,
    [property: JsonPropertyName("expires_in")] int ExpiresIn,
    [property: JsonPropertyName("token_type")] string TokenType)
{
    /// <exception cref="JsonException">It is no token that can be sent in a header for <paramref name="minimumLife"/>.</exception>
    public static TokenAnswer Read(byte[] body, TimeSpan minimumLife)
    {
        var answer = JsonSerializer.Deserialize(body, GraphJson.Default.TokenAnswer);
        var isUsable = answer is { AccessToken.Length: > 0 }
            && answer.ExpiresIn >= minimumLife.TotalSeconds
            && answer.AccessToken.All(letter => letter is > ' ' and < (char)127)
            && answer.TokenType.Equals("Bearer", StringComparison.OrdinalIgnoreCase);
        return isUsable ? answer! : throw new JsonException("no usable token");
    }

    /// <summary>Shows nothing: a record would print the token.</summary>
    public override string ToString() => nameof(TokenAnswer);
}

/// <summary>A page of one of Graph's lists.</summary>
internal interface IGraphPage<out T>
{
    /// <summary>Maybe none, and still not the last.</summary>
    IReadOnlyList<T> Value { get; }

    /// <summary>The whole address of the next page; <c>null</c> on the last.</summary>
    string? NextLink { get; }
}

/// <summary>A page of users: <c>{"value":[…],"@odata.nextLink":"…"}</c>.</summary>
/// <param name="Value">Maybe none, and still not the last.</param>
/// <param name="NextLink">The whole address of the next page; <c>null</c> on the last.</param>
internal sealed record UserPage(IReadOnlyList<UserPage.User> Value, [property: JsonPropertyName("@odata.nextLink")] string? NextLink = null)
    : IGraphPage<UserPage.User>
{
    /// <exception cref="JsonException">It is no page, or not whole.</exception>
    public static UserPage Read(byte[] body) =>
        JsonSerializer.Deserialize(body, GraphJson.Default.UserPage) is { } page && page.Value.All(user => user is not null)
            ? page
            : throw new JsonException("no page of users");

    /// <summary>Graph leaves nothing out that was selected; what may be null here, it has no value for.</summary>
    internal sealed record User(
        Guid Id, string? DisplayName, string UserPrincipalName, string? Mail, bool AccountEnabled, string? Department, string? JobTitle)
    {
        public DirectoryPerson ToPerson() => new(
            Id, string.IsNullOrWhiteSpace(DisplayName) ? UserPrincipalName : DisplayName, UserPrincipalName, Mail, AccountEnabled, Department, JobTitle);
    }
}

/// <summary>A page of groups.</summary>
internal sealed record GroupPage(IReadOnlyList<GroupPage.Group> Value, [property: JsonPropertyName("@odata.nextLink")] string? NextLink = null)
    : IGraphPage<GroupPage.Group>
{
    /// <exception cref="JsonException">It is no page, or not whole.</exception>
    public static GroupPage Read(byte[] body) =>
        JsonSerializer.Deserialize(body, GraphJson.Default.GroupPage) is { } page && page.Value.All(group => group is not null)
            ? page
            : throw new JsonException("no page of groups");

    internal sealed record Group(Guid Id, string? DisplayName);
}

/// <summary>A page of members: people, and devices, contacts and groups between them.</summary>
internal sealed record MemberPage(IReadOnlyList<MemberPage.Member> Value, [property: JsonPropertyName("@odata.nextLink")] string? NextLink = null)
    : IGraphPage<MemberPage.Member>
{
    /// <exception cref="JsonException">It is no page, or not whole.</exception>
    public static MemberPage Read(byte[] body) =>
        JsonSerializer.Deserialize(body, GraphJson.Default.MemberPage) is { } page && page.Value.All(member => member is not null)
            ? page
            : throw new JsonException("no page of members");

    internal sealed record Member([property: JsonPropertyName("@odata.type")] string Type, Guid Id)
    {
        public bool IsPerson => Type == "#microsoft.graph.user";
    }
}

/// <summary>A page of who holds which app role.</summary>
internal sealed record AssignmentPage(IReadOnlyList<AssignmentPage.Assignment> Value, [property: JsonPropertyName("@odata.nextLink")] string? NextLink = null)
    : IGraphPage<AssignmentPage.Assignment>
{
    /// <exception cref="JsonException">It is no page, or not whole.</exception>
    public static AssignmentPage Read(byte[] body) =>
        JsonSerializer.Deserialize(body, GraphJson.Default.AssignmentPage) is { } page && page.Value.All(assignment => assignment is not null)
            ? page
            : throw new JsonException("no page of assignments");

    /// <param name="AppRoleId">Which role.</param>
    /// <param name="PrincipalId">Who holds it.</param>
    /// <param name="PrincipalType"><c>User</c>, <c>Group</c>: then its members hold it, or <c>ServicePrincipal</c>.</param>
    internal sealed record Assignment(Guid AppRoleId, Guid PrincipalId, string PrincipalType);
}

/// <summary>The app roles of a registration.</summary>
internal sealed record ServicePrincipal(IReadOnlyList<ServicePrincipal.AppRole> AppRoles)
{
    /// <exception cref="JsonException">It is none, or not whole.</exception>
    public static ServicePrincipal Read(byte[] body) =>
        JsonSerializer.Deserialize(body, GraphJson.Default.ServicePrincipal) is { } principal && principal.AppRoles.All(role => role is not null)
            ? principal
            : throw new JsonException("no service principal");

    internal sealed record AppRole(Guid Id, string? Value, string? DisplayName);
}
