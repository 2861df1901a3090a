using System.Text.Encodings.Web;
using System.Text.Unicode;
using BoxPortal.Health;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.WebEncoders;

namespace BoxPortal.Shell;

/// <summary>Everything around the slices: components, headers, error pages.</summary>
public static partial class ShellSetup
{
    /// <summary>Registers components, languages, the company's name and security headers.</summary>
    public static IServiceCollection AddShell(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CompanyOptions>().BindConfiguration(CompanyOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CompanyOptions>, CompanyOptionsValidator>();
        services.AddLanguages();
        services.Configure<WebEncoderOptions>(encoders => encoders.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All)); // words stay as they are written
        services.AddRazorComponents().AddInteractiveServerComponents();
        services.AddSecurityHeaders(configuration);
        services.AddProblemDetails();
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = false); // 400 in development too, not a fault
        return services;
    }

    /// <summary>The pipeline, in its order.</summary>
    public static void UseShell(this WebApplication app)
    {
        app.UseSecurityHeaders();
        app.Use(RefuseImpossibleHosts);
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/error",
            CreateScopeForErrors = true, // the failed request has used up its own scope
            StatusCodeSelector = fault => SilentProvider.Is(fault) ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = fault => SilentProvider.Is(fault.Exception), // it has a line of its own
        });
        app.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        app.UseRequestLocalization();
        app.Use(AnswerInKind);
        app.Use(RefuseMalformedFormsAsync);
        app.Use(RefuseCircuitsFromElsewhereAsync);
        if (!app.Environment.IsDevelopment())
        {
            WarnOfAnyHost(app);
            app.UseHsts();
            app.UseHttpsRedirection();
        }

        app.UseCookiePolicy();
        app.UseAuthentication();
        app.Use(KeepFromCaches);
        app.UseAuthorization();
        app.Use(app.Services.GetRequiredService<CircuitGuard>().RefuseAsync);
        app.UseRateLimiter(); // knows by now who asks
        app.Use(RefuseOtherBodiesAsync);
        app.UseAntiforgery();
    }

    /// <summary>Maps the pages. Whoever may open each is said on the page.</summary>
    public static void MapShell(this WebApplication app)
    {
        app.MapLanguages();
        var pages = app.MapRazorComponents<App>()
            // Compressing secrets beside what others can choose tells the secrets by their size.
            .AddInteractiveServerRenderMode(server => server.DisableWebSocketCompression = true);
        pages.Add(CarryNoCircuitState);
        pages.Finally(OfferSocketsAlone);
    }

    /// <summary>
    /// Blazor ends a page with what its circuit starts from, encrypted, and does so for pages that have none: 1.7 KB of the employee's.
    /// It leaves that out where no mode for circuits is configured, which only a type of its own can say.
    /// </summary>
    /// <remarks>Source: dotnet/aspnetcore, <c>EndpointHtmlRenderer.PrerenderPersistedStateAsync</c>.</remarks>
    private static void CarryNoCircuitState(EndpointBuilder page)
    {
        if (page.Metadata.OfType<ExcludeFromInteractiveRoutingAttribute>().Any())
        {
            var modes = page.Metadata.Single(metadata => metadata.GetType().Name == "ConfiguredRenderModesMetadata");
            page.Metadata.Remove(modes);
            page.Metadata.Add(Activator.CreateInstance(modes.GetType(), [Array.Empty<IComponentRenderMode>()])!);
        }
    }

    /// <summary>A socket is its opener's. Over the other transports, whoever has read a connection's id in some log could speak on it.</summary>
    private static void OfferSocketsAlone(EndpointBuilder endpoint)
    {
        foreach (var connections in endpoint.Metadata.OfType<HttpConnectionDispatcherOptions>())
        {
            connections.Transports = HttpTransportType.WebSockets;
        }
    }

    /// <summary>Sign-in returns to the name that was asked for, so whoever can have the portal asked by a name of theirs chooses where to.</summary>
    private static void WarnOfAnyHost(WebApplication app)
    {
        var allowed = app.Configuration["AllowedHosts"]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (allowed.Length == 0 || allowed.Contains("*"))
        {
            Log.AnyHost(app.Logger);
        }
    }

    /// <summary>Pages make addresses of the host's name. Probes name none at times, and need no address.</summary>
    private static Task RefuseImpossibleHosts(HttpContext context, RequestDelegate next)
    {
        if (!context.Request.Path.StartsWithSegments(HealthSetup.Path) && !HasPossibleHost(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static bool HasPossibleHost(HttpRequest request)
    {
        try
        {
            return Uri.TryCreate($"{request.Scheme}://{request.Host}/", UriKind.Absolute, out _);
        }
        catch (ArgumentException)
        {
            return false; // begins like an international name, and is none
        }
    }

    /// <summary>Refusals and faults become pages for people, whatever form they had sent; scripts get the bare answer.</summary>
    private static Task AnswerInKind(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            context.Request.Method = HttpMethods.Get;
        }
        else if (!context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase)
            && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
        {
            pages.Enabled = false;
        }

        return next(context);
    }

    /// <summary>A form that is none is the caller's fault. Whoever wants the form later gets it as it was read here.</summary>
    private static async Task RefuseMalformedFormsAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method) && context.Request.HasFormContentType)
        {
            try
            {
                await context.Request.ReadFormAsync(context.RequestAborted);
            }
            catch (Exception fault) when (fault is InvalidDataException or IOException)
            {
                context.Response.StatusCode = (fault as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
                return;
            }
        }

        await next(context);
    }

    /// <summary>What is answered to somebody signed in is nobody's to keep, or the back button would show it after the sign-out.</summary>
    private static Task KeepFromCaches(HttpContext context, RequestDelegate next)
    {
        if (context.User.Identity?.IsAuthenticated == true && context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
        }

        return next(context);
    }

    /// <summary>Pages stumble over anything posted to them that is no form.</summary>
    private static Task RefuseOtherBodiesAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsPost(context.Request.Method) && !context.Request.HasFormContentType
            && context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static Task RefuseCircuitsFromElsewhereAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.StartsWithSegments("/_blazor") && context.Request.IsFromElsewhere())
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        }

        return next(context);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "The portal answers to any host name. Set AllowedHosts to its own, e.g. files.example.com")]
        public static partial void AnyHost(ILogger logger);
    }
}
