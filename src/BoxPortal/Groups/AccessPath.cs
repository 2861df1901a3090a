using BoxPortal.Box;
using BoxPortal.Shell;

namespace BoxPortal.Groups;

/// <summary>One way by which an app user comes to a folder.</summary>
public abstract record AccessPath
{
    private AccessPath(AccessFolder on) => On = on;

    /// <summary>The folder on which the way was opened: the one asked about, or one above it.</summary>
    public AccessFolder On { get; }

    /// <summary>What it allows.</summary>
    public abstract CollaborationRole Role { get; }

    /// <summary>Why it leads nowhere now; <c>null</c> where it does lead.</summary>
    public GrantFault? Fault { get; init; }

    /// <summary>Whether the folder is listed for it, not only reachable.</summary>
    public abstract bool IsListed { get; }

    /// <summary>The way in a few words, e.g. <c>Sales EMEA</c>.</summary>
    public abstract string Words { get; }

    /// <summary>A group that the app user is in has access.</summary>
    /// <param name="Membership">The app user's place in the group.</param>
    /// <param name="Group">The group.</param>
    /// <param name="Grant">The group's collaboration.</param>
    /// <param name="Folder">Where that stands.</param>
    public sealed record ThroughGroup(AccessMembership Membership, AccessGroup Group, AccessGrant Grant, AccessFolder Folder) : AccessPath(Folder)
    {
        /// <inheritdoc />
        public override CollaborationRole Role => Grant.Role;

        /// <inheritdoc />
        public override bool IsListed => !Grant.IsAccessOnly;

        /// <inheritdoc />
        public override string Words => Group.Name;
    }

    /// <summary>The app user has access by itself.</summary>
    /// <param name="Grant">Its collaboration.</param>
    /// <param name="Folder">Where that stands.</param>
    public sealed record Direct(AccessGrant Grant, AccessFolder Folder) : AccessPath(Folder)
    {
        /// <inheritdoc />
        public override CollaborationRole Role => Grant.Role;

        /// <inheritdoc />
        public override bool IsListed => !Grant.IsAccessOnly;

        /// <inheritdoc />
        public override string Words => "their own access";
    }

    /// <summary>The folder is the app user's.</summary>
    /// <param name="Folder">The folder.</param>
    public sealed record Ownership(AccessFolder Folder) : AccessPath(Folder)
    {
        /// <inheritdoc />
        public override CollaborationRole Role => CollaborationRole.Owner;

        /// <inheritdoc />
        public override bool IsListed => true;

        /// <inheritdoc />
        public override string Words => "ownership";
    }
}

/// <summary>What an app user may do in a folder, by all ways together.</summary>
/// <param name="Roles">The roles that make it up: most first, none that another includes.</param>
/// <param name="Rights">What they add up to.</param>
public sealed record FolderAccess(IReadOnlyList<CollaborationRole> Roles, FolderRights Rights)
{
    /// <summary>None at all.</summary>
    public static FolderAccess None { get; } = new([], FolderRights.None);

    /// <summary>Whether there is any.</summary>
    public bool Exists => Rights != FolderRights.None;

    /// <summary>In words, e.g. <c>viewer</c>, or <c>viewer and uploader</c> where two add up to what no single role is.</summary>
    public string Words => Said.ToString();

    /// <summary>The same, to be said in other languages.</summary>
    public Sentence Said => Exists ? Roles.Select(role => (Sentence)role.Word()).Aggregate((more, less) => new Sentence("{0} and {1}", more, less)) : "nothing";

    /// <summary>What these roles add up to.</summary>
    public static FolderAccess Of(IEnumerable<CollaborationRole> roles)
    {
        List<CollaborationRole> kept = [];
        foreach (var role in roles.Distinct().Order()) // what includes another stands before it
        {
            if (!kept.Any(more => more.Rights().HasFlag(role.Rights())))
            {
                kept.Add(role);
            }
        }

        return kept.Count == 0 ? None : new FolderAccess(kept, kept.Aggregate(FolderRights.None, (sum, role) => sum | role.Rights()));
    }
}
