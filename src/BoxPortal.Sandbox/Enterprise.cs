using System.Globalization;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox;

/// <summary>
/// All of Box's state: one enterprise with one app. Whoever reads or writes it holds <see cref="Gate"/>;
/// the methods here take it themselves, the handlers under <c>/2.0</c> hold it for the whole of a call.
/// Ids are counted, so that the same steps give the same ids.
/// </summary>
public sealed class Enterprise
{
    /// <summary>The enterprise's id, the <c>sub</c> of the service account's assertions.</summary>
    public const string Id = "900000001";

    private readonly Dictionary<string, User> _usersByLogin = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, User> _usersByExternalId = [];
    private readonly Dictionary<string, Group> _groupsByName = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, GroupMembership> _memberships = [];
    private readonly Dictionary<string, Collaboration> _collaborations = [];
    private readonly Dictionary<string, Folder> _folders = [];
    private readonly Dictionary<string, BoxFile> _files = [];
    private readonly Dictionary<string, Item> _trash = [];
    private readonly Dictionary<string, Token> _tokens = [];
    private readonly Dictionary<string, DateTimeOffset> _assertions = [];
    private readonly Dictionary<string, Download> _downloads = [];
    private readonly Dictionary<string, ZipDownload> _zips = [];
    private readonly Dictionary<string, UploadSession> _uploads = [];
    private readonly List<(Collaboration Collaboration, User? Of, DateTimeOffset Until)> _fading = [];
    private readonly SandboxOptions _options;
    private readonly SandboxClock _clock;
    private long _lastUser, _lastGroup, _lastMembership, _lastCollaboration, _lastFolder, _lastFile, _lastVersion;

    /// <summary>An enterprise with nobody in it but the service account.</summary>
    public Enterprise(SandboxOptions options, SandboxClock clock)
    {
        (_options, _clock) = (options, clock);
        foreach (var origin in options.PortalOrigins)
        {
            App.CorsOrigins.Add(origin);
        }
        Clear();
    }

    /// <summary>The one lock.</summary>
    public Lock Gate { get; } = new();

    public BoxApp App { get; } = new();

    /// <summary>The user that Box makes for the app; owner of every folder the company shares.</summary>
    public User ServiceAccount { get; private set; } = null!;

    /// <summary>Who acts now, for the events; the service account where nobody calls.</summary>
    internal User? Actor { get; set; }

    internal EventLog Events { get; } = new();

    /// <summary>How long a new membership or collaboration takes until the people concerned see what it brings.</summary>
    public TimeSpan SpreadsWithin { get; set; }

    /// <summary>How long a new or renamed item takes until a search finds it.</summary>
    public TimeSpan FindsWithin { get; set; }

    // In the order of their ids, as lists are.
    public SortedDictionary<string, User> Users { get; } = new(StringComparer.Ordinal);
    public IReadOnlyDictionary<string, User> UsersByLogin => _usersByLogin;
    public IReadOnlyDictionary<string, User> UsersByExternalId => _usersByExternalId;
    public SortedDictionary<string, Group> Groups { get; } = new(StringComparer.Ordinal);
    public IReadOnlyDictionary<string, Group> GroupsByName => _groupsByName;
    public IReadOnlyDictionary<string, GroupMembership> Memberships => _memberships;
    public IReadOnlyDictionary<string, Collaboration> Collaborations => _collaborations;
    public IReadOnlyDictionary<string, Folder> Folders => _folders;
    public IReadOnlyDictionary<string, BoxFile> Files => _files;
    public IReadOnlyDictionary<string, Token> Tokens => _tokens;

    /// <summary>What was thrown away, each without what was in it.</summary>
    public IReadOnlyDictionary<string, Item> Trashed => _trash;

