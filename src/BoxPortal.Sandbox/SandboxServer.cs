using System.Text.Json;
using BoxPortal.Sandbox.SignIn;

namespace BoxPortal.Sandbox;

/// <summary>The list of everything the sandbox answers.</summary>
public static class SandboxServer
{
    /// <summary>Builds a sandbox that is ready to start.</summary>
    public static WebApplication Build(SandboxOptions options)
    {
        // Its own settings only: started by another program, that program's appsettings.json lies in the same folder.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(SandboxServer).Assembly.GetName().Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(); // where UseUrls keeps its setting
        builder.WebHost.UseUrls(options.Urls);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<SandboxClock>();
        builder.Services.AddSingleton<Enterprise>();
        builder.Services.AddSingleton<RequestLog>();
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower);
        builder.Services.AddSignIn();

        var app = builder.Build();
        app.UseBoxHeaders();
        app.UseAuthentication(); // after the log and the faults, which are for sign-in too
        app.MapTokens();
        app.MapSignIn();

        Seed.Plant(app.Services.GetRequiredService<Enterprise>());
        return app;
    }
}
