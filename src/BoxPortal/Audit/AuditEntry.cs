using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Audit;

/// <summary>What an <see cref="AuditEntry"/> tells of. Stored by name.</summary>
public enum AuditKind
{
    /// <summary>Somebody signed in.</summary>
    SignedIn,

    /// <summary>A session ended.</summary>
    SignedOut,

    /// <summary>Somebody signed in for the first time and waits for a mapping.</summary>
    Waiting,

    /// <summary>An employee became mapped to an app user.</summary>
    Mapped,

    /// <summary>An employee's mapping ended.</summary>
    Unmapped,

    /// <summary>The portal made an app user in Box.</summary>
    AppUserCreated,

    /// <summary>Box told that a mapping no longer works: app user inactive, gone, or another application's.</summary>
    MappingBroken,

    /// <summary>A downscoped token was made for an employee's Explorer.</summary>
    TokenMinted,

    /// <summary>An employee asked for a token and got none.</summary>
    TokenRefused,

    /// <summary>Somebody tried what could not be: their role does not allow it, or somebody or Box stands in the way.</summary>
    Refused,

    /// <summary>An employee was shut out.</summary>
    Suspended,

    /// <summary>A suspension ended.</summary>
    Reactivated,

    /// <summary>A change was taken back.</summary>
    Undone,

    /// <summary>Somebody named the app user that they believe to be an employee's.</summary>
    Suggested,

    /// <summary>Somebody looked at what an employee's app user sees.</summary>
    Proved,

    /// <summary>A job began, paused, went on or ended.</summary>
    Job,

    /// <summary>Somebody took people or the record away as a file.</summary>
    Exported,

    /// <summary>A group, its members or its access to folders were changed.</summary>
    GroupChanged,

    /// <summary>Somebody looked at who sees a folder, or why.</summary>
    AccessExplained,

    /// <summary>A rule of the directory's sync was made, changed, stopped or ended, or a difference from Box was accepted.</summary>
    Sync,
}

/// <summary>One line of the record: who did what to whom, when, and what Box said. Written once, never changed.</summary>
public sealed class AuditEntry
{
    /// <summary>Grows with time.</summary>
    public long Id { get; private set; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened.</summary>
    public required AuditKind Kind { get; init; }

    /// <summary>Directory tenant of the employee concerned.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>Object ID of the employee concerned.</summary>
    public required Guid ObjectId { get; init; }

    /// <summary>The employee's name at that time.</summary>
    public required string Name { get; init; }

    /// <summary>Who did it: a sign-in name, or <c>BoxPortal</c>.</summary>
    public required string Actor { get; init; }

    /// <summary>The app user concerned, if any.</summary>
    public string? AppUserId { get; init; }

    /// <summary>What and why, in words for administrators.</summary>
    public required string Detail { get; init; }

    /// <summary>What was so before, where something was changed.</summary>
    public string? Before { get; private set; }

    /// <summary>What is so since.</summary>
    public string? After { get; private set; }

    /// <summary>Why, in the words of whoever did it.</summary>
    public string? Reason { get; private set; }

    /// <summary>First 16 hex digits of the token's SHA-256; the only form of a token that is written down.</summary>
    public string? TokenFingerprint { get; init; }

    /// <summary>Box's error code, where Box refused.</summary>
    public string? BoxCode { get; init; }

    /// <summary>Box's request ID, for a case with Box's support.</summary>
    public string? BoxRequestId { get; init; }

    /// <summary>The number that the employee was shown, e.g. <c>BP-7K3M9QXA</c>.</summary>
    public string? Reference { get; init; }

    /// <summary>Ties entries of one request together; also in logs and traces.</summary>
    public string? CorrelationId { get; internal set; }

    /// <summary>Adds what a change changed and why, before the entry is saved.</summary>
    public AuditEntry Tell(string? before, string? after, string? reason, string? correlationId = null)
    {
        (Before, After, Reason, CorrelationId) = (before, after, reason, correlationId ?? CorrelationId);
        return this;
    }

    internal sealed class Table : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder)
        {
            builder.ToTable("AuditEntries");
            builder.HasKey(entry => entry.Id);
            builder.Property(entry => entry.Kind).HasConversion<string>().HasMaxLength(32);
            builder.Property(entry => entry.Name).HasMaxLength(256);
            builder.Property(entry => entry.Actor).HasMaxLength(256);
            builder.HasIndex(entry => new { entry.TenantId, entry.ObjectId, entry.Id });
            builder.HasIndex(entry => entry.Reference);
            builder.HasIndex(entry => entry.At);
            builder.HasIndex(entry => new { entry.Kind, entry.At });
        }
    }
}
