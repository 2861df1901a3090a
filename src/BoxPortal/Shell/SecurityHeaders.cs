using BoxPortal.Box;
using BoxPortal.SignIn;
using BoxPortal.Tokens;
using Microsoft.Extensions.Options;

namespace BoxPortal.Shell;

/// <summary>The headers on every answer. No inline script, no eval, no frame, no address that is not needed.</summary>
public static class SecurityHeaders
{
    /// <summary>Policy of the page with the Explorer, which speaks to Box from the browser: <c>[SecurityHeadersPolicy(SecurityHeaders.Explorer)]</c>.</summary>
    public const string Explorer = nameof(Explorer);

    /// <summary>
    /// The style elements that Box UI Elements 26.3.0 makes at run time, the same to the letter each time: touch handling of its rows,
    /// the scroll lock behind its menus and dialogs, and the size sensor of its upload list.
    /// </summary>
    private static readonly string[] s_explorerStyles =
    [
        "38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o=",
        "nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo=",
        "deDIoPlRijnpfbTDYsK+8JmDfUBmpwpnb0L/SUV8NeU=",
    ];

    /// <summary>Where Box keeps its preview library. Source: <c>box-ui-elements</c> 26.3.0, <c>DEFAULT_HOSTNAME_STATIC</c>.</summary>
    private const string PreviewCdn = "https://cdn01.boxcdn.net";

    /// <summary>Registers the policies. They follow the configured addresses of Box and of the identity provider.</summary>
    public static IServiceCollection AddSecurityHeaders(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSecurityHeaderPolicies((builder, provider) =>
        {
            var box = provider.GetRequiredService<IOptions<BoxOptions>>().Value;
            var identityProvider = Origin(new Uri(configuration[$"{SignInSetup.Section}:Instance"]!));
            var preview = provider.GetRequiredService<IOptions<ExplorerOptions>>().Value.Preview;
            builder.SetDefaultPolicy(policy => Common(policy, identityProvider, box: [], preview: []));
            builder.AddPolicy(Explorer, policy => Common(policy, identityProvider, BoxOrigins(box), preview == FilePreview.Cdn ? [PreviewCdn] : []));
        });
        return services;
    }

    private static void Common(HeaderPolicyCollection policy, string identityProvider, string[] box, string[] preview)
    {
        policy
            .AddContentTypeOptionsNoSniff()
            .AddFrameOptionsDeny()
            .AddReferrerPolicyNoReferrer()
            .AddCrossOriginOpenerPolicy(opener => opener.SameOrigin())
            .AddCrossOriginResourcePolicy(resource => resource.SameOrigin())
            .AddPermissionsPolicy(features =>
            {
                features.AddCamera().None();
                features.AddGeolocation().None();
                features.AddMicrophone().None();
                features.AddPayment().None();
                features.AddUsb().None();
            })
            .AddContentSecurityPolicy(csp =>
            {
                csp.AddDefaultSrc().None();
                csp.AddScriptSrc().Self().From(preview);
                var styles = csp.AddStyleSrc().Self().From(preview);
                csp.AddFontSrc().Self().From(preview);
                var images = csp.AddImgSrc().Self().Data().From(box).From(preview);
                csp.AddConnectSrc().Self().From(box).From(preview);
                csp.AddBaseUri().Self(); // pages name the root as their base
                csp.AddFrameAncestors().None();
                csp.AddObjectSrc().None();
                // Signing out is a form whose answer redirects to the provider.
                csp.AddFormAction().Self().From(identityProvider);
                if (box.Length > 0)
                {
                    csp.AddFrameSrc().From(box).Blob(); // downloads run in a hidden frame, a PDF is shown in one
                    csp.AddMediaSrc().From(box).Blob();
                    images.Blob();
                    foreach (var hash in s_explorerStyles)
                    {
                        styles.WithHash256(hash);
                    }

                    csp.AddWorkerSrc().Blob(); // uploads are hashed in a worker
                }
            });
    }

    /// <summary>The configured hosts, and those Box sends browsers to for the bytes of downloads and thumbnails.</summary>
    private static string[] BoxOrigins(BoxOptions box)
    {
        string[] configured = [Origin(box.ApiBaseAddress), Origin(box.UploadBaseAddress)];
        return [.. configured.Contains("https://api.box.com") ? [.. configured, "https://upload.app.box.com", "https://*.boxcloud.com"] : configured.Distinct()];
    }

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
