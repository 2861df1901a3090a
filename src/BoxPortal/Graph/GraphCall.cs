using System.Net.Http.Headers;

namespace BoxPortal.Graph;

/// <summary>Something to ask: a GET with a token, or a form to post. It is written out anew for every try.</summary>
/// <param name="Address">Where.</param>
/// <param name="Secret">The token, or the form's secret: what no message may repeat.</param>
internal sealed record GraphCall(Uri Address, string Secret)
{
    /// <summary>Fields of a form; without them it is a GET with the token.</summary>
    public IReadOnlyDictionary<string, string>? Form { get; init; }

    public HttpRequestMessage ToRequest() => Form is null
        ? new HttpRequestMessage(HttpMethod.Get, Address) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", Secret) } }
        : new HttpRequestMessage(HttpMethod.Post, Address) { Content = new FormUrlEncodedContent(Form) };

    /// <summary>For messages: without the query, which may hold the token of a page, and without the secret.</summary>
    public override string ToString() => $"{(Form is null ? HttpMethod.Get : HttpMethod.Post)} {Address.AbsolutePath}";
}
