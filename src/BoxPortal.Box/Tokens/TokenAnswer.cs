using System.Text.Json;
using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>What the token endpoint answers: <c>{"access_token":"…","expires_in":4123,"restricted_to":[],"token_type":"bearer"}</c>.</summary>
/// <param name="AccessToken">The bearer string.</param>
/// <param name="ExpiresIn">Its life in seconds.</param>
/// <param name="TokenType"><c>bearer</c>, for every token we can use.</param>
internal sealed record TokenAnswer(string AccessToken, int ExpiresIn, string TokenType)
{
    /// <summary>Understands an answer; one that gives no usable token is a <see cref="JsonException"/> like any other garbled one.</summary>
    public static TokenAnswer Read(byte[] body)
    {
        var answer = JsonSerializer.Deserialize(body, BoxJson.Default.TokenAnswer);
        var isUsable = answer is { AccessToken.Length: > 0, ExpiresIn: > 0 }
            && answer.AccessToken.All(letter => letter is > ' ' and < (char)127) // what a header can carry
            && answer.TokenType.Equals("bearer", StringComparison.OrdinalIgnoreCase);
        return isUsable ? answer! : throw new JsonException("no usable token");
    }

    /// <summary>Shows nothing: a record would print the token.</summary>
    public override string ToString() => nameof(TokenAnswer);
}