    /// <summary>
    /// Forgets everybody and everything, and turns the app's switches back. Tokens stay: they name their user by id,
    /// so a portal that was running goes on with the same people of the next seed.
    /// </summary>
    public void Clear()
    {
        lock (Gate)
        {
            Users.Clear();
            _usersByLogin.Clear();
            _usersByExternalId.Clear();
            Groups.Clear();
            _groupsByName.Clear();
            _memberships.Clear();
            _collaborations.Clear();
            _folders.Clear();
            _files.Clear();
            _trash.Clear();
            _uploads.Clear();
            _fading.Clear();
            (_lastUser, _lastGroup, _lastMembership, _lastCollaboration) = (20_000_000_000, 30_000_000, 40_000_000_000, 50_000_000_000);
            (_lastFolder, _lastFile, _lastVersion) = (60_000_000_000, 700_000_000_000, 800_000_000_000);
            App.Restore();
            (SpreadsWithin, FindsWithin) = (_options.SpreadsWithin, _options.FindsWithin);

            ServiceAccount = Add(new User
            {
                Id = Next(ref _lastUser),
                Name = "BoxPortal",
                Login = "AutomationUser_1000001_sandbox@boxdevedition.com",
                Role = "coadmin",
                SpaceAmount = -1,
                CreatedAt = _clock.GetUtcNow(),
                ModifiedAt = _clock.GetUtcNow(),
            });
            Events.Clear(); // the company begins anew
        }
    }

    /// <summary>Makes a user of the app, who has no login of their own.</summary>
    /// <param name="name">As shown.</param>
    /// <param name="externalAppUserId">The maker's own identifier; unique where given.</param>
    /// <param name="at">When; now unless told.</param>
    public User AddAppUser(string name, string? externalAppUserId, DateTimeOffset? at = null)
    {
        lock (Gate)
        {
            var id = Next(ref _lastUser);
            return Add(new User
            {
                Id = id,
                Name = name,
                Login = $"AppUser_1000001_{Secret.Fingerprint(id)[..10]}@boxdevedition.com",
                IsPlatformAccessOnly = true,
                ExternalAppUserId = externalAppUserId,
                CreatedAt = at ?? _clock.GetUtcNow(),
                ModifiedAt = at ?? _clock.GetUtcNow(),
            });
        }
    }

    /// <summary>Makes a user who signs in to Box.</summary>
    public User AddManagedUser(string name, string login, string role = "user", DateTimeOffset? at = null)
    {
        lock (Gate)
        {
            return Add(new User
            {
                Id = Next(ref _lastUser),
                Name = name,
                Login = login,
                Role = role,
                CreatedAt = at ?? _clock.GetUtcNow(),
                ModifiedAt = at ?? _clock.GetUtcNow(),
            });
        }
    }

    /// <summary>Changes the identifier under which the app finds the user.</summary>
    public void Rekey(User user, string? externalAppUserId)
    {
        lock (Gate)
        {
            if (user.ExternalAppUserId is not null)
            {
                _usersByExternalId.Remove(user.ExternalAppUserId);
            }
            if (externalAppUserId is not null)
            {
                _usersByExternalId.Add(externalAppUserId, user);
            }
            user.ExternalAppUserId = externalAppUserId;
        }
    }

    /// <summary>Changes the address the user signs in with.</summary>
    internal void Relogin(User user, string login)
    {
        _usersByLogin.Remove(user.Login);
        _usersByLogin.Add(login, user);
        user.Login = login;
    }

    /// <summary>Removes the user with memberships, collaborations and all they own.</summary>
    public void Remove(User user)
    {
        lock (Gate)
        {
            user.Memberships.ToList().ForEach(Remove);
            user.Collaborations.ToList().ForEach(Remove);
            user.Root.Children.Concat(_trash.Values.Where(item => item.Owner == user)).ToList().ForEach(Remove);
            Rekey(user, null);
            _usersByLogin.Remove(user.Login);
            Users.Remove(user.Id);
            Happened("DELETE_USER", OfUser(user));
        }
    }

    public Group AddGroup(string name, string description = "", DateTimeOffset? at = null)
    {
        lock (Gate)
        {
            var group = new Group
            {
                Id = Next(ref _lastGroup),
                Name = name,
                Description = description,
                CreatedAt = at ?? _clock.GetUtcNow(),
                ModifiedAt = at ?? _clock.GetUtcNow(),
            };
            Groups.Add(group.Id, group);
            _groupsByName.Add(name, group);
            Happened("GROUP_CREATION", OfGroup(group), null, at);
            return group;
        }
    }

    internal void Rename(Group group, string name)
    {
        _groupsByName.Remove(group.Name);
        _groupsByName.Add(name, group);
        group.Name = name;
    }

