namespace BoxPortal.SignIn;

/// <summary>Where a request comes from, as the browser says and a page cannot change.</summary>
public static class RequestOrigin
{
    /// <summary>
    /// Whether a page of another origin sends this. A cookie comes along from any page of the same site, such as another subdomain,
    /// and nothing stands before a WebSocket: CORS does not cover it.
    /// </summary>
    public static bool IsFromElsewhere(this HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() switch
    {
        "" => request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOf(request.Host, origin),
        var site => site != "same-origin",
    };

    private static bool IsOf(HostString host, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var address) && address.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);
}
