using BoxPortal.Box.Configuration;
using Microsoft.Extensions.Configuration;

namespace BoxPortal.Box;

/// <summary>Which Box application we are and where Box is: settings section <c>Box</c>.</summary>
public sealed class BoxOptions
{
    /// <summary>The section's name in the settings.</summary>
    public const string Section = "Box";

    /// <summary>
    /// Path of the JSON app config that Box's developer console offers for download. Keep the file away from the repository.
    /// Either this or <see cref="ConfigJson"/>.
    /// </summary>
    public string? ConfigFile { get; set; }

    /// <summary>The same JSON as text, for vaults and environment variables. A secret.</summary>
    public string? ConfigJson { get; set; }

    /// <summary>How we prove who we are. Default <see cref="BoxAuthentication.Jwt"/>; a Box app offers one of the two.</summary>
    public BoxAuthentication Authentication { get; set; } = BoxAuthentication.Jwt;

    /// <summary>Where the API and the token endpoint are. Default <c>https://api.box.com</c>; the sandbox offline.</summary>
    public Uri ApiBaseAddress { get; set; } = new("https://api.box.com");

    /// <summary>Where browsers upload to. Default <c>https://upload.box.com</c>; the sandbox offline.</summary>
    public Uri UploadBaseAddress { get; set; } = new("https://upload.box.com");

    /// <summary>The most calls a minute as the service account. Default 900, of the 1,000 or so that Box allows; the rest is for what lies between us.</summary>
    public int CallsPerMinute { get; set; } = 900;

    /// <summary>What the app config says, its key opened.</summary>
    internal BoxApp App { get; set; } = BoxApp.Nothing;

    /// <summary>Said of the only setting here whose value can be none at all.</summary>
    internal const string AuthenticationFault = $"{Section}:{nameof(Authentication)} must be {nameof(BoxAuthentication.Jwt)} or {nameof(BoxAuthentication.ClientCredentials)}.";

    /// <summary>What the settings hold that is no value at all for its key.</summary>
    internal string? BindingFault { get; private set; }

    /// <summary>Reads the section; a value of the wrong kind is kept for the validator, which reports every fault at once.</summary>
    internal void Bind(IConfigurationSection section)
    {
        try
        {
            section.Bind(this);
        }
        catch (InvalidOperationException fault)
        {
            BindingFault = $"{fault.Message} {AuthenticationFault}";
        }
    }
}

/// <summary>How the application proves to Box who it is; fixed when the app is created in Box's developer console.</summary>
public enum BoxAuthentication
{
    /// <summary>An assertion signed with the app's private key ("Server Authentication (with JWT)").</summary>
    Jwt,

    /// <summary>Client id and secret alone ("Server Authentication (Client Credentials Grant)").</summary>
    ClientCredentials,
}
