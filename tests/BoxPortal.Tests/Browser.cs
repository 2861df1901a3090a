using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using BoxPortal.Sandbox;

namespace BoxPortal.Tests;

/// <summary>A browser without scripts. Sends <c>Secure</c> cookies over http on loopback, as real browsers do.</summary>
public sealed class Browser : IDisposable
{
    private readonly HttpClient _http;
    private string? _antiforgery;

    public Browser(Uri address, Func<HttpResponseMessage, Task>? watch = null)
    {
        Cookies = new LoopbackCookies(watch);
        _http = new HttpClient(Cookies) { BaseAddress = address };
    }

    public LoopbackCookies Cookies { get; }

    public Uri Address => _http.BaseAddress!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Signs in through the provider's page, from whatever page of the portal <paramref name="path"/> names.</summary>
    /// <returns>The answer to the last redirect, inside the portal.</returns>
    public async Task<HttpResponseMessage> SignInAsync(Person person, string path = "/authentication/login")
    {
        var signedIn = await ReturnFromProviderAsync(person, path);
        return await GetAsync(signedIn.Headers.Location!.ToString());
    }

    /// <summary>As <see cref="SignInAsync"/>, up to the redirect that the portal answers the provider's form with.</summary>
    public async Task<HttpResponseMessage> ReturnFromProviderAsync(Person person, string path = "/authentication/login")
    {
        var form = await AnswerOfProviderAsync(person, path);
        return await PostAsync(form.Action, Fields(form));
    }

    /// <summary>The form with which the provider would send this person back to the portal.</summary>
    public async Task<IHtmlFormElement> AnswerOfProviderAsync(Person person, string path = "/authentication/login")
    {
        _antiforgery = null;
        var challenge = await GetAsync(path);
        var people = await ReadFormsAsync(await GetAsync(challenge.Headers.Location!.ToString()));
        // Everybody beyond the stand-outs may be pages away: the provider takes the person's id whoever is listed.
        var choice = people.First(form => form.Elements.OfType<IHtmlButtonElement>().Any());
        var carried = Fields(choice);
        carried["person"] = person.ObjectId.ToString();
        return (await ReadFormsAsync(await PostAsync(choice.Action, carried))).Single();
    }

    /// <summary>GET, following no redirect.</summary>
    public Task<HttpResponseMessage> GetAsync(string address) => _http.GetAsync(new Uri(address, UriKind.RelativeOrAbsolute), Cancellation);

    public Task<HttpResponseMessage> PostAsync(string address, Dictionary<string, string> fields) =>
        _http.PostAsync(new Uri(address, UriKind.RelativeOrAbsolute), new FormUrlEncodedContent(fields), Cancellation);

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, bool wholeAnswer = true) =>
        _http.SendAsync(request, wholeAnswer ? HttpCompletionOption.ResponseContentRead : HttpCompletionOption.ResponseHeadersRead, Cancellation);

    /// <summary>An address that is sent as it stands, dots and double slashes and all.</summary>
    public Uri AsWritten(string pathAndQuery) =>
        new($"{Address.GetLeftPart(UriPartial.Authority)}{pathAndQuery}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>Asks for a token as the page's script does. <paramref name="change"/> is where an attacker comes in.</summary>
    public async Task<HttpResponseMessage> AskForTokenAsync(Action<HttpRequestMessage>? change = null, string path = "/explorer/token")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, AsWritten(path));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("RequestVerificationToken", _antiforgery ??= await ReadAntiforgeryAsync());
        change?.Invoke(request);
        return await _http.SendAsync(request, Cancellation);
    }

    /// <summary>The token that the page's script would be given; the test fails where it is refused.</summary>
    public async Task<string> TakeTokenAsync()
    {
        using var answer = await AskForTokenAsync();
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("accessToken").GetString()!;
    }

    /// <summary>Why the page's script is refused a token: the state, and the reference shown.</summary>
    public async Task<Refusal> TakeRefusalAsync(Task<HttpResponseMessage>? asked = null)
    {
        using var answer = await (asked ?? AskForTokenAsync());
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return new Refusal(
            (int)answer.StatusCode, problem.GetProperty("state").GetString()!, problem.GetProperty("reference").GetString()!,
            problem.TryGetProperty("retryAfterSeconds", out var wait) && wait.ValueKind == JsonValueKind.Number ? wait.GetInt32() : null);
    }

    /// <summary>The antiforgery token that the employee's page carries for its script and forms.</summary>
    public async Task<string> ReadAntiforgeryAsync()
    {
        using var page = await GetAsync("/");
        using var document = await new HtmlParser().ParseDocumentAsync(await page.Content.ReadAsStringAsync(Cancellation), Cancellation);
        return document.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value")
            ?? throw new InvalidOperationException($"The page ({(int)page.StatusCode}) carries no antiforgery token.");
    }

    /// <summary>What a form would send as it stands.</summary>
    public static Dictionary<string, string> Fields(IHtmlFormElement form) => form.QuerySelectorAll("input[type=hidden]")
        .ToDictionary(input => input.GetAttribute("name")!, input => input.GetAttribute("value") ?? "");

    /// <summary>The forms of a page.</summary>
    public static async Task<IReadOnlyList<IHtmlFormElement>> ReadFormsAsync(HttpResponseMessage response)
    {
        response.EnsureSuccessStatusCode();
        var document = await new HtmlParser().ParseDocumentAsync(await response.Content.ReadAsStringAsync(Cancellation), Cancellation);
        foreach (var form in document.Forms)
        {
            form.Action = new Uri(response.RequestMessage!.RequestUri!, form.GetAttribute("action") ?? "").ToString();
        }

        return [.. document.Forms];
    }

    public void Dispose() => _http.Dispose();

    /// <summary>A refusal as the page's script reads it.</summary>
    public sealed record Refusal(int Status, string State, string Reference, int? RetryAfterSeconds);

    /// <summary>Keeps cookies as a browser does for a trustworthy loopback address.</summary>
    public sealed class LoopbackCookies(Func<HttpResponseMessage, Task>? watch)
        : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
    {
        /// <summary>By origin, then by name.</summary>
        public ConcurrentDictionary<(string Origin, string Name), string> Jar { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var origin = request.RequestUri!.GetLeftPart(UriPartial.Authority);
            var cookies = string.Join("; ", Jar.Where(cookie => cookie.Key.Origin == origin).Select(cookie => $"{cookie.Key.Name}={cookie.Value}"));
            if (cookies.Length > 0 && !request.Headers.Contains("Cookie"))
            {
                request.Headers.TryAddWithoutValidation("Cookie", cookies);
            }

            var response = await base.SendAsync(request, cancellationToken);
            foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
            {
                var parts = set.Split(';', StringSplitOptions.TrimEntries);
                var (name, value) = parts[0].Split('=', 2) is [var n, var v] ? (n, v) : (parts[0], "");
                if (value.Length == 0 || parts.Any(part => part.StartsWith("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase)))
                {
                    Jar.TryRemove((origin, name), out _);
                }
                else
                {
                    Jar[(origin, name)] = value;
                }
            }

            if (watch is not null)
            {
                await watch(response);
            }

            return response;
        }
    }
}
