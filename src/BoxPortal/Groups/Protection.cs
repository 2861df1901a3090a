using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Groups;

/// <summary>A group from which, or a person whom, the directory's sync never removes.</summary>
public sealed class Protection
{
    /// <summary>Box's ID of the group or of the app user;.</summary>
    public required string BoxId { get; init; }

    /// <summary>Whether it is a group.</summary>
    public required bool IsGroup { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The administrator who said so.</summary>
    public required string By { get; init; }

    /// <summary>Why, in their words.</summary>
    public required string Reason { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<Protection>
    {
        public void Configure(EntityTypeBuilder<Protection> builder)
        {
            builder.ToTable("Protections");
            builder.HasKey(protection => new { protection.BoxId, protection.IsGroup });
        }
    }
}
