using BoxPortal.Box;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Groups;

/// <summary>Why somebody is in a group. A membership may have several sources, and lasts as long as one is left.</summary>
public sealed class MembershipSource
{
    /// <summary>An administrator put them in by hand.</summary>
    public const string Hand = "hand";

    /// <summary>The group's owner put them in.</summary>
    public const string Owner = "owner";

    /// <summary>They were in it, in Box, before any other source of the portal's came to it.</summary>
    public const string InBox = "box";

    /// <summary>A rule of the directory's sync gives it: this, followed by the rule's number.</summary>
    public const string DirectoryPrefix = "directory:";

    /// <summary>Box's ID of the group.</summary>
    public required string GroupId { get; init; }

    /// <summary>Box's ID of the member.</summary>
    public required string AppUserId { get; init; }

    /// <summary><see cref="Hand"/>, <see cref="Owner"/>, <see cref="InBox"/>, or <see cref="DirectoryPrefix"/> and a rule's number.</summary>
    public required string Source { get; init; }

    /// <summary>Of who was in it in Box: as what, when that was noted. <c>null</c> where it is not known, and for what the portal gave.</summary>
    public GroupRole? Role { get; init; }

    /// <summary>Since when, UTC; of who was in it in Box, when that was noted.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Who caused it: a name, or <c>BoxPortal</c>.</summary>
    public required string By { get; init; }

    /// <summary>Why, in their words.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether a rule of the directory's sync gives it.</summary>
    public bool IsDirectory => Source.StartsWith(DirectoryPrefix, StringComparison.Ordinal);

    /// <summary>Since when somebody is in a group by all that gave it; or before when, where they were in it in Box first, whose lists have no dates.</summary>
    public static (DateTimeOffset? Since, DateTimeOffset? Before) DatesOf(IEnumerable<MembershipSource> sources)
    {
        var (first, inBox) = (sources.MinBy(source => source.Since), sources.FirstOrDefault(source => source.Source == InBox));
        return inBox is null ? (first?.Since, null) : (null, first!.Since);
    }

    /// <summary>The source that a rule is.</summary>
    public static string OfRule(long ruleId) => FormattableString.Invariant($"{DirectoryPrefix}{ruleId}");

    internal sealed class Table : IEntityTypeConfiguration<MembershipSource>
    {
        public void Configure(EntityTypeBuilder<MembershipSource> builder)
        {
            builder.ToTable("MembershipSources");
            builder.HasKey(source => new { source.GroupId, source.AppUserId, source.Source });
            builder.Ignore(source => source.IsDirectory);
            builder.Property(source => source.Role).HasConversion<string>().HasMaxLength(16);
            builder.HasIndex(source => source.AppUserId);
            builder.HasIndex(source => source.Source);
        }
    }
}