    /// <summary>Removes the group with its memberships and collaborations.</summary>
    public void Remove(Group group)
    {
        lock (Gate)
        {
            group.Memberships.ToList().ForEach(Remove);
            group.Collaborations.ToList().ForEach(Remove);
            _groupsByName.Remove(group.Name);
            Groups.Remove(group.Id);
            Happened("GROUP_DELETION", OfGroup(group));
        }
    }

    public GroupMembership AddMembership(User user, Group group, string role = "member", DateTimeOffset? at = null)
    {
        lock (Gate)
        {
            var membership = new GroupMembership
            {
                Id = Next(ref _lastMembership),
                User = user,
                Group = group,
                Role = role,
                CreatedAt = at ?? _clock.GetUtcNow(),
                ModifiedAt = at ?? _clock.GetUtcNow(),
            };
            _memberships.Add(membership.Id, membership);
            user.Memberships.Add(membership);
            group.Memberships.Add(membership);
            Happened("GROUP_ADD_USER", OfUser(user), OfGroup(group), at);
            return membership;
        }
    }

    public void Remove(GroupMembership membership)
    {
        lock (Gate)
        {
            foreach (var collaboration in membership.Group.Collaborations)
            {
                Fade(collaboration, membership.User);
            }
            _memberships.Remove(membership.Id);
            Happened("GROUP_REMOVE_USER", OfUser(membership.User), OfGroup(membership.Group));
            membership.User.Memberships.Remove(membership);
            membership.Group.Memberships.Remove(membership);
        }
    }

    /// <summary>Gives a group access to an item and all that is below it.</summary>
    /// <param name="item">A file or folder; never a root.</param>
    /// <param name="group">Whose members gain the access.</param>
    /// <param name="role"><c>editor</c>, <c>viewer</c>, <c>previewer</c>, <c>uploader</c>, <c>previewer uploader</c>, <c>viewer uploader</c> or <c>co-owner</c>.</param>
    /// <param name="isAccessOnly">Reachable by id, but not listed in All Files.</param>
    /// <param name="at">When; now unless told.</param>
    public Collaboration AddCollaboration(Item item, Group group, string role, bool isAccessOnly = false, DateTimeOffset? at = null) =>
        AddCollaboration(item, null, group, role, ServiceAccount, isAccessOnly, at);

    /// <summary>Gives one user access to an item and all that is below it.</summary>
    public Collaboration AddCollaboration(Item item, User user, string role, bool isAccessOnly = false, DateTimeOffset? at = null) =>
        AddCollaboration(item, user, null, role, ServiceAccount, isAccessOnly, at);

    internal Collaboration AddCollaboration(Item item, User? user, Group? group, string role, User by, bool isAccessOnly, DateTimeOffset? at)
    {
        lock (Gate)
        {
            var collaboration = new Collaboration
            {
                Id = Next(ref _lastCollaboration),
                Item = item,
                User = user,
                Group = group,
                RoleName = role,
                IsAccessOnly = isAccessOnly,
                CreatedBy = by,
                CreatedAt = at ?? _clock.GetUtcNow(),
                ModifiedAt = at ?? _clock.GetUtcNow(),
            };
            _collaborations.Add(collaboration.Id, collaboration);
            item.Collaborations.Add(collaboration);
            (user?.Collaborations ?? group!.Collaborations).Add(collaboration);
            Happened(user is null ? "GROUP_ADD_ITEM" : "COLLABORATION_INVITE", OfItem(item), OfCollaboration(collaboration), at);
            return collaboration;
        }
    }

    public void Remove(Collaboration collaboration)
    {
        lock (Gate)
        {
            Fade(collaboration, collaboration.User);
            _collaborations.Remove(collaboration.Id);
            collaboration.Item.Collaborations.Remove(collaboration);
            (collaboration.User?.Collaborations ?? collaboration.Group!.Collaborations).Remove(collaboration);
            Happened(collaboration.User is null ? "GROUP_REMOVE_ITEM" : "COLLABORATION_REMOVE", OfItem(collaboration.Item), OfCollaboration(collaboration));
        }
    }

