using BoxPortal.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.AppUsers;

/// <summary>What an administrator does to a mapping. Stored by name.</summary>
public enum AppUserAct
{
    /// <summary>The employee acts as an app user that exists, instead of any other.</summary>
    Map,

    /// <summary>The employee gets a new app user.</summary>
    Create,

    /// <summary>The employee is shut out of the portal, and the app user of Box. Content is kept.</summary>
    Suspend,

    /// <summary>Ends a suspension.</summary>
    Reactivate,

    /// <summary>The employee acts as nobody. The app user stays in Box.</summary>
    Unmap,

    /// <summary>Takes an earlier change back, unless something changed since.</summary>
    Undo,
}

/// <summary>How far a change has come. Stored by name.</summary>
public enum ChangeStage
{
    /// <summary>Asked for. Whatever of it is done already, doing all of it again does no harm.</summary>
    Asked,

    /// <summary>Done, with its record.</summary>
    Done,

    /// <summary>Not done, and why is said; nothing is left half done.</summary>
    Failed,

    /// <summary>Not begun, because somebody stopped the work it belonged to.</summary>
    Dropped,
}

/// <summary>
/// One change of one mapping, written down before anything is done about it: a portal that dies in the middle finds it again
/// and carries it to its end.
/// </summary>
public sealed class AppUserChange
{
    /// <summary>Grows with time.</summary>
    public long Id { get; private set; }

    /// <summary>What is to be done.</summary>
    public required AppUserAct Act { get; init; }

    /// <summary>Directory tenant of the employee concerned.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>Object ID of the employee concerned.</summary>
    public required Guid ObjectId { get; init; }

    /// <summary>The app user to map to, where the act names one.</summary>
    public string? AppUserId { get; init; }

    /// <summary>The earlier change to take back, where the act is that.</summary>
    public long? UndoesId { get; init; }

    /// <summary>The version of the mapping that whoever asks has seen; <c>null</c> where they saw none.</summary>
    public int? SeenVersion { get; init; }

    /// <summary>Sign-in name of whoever asked.</summary>
    public required string Actor { get; init; }

    /// <summary>Object ID of whoever asked; of the same tenant.</summary>
    public required Guid ActorId { get; init; }

    /// <summary>Why, in their words.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was asked for, UTC.</summary>
    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Ties it to the request, its log lines and its record.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>The job it belongs to, if it is one of many.</summary>
    public long? JobId { get; init; }

    /// <summary>Its line in the job's file.</summary>
    public int? Line { get; init; }

    /// <summary>How far it has come.</summary>
    public ChangeStage Stage { get; set; }

    /// <summary>What came of it, in words for administrators.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>Box's error code, where Box refused.</summary>
    public string? BoxCode { get; set; }

    /// <summary>Box's request ID, for a case with Box's support.</summary>
    public string? BoxRequestId { get; set; }

    /// <summary>When it was done or given up, UTC.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Set before Box is asked for a new app user, so that a portal that finds one afterwards knows that it is this change's.</summary>
    public bool MakesAppUser { get; set; }

    /// <summary>The employee's standing before it; <c>null</c> until the mapping was changed.</summary>
    public MappingState? FormerState { get; set; }

    /// <summary>The app user before it.</summary>
    public string? FormerAppUserId { get; set; }

    /// <summary>The mapping's version after it: as long as it is the mapping's, nothing changed since. <c>null</c> until the mapping was changed.</summary>
    public int? VersionAfter { get; set; }

    /// <summary>Whether something of it may be done already, so that it must come to its end.</summary>
    public bool IsBegun => VersionAfter is not null || MakesAppUser;

    /// <summary>Whose mapping it changes.</summary>
    public EmployeeId EmployeeId => new(TenantId, ObjectId);

    internal sealed class Table : IEntityTypeConfiguration<AppUserChange>
    {
        public void Configure(EntityTypeBuilder<AppUserChange> builder)
        {
            builder.ToTable("AppUserChanges");
            builder.HasKey(change => change.Id);
            builder.Ignore(change => change.EmployeeId);
            builder.Ignore(change => change.IsBegun);
            builder.Property(change => change.Act).HasConversion<string>().HasMaxLength(16);
            builder.Property(change => change.Stage).HasConversion<string>().HasMaxLength(16);
            builder.Property(change => change.FormerState).HasConversion<string>().HasMaxLength(16);
            builder.Property(change => change.AppUserId).HasMaxLength(32);
            builder.Property(change => change.FormerAppUserId).HasMaxLength(32);
            builder.Property(change => change.Actor).HasMaxLength(256);
            builder.HasIndex(change => new { change.TenantId, change.ObjectId, change.Id });
            builder.HasIndex(change => new { change.JobId, change.Stage, change.Line });
            builder.HasIndex(change => change.UndoesId).HasFilter("\"UndoesId\" IS NOT NULL");
            // What a restarted portal looks for: next to nothing, however long the history.
            builder.HasIndex(change => change.Id).HasFilter($"\"Stage\" = '{nameof(ChangeStage.Asked)}'").HasDatabaseName("IX_AppUserChanges_Open");
        }
    }
}
