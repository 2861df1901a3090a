using System.Collections.Concurrent;
using BoxPortal.Box.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BoxPortal.Box.Tests;

/// <summary>The client under test, registered as the portal does, logging everything it can; searches its log for secrets at the end.</summary>
internal sealed class BoxClient : IAsyncDisposable, ILoggerProvider
{
    private readonly ConcurrentQueue<string> _log = [];
    private readonly IHost _host;

    public BoxClient(Uri address, TimeProvider? clock = null, params (string Key, string? Value)[] settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection();
        builder.Configuration["Box:ConfigJson"] = AppConfigs.Good().ToJsonString();
        builder.Configuration["Box:ApiBaseAddress"] = address.ToString();
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(this);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.AddBox();
        _host = builder.Build();
    }

    public IReadOnlyList<string> Log => [.. _log];

    public BoxTokens Tokens => Get<BoxTokens>();

    public BoxUsers Users => Get<BoxUsers>();

    public BoxHttp Http => Get<BoxHttp>();

    public T Get<T>() where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Starts the host, which checks the options.</summary>
    public Task StartAsync() => _host.StartAsync(TestContext.Current.CancellationToken);

    public ILogger CreateLogger(string categoryName) => new Logger(_log, categoryName);

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        Secrets.AssertAbsent([.. _log, .. Secrets.Written]);
        return ValueTask.CompletedTask;
    }

    void IDisposable.Dispose() { }

    private sealed class Logger(ConcurrentQueue<string> log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            log.Enqueue($"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = state as IEnumerable<KeyValuePair<string, object?>> ?? [];
            log.Enqueue($"{logLevel} {category}: {formatter(state, exception)} {string.Join(' ', fields)} {exception}");
        }
    }
}