    /// <summary>Makes a folder. The service account makes it unless told otherwise; it belongs to whose tree it lies in.</summary>
    public Folder AddFolder(Folder parent, string name, User? by = null, DateTimeOffset? at = null)
    {
        lock (Gate)
        {
            var folder = new Folder
            {
                Id = Next(ref _lastFolder),
                Name = name,
                CreatedBy = by ?? ServiceAccount,
                ModifiedBy = by ?? ServiceAccount,
                CreatedAt = at ?? _clock.GetUtcNow(),
                ModifiedAt = at ?? _clock.GetUtcNow(),
                NamedAt = at ?? _clock.GetUtcNow(),
            };
            parent.Adopt(folder);
            _folders.Add(folder.Id, folder);
            return folder;
        }
    }

    /// <summary>Makes a file with its first version.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="name">Unique there, whatever its case.</param>
    /// <param name="content">Its bytes; kept, not copied.</param>
    /// <param name="by">Who uploads it; the service account unless told.</param>
    /// <param name="at">When; now unless told.</param>
    public BoxFile AddFile(Folder folder, string name, byte[] content, User? by = null, DateTimeOffset? at = null)
    {
        lock (Gate)
        {
            var file = new BoxFile
            {
                Id = Next(ref _lastFile),
                Name = name,
                CreatedBy = by ?? ServiceAccount,
                ModifiedBy = by ?? ServiceAccount,
                CreatedAt = at ?? _clock.GetUtcNow(),
                ModifiedAt = at ?? _clock.GetUtcNow(),
                NamedAt = at ?? _clock.GetUtcNow(),
                ContentCreatedAt = at ?? _clock.GetUtcNow(),
                ContentModifiedAt = at ?? _clock.GetUtcNow(),
            };
            AddVersion(file, content, by ?? ServiceAccount, file.CreatedAt);
            folder.Adopt(file);
            _files.Add(file.Id, file);
            Happened("UPLOAD", OfItem(file), null, at);
            return file;
        }
    }

    internal FileVersion AddVersion(BoxFile file, byte[] content, User by, DateTimeOffset at)
    {
        FileVersion version = new(content) { Id = Next(ref _lastVersion), CreatedBy = by, CreatedAt = at };
        file.Versions.Add(version);
        return version;
    }

    /// <summary>Makes another of the item with all that is below it, as it is now: versions and collaborations stay behind.</summary>
    internal Item Copy(Item item, Folder into, string name, User by)
    {
        if (item is BoxFile file)
        {
            return AddFile(into, name, file.Current.Content, by);
        }
        var originals = ((Folder)item).Children.ToList();
        var copy = AddFolder(into, name, by);
        originals.ForEach(child => Copy(child, copy, child.Name, by));
        return copy;
    }

    /// <summary>Renames the item, moves it, or both. The name must be free where it goes.</summary>
    internal void Move(Item item, Folder parent, string name)
    {
        item.Parent!.Release(item);
        var type = parent == item.Parent ? "RENAME" : "MOVE";
        (item.Name, item.NamedAt) = (name, _clock.GetUtcNow());
        parent.Adopt(item);
        Happened(type, OfItem(item));
    }

    /// <summary>Removes the item with its collaborations and all that is below it, for good.</summary>
    public void Remove(Item item)
    {
        lock (Gate)
        {
            Withdraw(item);
            if (!_trash.Remove(item.Id))
            {
                item.Parent!.Release(item);
            }
        }
    }

    /// <summary>Throws the item away with all that is below it. Its collaborations end; it can be brought back.</summary>
    internal void Trash(Item item, User by)
    {
        Happened("DELETE", OfItem(item));
        Withdraw(item);
        item.Parent!.Release(item); // but it stays known whose it was, and where it lay
        (item.TrashedAt, item.TrashedBy) = (_clock.GetUtcNow(), by);
        _trash.Add(item.Id, item);
    }

    /// <summary>Brings the item back with all that is below it. The name must be free where it goes.</summary>
    internal void Restore(Item item, Folder parent, string name)
    {
        _trash.Remove(item.Id);
        (item.TrashedAt, item.TrashedBy) = (null, null);
        (item.Name, item.NamedAt) = (name, _clock.GetUtcNow());
        parent.Adopt(item);
        Enter(item);
        Happened("UNDELETE", OfItem(item));
    }

    /// <summary>Whether what was made then shows by now.</summary>
    internal bool HasSpread(DateTimeOffset madeAt) => SpreadsWithin == TimeSpan.Zero || madeAt + SpreadsWithin <= _clock.GetUtcNow();

