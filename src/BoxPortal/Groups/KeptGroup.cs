using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Groups;

/// <summary>A group that the portal keeps, or the directory through it. What comes about in it in Box from then on is a difference.</summary>
public sealed class KeptGroup
{
    /// <summary>Box's ID of the group.</summary>
    public required string GroupId { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Whether who was in it before is noted, with <see cref="MembershipSource.InBox"/>. Not where Box did not list them all.</summary>
    public required bool IsNoted { get; set; }

    /// <summary>Its name when that was noted, or adopted.</summary>
    public string? Name { get; set; }

    /// <summary>What it was for then.</summary>
    public string? Description { get; set; }

    /// <summary>When its name was noted, or adopted, UTC; <c>null</c> where neither name nor folders are noted yet.</summary>
    public DateTimeOffset? NamedAt { get; set; }

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
