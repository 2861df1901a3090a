namespace BoxPortal.Sandbox;

/// <summary>A user of the enterprise: the service account, a managed user, or an app user.</summary>
public sealed class User
{
    internal User() => Root = new Folder { Id = Folder.RootId, Name = "All Files", RootOwner = this };

    public required string Id { get; init; }
    public required string Name { get; set; }
    public required string Login { get; set; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset ModifiedAt { get; set; }

    /// <summary>Made and managed by the app, without a login of its own.</summary>
    public bool IsPlatformAccessOnly { get; init; }

    /// <summary>Another application of the enterprise made this app user: ours sees it, but may not act as it.</summary>
    public bool IsOfAnotherApp { get; set; }

    /// <summary>The identifier the app's maker chose. Changed through <see cref="Enterprise.Rekey"/>, which keeps the index.</summary>
    public string? ExternalAppUserId { get; internal set; }

    /// <summary><c>active</c>, <c>inactive</c>, <c>cannot_delete_edit</c> or <c>cannot_delete_edit_upload</c>.</summary>
    public string Status { get; set; } = "active";

    /// <summary><c>admin</c>, <c>coadmin</c> or <c>user</c>.</summary>
    public string Role { get; set; } = "user";

    public string Language { get; set; } = "en";
    public string Timezone { get; set; } = "America/Los_Angeles";

    /// <summary>Where Box writes to instead of the login, once it is confirmed.</summary>
    public NotificationEmail? NotificationEmail { get; set; }

    public string JobTitle { get; set; } = "";
    public string Phone { get; set; } = "";
    public string Address { get; set; } = "";

    /// <summary>Bytes; Box gives 10 GiB unless told, -1 is without limit.</summary>
    public long SpaceAmount { get; set; } = 10L << 30;

    /// <summary>The user's own "All Files", whose children are what the user owns at top level.</summary>
    public Folder Root { get; }

    public List<GroupMembership> Memberships { get; } = [];

    /// <summary>What the user last did with which file: Box's <c>interaction_type</c>, and when.</summary>
    internal Dictionary<BoxFile, (string Kind, DateTimeOffset At)> Recent { get; } = [];

    /// <summary>Collaborations with the user directly, not those of the groups.</summary>
    public List<Collaboration> Collaborations { get; } = [];
}

/// <summary>Another address of a user.</summary>
/// <param name="Email">The address.</param>
/// <param name="IsConfirmed">Whoever reads there has said so.</param>
public sealed record NotificationEmail(string Email, bool IsConfirmed);
