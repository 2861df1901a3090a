namespace BoxPortal.Sandbox;

/// <summary>
/// Who calls, with which token. What the caller may do with an item is what its user may, and of that what the token
/// allows: the collaboration's role ∩ the token's scopes ∩ the token's resource.
/// </summary>
internal sealed class Caller(Enterprise enterprise, Token token, User user)
{
    private readonly Rights _scopes = Scope.OnContent(token.Scopes);
    private readonly HashSet<Item> _listed = [];
    private Dictionary<Item, Rights>? _shared;

    public Enterprise Enterprise => enterprise;
    public Token Token => token;
    public User User => user;

    /// <summary>Whether the user administers the enterprise: the service account does, within the app's scopes.</summary>
    public bool IsAdministrator => user.Role is "admin" or "coadmin";

    /// <summary>What is shared with the user, directly or through a group, and what that brings.</summary>
    public IReadOnlyDictionary<Item, Rights> Shared => _shared ??= Gather();

    /// <summary>What can be done with the item, here and now.</summary>
    public Rights On(Item item) => item is Folder { IsRoot: true }
        ? (item == user.Root ? Rights.All & ~(Rights.Rename | Rights.Delete | Rights.Edit | Rights.Share | Rights.Invite | Rights.Settings) : Rights.None) & Scopes(item)
        : OfUser(item) & Scopes(item);

    /// <summary>Whether the user has any access to the item; without, it does not exist for them.</summary>
    public bool Reaches(Item item) => OfUser(item) != Rights.None && IsWithinResource(item);

    /// <summary>Whether the token, not the user, is what stands in the way.</summary>
    public bool LacksScope(Item item, Rights needed) => !Scopes(item).HasFlag(needed);

    /// <summary>
    /// The item's ancestors as the user sees them, from the user's own root down to the parent. Above what was shared
    /// with the user there is nothing but the root.
    /// </summary>
    public IReadOnlyList<Folder> PathOf(Item item)
    {
        if (item is Folder { IsRoot: true })
        {
            return [];
        }
        var ancestors = item.SelfAndAncestors().Skip(1).OfType<Folder>().Where(folder => !folder.IsRoot).Reverse().ToList();
        var first = OwnedBy(item) ? 0 : ancestors.FindIndex(Shared.ContainsKey);
        return [user.Root, .. first < 0 ? [] : ancestors.Skip(first)];
    }

    /// <summary>What the user finds in a folder. The root has what they own and what was shared, unless it lies below something listed already.</summary>
    public IEnumerable<Item> Children(Folder folder) =>
        folder != user.Root
            ? folder.Children
            : folder.Children.Concat(Shared.Keys.Where(item => IsListed(item) && !item.SelfAndAncestors().Skip(1).Any(IsListed)));

    private bool OwnedBy(Item item) => item.Owner == user;

    private bool IsListed(Item item) => _listed.Contains(item) && !OwnedBy(item);

    private Rights OfUser(Item item) =>
        OwnedBy(item) ? Rights.All : item.SelfAndAncestors().Aggregate(Rights.None, (rights, each) => rights | Inherited(each, item));

    // An editor may not delete or move the shared folder itself, only what is in it.
    private Rights Inherited(Item shared, Item item)
    {
        var rights = Shared.GetValueOrDefault(shared);
        return shared == item && !rights.HasFlag(Rights.Settings) ? rights & ~(Rights.Delete | Rights.Edit) : rights;
    }

    private Rights Scopes(Item item) => IsWithinResource(item) ? _scopes : Rights.None;

    private bool IsWithinResource(Item item) => token.ResourceId is null || item.SelfAndAncestors().Any(each => each.Id == token.ResourceId);

    private Dictionary<Item, Rights> Gather()
    {
        Dictionary<Item, Rights> shared = [];
        foreach (var collaboration in user.Collaborations.Concat(user.Memberships.SelectMany(membership => membership.Group.Collaborations)))
        {
            shared[collaboration.Item] = shared.GetValueOrDefault(collaboration.Item) | Role.Of(collaboration.RoleName);
            if (!collaboration.IsAccessOnly)
            {
                _listed.Add(collaboration.Item);
            }
        }
        return shared;
    }
}
