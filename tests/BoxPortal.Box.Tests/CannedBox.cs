using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace BoxPortal.Box.Tests;

/// <summary>A Box that answers what the test says, over real HTTP: for the answers that the sandbox cannot give.</summary>
internal sealed class CannedBox : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<CannedRequest> _requests = [];

    private CannedBox(Func<CannedRequest, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = new CannedRequest(
                context.Request.Method,
                context.Request.Path.Value!,
                context.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()),
                context.Request.Headers.Authorization.ToString(),
                await reader.ReadToEndAsync(context.RequestAborted));
            _requests.Enqueue(request);
            await answer(request, context);
        });
    }

    public Uri Address => new(_app.Urls.First());

    /// <summary>All requests, in the order they came.</summary>
    public IReadOnlyList<CannedRequest> Requests => [.. _requests];

    /// <summary>Those that are not about tokens.</summary>
    public IReadOnlyList<CannedRequest> ApiRequests => [.. _requests.Where(request => !request.IsForToken)];

    /// <summary>Answers everything by <paramref name="answer"/>.</summary>
    public static async Task<CannedBox> StartAsync(Func<CannedRequest, HttpContext, Task> answer)
    {
        var box = new CannedBox(answer);
        await box._app.StartAsync(TestContext.Current.CancellationToken);
        return box;
    }

    /// <summary>Gives tokens to whoever asks and answers everything else by <paramref name="answer"/>.</summary>
    public static Task<CannedBox> StartWithTokensAsync(Func<CannedRequest, HttpContext, Task> answer) =>
        StartAsync((request, context) => request.IsForToken ? context.TokenAsync() : answer(request, context));

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // whoever still holds a connection does not hold up the test
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>What was asked.</summary>
internal sealed record CannedRequest(string Method, string Path, Dictionary<string, string> Query, string Authorization, string Body)
{
    public bool IsForToken => Path == "/oauth2/token";

    public Dictionary<string, string> Form => QueryHelpers.ParseQuery(Body).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
}

/// <summary>Answers in Box's manner.</summary>
internal static class CannedAnswers
{
    public static async Task JsonAsync(this HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
    }

    /// <summary>A token nobody else has.</summary>
    public static Task TokenAsync(this HttpContext context, string? token = null, int expiresIn = 4123) =>
        context.JsonAsync(200, $$"""{"access_token":"{{token ?? Secrets.NewToken()}}","expires_in":{{expiresIn}},"restricted_to":[],"token_type":"bearer"}""");

    public static Task ErrorAsync(this HttpContext context, int status, string code, string? retryAfter = null)
    {
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        return context.JsonAsync(status, $$"""{"type":"error","status":{{status}},"code":"{{code}}","message":"As the test says","request_id":"0123456789abcdef"}""");
    }

    public static Task OAuthErrorAsync(this HttpContext context, string error, string description) =>
        context.JsonAsync(400, $$"""{"error":"{{error}}","error_description":"{{description}}"}""");

    /// <summary>A user with every field.</summary>
    public static Task UserAsync(this HttpContext context, string id = "11") => context.JsonAsync(context.Request.Method == "POST" ? 201 : 200, User(id));

    public static string User(string id, string externalId = "key") => $$"""
        {"type":"user","id":"{{id}}","name":"Ada","login":"AppUser_1_a@boxdevedition.com","status":"active","external_app_user_id":"{{externalId}}",
         "is_platform_access_only":true,"language":"en","space_amount":10737418240,"created_at":"2018-04-25T13:11:51-07:00"}
        """;
}
