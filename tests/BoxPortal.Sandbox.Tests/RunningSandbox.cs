using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using BoxPortal.Sandbox.Tests.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Sandbox.Tests;

/// <summary>A sandbox on a free port of the loopback, spoken to over real HTTP.</summary>
public sealed class RunningSandbox : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RunningSandbox(WebApplication app)
    {
        _app = app;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(app.Urls.First().Replace("[::]", "127.0.0.1", StringComparison.Ordinal)) };
    }

    public HttpClient Http { get; }
    public Enterprise Enterprise => _app.Services.GetRequiredService<Enterprise>();
    public Directory Directory => _app.Services.GetRequiredService<Directory>();
    public SandboxClock Clock => _app.Services.GetRequiredService<SandboxClock>();
    public RequestLog Log => _app.Services.GetRequiredService<RequestLog>();

    public static async Task<RunningSandbox> StartAsync(SandboxOptions? options = null, string urls = "http://127.0.0.1:0")
    {
        options ??= new SandboxOptions { Controls = true };
        options.Urls = urls;
        var app = SandboxServer.Build(options, AnswerRecorder.Listen);
        await app.StartAsync();
        return new RunningSandbox(app);
    }

    public async Task<HttpResponseMessage> PostFormAsync(string path, params (string Name, string Value)[] form)
    {
        using FormUrlEncodedContent content = new(form.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        return await Http.PostAsync(path, content, TestContext.Current.CancellationToken);
    }

    /// <summary>A full token, as Client Credentials give it.</summary>
    public async Task<string> TokenAsync(User user)
    {
        var isService = user == Enterprise.ServiceAccount;
        using var answer = await PostFormAsync(
            "/oauth2/token",
            ("grant_type", "client_credentials"),
            ("client_id", Enterprise.App.ClientId),
            ("client_secret", Enterprise.App.ClientSecret),
            ("box_subject_type", isService ? "enterprise" : "user"),
            ("box_subject_id", isService ? Enterprise.Id : user.Id));
        return (await JsonAsync(answer))["access_token"]!.GetValue<string>();
    }

    /// <summary>A token narrowed to some scopes and, where named, to one resource.</summary>
    public async Task<string> DownscopedAsync(User user, string scopes, string? resource = null) =>
        (await JsonAsync(await ExchangeAsync(await TokenAsync(user), scopes, resource)))["access_token"]!.GetValue<string>();

    public Task<HttpResponseMessage> ExchangeAsync(string token, string scopes, string? resource = null) =>
        PostFormAsync(
            "/oauth2/token",
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
                ("subject_token", token),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
                ("scope", scopes),
                .. resource is null ? [] : new[] { ("resource", resource) },
            ]);

    /// <summary>Sends a request as the token's user.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? token, object? body = null, params (string Name, string Value)[] headers)
    {
        HttpRequestMessage request = new(method, path) { Content = body as HttpContent ?? (body is null ? null : JsonContent.Create(body)) };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, token, null, headers);

    /// <summary>Gets what must be there.</summary>
    public async Task<JsonObject> ReadAsync(string path, string token)
    {
        using var answer = await GetAsync(path, token);
        Assert.Equal(200, (int)answer.StatusCode);
        return await JsonAsync(answer);
    }

    public static async Task<JsonObject> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonNode.Parse(text) as JsonObject ?? throw new InvalidOperationException($"Not an object: {text}");
    }

    /// <summary>Ends the sandbox, and the test with it where an answer was not one that Box's document allows.</summary>
    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await AnswerRecorder.EndAsync(_app);
    }
}
