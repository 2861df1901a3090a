using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace BoxPortal.Sync;

/// <summary>How groups follow the company's directory.</summary>
public sealed class SyncOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Sync";

    /// <summary>Minutes from one sync to the next. Default 60; 0: only when an administrator asks.</summary>
    public int EveryMinutes { get; set; } = 60;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (EveryMinutes is not (>= 0 and <= 10_080))
        {
            yield return new ValidationResult("Sync:EveryMinutes must be a number of minutes, from 1 to 10080 (a week), or 0 for no schedule.");
        }
    }
}

[OptionsValidator]
internal sealed partial class SyncOptionsValidator : IValidateOptions<SyncOptions>;
