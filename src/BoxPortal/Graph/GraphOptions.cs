using Microsoft.Extensions.Options;

namespace BoxPortal.Graph;

/// <summary>Whether and where the company's directory can be asked who works there.</summary>
public sealed class GraphOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Graph";

    /// <summary>
    /// Whether administrators may take people from the directory. Default no: the portal's registration in Entra needs the
    /// application permission <c>User.Read.All</c> for it, with an administrator's consent.
    /// </summary>
    public bool Enabled { get; set; }

    /// <summary>Where Microsoft Graph is, and for what its token is. Default <c>https://graph.microsoft.com</c>; national clouds have their own; the sandbox offline.</summary>
    public Uri BaseAddress { get; set; } = new("https://graph.microsoft.com");
}

/// <summary>A token that reads the whole directory travels there: in clear only to a Graph on the developer's machine.</summary>
internal sealed class GraphOptionsValidator(IHostEnvironment environment) : IValidateOptions<GraphOptions>
{
    public ValidateOptionsResult Validate(string? name, GraphOptions options) =>
        options.BaseAddress is { IsAbsoluteUri: true, PathAndQuery: "/", UserInfo: "", Fragment: "" } address
        && (address.Scheme == Uri.UriSchemeHttps || (address is { Scheme: "http", IsLoopback: true } && environment.IsDevelopment()))
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Graph:BaseAddress must be an https address without a path; http only for a Graph on this machine, in the Development environment. "
                + "For Microsoft Graph set https://graph.microsoft.com.");
}
