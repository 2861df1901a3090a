using BoxPortal.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Jobs;

/// <summary>What a job is about. Stored by name.</summary>
public enum JobKind
{
    /// <summary>Changes that a file or a directory asks for.</summary>
    Import,

    /// <summary>Takes an import's changes back.</summary>
    Undo,

    /// <summary>Changes to groups that somebody asks for, also those that take earlier ones back.</summary>
    Groups,

    /// <summary>Changes to groups that the directory asks for.</summary>
    Sync,
}

/// <summary>How a job stands. Stored by name.</summary>
public enum JobStage
{
    /// <summary>Shown to somebody who has not confirmed it. It has changed nothing.</summary>
    Draft,

    /// <summary>Confirmed, and waits for a second administrator to agree. It has changed nothing.</summary>
    ToApprove,

    /// <summary>Goes through its changes, one at a time; after a restart, too.</summary>
    Running,

    /// <summary>Stands still between two changes until somebody resumes or cancels it.</summary>
    Paused,

    /// <summary>Given up: what was begun is finished, what was not is dropped.</summary>
    Cancelled,

    /// <summary>Every change has come to an end.</summary>
    Done,

    /// <summary>Cannot go on by itself, for the reason given.</summary>
    Failed,
}

/// <summary>
/// Work that goes on for longer than somebody waits: a list of changes that were written down when it was made or confirmed
/// (see <see cref="IJobWork"/>). How far it has come is counted from them, not kept here.
/// </summary>
public sealed class Job
{
    /// <summary>Grows with time.</summary>
    public long Id { get; private set; }

    /// <summary>What it is about.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>What people call it, e.g. the file's name.</summary>
    public required string Title { get; init; }

    /// <summary>How it stands.</summary>
    public required JobStage Stage { get; set; }

    /// <summary>Directory tenant of everybody whom it concerns.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>Object ID of whoever confirmed it; until then, of whoever made the draft.</summary>
    public required Guid ActorId { get; set; }

    /// <summary>Their name.</summary>
    public required string ActorName { get; set; }

    /// <summary>Why, in the words of whoever confirmed it.</summary>
    public string Reason { get; set; } = "";

    /// <summary>When it was first shown, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was confirmed, UTC.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When its last change came to an end, UTC; <c>null</c> for a cancelled job that still finishes what was begun.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>How many changes it is made of; 0 before it is confirmed.</summary>
    public int Total { get; set; }

    /// <summary>Since when it waits for Box, UTC; <c>null</c> while Box answers.</summary>
    public DateTimeOffset? WaitingSince { get; set; }

    /// <summary>What it waits for, or why it cannot go on, in words for administrators.</summary>
    public string? Trouble { get; set; }

    /// <summary>The job whose changes it takes back, where it is that.</summary>
    public long? UndoesId { get; init; }

    /// <summary>Whoever confirmed it, or made the draft.</summary>
    public EmployeeId Actor => new(TenantId, ActorId);

    internal sealed class Table : IEntityTypeConfiguration<Job>
    {
        public void Configure(EntityTypeBuilder<Job> builder)
        {
            builder.ToTable("Jobs");
            builder.HasKey(job => job.Id);
            builder.Ignore(job => job.Actor);
            builder.Property(job => job.Kind).HasConversion<string>().HasMaxLength(16);
            builder.Property(job => job.Stage).HasConversion<string>().HasMaxLength(16);
            builder.Property(job => job.Title).HasMaxLength(256);
            builder.Property(job => job.ActorName).HasMaxLength(256);
            builder.HasIndex(job => job.UndoesId);
        }
    }
}
