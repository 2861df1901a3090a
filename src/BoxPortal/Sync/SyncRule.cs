using BoxPortal.Groups;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Sync;

/// <summary>What in the directory a rule follows. Stored by name.</summary>
public enum SyncSource
{
    /// <summary>Who is in a group of the directory.</summary>
    Group,

    /// <summary>Who holds an app role of the portal's registration.</summary>
    AppRole,
}

/// <summary>Says that whoever is in a group of the directory, or holds an app role, is to be in a group in Box.</summary>
public sealed class SyncRule
{
    /// <summary>Grows with time; memberships name it, see <see cref="MembershipSource.OfRule"/>.</summary>
    public long Id { get; init; }

    /// <summary>The directory that it was made for. In another it is not followed.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>What it follows.</summary>
    public required SyncSource Source { get; init; }

    /// <summary>Object ID of the directory's group, or value of the app role.</summary>
    public required string SourceId { get; init; }

    /// <summary>Its name when the rule was made.</summary>
    public required string SourceName { get; init; }

    /// <summary>Box's ID of the group in Box.</summary>
    public required string GroupId { get; init; }

    /// <summary>Its name when the rule was made.</summary>
    public required string GroupName { get; init; }

    /// <summary>Whether it is followed. Where it is not, who is in the group by it stays.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>Whether it is to go, and takes out again whom it has put in. It is deleted when nobody is left.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Whether an administrator has said that nobody in the directory means nobody in Box. Until somebody is in it again.</summary>
    public bool MayEmpty { get; set; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The administrator who made it.</summary>
    public required string By { get; init; }

    /// <summary>When it was last followed, UTC.</summary>
    public DateTimeOffset? LastRunAt { get; set; }

    /// <summary>What came of that, in words for administrators.</summary>
    public string LastOutcome { get; set; } = "";

    /// <summary>Why it could not be followed then; <c>null</c> where it was.</summary>
    public string? Stopped { get; set; }

    /// <summary>Whether it was stopped because the directory named nobody.</summary>
    public bool IsEmpty { get; set; }

    /// <summary>What people call it.</summary>
    public string Name => $"{SourceName} → {GroupName}";

    /// <summary>What it says, where nothing around it does.</summary>
    public string Words => $"{(Source == SyncSource.Group ? "group" : "app role")} {Name}";

    internal sealed class Table : IEntityTypeConfiguration<SyncRule>
    {
        public void Configure(EntityTypeBuilder<SyncRule> builder)
        {
            builder.ToTable("SyncRules");
            builder.HasKey(rule => rule.Id);
            builder.Ignore(rule => rule.Name);
            builder.Ignore(rule => rule.Words);
            builder.Property(rule => rule.Source).HasConversion<string>().HasMaxLength(16);
            builder.Property(rule => rule.SourceId).HasMaxLength(256);
            builder.Property(rule => rule.SourceName).HasMaxLength(256);
            builder.Property(rule => rule.GroupId).HasMaxLength(32);
            builder.Property(rule => rule.GroupName).HasMaxLength(256);
            builder.HasIndex(rule => new { rule.TenantId, rule.Source, rule.SourceId, rule.GroupId }).IsUnique();
        }
    }
}
