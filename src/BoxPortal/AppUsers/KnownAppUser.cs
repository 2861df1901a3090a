using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.AppUsers;

/// <summary>
/// An app user as Box last listed it. For suggestions and previews, which cannot ask Box about each of thousands;
/// no act relies on it.
/// </summary>
public sealed class KnownAppUser
{
    /// <summary>Box's ID.</summary>
    public required string Id { get; init; }

    /// <summary>As shown in Box.</summary>
    public required string Name { get; set; }

    /// <summary>Its mail address, from wherever Box has one; <c>null</c> where it has none.</summary>
    public string? Mail { get; set; }

    /// <summary>The identifier that its maker gave it.</summary>
    public string? ExternalId { get; set; }

    /// <summary>Whether it may act.</summary>
    public bool IsActive { get; set; }

    /// <summary>The listing of Box that it was last in, UTC.</summary>
    public DateTimeOffset SeenAt { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<KnownAppUser>
    {
        public void Configure(EntityTypeBuilder<KnownAppUser> builder)
        {
            builder.ToTable("KnownAppUsers");
            builder.HasKey(user => user.Id);
            builder.Property(user => user.Id).HasMaxLength(32);
            builder.Property(user => user.Name).HasMaxLength(256).UseCollation("NOCASE");
            builder.Property(user => user.Mail).HasMaxLength(256).UseCollation("NOCASE");
            builder.HasIndex(user => user.Name);
            builder.HasIndex(user => user.Mail);
            builder.HasIndex(user => user.ExternalId);
            builder.HasIndex(user => user.SeenAt);
        }
    }
}
