using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace BoxPortal.Shell;

/// <summary>The languages of the portal's own words: what a person chose, or else the first of their browser's that is here, or else English.</summary>
/// <remarks>
/// Each room has its words in one <c>…Text</c>, which its components ask by name: <c>Text["Denied.Title"]</c>. What is also written down (kinds in an export,
/// what came of a change: see <see cref="Sentence"/>) stands in the code in English and is its own key, so English needs no entry for it: <c>Text["Signed in"]</c>.
/// Names are whole sentences with placeholders, never pieces; numbers go through <see cref="Counted"/>.
/// </remarks>
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

    /// <summary>
    /// Words that tell of a number: <c>{key}.One</c> where it is one, else <c>{key}.Other</c>; the number is <c>{0}</c>, further values follow.
    /// English and German need no more than these two, and Japanese says the same in both.
    /// </summary>
    public static string Counted(this IStringLocalizer text, string key, int count, params object[] values) =>
        text[count == 1 ? $"{key}.One" : $"{key}.Other", [Number(count), .. values]];

    /// <summary>A number as the reader writes it: 20,000 in English is 20.000 in German.</summary>
    public static string Number(int number) => number.ToString("N0", Reader);

    /// <summary>For what is formatted for one reader; <see cref="CultureInfo.CurrentCulture"/> is nobody's.</summary>
    private static CultureInfo Reader => CultureInfo.CurrentUICulture;

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
