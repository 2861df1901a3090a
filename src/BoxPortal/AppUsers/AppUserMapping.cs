using BoxPortal.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.AppUsers;

/// <summary>How an employee stands with Box. Stored by name.</summary>
public enum MappingState
{
    /// <summary>Has signed in and waits for an administrator (or for the portal, by policy) to map them.</summary>
    Waiting,

    /// <summary>Acts as the app user named.</summary>
    Mapped,

    /// <summary>The app user is inactive in Box.</summary>
    Suspended,

    /// <summary>The app user is gone in Box.</summary>
    Orphaned,

    /// <summary>The app user belongs to another Box application; ours may not act as it.</summary>
    Foreign,

    /// <summary>Not mapped, by decision of an administrator or of the policy for newcomers.</summary>
    Unmapped,
}

/// <summary>Says which Box app user an employee acts as, or why none. One row for each employee the portal knows.</summary>
public sealed class AppUserMapping
{
    /// <summary>Numbers the row, for the index that finds people by any part of their names.</summary>
    public long Number { get; private set; }

    /// <summary>The employee's directory tenant (claim <c>tid</c>).</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The employee's object ID (claim <c>oid</c>): stable across renames, unlike the e-mail address.</summary>
    public required Guid ObjectId { get; init; }

    /// <summary>Name as last seen; for people to read.</summary>
    public required string Name { get; set; }

    /// <summary>Sign-in name as last seen; for people to read. Empty until the first sign-in of somebody found in Box.</summary>
    public required string UserName { get; set; }

    /// <summary>Mail address, where the directory or an import gave one; for matching and for people to read, never a key.</summary>
    public string? Mail { get; set; }

    /// <summary>How the employee stands.</summary>
    public required MappingState State { get; set; }

    /// <summary>Why, in words for administrators.</summary>
    public required string Cause { get; set; }

    /// <summary>The app user; kept while suspended, orphaned or foreign so that the repair can name it.</summary>
    public string? AppUserId { get; set; }

    /// <summary>
    /// Suspended by an administrator of the portal, and so shut out of it too, rather than found inactive in Box.
    /// Only <see cref="AppUserAct.Reactivate"/> ends it.
    /// </summary>
    public bool IsSuspendedHere { get; set; }

    /// <summary>The app user that looks like this employee's, while they have none.</summary>
    public string? SuggestedAppUserId { get; set; }

    /// <summary>How alike the two are, 1 to 100.</summary>
    public int? SuggestionScore { get; set; }

    /// <summary>What is alike, in words for administrators.</summary>
    public string? SuggestionReason { get; set; }

    /// <summary>Since when the employee waits, UTC; administrators saw them on their page from then on.</summary>
    public DateTimeOffset? WaitingSince { get; set; }

    /// <summary>Last sign-in, UTC; <c>null</c> for somebody found in Box who has not come yet.</summary>
    public DateTimeOffset? LastSignInAt { get; set; }

    /// <summary>Whether the last sign-in carried the administrator's role; tells the waiting whom they can ask.</summary>
    public bool IsAdministrator { get; set; }

    /// <summary>When anything of the mapping last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>The number the employee is shown while there is no Explorer to show.</summary>
    public required string Reference { get; init; }

    /// <summary>Rises with each change, so that of two people changing the same row one is told.</summary>
    public int Version { get; set; }

    /// <summary>0 for those who wait, who stand on top of every list, else 1.</summary>
    public int Rank { get; set; } = 1;

    /// <summary>Whose mapping this is.</summary>
    public EmployeeId EmployeeId => new(TenantId, ObjectId);

    internal sealed class Table : IEntityTypeConfiguration<AppUserMapping>
    {
        public void Configure(EntityTypeBuilder<AppUserMapping> builder)
        {
            builder.ToTable("AppUserMappings");
            builder.HasKey(mapping => mapping.Number);
            builder.HasIndex(mapping => new { mapping.TenantId, mapping.ObjectId }).IsUnique();
            builder.Ignore(mapping => mapping.EmployeeId);
            builder.Property(mapping => mapping.Name).HasMaxLength(256).UseCollation("NOCASE");
            builder.Property(mapping => mapping.UserName).HasMaxLength(256).UseCollation("NOCASE");
            builder.Property(mapping => mapping.Mail).HasMaxLength(256).UseCollation("NOCASE");
            builder.Property(mapping => mapping.SuggestedAppUserId).HasMaxLength(32);
            builder.Property(mapping => mapping.State).HasConversion<string>().HasMaxLength(16);
            builder.Property(mapping => mapping.AppUserId).HasMaxLength(32);
            builder.Property(mapping => mapping.Version).IsConcurrencyToken();
            // One app user is one person's, whatever the screens do.
            builder.HasIndex(mapping => mapping.AppUserId).IsUnique();
            builder.HasIndex(mapping => mapping.Reference).IsUnique();
            // One for each way the list can be sorted: a page is read off it, however many people there are.
            builder.HasIndex(mapping => new { mapping.Rank, mapping.Name, mapping.Number });
            builder.HasIndex(mapping => new { mapping.Name, mapping.Number });
            builder.HasIndex(mapping => new { mapping.State, mapping.Name, mapping.Number });
            builder.HasIndex(mapping => new { mapping.LastSignInAt, mapping.Number });
            builder.HasIndex(mapping => mapping.UserName);
            builder.HasIndex(mapping => mapping.Mail);
            builder.HasIndex(mapping => new { mapping.SuggestionScore, mapping.Name, mapping.Number }).HasFilter("\"SuggestedAppUserId\" IS NOT NULL");
            builder.HasIndex(mapping => mapping.IsAdministrator).HasFilter("\"IsAdministrator\"");
        }
    }
}
