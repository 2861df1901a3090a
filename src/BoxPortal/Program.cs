using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Explorer;
using BoxPortal.Health;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using BoxPortal.Tokens;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BoxPortal;

/// <summary>The portal's table of contents: one Add… and one Map… line per slice.</summary>
public sealed class Program
{
    private Program() { }

    /// <summary>Builds a portal that is ready to start.</summary>
    /// <param name="args">Settings as on a command line, e.g. <c>--Box:ApiBaseAddress=http://localhost:5081</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = "BoxPortal", // also when another program hosts it: static files are found by this name
            // A published portal may be started from any folder; settings and static files lie beside it.
            ContentRootPath = File.Exists("appsettings.json") ? null : AppContext.BaseDirectory,
        });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 1 << 20; // files go from the browser to Box; nothing sent to us is large
        });
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.AddStorage();
        builder.Services.AddSignIn(builder.Configuration, builder.Environment);
        builder.Services.AddBox();
        builder.Services.AddAudit();
        builder.Services.AddAppUsers();
        builder.Services.AddExplorerTokens();
        builder.Services.AddExplorer();
        builder.Services.AddHealth();
        builder.Services.AddShell(builder.Configuration);

        var app = builder.Build();
        app.UseShell();
        app.MapStaticAssets().AllowAnonymous();
        app.MapSignIn();
        app.MapExplorer();
        app.MapHealth();
        app.MapShell();
        return app;
    }

    private static Task Main(string[] args) => Build(args).RunAsync();
}
