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

/// <summary>A page of users: <c>{"value":[…],"@odata.nextLink":"…"}</c>.</summary>
/// <param name="Value">Maybe none, and still not the last.</param>
/// <param name="NextLink">The whole address of the next page; <c>null</c> on the last.</param>
internal sealed record UserPage(IReadOnlyList<UserPage.User> Value, [property: JsonPropertyName("@odata.nextLink")] string? NextLink = null)
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
