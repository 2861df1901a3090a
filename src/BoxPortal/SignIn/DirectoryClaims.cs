using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.SignIn;

/// <summary>What the directory said of somebody at their last sign-in: the one thing known of their groups where the directory itself cannot be asked.</summary>
public sealed class DirectoryClaims
{
    /// <summary>The employee's directory tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The employee's object ID.</summary>
    public required Guid ObjectId { get; init; }

    /// <summary>When they signed in, UTC.</summary>
    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>
    /// Object IDs of their groups, each between spaces. <c>null</c> where the token did not say: they are in too many for it, or in
    /// none, or the registration sends none, and these cannot be told apart.
    /// </summary>
    public string? Groups { get; set; }

    /// <summary>Their app roles, each between spaces. Whoever has none has none: the directory always says.</summary>
    public required string Roles { get; set; }

    /// <summary>How something is written in <see cref="Groups"/> and <see cref="Roles"/>.</summary>
    public static string Entry(string value) => $" {value} ";

    internal sealed class Table : IEntityTypeConfiguration<DirectoryClaims>
    {
        public void Configure(EntityTypeBuilder<DirectoryClaims> builder)
        {
            builder.ToTable("DirectoryClaims");
            builder.HasKey(claims => new { claims.TenantId, claims.ObjectId });
        }
    }
}
