using BoxPortal.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Sync;

/// <summary>What came of a rule in a rehearsed run, until the run is confirmed.</summary>
public sealed class RuleRehearsal
{
    /// <summary>The draft.</summary>
    public required long JobId { get; init; }

    /// <summary>The rule.</summary>
    public required long RuleId { get; init; }

    /// <summary>What came of it, in words for administrators.</summary>
    public required string Words { get; init; }

    /// <summary>Why it could not be followed; <c>null</c> where it was.</summary>
    public required string? Stopped { get; init; }

    /// <summary>Whether the directory named nobody.</summary>
    public required bool IsEmpty { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<RuleRehearsal>
    {
        public void Configure(EntityTypeBuilder<RuleRehearsal> builder)
        {
            builder.ToTable("RuleRehearsals");
            builder.HasKey(rehearsal => new { rehearsal.JobId, rehearsal.RuleId });
            builder.HasOne<Job>().WithMany().HasForeignKey(rehearsal => rehearsal.JobId);
        }
    }
}
