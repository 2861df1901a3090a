using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>
/// The door for tests and demonstrations. It hands out the app's private key, so it opens to programs on this machine only,
/// and not to web pages that these show.
/// </summary>
internal static class ControlResource
{
    private const string Root = "/_sandbox";
    private static readonly JsonSerializerOptions s_log = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static bool IsAt(PathString path) => path.StartsWithSegments(Root);

    /// <summary>Turns away whoever is not on the loopback, came by another name than the loopback's, or is a page from elsewhere.</summary>
    public static void UseControlGuard(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (!IsAt(context.Request.Path) || IsTrusted(context))
        {
            return next(context);
        }
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    });

    public static RouteGroupBuilder MapControls(this IEndpointRouteBuilder routes)
    {
        var controls = routes.MapGroup(Root);
        controls.MapGet("/config.json", Config);
        controls.MapPost("/reset", Reset);
        controls.MapPost("/reseed", Reseed);
        controls.MapPost("/clock", AdvanceClock);
        controls.MapPost("/faults", AddFault);
        controls.MapDelete("/faults", ClearFaults);
        controls.MapPost("/limits", Limit);
        controls.MapPost("/delays", Delay);
        controls.MapGet("/requests", Requests);
        controls.MapDelete("/requests", ClearRequests);
        return controls;
    }

    /// <summary>Whether a program on this machine calls, and under a name that is this machine's.</summary>
    public static bool IsFromThisMachine(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller.IsIPv4MappedToIPv6 ? caller.MapToIPv4() : caller)
        // Another name that leads here is somebody's attempt to make their page one of ours.
        && (context.Request.Host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(context.Request.Host.Host, out var host) && IPAddress.IsLoopback(host)));

    private static bool IsTrusted(HttpContext context)
    {
        var request = context.Request;
        return IsFromThisMachine(context)
            && (request.Headers.Origin.Count == 0 || request.Headers.Origin == $"{request.Scheme}://{request.Host}")
            && request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin";
    }

    // As Box's console would hand it out; client id and secret do for Client Credentials too.
    private static ContentHttpResult Config(Enterprise enterprise, HttpContext context)
    {
        var (keyId, privateKey, passphrase) = BoxApp.Credentials();
        context.Response.Headers.CacheControl = "no-store";
        var config = new
        {
            boxAppSettings = new
            {
                clientID = enterprise.App.ClientId,
                clientSecret = enterprise.App.ClientSecret,
                appAuth = new { publicKeyID = keyId, privateKey, passphrase },
            },
            enterpriseID = Enterprise.Id,
        };
        return TypedResults.Text(JsonSerializer.Serialize(config), "application/json");
    }

    private static NoContent Reset(Enterprise enterprise, Directory directory, SandboxClock clock, Faults faults, RateLimits limits, RequestLog log)
    {
        clock.Reset(); // first, because the seed's dates are reckoned from it
        lock (enterprise.Gate)
        {
            enterprise.Clear();
            Seed.Plant(enterprise, directory, clock);
        }
        faults.Clear();
        limits.Reset();
        log.Clear();
        return TypedResults.NoContent();
    }

    private static Results<NoContent, BadRequest<string>> Reseed(Wish<WantedCompany> wish, Enterprise enterprise, Directory directory, SandboxClock clock)
    {
        if (wish.Told is not { } wanted)
        {
            return TypedResults.BadRequest(wish.Complaint);
        }
        if (wanted.People is < 1 or > 50_000)
        {
            return TypedResults.BadRequest("people must be between 1 and 50000");
        }
        lock (enterprise.Gate)
        {
            enterprise.Clear();
            Seed.Plant(enterprise, directory, clock, wanted.People);
        }
        return TypedResults.NoContent();
    }

    private static Results<Ok<Now>, BadRequest<string>> AdvanceClock(Wish<Advance> by, SandboxClock clock)
    {
        if (by.Told is not { AdvanceSeconds: { } seconds })
        {
            return TypedResults.BadRequest(by.Complaint ?? "advanceSeconds is missing");
        }
        if (Math.Abs(clock.Ahead.TotalSeconds + seconds) > TimeSpan.FromDays(3650).TotalSeconds)
        {
            return TypedResults.BadRequest("the clock stays within ten years of real time");
        }
        clock.Advance(TimeSpan.FromSeconds(seconds));
        return TypedResults.Ok(new Now(clock.GetUtcNow()));
    }

    private static Results<NoContent, BadRequest<string>> AddFault(Wish<Fault> wish, Faults faults)
    {
        if (wish is not { Told: { Complaint: null } fault })
        {
            return TypedResults.BadRequest(wish.Complaint ?? wish.Told?.Complaint);
        }
        faults.Add(fault);
        return TypedResults.NoContent();
    }

    private static NoContent ClearFaults(Faults faults)
    {
        faults.Clear();
        return TypedResults.NoContent();
    }

    private static Results<NoContent, BadRequest<string>> Limit(Wish<WantedLimits> wish, RateLimits limits)
    {
        if (wish.Told is not { } wanted)
        {
            return TypedResults.BadRequest(wish.Complaint);
        }
        if (wanted.CallsPerMinute < 1 || wanted.UploadsPerMinute < 1 || wanted.SearchesPerMinute < 1 || wanted.SearchesPerSecond < 1)
        {
            return TypedResults.BadRequest("callsPerMinute, uploadsPerMinute, searchesPerMinute and searchesPerSecond must be at least 1, or null for no limit");
        }
        limits.Set(wanted);
        return TypedResults.NoContent();
    }

    private static Results<NoContent, BadRequest<string>> Delay(Wish<WantedDelays> wish, Enterprise enterprise)
    {
        if (wish.Told is not { } wanted)
        {
            return TypedResults.BadRequest(wish.Complaint);
        }
        if (wanted.SpreadSeconds is < 0 or > 86_400 || wanted.SearchSeconds is < 0 or > 86_400)
        {
            return TypedResults.BadRequest("spreadSeconds and searchSeconds must be between 0 and 86400");
        }
        lock (enterprise.Gate)
        {
            enterprise.SpreadsWithin = wanted.SpreadSeconds is { } spread ? TimeSpan.FromSeconds(spread) : enterprise.SpreadsWithin;
            enterprise.FindsWithin = wanted.SearchSeconds is { } search ? TimeSpan.FromSeconds(search) : enterprise.FindsWithin;
        }
        return TypedResults.NoContent();
    }

    private static JsonHttpResult<IReadOnlyList<SeenRequest>> Requests(RequestLog log) => TypedResults.Json(log.Requests, s_log);

    private static NoContent ClearRequests(RequestLog log)
    {
        log.Clear();
        return TypedResults.NoContent();
    }

    internal sealed record WantedCompany(int People);

    internal sealed record WantedDelays(double? SpreadSeconds, double? SearchSeconds);

    internal sealed record Advance(double? AdvanceSeconds);

    internal sealed record Now([property: JsonPropertyName("now")] DateTimeOffset At);
}
