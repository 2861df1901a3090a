using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Imports;

/// <summary>What would become of a line. Stored by name.</summary>
public enum LineVerdict
{
    /// <summary>The person will act as the app user.</summary>
    Map,

    /// <summary>The person will get a new app user.</summary>
    Create,

    /// <summary>The person acts as another app user now; whoever confirms says whether such lines count.</summary>
    Change,

    /// <summary>It is as the line wants it.</summary>
    Same,

    /// <summary>It does not say which app user, and none is alike enough to take it unasked.</summary>
    Undecided,

    /// <summary>The portal does not know the person, and the line does not say enough to enter them.</summary>
    UnknownPerson,

    /// <summary>It names more than one person.</summary>
    Ambiguous,

    /// <summary>An earlier line is about the same person.</summary>
    Double,

    /// <summary>The app user is somebody else's.</summary>
    Taken,

    /// <summary>Box lists no such app user.</summary>
    AppUserUnknown,

    /// <summary>The app user is inactive in Box.</summary>
    AppUserInactive,

    /// <summary>The app user is another Box application's.</summary>
    Foreign,

    /// <summary>The person is suspended.</summary>
    Suspended,

    /// <summary>Some of its bytes are no text.</summary>
    BadEncoding,

    /// <summary>A spreadsheet would run one of its cells.</summary>
    Formula,

    /// <summary>One of its cells is not what its column holds.</summary>
    Invalid,
}

/// <summary>One line of an import, what would become of it, and why.</summary>
public sealed class ImportLine
{
    /// <summary>The import.</summary>
    public required long JobId { get; init; }

    /// <summary>Where the line begins in its source, from 1; the first line names the columns.</summary>
    public required int Line { get; init; }

    /// <summary>The person's object ID, as given; empty if it is not.</summary>
    public required string ObjectId { get; init; }

    /// <summary>The person's mail address or sign-in name, as given; empty if it is not.</summary>
    public required string Mail { get; init; }

    /// <summary>The person's name, as given; empty if it is not.</summary>
    public required string Name { get; init; }

    /// <summary>A Box ID, <c>new</c>, or empty.</summary>
    public required string AppUser { get; init; }

    /// <summary>Why, if the line has a reason of its own.</summary>
    public required string Reason { get; init; }

    /// <summary>What would become of it; <c>null</c> until it is checked.</summary>
    public LineVerdict? Verdict { get; set; }

    /// <summary>Why, in words for administrators.</summary>
    public string Words { get; set; } = "";

    /// <summary>Object ID of the person it is about.</summary>
    public Guid? PersonId { get; set; }

    /// <summary>Their name.</summary>
    public string? PersonName { get; set; }

    /// <summary>The version of their mapping; <c>null</c> for somebody the portal does not know yet.</summary>
    public int? SeenVersion { get; set; }

    /// <summary>The app user they have now.</summary>
    public string? FormerAppUserId { get; set; }

    /// <summary>The app user they would have.</summary>
    public string? AppUserId { get; set; }

    /// <summary>Whether a change was made of it when the import was confirmed.</summary>
    public bool IsApplied { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<ImportLine>
    {
        public void Configure(EntityTypeBuilder<ImportLine> builder)
        {
            builder.ToTable("ImportLines");
            builder.HasKey(line => new { line.JobId, line.Line });
            builder.HasOne<Import>().WithMany().HasForeignKey(line => line.JobId);
            builder.Property(line => line.Verdict).HasConversion<string>().HasMaxLength(16);
            builder.HasIndex(line => new { line.JobId, line.Verdict, line.Line });
        }
    }
}
