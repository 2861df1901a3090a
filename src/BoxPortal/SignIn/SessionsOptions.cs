using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Microsoft.Extensions.Options;

namespace BoxPortal.SignIn;

/// <summary>How long people stay signed in.</summary>
public sealed class SessionsOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Sessions";

    /// <summary>
    /// How long after the sign-in a session ends, whatever its person does, in <c>hh:mm:ss</c>. Default 12 hours: roles and whether
    /// somebody still works here are looked up at sign-in only.
    /// </summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(12);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Lifetime < TimeSpan.FromMinutes(15) || Lifetime > TimeSpan.FromDays(1)
            ? [new ValidationResult("Sessions:Lifetime must be a time from 00:15:00 (a quarter of an hour) to 1.00:00:00 (a day).")]
            : [];

    /// <summary>What cannot be read is left to <see cref="Validate"/>, to be reported with all other faults.</summary>
    internal static void Bind(SessionsOptions options, IConfiguration configuration)
    {
        if (configuration[$"{Section}:{nameof(Lifetime)}"] is { } text)
        {
            options.Lifetime = TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var lifetime) ? lifetime : TimeSpan.Zero;
        }
    }
}

[OptionsValidator]
internal sealed partial class SessionsOptionsValidator : IValidateOptions<SessionsOptions>;
