using System.Text.Json;
using BoxPortal.Sandbox.Graph;
using BoxPortal.Sandbox.SignIn;
using BoxPortal.Sandbox.Watch;

namespace BoxPortal.Sandbox;

/// <summary>The list of everything the sandbox answers.</summary>
public static class SandboxServer
{
    /// <summary>Builds a sandbox that is ready to start.</summary>
    /// <param name="options">Where it listens and who may call it.</param>
    /// <param name="listen">Lets a test put its ear to the door, before anything else is built.</param>
    public static WebApplication Build(SandboxOptions options, Action<WebApplicationBuilder>? listen = null)
    {
        // Its own settings only: started by another program, that program's appsettings.json lies in the same folder.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(SandboxServer).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production, // or a failure would show its stack trace
        });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(); // where UseUrls keeps its setting
        builder.WebHost.UseUrls(options.Urls);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<SandboxClock>();
        builder.Services.AddSingleton<Enterprise>();
        builder.Services.AddSingleton<RequestLog>();
        builder.Services.AddSingleton<Faults>();
        builder.Services.AddSingleton<RateLimits>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddSignIn();

        // An oversized or malformed request is refused by the server; only uploads may be large.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 1 << 20);

        listen?.Invoke(builder);

        var app = builder.Build();
        app.UseBoxHeaders();
        app.UseBoxCors();
        app.UseFaults();
        app.UseBoxEnvelope();
        app.UseBearerAuthentication();
        app.UseRateLimits();
        app.UseGraph();
        app.UseControlGuard();
        app.UseRouting();
        app.UseAuthentication(); // after the log and the faults, which are for sign-in too

        app.MapTokens();
        app.MapSignIn();
        app.MapGraph();

        var api = app.MapGroup("/2.0").OneCallAtATime();
        api.MapUsers();
        api.MapGroups();
        api.MapGroupMemberships();
        api.MapCollaborations();
        api.MapFolders();
        api.MapFiles();
        api.MapFileVersions();
        api.MapCopies();
        api.MapTrash();
        api.MapSharedItems();
        api.MapZipDownloads();
        api.MapEvents();
        api.MapSearch();
        api.MapRecents();
        api.MapUploads();
        api.MapUploadSessions();
        api.MapDownloads();

        var uploadHost = app.MapGroup("/api/2.0").OneCallAtATime();
        uploadHost.MapUploads();
        uploadHost.MapUploadSessions();
        uploadHost.MapRepresentations();

        app.MapDownloadAddresses();
        app.MapZipAddresses();

        if (options.Controls)
        {
            app.MapControls();
            app.MapWatch();
        }

        Seed.Plant(app.Services.GetRequiredService<Enterprise>(), app.Services.GetRequiredService<Directory>(), app.Services.GetRequiredService<SandboxClock>());
        return app;
    }
}
