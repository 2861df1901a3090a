namespace BoxPortal.Sandbox;

/// <summary>A folder; also each user's root.</summary>
public sealed class Folder : Item
{
    /// <summary>The id of everybody's own root.</summary>
    public const string RootId = "0";

    // Box compares names without case, and a file and a folder cannot share one.
    private readonly Dictionary<string, Item> _children = new(StringComparer.OrdinalIgnoreCase);

    internal Folder() { }

    internal User RootOwner { get; init; } = null!;

    public bool IsRoot => Parent is null;

    public IReadOnlyCollection<Item> Children => _children.Values;

    /// <summary>The child of that name, whatever its case.</summary>
    public Item? Child(string name) => _children.GetValueOrDefault(name);

    internal void Adopt(Item item)
    {
        _children.Add(item.Name, item);
        item.Parent = this;
    }

    internal void Release(Item item) => _children.Remove(item.Name);
}
