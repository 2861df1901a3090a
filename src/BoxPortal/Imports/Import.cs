using BoxPortal.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Imports;

/// <summary>What is known of an import beside its job: where its lines came from, and how far they have been checked.</summary>
public sealed class Import
{
    /// <summary>The job that the import is.</summary>
    public required long JobId { get; init; }

    /// <summary>How the source was read, in words for administrators: encoding, separator, columns that were ignored.</summary>
    public required string Source { get; init; }

    /// <summary>How many lines it has; 0 until all of them are written down.</summary>
    public int Lines { get; set; }

    /// <summary>When its last line was checked, UTC; <c>null</c> while that goes on.</summary>
    public DateTimeOffset? CheckedAt { get; set; }

    /// <summary>The age of the list of Box's app users that the lines were checked against, UTC.</summary>
    public DateTimeOffset? ListedAt { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<Import>
    {
        public void Configure(EntityTypeBuilder<Import> builder)
        {
            builder.ToTable("Imports");
            builder.HasKey(import => import.JobId);
            builder.Property(import => import.JobId).ValueGeneratedNever();
            builder.HasOne<Job>().WithOne().HasForeignKey<Import>(import => import.JobId);
        }
    }
}
