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

/// <summary>Finds out before anything needs the folder whether it can be had.</summary>
internal sealed class DataFolderValidator(IHostEnvironment environment) : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        try
        {
            var folder = StorageSetup.DataFolder(environment, options);
            using var trial = new FileStream(Path.Combine(folder, Path.GetRandomFileName()), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return ValidateOptionsResult.Success;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return ValidateOptionsResult.Fail($"Storage:DataFolder cannot be written: {fault.Message} Set it to a folder that is the portal's account's own.");
        }
    }
}
