using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Security.Claims;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.SignIn;
using BoxPortal.Tokens;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;

namespace BoxPortal.Explorer;

/// <summary>What the employee's page asks the portal for, once it is open.</summary>
public static class ExplorerEndpoints
{
    /// <summary>How often an idle stream says it is alive, so that proxies keep it and a vanished browser is noticed.</summary>
    private static readonly TimeSpan s_beat = TimeSpan.FromSeconds(20);

    /// <summary>How long one stream lasts. The browser opens the next by itself, and its session is checked again then.</summary>
    private static readonly TimeSpan s_streamLife = TimeSpan.FromMinutes(10);

    /// <summary>Maps the endpoints under <c>/explorer</c>: for signed-in employees, 401 instead of a redirect, same-origin, antiforgery-checked where they act, and within <see cref="ExplorerLimits"/>.</summary>
    public static void MapExplorer(this IEndpointRouteBuilder routes)
    {
        var explorer = routes.MapGroup("/explorer")
            .RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme))
            .WithMetadata(new AnswersWith401())
            .AddEndpointFilter(RefuseOtherOriginsAsync);
        explorer.MapGet("/changes", Changes).WithMetadata(new UnattendedAttribute()).RequireRateLimiting(ExplorerLimits.ForStreams);

        var acts = explorer.MapGroup("").AddEndpointFilter(CheckAntiforgeryAsync);
        acts.MapExplorerToken().RequireRateLimiting(ExplorerLimits.ForTokens);
        acts.MapPost("/empty", EmptyAsync).RequireRateLimiting(ExplorerLimits.ForExplanations);
    }

    private static async Task<Results<Ok<EmptyAnswer>, ProblemHttpResult>> EmptyAsync(
        ClaimsPrincipal session, EmptyRoot root, AuditTrail audit, CancellationToken cancellationToken)
    {
        var employee = Employee.From(session);
        try
        {
            var reason = await root.ExplainAsync(employee, cancellationToken);
            return TypedResults.Ok(new EmptyAnswer(reason.State, [.. reason.Hidden.Select(folder => new HiddenFolder(folder.Id, folder.Name ?? folder.Id))]));
        }
        catch (BoxApiException refusal)
        {
            var reference = Reference.New();
            await audit.WriteAsync(audit.Entry(AuditKind.Refused, employee.Id, employee.Name, AuditTrail.Portal,
                $"Box did not say which groups bring folders: {refusal.Message}", refusal: refusal, reference: reference), cancellationToken);
            return TypedResults.Problem(statusCode: StatusCodes.Status503ServiceUnavailable,
                extensions: [new("state", TokenRefusals.Word(TokenRefusal.BoxUnavailable)), new("reference", reference)]);
        }
    }

    private static ServerSentEventsResult<string> Changes(
        ClaimsPrincipal user, Sessions sessions, AppUserDirectory directory, ExplorerTokens tokens, AccessChanges changes, TimeProvider clock,
        CancellationToken cancellationToken) =>
        TypedResults.ServerSentEvents(ChangesAsync(Employee.From(user), sessions.Find(user), directory, tokens, changes, clock, cancellationToken));

    /// <summary>
    /// The employee's standing now and after each change, so that a change between page and stream is not missed; <c>signed-out</c>,
    /// and no more, when the session ends.
    /// </summary>
    private static async IAsyncEnumerable<SseItem<string>> ChangesAsync(
        Employee employee, Session? session, AppUserDirectory directory, ExplorerTokens tokens, AccessChanges changes, TimeProvider clock,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var subscription = changes.Subscribe(employee.Id);
        await using var end = session?.Ended.Register(subscription.Wake) ?? default;
        var until = clock.GetUtcNow() + s_streamLife;
        var changed = true;
        while (clock.GetUtcNow() < until)
        {
            if (session is not { Ended.IsCancellationRequested: false })
            {
                yield return new SseItem<string>("signed-out", "access");
                yield break;
            }

            yield return changed
                ? new SseItem<string>(tokens.RefusalFor(await directory.GetAsync(employee, cancellationToken)).Word(), "access")
                : new SseItem<string>("", "beat");
            changed = await subscription.WaitAsync(s_beat, clock, cancellationToken);
        }
    }

    private static async ValueTask<object?> CheckAntiforgeryAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        await context.HttpContext.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context.HttpContext)
            ? await next(context)
            : TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, detail: "The antiforgery token is missing or stale. Reload the page.");

    /// <summary>Browsers say where a request comes from; a page elsewhere has no business here even with a valid cookie.</summary>
    private static async ValueTask<object?> RefuseOtherOriginsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.Request.IsFromElsewhere()
            ? TypedResults.StatusCode(StatusCodes.Status403Forbidden)
            : await next(context);

    /// <summary>A script cannot follow a redirect to the sign-in page.</summary>
    private sealed class AnswersWith401 : IDisableCookieRedirectMetadata;

    /// <param name="State"><c>no-groups</c>, <c>no-folders</c>, <c>hidden-folders</c> or <c>has-folders</c>.</param>
    /// <param name="Folders">Those that are not listed, but open by their address.</param>
    internal sealed record EmptyAnswer(string State, IReadOnlyList<HiddenFolder> Folders);

    internal sealed record HiddenFolder(string Id, string Name);
}
