using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Groups;

/// <summary>
/// A <see cref="GroupEdit"/> that somebody asks for, one of a job's, and how far it has come. Written down before anything is done
/// about it: a portal that dies in the middle finds it again and carries it to its end.
/// </summary>
public sealed class GroupChange
{
    /// <summary>Grows with time.</summary>
    public long Id { get; private set; }

    /// <summary>The change set it belongs to.</summary>
    public required long JobId { get; init; }

    /// <summary>Its place in the change set, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What is to be done.</summary>
    public required GroupAct Act { get; init; }

    /// <summary>Box's ID of the group; empty until the group is made.</summary>
    public required string GroupId { get; set; }

    /// <summary>The group's name when it was asked for.</summary>
    public required string GroupName { get; init; }

    /// <summary>The member concerned, where one is.</summary>
    public string? AppUserId { get; init; }

    /// <summary>The member's name when it was asked for.</summary>
    public string? MemberName { get; init; }

    /// <summary>The folder concerned, where one is.</summary>
    public string? FolderId { get; init; }

    /// <summary>The folder's name when it was asked for.</summary>
    public string? FolderName { get; init; }

    /// <summary>As what the member is in the group afterwards.</summary>
    public GroupRole? MemberRole { get; init; }

    /// <summary>What the group may do in the folder afterwards.</summary>
    public CollaborationRole? FolderRole { get; init; }

    /// <summary>The group's name afterwards; <c>null</c> where it stays.</summary>
    public string? Name { get; init; }

    /// <summary>What the group is for afterwards; <c>null</c> where it stays.</summary>
    public string? Description { get; init; }

    /// <summary>For whom a membership is given or taken; see <see cref="MembershipSource.Source"/>. Several, separated by commas, where a change restores them.</summary>
    public required string Source { get; init; }

    /// <summary>Box's ID of the membership or collaboration concerned, as far as it is known.</summary>
    public string? BoxId { get; set; }

    /// <summary>The change that it takes back.</summary>
    public long? UndoesId { get; init; }

    /// <summary>How far it has come.</summary>
    public ChangeStage Stage { get; set; }

    /// <summary>Set before Box is asked: what Box finds done already afterwards, this change may have done.</summary>
    public bool IsBegun { get; set; }

    /// <summary>Whether it has changed something in Box.</summary>
    public bool HasChanged { get; set; }

    /// <summary>What came of it, in words for administrators.</summary>
    public string Outcome { get; set; } = "";

    /// <summary>Box's error code, where Box refused.</summary>
    public string? BoxCode { get; set; }

    /// <summary>Box's request ID, for a case with Box's support.</summary>
    public string? BoxRequestId { get; set; }

    /// <summary>When it was done or given up, UTC.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>As what the member was in the group before, as Box said when it was asked for.</summary>
    public GroupRole? FormerMemberRole { get; init; }

    /// <summary>What the group might do in the folder before, as Box said when it was asked for.</summary>
    public CollaborationRole? FormerFolderRole { get; init; }

    /// <summary>The membership's sources before, separated by commas.</summary>
    public string? FormerSources { get; set; }

    /// <summary>Name, description, members and folders of a group before it was deleted or described anew, as JSON.</summary>
    public string? Former { get; set; }

    /// <summary>What is to be so in the end.</summary>
    public GroupEdit Edit => new(Act, GroupId, AppUserId, FolderId, MemberRole, FolderRole, Name, Description);

    internal sealed class Table : IEntityTypeConfiguration<GroupChange>
    {
        public void Configure(EntityTypeBuilder<GroupChange> builder)
        {
            builder.ToTable("GroupChanges");
            builder.HasKey(change => change.Id);
            builder.Ignore(change => change.Edit);
            builder.Property(change => change.Act).HasConversion<string>().HasMaxLength(32);
            builder.Property(change => change.Stage).HasConversion<string>().HasMaxLength(16);
            builder.Property(change => change.MemberRole).HasConversion<string>().HasMaxLength(16);
            builder.Property(change => change.FolderRole).HasConversion<string>().HasMaxLength(32);
            builder.Property(change => change.FormerMemberRole).HasConversion<string>().HasMaxLength(16);
            builder.Property(change => change.FormerFolderRole).HasConversion<string>().HasMaxLength(32);
            builder.HasOne<Job>().WithMany().HasForeignKey(change => change.JobId);
            builder.HasIndex(change => new { change.JobId, change.Stage, change.Number });
            builder.HasIndex(change => new { change.GroupId, change.Id });
            builder.HasIndex(change => new { change.AppUserId, change.Id });
            builder.HasIndex(change => change.UndoesId).HasFilter("\"UndoesId\" IS NOT NULL");
        }
    }
}
