using BoxPortal.Access;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Explorer;
using BoxPortal.Graph;
using BoxPortal.Groups;
using BoxPortal.Health;
using BoxPortal.Imports;
using BoxPortal.Jobs;
using BoxPortal.Shell;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using BoxPortal.Sync;
using BoxPortal.Tokens;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BoxPortal;

/// <summary>The portal's table of contents: one Add… and one Map… line per slice.</summary>
public sealed class Program
{
    private Program() { }

    /// <summary>Builds a portal that is ready to start.</summary>
    /// <param name="args">Settings as on a command line, e.g. <c>--Box:ApiBaseAddress=http://localhost:5081</c>.</param>
    /// <exception cref="OptionsValidationException">Settings are missing or wrong: every fault, each with its key and its repair.</exception>
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
        builder.Services.AddGraph();
        builder.Services.AddAudit();
        builder.Services.AddAppUsers();
        builder.Services.AddJobs();
        builder.Services.AddImports();
        builder.Services.AddGroups();
        builder.Services.AddAccess();
        builder.Services.AddSync();
        builder.Services.AddExplorerTokens();
        builder.Services.AddExplorer();
        builder.Services.AddHealth();
        builder.Services.AddShell(builder.Configuration);

        var app = builder.Build();
        Validate(app.Services);
        app.UseShell();
        app.MapStaticAssets().AllowAnonymous();
        app.MapSignIn();
        app.MapExplorer();
        app.MapAccess();
        app.MapAudit();
        app.MapImports();
        app.MapHealth();
        app.MapShell();
        return app;
    }

    /// <summary>What to print instead of starting.</summary>
    public static string Words(OptionsValidationException faults) => $"BoxPortal cannot start with these settings:\n- {string.Join("\n- ", faults.Failures)}";

    private static async Task<int> Main(string[] args)
    {
        WebApplication portal;
        try
        {
            portal = Build(args);
        }
        catch (OptionsValidationException faults)
        {
            await Console.Error.WriteLineAsync(Words(faults));
            return 1;
        }

        await portal.RunAsync();
        return 0;
    }

    /// <summary>All slices' faults at once, before any of them trips over its own.</summary>
    private static void Validate(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (AggregateException several) when (several.InnerExceptions.All(fault => fault is OptionsValidationException))
        {
            throw new OptionsValidationException("", typeof(Program), several.InnerExceptions.Cast<OptionsValidationException>().SelectMany(fault => fault.Failures));
        }
    }
}
