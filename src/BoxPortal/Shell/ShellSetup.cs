namespace BoxPortal.Shell;

/// <summary>Everything around the slices: components, headers, error pages.</summary>
public static class ShellSetup
{
    /// <summary>Registers components and security headers.</summary>
    public static IServiceCollection AddShell(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddSecurityHeaders(configuration);
        services.AddProblemDetails();
        return services;
    }

    /// <summary>The pipeline, in its order.</summary>
    public static void UseShell(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.UseExceptionHandler("/error");
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
            app.UseHttpsRedirection();
        }

        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
    }
}
