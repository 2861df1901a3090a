using BoxPortal.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.Groups;

/// <summary>Somebody who may say who is in a group, and cannot rise by it.</summary>
public sealed class GroupOwner
{
    /// <summary>Box's ID of the group.</summary>
    public required string GroupId { get; init; }

    /// <summary>Directory tenant of the owner.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>Object ID of the owner.</summary>
    public required Guid ObjectId { get; init; }

    /// <summary>Since when, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The administrator who made them owner.</summary>
    public required string By { get; init; }

    /// <summary>Who it is.</summary>
    public EmployeeId EmployeeId => new(TenantId, ObjectId);

    internal sealed class Table : IEntityTypeConfiguration<GroupOwner>
    {
        public void Configure(EntityTypeBuilder<GroupOwner> builder)
        {
            builder.ToTable("GroupOwners");
            builder.HasKey(owner => new { owner.GroupId, owner.TenantId, owner.ObjectId });
            builder.Ignore(owner => owner.EmployeeId);
            builder.HasIndex(owner => new { owner.TenantId, owner.ObjectId });
        }
    }
}
