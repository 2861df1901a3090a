using Microsoft.Net.Http.Headers;

namespace BoxPortal.Sandbox.SignIn;

/// <summary>What every page here is sent with: it loads one stylesheet and runs nothing.</summary>
internal static class PageHeaders
{
    public static void Write(HttpResponse response, string formAction)
    {
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; img-src data:; form-action {formAction}; base-uri 'none'; frame-ancestors 'none'";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers[HeaderNames.CacheControl] = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
    }
}
