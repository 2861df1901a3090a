using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Sync;

/// <summary>What an administrator said of a difference from Box. It holds until the portal itself changes the same.</summary>
public sealed class DriftVerdict
{
    /// <summary>Box's ID of the group.</summary>
    public required string GroupId { get; init; }

    /// <summary>Box's ID of the member; empty where it is about none.</summary>
    public required string AppUserId { get; init; }

    /// <summary>Box's ID of the folder; empty where it is about none.</summary>
    public required string FolderId { get; init; }

    /// <summary>Whether the portal took it for its own: <see cref="RoleInBox"/> is then what the portal made them. Else it is kept, and asked about again once it is another.</summary>
    public required bool IsAdopted { get; init; }

    /// <summary>In what Box differed.</summary>
    public required DriftKind Kind { get; init; }

    /// <summary>Box's ID of the membership; <c>null</c> where there was none.</summary>
    public required string? BoxId { get; init; }

    /// <summary>As what they were in the group in Box; <c>null</c> where they were not.</summary>
    public required GroupRole? RoleInBox { get; init; }

    /// <summary>Of a folder, or the group itself: what Box had.</summary>
    public required string? InBox { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The administrator who said so.</summary>
    public required string By { get; init; }

    /// <summary>Why, in their words.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether it is this difference that was kept, not one that came later.</summary>
    public bool Keeps(DriftFinding finding) =>
        !IsAdopted && (GroupId, AppUserId, FolderId, Kind, BoxId, RoleInBox, InBox)
            == (finding.GroupId, finding.AppUserId, finding.FolderId, finding.Kind, finding.BoxId, finding.RoleInBox, finding.InBox);

    /// <summary>Those that hold still.</summary>
    internal static IQueryable<DriftVerdict> Standing(PortalDb db) => db.Set<DriftVerdict>().Where(verdict => !db.Set<GroupChange>().Any(change =>
        change.HasChanged && change.GroupId == verdict.GroupId && (change.AppUserId ?? "") == verdict.AppUserId && (change.FolderId ?? "") == verdict.FolderId
        && change.EndedAt > verdict.Since));

    internal sealed class Table : IEntityTypeConfiguration<DriftVerdict>
    {
        public void Configure(EntityTypeBuilder<DriftVerdict> builder)
        {
            builder.ToTable("DriftVerdicts");
            builder.HasKey(verdict => new { verdict.GroupId, verdict.AppUserId, verdict.FolderId, verdict.IsAdopted });
            builder.Property(verdict => verdict.FolderId).HasMaxLength(32).HasDefaultValue("");
            builder.Property(verdict => verdict.Kind).HasConversion<string>().HasMaxLength(16);
            builder.Property(verdict => verdict.RoleInBox).HasConversion<string>().HasMaxLength(16);
        }
    }
}
