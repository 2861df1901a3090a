using BoxPortal.Box;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Groups;

/// <summary>What a kept group had of a folder when that was noted, or adopted. What the portal changes later counts instead.</summary>
public sealed class KeptFolder
{
    /// <summary>Box's ID of the group.</summary>
    public required string GroupId { get; init; }

    /// <summary>Box's ID of the folder.</summary>
    public required string FolderId { get; init; }

    /// <summary>The folder's name then.</summary>
    public required string Name { get; set; }

    /// <summary>What the group could do in it; <c>null</c> where it had no access.</summary>
    public required CollaborationRole? Role { get; set; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset Since { get; set; }

    internal sealed class Table : IEntityTypeConfiguration<KeptFolder>
    {
        public void Configure(EntityTypeBuilder<KeptFolder> builder)
        {
            builder.ToTable("KeptFolders");
            builder.HasKey(folder => new { folder.GroupId, folder.FolderId });
            builder.Property(folder => folder.GroupId).HasMaxLength(32);
            builder.Property(folder => folder.FolderId).HasMaxLength(32);
            builder.Property(folder => folder.Role).HasConversion<string>().HasMaxLength(32);
        }
    }
}
