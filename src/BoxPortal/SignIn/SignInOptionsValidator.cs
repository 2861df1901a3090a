using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;

namespace BoxPortal.SignIn;

/// <summary>Names every setting of the identity provider that is missing or wrong, and how to mend it, before the portal starts.</summary>
internal sealed class SignInOptionsValidator(IHostEnvironment environment) : IValidateOptions<MicrosoftIdentityOptions>
{
    public ValidateOptionsResult Validate(string? name, MicrosoftIdentityOptions options)
    {
        if (name != OpenIdConnectDefaults.AuthenticationScheme)
        {
            return ValidateOptionsResult.Skip;
        }

        List<string> faults = [];
        if (!Uri.TryCreate(options.Instance, UriKind.Absolute, out var instance)
            || !(instance.Scheme == Uri.UriSchemeHttps || (instance is { Scheme: "http", IsLoopback: true } && environment.IsDevelopment())))
        {
            faults.Add("AzureAd:Instance must be an https address; http only for a provider on this machine, in the Development environment. "
                + "For Microsoft Entra ID set https://login.microsoftonline.com/.");
        }

        // "common" and "organizations" would let any company's people in.
        if (!Guid.TryParse(options.TenantId, out _))
        {
            faults.Add("AzureAd:TenantId must be your directory's tenant ID, a GUID. Find it in the Entra admin center under Overview.");
        }

        if (string.IsNullOrWhiteSpace(options.ClientId))
        {
            faults.Add("AzureAd:ClientId is missing. Set it to the Application (client) ID of the portal's app registration.");
        }

        if (string.IsNullOrWhiteSpace(options.ClientSecret))
        {
            faults.Add("AzureAd:ClientSecret is missing. Create a client secret for the portal's app registration and set its value, by environment variable or secret store.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
