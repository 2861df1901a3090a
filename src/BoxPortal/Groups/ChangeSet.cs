using BoxPortal.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Groups;

/// <summary>What is known of a job that changes groups beside the job itself.</summary>
public sealed class ChangeSet
{
    /// <summary>The job that it is.</summary>
    public required long JobId { get; init; }

    /// <summary>Whether a group's owner asked for it, who is no administrator.</summary>
    public required bool IsByOwner { get; init; }

    /// <summary>Why a second administrator must agree, in words; <c>null</c> where none need.</summary>
    public string? Brake { get; set; }

    /// <summary>Object ID of the second administrator, once they have agreed.</summary>
    public Guid? ApproverId { get; set; }

    /// <summary>Their name.</summary>
    public string? ApproverName { get; set; }

    /// <summary>When they agreed, UTC.</summary>
    public DateTimeOffset? ApprovedAt { get; set; }

    /// <summary>What was told of its consequences when it was confirmed, in plain words, one sentence a line.</summary>
    public string? Rehearsed { get; set; }

    /// <summary>When its outcome was set beside what was told, at its end, UTC; <c>null</c> where it was not.</summary>
    public DateTimeOffset? ComparedAt { get; set; }

    /// <summary>What was told and had not come then, one sentence a line.</summary>
    public string? NotCome { get; set; }

    /// <summary>What had come then and was not told, one sentence a line.</summary>
    public string? NotForetold { get; set; }

    /// <summary>What was asked for and is so already, or cannot be, in plain words, one a line.</summary>
    public string? LeftOut { get; init; }

    internal sealed class Table : IEntityTypeConfiguration<ChangeSet>
    {
        public void Configure(EntityTypeBuilder<ChangeSet> builder)
        {
            builder.ToTable("ChangeSets");
            builder.HasKey(set => set.JobId);
            builder.Property(set => set.JobId).ValueGeneratedNever();
            builder.Property(set => set.ApproverName).HasMaxLength(256);
            builder.HasOne<Job>().WithOne().HasForeignKey<ChangeSet>(set => set.JobId);
        }
    }
}
