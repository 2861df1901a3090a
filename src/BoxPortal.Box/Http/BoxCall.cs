using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace BoxPortal.Box.Http;

/// <summary>One thing to ask of Box. It is written out anew for every try, so that no try sends another's assertion.</summary>
internal sealed record BoxCall(HttpMethod Method, string PathAndQuery)
{
    /// <summary>The token to act with.</summary>
    public string? Bearer { get; init; }

    /// <summary>It acts as the service account, whose calls Box counts together: each try waits for the <see cref="CallBudget"/>.</summary>
    public bool IsOfServiceAccount { get; init; }

    /// <summary>Fields of a form, made for each try.</summary>
    public Func<IReadOnlyDictionary<string, string>>? Form { get; init; }

    /// <summary>A JSON body, in UTF-8.</summary>
    public byte[]? Json { get; init; }

    /// <summary>
    /// Doing it twice is as good as once, so that it may be tried again when nobody knows whether it was done.
    /// A POST is not; a token request is, because a token nobody holds harms nobody.
    /// </summary>
    public bool IsRepeatable { get; init; } = Method != HttpMethod.Post;

    /// <summary>For messages: the verb and the path, without the query, which may hold people's names.</summary>
    public override string ToString() => $"{Method} {PathAndQuery.Split('?')[0]}";

    /// <summary>Writes the request out; <paramref name="secrets"/> are the values in it that no message may repeat.</summary>
    public HttpRequestMessage ToRequest(out IReadOnlyCollection<string> secrets)
    {
        var form = Form?.Invoke();
        secrets = [.. form?.Values ?? [], .. Bearer is null ? [] : new[] { Bearer }];

        var request = new HttpRequestMessage(Method, PathAndQuery);
        request.Headers.Authorization = Bearer is null ? null : new AuthenticationHeaderValue("Bearer", Bearer);
        request.Content = form is not null ? new FormUrlEncodedContent(form)
            : Json is not null ? new ByteArrayContent(Json) { Headers = { ContentType = new("application/json") } }
            : null;
        return request;
    }

    /// <summary>The same call with a JSON body.</summary>
    public BoxCall With<T>(T body, JsonTypeInfo<T> type) => this with { Json = JsonSerializer.SerializeToUtf8Bytes(body, type) };
}
