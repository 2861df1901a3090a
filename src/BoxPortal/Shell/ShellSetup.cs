using Microsoft.Extensions.Options;

namespace BoxPortal.Shell;

/// <summary>Everything around the slices: components, headers, error pages.</summary>
public static class ShellSetup
{
    /// <summary>Registers components, the company's name and security headers.</summary>
    public static IServiceCollection AddShell(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CompanyOptions>().BindConfiguration(CompanyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CompanyOptions>, CompanyOptionsValidator>();
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddSecurityHeaders(configuration);
        services.AddProblemDetails();
        return services;
    }

    /// <summary>The pipeline, in its order.</summary>
    public static void UseShell(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler("/error", createScopeForErrors: true); // the failed request has used up its own scope
        // Pages only: what scripts ask for answers in the form they understand.
        app.UseWhen(context => context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase),
            pages => pages.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true));
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
            app.UseHttpsRedirection();
        }

        app.UseCookiePolicy();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
    }

    /// <summary>Maps the pages. Whoever may open each is said on the page.</summary>
    public static void MapShell(this WebApplication app) =>
        // Compressing secrets beside what others can choose tells the secrets by their size.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(server => server.DisableWebSocketCompression = true);
}
