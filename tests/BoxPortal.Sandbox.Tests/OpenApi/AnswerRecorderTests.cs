using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BoxPortal.Sandbox.Tests.OpenApi;

/// <summary>
/// In every project whose tests ask a sandbox: its answers are held to Box's document, or this says that they are not.
/// </summary>
public sealed class AnswerRecorderTests
{
    [Theory]
    [InlineData("{\"type\":\"user\",\"id\":1}")]
    [InlineData(null)]
    public async Task An_answer_that_Box_would_not_give_fails_the_test_that_heard_it(string? answer)
    {
        await BoxDocument.LoadOrSkipAsync();
        var sandbox = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0" }, builder =>
        {
            AnswerRecorder.Listen(builder);
            builder.Services.AddSingleton<IStartupFilter>(new Spoiler(answer));
            builder.Logging.ClearProviders();
        });
        await sandbox.StartAsync(TestContext.Current.CancellationToken);
        using HttpClient http = new() { BaseAddress = new Uri(sandbox.Urls.First()) };
        (await http.GetAsync(new Uri("/2.0/users/1", UriKind.Relative), TestContext.Current.CancellationToken)).Dispose();

        var complaint = await Assert.ThrowsAnyAsync<Exception>(() => AnswerRecorder.EndAsync(sandbox));

        Assert.Contains($"GET /2.0/users/1 {(answer is null ? 500 : 200)}", complaint.Message, StringComparison.Ordinal);
    }

    /// <summary>Answers in the sandbox's place, or fails.</summary>
    private sealed class Spoiler(string? answer) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
            app => app.Run(context => answer is null ? throw new InvalidOperationException("As told") : context.Response.WriteAsync(answer));
    }
}
