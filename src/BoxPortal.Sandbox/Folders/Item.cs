namespace BoxPortal.Sandbox;

/// <summary>What files and folders have in common.</summary>
public abstract class Item
{
    private protected Item() { }

    public required string Id { get; init; }
    public required string Name { get; set; }

    /// <summary>The folder it lies in; <c>null</c> for a user's root only.</summary>
    public Folder? Parent { get; internal set; }

    public string Description { get; set; } = "";
    public User? CreatedBy { get; init; }
    public User? ModifiedBy { get; set; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset ModifiedAt { get; set; }

    /// <summary>Since when it has its name and its place.</summary>
    internal DateTimeOffset NamedAt { get; set; }

    /// <summary>Counts the changes; Box's <c>etag</c> and <c>sequence_id</c>.</summary>
    public int Revision { get; set; }

    /// <summary>When it was thrown away; <c>null</c> for what is in its place.</summary>
    public DateTimeOffset? TrashedAt { get; internal set; }

    /// <summary>Who threw it away, and may bring it back besides its owner.</summary>
    public User? TrashedBy { get; internal set; }

    /// <summary>Its address for others; <c>null</c> for none.</summary>
    public SharedLink? SharedLink { get; set; }

    public List<Collaboration> Collaborations { get; } = [];

    /// <summary>Content belongs to whose tree it lies in, whoever uploaded it.</summary>
    public User Owner => Parent is null ? ((Folder)this).RootOwner : Parent.Owner;

    /// <summary>The item itself, then its parent, up to the owner's root.</summary>
    public IEnumerable<Item> SelfAndAncestors()
    {
        for (var item = this; item is not null; item = item.Parent)
        {
            yield return item;
        }
    }
}