    /// <summary>What was taken from the user, but has not spread yet.</summary>
    internal IEnumerable<Collaboration> FadingOf(User user) =>
        _fading.Where(fading => fading.Until > _clock.GetUtcNow() && (fading.Of ?? user) == user && Find(fading.Collaboration.Item.Id) is not null
            && (fading.Of is not null || user.Memberships.Any(membership => membership.Group == fading.Collaboration.Group)))
            .Select(fading => fading.Collaboration);

    /// <summary>Whether a search knows the item, by the name it has now.</summary>
    internal bool IsIndexed(Item item) => FindsWithin == TimeSpan.Zero || item.NamedAt + FindsWithin <= _clock.GetUtcNow();

    /// <summary>Whether the collaboration brings anything now.</summary>
    internal bool IsInForce(Collaboration collaboration) =>
        collaboration is { Status: "accepted", IsDropped: false } && !(collaboration.ExpiresAt <= _clock.GetUtcNow()) && HasSpread(collaboration.CreatedAt);

    /// <summary>The file or folder with that id.</summary>
    internal Item? Find(string itemId) => _folders.TryGetValue(itemId, out var folder) ? folder : _files.GetValueOrDefault(itemId);

    /// <summary>Issues a token. Box's tokens live for somewhat over an hour, each as long as it says.</summary>
    internal (Token Token, int ExpiresIn) Issue(User user, IReadOnlySet<string> scopes, string? resourceId)
    {
        var now = _clock.GetUtcNow();
        var value = Secret.New();
        var expiresIn = 3600 + (int)(Convert.ToUInt32(Secret.Fingerprint(value)[..8], 16) % 648);
        var token = new Token(value, user.Id, scopes, resourceId, now.AddSeconds(expiresIn));
        lock (Gate)
        {
            Sweep(_tokens, held => held.ExpiresAt, now);
            _tokens.Add(value, token);
        }
        return (token, expiresIn);
    }

    /// <summary>The token and whom it acts as, where it is still good and its user still active.</summary>
    internal (Token Token, User User)? Honour(string value)
    {
        lock (Gate)
        {
            return _tokens.TryGetValue(value, out var token) && token.ExpiresAt > _clock.GetUtcNow()
                && Users.TryGetValue(token.UserId, out var user) && user.Status != "inactive"
                ? (token, user)
                : null;
        }
    }

    /// <summary>Ends the token at once.</summary>
    internal void Revoke(string value)
    {
        lock (Gate)
        {
            _tokens.Remove(value);
        }
    }

    /// <summary>Takes note of an assertion's <c>jti</c>.</summary>
    /// <returns>Whether it is new: a second use is a replay.</returns>
    internal bool Witness(string jti, DateTimeOffset expiresAt)
    {
        lock (Gate)
        {
            Sweep(_assertions, expiry => expiry, _clock.GetUtcNow());
            return _assertions.TryAdd(jti, expiresAt);
        }
    }

    /// <summary>Makes up an address for a download.</summary>
    /// <returns>The key in it.</returns>
    internal string Offer(Download download)
    {
        Sweep(_downloads, offered => offered.ExpiresAt, _clock.GetUtcNow());
        var key = Secret.New();
        _downloads.Add(key, download);
        return key;
    }

    /// <summary>What was offered at that address, where it is still good.</summary>
    internal Download? Collect(string key)
    {
        lock (Gate)
        {
            return _downloads.TryGetValue(key, out var download) && download.ExpiresAt > _clock.GetUtcNow() ? download : null;
        }
    }

    /// <summary>Makes up an address for an archive.</summary>
    /// <returns>The key in it.</returns>
    internal string Offer(ZipDownload zip)
    {
        Sweep(_zips, offered => offered.ExpiresAt, _clock.GetUtcNow());
        var key = Secret.New();
        _zips.Add(key, zip);
        return key;
    }

    /// <summary>The archive offered at that address, where it is still good.</summary>
    internal ZipDownload? FindZip(string key) => _zips.TryGetValue(key, out var zip) && zip.ExpiresAt > _clock.GetUtcNow() ? zip : null;

    /// <summary>Begins an upload in parts.</summary>
    internal void Open(UploadSession session) => _uploads.Add(session.Id, session);

    /// <summary>The upload in parts, where it has neither ended nor expired.</summary>
    internal UploadSession? FindUploadSession(string id) =>
        _uploads.TryGetValue(id, out var session) && session.ExpiresAt > _clock.GetUtcNow() ? session : null;

