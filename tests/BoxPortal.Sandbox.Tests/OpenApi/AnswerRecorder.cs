using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Sandbox.Tests.OpenApi;

/// <summary>
/// Hears all that a sandbox answers as Box, whoever asked. Build the sandbox with <see cref="Listen"/> and end it with
/// <see cref="EndAsync"/>.
/// </summary>
public sealed class AnswerRecorder : IStartupFilter
{
    private readonly ConcurrentQueue<RecordedAnswer> _answers = [];

    /// <summary>For <see cref="SandboxServer.Build"/>.</summary>
    public static void Listen(WebApplicationBuilder sandbox) => sandbox.Services.AddSingleton<IStartupFilter, AnswerRecorder>();

    /// <summary>Ends the sandbox, and fails for any answer that Box's document does not allow. Where the document is absent, nothing is checked.</summary>
    public static async Task EndAsync(WebApplication sandbox)
    {
        var recorder = sandbox.Services.GetServices<IStartupFilter>().OfType<AnswerRecorder>().Single();
        await sandbox.DisposeAsync();
        if (await BoxDocument.LoadAsync() is { } document)
        {
            var faults = recorder._answers.Distinct().SelectMany(answer => document.Faults(answer).Select(fault => $"{answer.Method} {answer.Path} {answer.Status}: {fault}\n{answer.Body}")).ToList();
            // One mistake in the sandbox may be in thousands of answers.
            Assert.True(faults.Count == 0, $"{faults.Count} times Box would not have answered so, such as:\n\n{string.Join("\n\n", faults.Take(3))}");
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(RecordAsync);
        next(app);
    };

    private async Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value!;
        if (!(path.StartsWith("/2.0/", StringComparison.Ordinal) || path.StartsWith("/api/2.0/", StringComparison.Ordinal) || path is "/oauth2/token" or "/oauth2/revoke"))
        {
            await next(context);
            return;
        }

        var body = context.Response.Body;
        using MemoryStream copy = new();
        context.Response.Body = new Tee(body, copy);
        try
        {
            await next(context);
        }
        catch when (!context.RequestAborted.IsCancellationRequested)
        {
            _answers.Enqueue(new RecordedAnswer(context.Request.Method, path, StatusCodes.Status500InternalServerError, "The sandbox failed"));
            throw;
        }
        finally
        {
            context.Response.Body = body;
        }
        var isPreflight = context.Request.Headers.ContainsKey("Access-Control-Request-Method");
        var isImage = context.Response.ContentType?.StartsWith("image/", StringComparison.Ordinal) == true;
        var isGivenUp = context.RequestAborted.IsCancellationRequested; // ASP.NET Core leaves the rest of the answer away
        if (!isPreflight && !isImage && !isGivenUp && context.Features.Get<SeenRequest>()?.Fault is null or "delay")
        {
            _answers.Enqueue(new RecordedAnswer(context.Request.Method, path, context.Response.StatusCode, Encoding.UTF8.GetString(copy.ToArray())));
        }
    }

    private sealed class Tee(Stream first, Stream second) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => first.Flush();
        public override Task FlushAsync(CancellationToken cancellationToken) => first.FlushAsync(cancellationToken);
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            second.Write(buffer.Span);
            await first.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }
}
