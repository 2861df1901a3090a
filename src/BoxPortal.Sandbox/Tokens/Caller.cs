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

    public User User => user;

    /// <summary>Where the caller reached us; addresses in answers start with it.</summary>
    public string BaseAddress { get; init; } = "";

    /// <summary>What a shared link in the header <c>BoxApi</c> leads to.</summary>
    public Item? Linked { get; init; }

    /// <summary>The header <c>X-Rep-Hints</c>: which forms of a file the caller could show.</summary>
    public string RepresentationHints { get; init; } = "";

    /// <summary>Whether the token may search: of all scopes for content the application's own only.</summary>
    public bool MaySearch => token.Scopes.Contains(Scope.RootReadWrite) || token.Scopes.Contains(Scope.RootReadOnly);

    /// <summary>Whether the user administers the enterprise: the service account does, within the app's scopes.</summary>
    public bool IsAdministrator => user.Role is "admin" or "coadmin";

    /// <summary>What is shared with the user, directly or through a group, and what that brings.</summary>
    public IReadOnlyDictionary<Item, Rights> Shared => _shared ??= Gather();

    /// <summary>What can be done with the item, here and now.</summary>
    public Rights On(Item item) => item is Folder { IsRoot: true }
        ? (item == user.Root ? Rights.All & ~(Rights.Rename | Rights.Delete | Rights.Edit | Rights.Share | Rights.Invite | Rights.Settings | Rights.ShareAccess) : Rights.None) & Scopes(item)
        : OfUser(item) & Scopes(item);

    /// <summary>Whether the user has any access to the item; without, it does not exist for them.</summary>
    public bool Reaches(Item item) => (item == user.Root || OfUser(item) != Rights.None) && IsWithinResource(item);

    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());

    /// <summary>Why the caller may not administer the enterprise; <c>null</c> where they may.</summary>
    public BoxError? RefusalToAdminister(string scope) =>
        !token.Scopes.Contains(scope) ? BoxError.InsufficientScope : IsAdministrator ? null : BoxError.AccessDenied;

    /// <summary>Why the caller may not do that with an item they have access to; <c>null</c> where they may.</summary>
    public BoxError? Refusal(Item item, Rights needed) =>
        !Scopes(item).HasFlag(needed) ? BoxError.InsufficientScope : On(item).HasFlag(needed) ? null : BoxError.AccessDenied;

    /// <summary>Finds a folder the caller has access to, their own root under <c>"0"</c>.</summary>
    /// <returns>Why it may not be used so; <c>null</c> where it may.</returns>
    public BoxError? OpenFolder(string id, Rights needed, out Folder folder)
    {
        folder = id == Folder.RootId ? user.Root : enterprise.Folders.GetValueOrDefault(id)!;
        return Check(folder, "folder", id, needed);
    }

    /// <summary>Finds a file the caller has access to.</summary>
    /// <returns>Why it may not be used so; <c>null</c> where it may.</returns>
    public BoxError? OpenFile(string id, Rights needed, out BoxFile file)
    {
        file = enterprise.Files.GetValueOrDefault(id)!;
        return Check(file, "file", id, needed);
    }

    /// <summary>Finds a file or a folder the caller has access to.</summary>
    public BoxError? OpenItem(string kind, string id, Rights needed, out Item item)
    {
        item = enterprise.Find(id)!;
        return Check(item is Folder == (kind == "folder") ? item : null, kind, id, needed);
    }

    /// <summary>Finds what the caller owned or threw away.</summary>
    /// <returns>Why there is none; <c>null</c> where there is.</returns>
    public BoxError? OpenTrashed(string kind, string id, out Item item)
    {
        item = enterprise.Trashed.GetValueOrDefault(id)!;
        return item is not null && item is Folder == (kind == "folder") && HoldsTrashed(item) ? RefusalOfTrash
            : enterprise.Find(id) is { } active && Reaches(active) ? new BoxError(404, "not_trashed", "Item is not trashed")
            : BoxError.NotFound(kind, id);
    }

    /// <summary>Whether the item in the trash is the caller's to see.</summary>
    public bool HoldsTrashed(Item item) => (item.Owner == user || item.TrashedBy == user) && IsWithinResource(item);

    /// <summary>Why the token may not empty the trash or take from it; <c>null</c> where it may.</summary>
    public BoxError? RefusalOfTrash => _scopes.HasFlag(Rights.Delete) ? null : BoxError.InsufficientScope;

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

    // No access is answered like no such item. What is no id at all is refused for its form, as Box does.
    private BoxError? Check(Item? item, string kind, string id, Rights needed) =>
        !id.All(char.IsAsciiDigit) ? BoxError.MethodNotAllowed
        : item is null && enterprise.Trashed.TryGetValue(id, out var thrown) && HoldsTrashed(thrown) ? new BoxError(404, "trashed", "Item is trashed")
        : item is null || !Reaches(item) ? BoxError.NotFound(kind, id)
        : Refusal(item, needed);

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
        var brought = user.Memberships.Where(membership => enterprise.HasSpread(membership.CreatedAt)).SelectMany(membership => membership.Group.Collaborations);
        foreach (var collaboration in user.Collaborations.Concat(brought).Concat(enterprise.FadingOf(user)).Where(enterprise.IsInForce))
        {
            shared[collaboration.Item] = shared.GetValueOrDefault(collaboration.Item) | Role.Of(collaboration.RoleName);
            if (!collaboration.IsAccessOnly)
            {
                _listed.Add(collaboration.Item);
            }
        }
        if (Linked is { SharedLink: { } link })
        {
            shared[Linked] = shared.GetValueOrDefault(Linked) | link.Rights;
        }
        return shared;
    }
}
