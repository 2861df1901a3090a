using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;

namespace BoxPortal.Shell;

/// <summary>The languages of the portal's own words: what a person chose, or else the first of their browser's that is here, or else English.</summary>
public static class Languages
{
    private const string CookieName = "__Host-BoxPortal-Language";

    /// <summary>Each has a file of its own beside every <c>…Text.resx</c>, e.g. <c>ShellText.de.resx</c>; the first is in <c>…Text.resx</c> itself.</summary>
    public static IReadOnlyList<CultureInfo> All { get; } = [new("en"), new("de"), new("ja")];

    /// <summary>Finds the language of each request. Only words follow it: what is written down or exported is formatted alike for everybody.</summary>
    public static IServiceCollection AddLanguages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(languages =>
        {
            languages.SupportedCultures = [CultureInfo.InvariantCulture];
            languages.SupportedUICultures = [.. All];
            languages.DefaultRequestCulture = new RequestCulture(CultureInfo.InvariantCulture, All[0]);
            languages.RequestCultureProviders =
            [
                new CookieRequestCultureProvider { Options = languages, CookieName = CookieName },
                new AcceptLanguageHeaderRequestCultureProvider { Options = languages },
            ];
        });
        return services;
    }

    /// <summary>Maps the choice of a language (POST, antiforgery-checked). Returns only to pages of the portal.</summary>
    public static void MapLanguages(this IEndpointRouteBuilder routes) => routes.MapPost("/language", Choose).AllowAnonymous();

    /// <summary>The form binding is what makes the framework check antiforgery.</summary>
    private static Results<RedirectHttpResult, BadRequest> Choose([FromForm] string? language, [FromForm] string? returnUrl, HttpContext context, TimeProvider clock)
    {
        if (All.FirstOrDefault(one => one.Name == language) is not { } chosen)
        {
            return TypedResults.BadRequest();
        }

        context.Response.Cookies.Append(CookieName, CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(chosen)), new CookieOptions
        {
            Secure = true,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax, // Strict would greet whoever follows a link in the browser's language, not in theirs
            Expires = clock.GetUtcNow().AddYears(1),
        });
        return TypedResults.LocalRedirect(RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/");
    }
}
