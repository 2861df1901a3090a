using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace BoxPortal.AppUsers;

/// <summary>What happens to an employee who signs in and is mapped to no app user.</summary>
public enum NewcomerPolicy
{
    /// <summary>Nothing: administrators map whom they choose, and nobody is told.</summary>
    Off,

    /// <summary>The employee waits, and administrators see them on top of their page.</summary>
    Ask,

    /// <summary>The portal creates an app user for them in Box.</summary>
    Automatic,
}

/// <summary>How employees come to their app users.</summary>
public sealed class AppUsersOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "AppUsers";

    /// <summary>What happens to newcomers. Default <see cref="NewcomerPolicy.Ask"/>.</summary>
    [EnumDataType(typeof(NewcomerPolicy), ErrorMessage = "AppUsers:Newcomers must be Off, Ask or Automatic.")]
    public NewcomerPolicy Newcomers { get; set; } = NewcomerPolicy.Ask;

    /// <summary>
    /// Storage of a new app user, in bytes; -1 for unlimited. Default 10 GiB, as Box gives by itself.
    /// What is uploaded into a shared folder counts against the folder's owner, not against this.
    /// </summary>
    public long SpaceInBytes { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>Box's language code for new app users, e.g. <c>en</c>, <c>de</c>, <c>ja</c>. Default <c>en</c>.</summary>
    [Required(ErrorMessage = "AppUsers:Language must be one of Box's language codes, e.g. en.")]
    public string Language { get; set; } = "en";

    /// <inheritdoc />
    /// <remarks>Not a <see cref="RangeAttribute"/>: the options generator drops its message, and with it the setting's key.</remarks>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        SpaceInBytes < -1 ? [new ValidationResult("AppUsers:SpaceInBytes must be -1 (unlimited) or a number of bytes.")] : [];
}

[OptionsValidator]
internal sealed partial class AppUsersOptionsValidator : IValidateOptions<AppUsersOptions>;
