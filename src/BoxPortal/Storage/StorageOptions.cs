using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace BoxPortal.Storage;

/// <summary>Where the portal keeps what must survive a restart.</summary>
public sealed class StorageOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Storage";

    /// <summary>
    /// Folder for the database and the keys that protect cookies, absolute or relative to the content root.
    /// Default: <c>BoxPortal</c> in the operating system's local application data. Keep it readable by the portal alone.
    /// </summary>
    [Required]
    public string DataFolder { get; set; } =
        Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "BoxPortal");
}

[OptionsValidator]
internal sealed partial class StorageOptionsValidator : IValidateOptions<StorageOptions>;
