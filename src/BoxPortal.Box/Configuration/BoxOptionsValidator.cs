using Microsoft.Extensions.Options;

namespace BoxPortal.Box.Configuration;

/// <summary>Reports every fault of the <c>Box</c> settings at once, by key, with its repair and without its value where that is secret.</summary>
internal sealed class BoxOptionsValidator : IValidateOptions<BoxOptions>
{
    private const int FewestCalls = 60;
    private const int MostCalls = 1000;

    public ValidateOptionsResult Validate(string? name, BoxOptions options)
    {
        string?[] found =
        [
            options.BindingFault ?? (Enum.IsDefined(options.Authentication) ? null : BoxOptions.AuthenticationFault),
            .. options.App.Faults,
            AddressFault(nameof(BoxOptions.ApiBaseAddress), options.ApiBaseAddress, "https://api.box.com"),
            AddressFault(nameof(BoxOptions.UploadBaseAddress), options.UploadBaseAddress, "https://upload.box.com"),
            options.CallsPerMinute is >= FewestCalls and <= MostCalls
                ? null
                : $"{BoxOptions.Section}:{nameof(BoxOptions.CallsPerMinute)} must be from {FewestCalls} to {MostCalls}: Box allows one user no more.",
        ];
        var faults = found.OfType<string>().ToArray();
        return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Tokens and secrets travel there: in clear only within this machine, to the sandbox.</summary>
    private static string? AddressFault(string key, Uri? address, string usual)
    {
        var isRight = address is { IsAbsoluteUri: true, PathAndQuery: "/", UserInfo: "", Fragment: "" }
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback));
        return isRight
            ? null
            : $"{BoxOptions.Section}:{key} must be an address such as {usual}, without a path; http only for this machine.";
    }
}
