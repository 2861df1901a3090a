using BoxPortal.Explorer;
using BoxPortal.Tests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Benchmarks;

/// <summary>What an open page asks of the portal, against endpoints that do nothing behind the same doors.</summary>
internal static class PortalRequests
{
    public static async Task RunAsync()
    {
        await using var laboratory = await Laboratory.OpenAsync();
        var portal = laboratory.Portal;
        portal.MapGroup("/unlimited").DisableRateLimiting().MapExplorer(); // in seconds it is asked what an employee may ask in a day
        portal.MapPost("/floor/token", FloorAsync)
            .RequireAuthorization(policy => policy.RequireAuthenticatedUser().AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme));
        portal.MapGet("/floor/tag", () => new RazorComponentResult<BareTag>());
        portal.MapRazorComponents<EmptyPage.Root>();
        await portal.StartAsync();

        using var browser = new Browser(laboratory.Address);
        await browser.SignInAsync(BoxPortal.Sandbox.Directory.People[0]);
        await Measure.CompareAsync("Warm token request", 1.25, times: 250,
            async () => await Laboratory.DrainAsync(await browser.AskForTokenAsync(path: "/unlimited/explorer/token")),
            async () => await Laboratory.DrainAsync(await browser.AskForTokenAsync(path: "/floor/token")));
        await Measure.CompareAsync("The employee's page", 1.5, times: 250,
            async () => await Laboratory.DrainAsync(await browser.GetAsync("/")),
            async () => await Laboratory.DrainAsync(await browser.GetAsync("/floor/page")));
        await Measure.CompareAsync("What the shell alone costs", target: null, times: 250,
            async () => await Laboratory.DrainAsync(await browser.GetAsync("/floor/page")),
            async () => await Laboratory.DrainAsync(await browser.GetAsync("/floor/tag")));
    }

    private static async Task<Results<Ok<Answer>, BadRequest>> FloorAsync(HttpContext context, IAntiforgery antiforgery) =>
        await antiforgery.IsRequestValidAsync(context) ? TypedResults.Ok(new Answer("a token's worth of text, of a usual length", "2026-01-01T00:00:00Z")) : TypedResults.BadRequest();

    private sealed record Answer(string AccessToken, string ExpiresAt);

    private sealed class BareTag : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder) =>
            builder.AddMarkupContent(0, "<!DOCTYPE html><html lang=\"en\"><head><title>Empty</title></head><body></body></html>");
    }
}
