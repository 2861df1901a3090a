namespace BoxPortal;

/// <summary>The portal's table of contents: one Add… and one Map… line per slice.</summary>
public sealed class Program
{
    private Program() { }

    /// <summary>Builds a portal that is ready to start.</summary>
    /// <param name="args">Settings as on a command line, e.g. <c>--Box:ApiBaseAddress=http://localhost:5081</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        var app = builder.Build();
        app.MapStaticAssets();
        return app;
    }

    private static Task Main(string[] args) => Build(args).RunAsync();
}
