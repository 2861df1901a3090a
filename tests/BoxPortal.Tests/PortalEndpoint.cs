using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests;

/// <summary>One entry of the portal's own list of what it answers, so that a test of all of them knows tomorrow's, too.</summary>
internal sealed partial record PortalEndpoint(string Pattern, string Methods, bool IsFile)
{
    /// <summary>An address that leads to it.</summary>
    public string Path => "/" + Parameter().Replace(Pattern, parameter => parameter.Value switch
    {
        [.., ':', 'g', 'u', 'i', 'd', '}'] => $"{Guid.Empty}",
        [.., ':', 'l', 'o', 'n', 'g', '}'] => "0",
        _ => "x",
    }).TrimStart('/');

    /// <summary>Whether it answers that method.</summary>
    public bool Answers(string method) => Methods.Length == 0 || Methods.Split(',').Contains(method);

    public static IReadOnlyList<PortalEndpoint> ListOf(PortalHost portal) =>
    [
        .. portal.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(endpoint => new PortalEndpoint(
            endpoint.RoutePattern.RawText ?? "",
            string.Join(',', endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []),
            endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)).Distinct(),
    ];

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Parameter();
}