    /// <summary>The upload in parts that the user has begun already for the same file.</summary>
    internal UploadSession? FindUploadSession(User user, Folder? folder, BoxFile? file, string name, long size) =>
        _uploads.Values.FirstOrDefault(session => session.User == user && session.Folder == folder && session.File == file && session.Content.LongLength == size
            && session.Name.Equals(name, StringComparison.OrdinalIgnoreCase) && session.ExpiresAt > _clock.GetUtcNow());

    /// <summary>Forgets an upload in parts, which came to its end or never will.</summary>
    internal void Close(UploadSession session) => _uploads.Remove(session.Id);

    /// <summary>Takes note of an event.</summary>
    internal void Happened(string type, JsonObject source, JsonObject? details = null, DateTimeOffset? at = null) =>
        Events.Add(type, at ?? _clock.GetUtcNow(), Actor ?? ServiceAccount, source, details);

    /// <summary>A user as the source of an event.</summary>
    internal static JsonObject OfUser(User user) => new() { ["type"] = "user", ["id"] = user.Id, ["name"] = user.Name, ["login"] = user.Login };

    /// <summary>A group as the source of an event.</summary>
    internal static JsonObject OfGroup(Group group) => new() { ["group_id"] = group.Id, ["group_name"] = group.Name };

    /// <summary>A file or folder as the source of an event.</summary>
    internal static JsonObject OfItem(Item item) => new()
    {
        ["item_type"] = item is Folder ? "folder" : "file",
        ["item_id"] = item.Id,
        ["item_name"] = item.Name,
        ["parent"] = new JsonObject { ["type"] = "folder", ["id"] = item.Parent!.Id, ["name"] = item.Parent.Name },
        ["owned_by"] = OfUser(item.Owner),
    };

    /// <summary>The details of an event about a collaboration.</summary>
    internal static JsonObject OfCollaboration(Collaboration collaboration)
    {
        var details = collaboration.Group is { } group ? OfGroup(group) : new JsonObject { ["user_id"] = collaboration.User!.Id };
        (details["collab_id"], details["role"]) = (collaboration.Id, collaboration.RoleName);
        return details;
    }

    private void Fade(Collaboration collaboration, User? of)
    {
        if (SpreadsWithin > TimeSpan.Zero && IsInForce(collaboration))
        {
            _fading.RemoveAll(fading => fading.Until <= _clock.GetUtcNow());
            _fading.Add((collaboration, of, _clock.GetUtcNow() + SpreadsWithin));
        }
    }

    // What has expired is refused anyway; it goes when there is enough of it to be worth a walk.
    private static void Sweep<T>(Dictionary<string, T> held, Func<T, DateTimeOffset> expiry, DateTimeOffset now)
    {
        if (held.Count > 0 && held.Count % 4096 == 0)
        {
            foreach (var (key, _) in held.Where(entry => expiry(entry.Value) <= now).ToList())
            {
                held.Remove(key);
            }
        }
    }

    private void Enter(Item item)
    {
        if (item is Folder folder)
        {
            _folders.Add(folder.Id, folder);
            folder.Children.ToList().ForEach(Enter);
        }
        else
        {
            _files.Add(item.Id, (BoxFile)item);
        }
    }

    // Nobody finds or reaches it, nor what is below.
    private void Withdraw(Item item)
    {
        if (item is Folder folder)
        {
            folder.Children.ToList().ForEach(Withdraw);
            _folders.Remove(folder.Id);
        }
        else if (_files.Remove(item.Id))
        {
            foreach (var user in Users.Values)
            {
                user.Recent.Remove((BoxFile)item);
            }
        }
        item.Collaborations.ToList().ForEach(Remove);
    }

    private User Add(User user)
    {
        Users.Add(user.Id, user);
        _usersByLogin.Add(user.Login, user);
        if (user.ExternalAppUserId is not null)
        {
            _usersByExternalId.Add(user.ExternalAppUserId, user);
        }
        if (ServiceAccount is not null) // itself, in the beginning, is made by nobody
        {
            Happened("NEW_USER", OfUser(user), null, user.CreatedAt);
        }
        return user;
    }

    private static string Next(ref long last) => (++last).ToString(CultureInfo.InvariantCulture);
}
