using System.Globalization;
using BoxPortal.Sandbox.Graph;

namespace BoxPortal.Sandbox;

/// <summary>How the next matching calls are to go wrong.</summary>
/// <param name="Path">What the path of the call starts with.</param>
/// <param name="Method">Of that method only; any unless told.</param>
/// <param name="Status">The status answered with; 503 unless told, and 200 for modes <c>html</c> and <c>empty</c>.</param>
/// <param name="RetryAfter">Seconds, for the header <c>Retry-After</c>.</param>
/// <param name="DelayMs">Milliseconds of real time to wait first. Alone, it is all that goes wrong.</param>
/// <param name="Times">How many calls; one unless told.</param>
/// <param name="Mode">
/// <c>status</c>: refused, nothing done. <c>truncate</c>: done, and half of the answer told as if it were whole.
/// <c>html</c>: a page of some proxy instead. <c>empty</c>: no body. <c>reset</c>: the connection dies, nothing done.
/// <c>applyThenReset</c>: done, but the connection dies before the answer.
/// </param>
internal sealed record Fault(
    string? Path,
    string? Method,
    int? Status,
    int? RetryAfter,
    int? DelayMs,
    int? Times,
    string? Mode)
{
    private static readonly string[] s_modes = ["status", "truncate", "html", "empty", "reset", "applyThenReset"];

    /// <summary>What about the fault makes no sense.</summary>
    public string? Complaint =>
        Path is not ['/', ..] ? "path must start with /"
        : Status is < 200 or > 599 ? "status must be between 200 and 599"
        : RetryAfter < 0 ? "retryAfter must be at least 0"
        : DelayMs is < 0 or > 600_000 ? "delayMs must be between 0 and 600000"
        : Times < 1 ? "times must be at least 1"
        : Mode is not null && !s_modes.Contains(Mode) ? $"mode must be one of {string.Join(", ", s_modes)}"
        : null;

    public bool Matches(HttpRequest request) =>
        request.Path.Value!.StartsWith(Path!, StringComparison.Ordinal) && (Method is null || Method.Equals(request.Method, StringComparison.OrdinalIgnoreCase));
}

/// <summary>The faults still to happen, in the order they were asked for.</summary>
internal sealed class Faults
{
    private readonly Lock _gate = new();
    private readonly List<(Fault Fault, int Left)> _pending = [];

    public void Add(Fault fault)
    {
        lock (_gate)
        {
            _pending.Add((fault, fault.Times ?? 1));
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _pending.Clear();
        }
    }

    /// <summary>The fault for this request, used up by one.</summary>
    public Fault? Take(HttpRequest request)
    {
        lock (_gate)
        {
            var index = _pending.FindIndex(pending => pending.Fault.Matches(request));
            if (index < 0)
            {
                return null;
            }
            var (fault, left) = _pending[index];
            if (left == 1)
            {
                _pending.RemoveAt(index);
            }
            else
            {
                _pending[index] = (fault, left - 1);
            }
            return fault;
        }
    }
}

/// <summary>Makes the faults happen. CORS is answered before it, so that a page in a browser sees the fault and not a refusal of its own browser.</summary>
internal static class FaultInjection
{
    public static void UseFaults(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var faults = context.RequestServices.GetRequiredService<Faults>();
        if (ControlResource.IsAt(context.Request.Path) || faults.Take(context.Request) is not { } fault)
        {
            await next(context);
            return;
        }

        var isDelay = fault is { Mode: null, Status: null, DelayMs: not null };
        context.Features.Get<SeenRequest>()!.Fault = isDelay ? "delay" : fault.Mode ?? "status";
        if (fault.DelayMs is { } delay)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System, context.RequestAborted);
        }
        if (fault.RetryAfter is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        switch (isDelay ? "delay" : fault.Mode)
        {
            case "delay":
                await next(context);
                break;

            case "truncate":
                var whole = await AnswerAsideAsync(context, next);
                context.Response.StatusCode = fault.Status ?? context.Response.StatusCode;
                if (whole.Length > 0) // of an empty answer there is no half
                {
                    context.Response.ContentLength = whole.Length / 2;
                    await context.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2));
                }

                break;

            case "html":
                context.Response.StatusCode = fault.Status ?? StatusCodes.Status200OK;
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync("<!DOCTYPE html><html><head><title>Proxy</title></head><body><h1>Sign in to the network</h1></body></html>");
                break;

            case "empty":
                context.Response.StatusCode = fault.Status ?? StatusCodes.Status200OK;
                break;

            case "reset":
                context.Abort();
                break;

            case "applyThenReset":
                await AnswerAsideAsync(context, next);
                context.Abort();
                break;

            default:
                await RefuseAsync(context, fault.Status ?? StatusCodes.Status503ServiceUnavailable);
                break;
        }
    });

    private static Task RefuseAsync(HttpContext context, int status)
    {
        if (status >= 400 && GraphApi.IsAt(context.Request.Path))
        {
            return GraphError.Of(status).ExecuteAsync(context);
        }
        if (status >= 400 && status != StatusCodes.Status401Unauthorized && BoxApi.IsAt(context.Request.Path))
        {
            return BoxError.Of(status).ExecuteAsync(context);
        }
        context.Response.StatusCode = status;
        if (status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = BearerAuthentication.InvalidToken;
        }
        return Task.CompletedTask;
    }

    // Has the call answered into memory.
    private static async Task<byte[]> AnswerAsideAsync(HttpContext context, RequestDelegate next)
    {
        var body = context.Response.Body;
        using MemoryStream aside = new();
        context.Response.Body = aside;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = body;
        }
        return aside.ToArray();
    }
}
