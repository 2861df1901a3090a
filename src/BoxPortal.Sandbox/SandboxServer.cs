namespace BoxPortal.Sandbox;

/// <summary>The list of everything the sandbox answers.</summary>
public static class SandboxServer
{
    /// <summary>Builds a sandbox that is ready to start.</summary>
    /// <param name="args">Command line settings, e.g. <c>--urls http://localhost:5081</c>.</param>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        var app = builder.Build();
        return app;
    }
}
