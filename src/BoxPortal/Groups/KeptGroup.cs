using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Groups;

/// <summary>A group whose members the portal keeps, or the directory through it. What comes about in it in Box from then on is a difference.</summary>
public sealed class KeptGroup
{
    /// <summary>Box's ID of the group.</summary>
    public required string GroupId { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Whether who was in it before is noted, with <see cref="MembershipSource.InBox"/>. Not where Box did not list them all.</summary>
    public required bool IsNoted { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<KeptGroup>
    {
        public void Configure(EntityTypeBuilder<KeptGroup> builder)
        {
            builder.ToTable("KeptGroups");
            builder.HasKey(group => group.GroupId);
            builder.Property(group => group.GroupId).HasMaxLength(32);
        }
    }
}
