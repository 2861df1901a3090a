using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.AppUsers;

/// <summary>
/// How many people are in one state. Triggers of the database keep it, whoever writes: counting them costs the same whether
/// there are a hundred or twenty thousand.
/// </summary>
public sealed class PeopleCount
{
    /// <summary>The state.</summary>
    public required MappingState State { get; init; }

    /// <summary>How many are in it.</summary>
    public required int People { get; init; }

    /// <summary>For how many of them there is a suggestion.</summary>
    public required int Suggested { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<PeopleCount>
    {
        public void Configure(EntityTypeBuilder<PeopleCount> builder)
        {
            builder.ToTable("PeopleCounts");
            builder.HasKey(count => count.State);
            builder.Property(count => count.State).HasConversion<string>().HasMaxLength(16);
        }
    }
}
