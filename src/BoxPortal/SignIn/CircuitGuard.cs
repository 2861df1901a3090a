using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.SignalR;

namespace BoxPortal.SignIn;

/// <summary>
/// Stands before every message of every circuit. A circuit ends with the session that it was started in, and nobody else comes
/// to it: on .NET 10 a circuit's principal is as old as the circuit, and whoever knows a circuit's id may connect to it.
/// </summary>
internal sealed partial class CircuitGuard(Sessions sessions, TimeProvider clock, ILogger<CircuitGuard> logger) : IHubFilter
{
    /// <summary>Circuits remembered of one session, the newest: a page older than those opens anew after losing its connection.</summary>
    private const int MostCircuits = 500;

    /// <summary>SHA-256 of the ids of the circuits that each live session has started.</summary>
    private readonly ConditionalWeakTable<Session, Queue<string>> _circuits = [];

    /// <summary>Ends the connection as soon as its session ends.</summary>
    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var ended = sessions.Find(context.Context.User!)?.Ended ?? new CancellationToken(canceled: true);
        context.Context.Items[typeof(CircuitGuard)] = ended.Register(context.Context.Abort);
        await next(context);
    }

    /// <summary>Lets through what a live session says of its own circuits.</summary>
    /// <remarks>Source: <c>ComponentHub</c> of .NET 10. A test says when its list of methods changes.</remarks>
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocation, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (sessions.Find(invocation.Context.User!) is not { } session)
        {
            invocation.Context.Abort();
            return null;
        }

        switch (invocation.HubMethodName)
        {
            // As the framework answers for a circuit that is gone: an honest page, from before a restart, opens anew.
            case "ConnectCircuit" when !IsOf(session, invocation.HubMethodArguments[0] as string):
                Log.Refused(logger, session.Fingerprint, session.ObjectId);
                return false;

            case "ResumeCircuit" when !IsOf(session, invocation.HubMethodArguments[0] as string):
                Log.Refused(logger, session.Fingerprint, session.ObjectId);
                return null;

            case "StartCircuit" or "ResumeCircuit":
                var id = await next(invocation);
                Remember(session, id as string);
                return id;

            case "BeginInvokeDotNetFromJS" or "OnLocationChanged":
                session.ActiveAt = clock.GetUtcNow(); // a person's doing; pages acknowledge what they draw by themselves
                return await next(invocation);

            default:
                return await next(invocation);
        }
    }

    /// <inheritdoc />
    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        if (context.Context.Items[typeof(CircuitGuard)] is CancellationTokenRegistration end)
        {
            await end.DisposeAsync();
        }

        await next(context, exception);
    }

    /// <summary>
    /// Closes the ways around: messages posted to a connection that somebody else is about to open, and the end of another session's
    /// circuit.
    /// </summary>
    public async Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.Path.StartsWithSegments("/_blazor", out var rest)
            && (rest.Value is "" or "/" || (context.Request.HasFormContentType && !await IsOfAsync(context))))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    }

    private async Task<bool> IsOfAsync(HttpContext context) =>
        sessions.Find(context.User) is { } session && IsOf(session, (await context.Request.ReadFormAsync(context.RequestAborted))["circuitId"]);

    private void Remember(Session session, string? circuitId)
    {
        if (circuitId is null)
        {
            return;
        }

        var circuits = _circuits.GetOrCreateValue(session);
        lock (circuits)
        {
            circuits.Enqueue(Hash(circuitId));
            if (circuits.Count > MostCircuits)
            {
                circuits.Dequeue();
            }
        }
    }

    private bool IsOf(Session session, string? circuitId)
    {
        if (circuitId is null || !_circuits.TryGetValue(session, out var circuits))
        {
            return false;
        }

        lock (circuits)
        {
            return circuits.Contains(Hash(circuitId));
        }
    }

    private static string Hash(string circuitId) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(circuitId)));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Session {Fingerprint} of employee {ObjectId} asked for a circuit that it did not start, or started before the portal did")]
        public static partial void Refused(ILogger logger, string fingerprint, Guid objectId);
    }
}
