using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace BoxPortal.Groups;

/// <summary>How groups are changed.</summary>
public sealed class GroupsOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Groups";

    /// <summary>Change sets that take more people out of groups than this wait for a second administrator. Default 50.</summary>
    public int MostRemovals { get; set; } = 50;

    /// <summary>Change sets that take more than this part of a group's members out of it wait for a second administrator. From 0 to 1, default 0.25.</summary>
    /// <remarks>Not asked of fewer than five people: two of four are nobody's accident.</remarks>
    public double MostRemovedShare { get; set; } = 0.25;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MostRemovals < 0)
        {
            yield return new ValidationResult("Groups:MostRemovals must be a number of people, 0 or more.");
        }

        if (MostRemovedShare is not (>= 0 and <= 1))
        {
            yield return new ValidationResult("Groups:MostRemovedShare must be a part from 0 to 1, e.g. 0.25.");
        }
    }
}

[OptionsValidator]
internal sealed partial class GroupsOptionsValidator : IValidateOptions<GroupsOptions>;
