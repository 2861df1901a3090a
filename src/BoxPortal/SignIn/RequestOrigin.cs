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
        "" => request.Headers.Origin.ToString() is { Length: > 0 } origin && !IsOf(request, origin),
        var site => site != "same-origin",
    };

    /// <summary>Behind a proxy the scheme is the one the browser used only where forwarded headers are taken (README).</summary>
    private static bool IsOf(HttpRequest request, string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var address) && address.Scheme == request.Scheme
        && address.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
