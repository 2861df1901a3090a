using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace BoxPortal.Shell;

/// <summary>Whose portal this is.</summary>
public sealed class CompanyOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Company";

    /// <summary>The company's name in the bar and in page titles. Default <c>BoxPortal</c>.</summary>
    [Required(ErrorMessage = "Company:Name must be what employees call the company.")]
    public string Name { get; set; } = "BoxPortal";
}

[OptionsValidator]
internal sealed partial class CompanyOptionsValidator : IValidateOptions<CompanyOptions>;
