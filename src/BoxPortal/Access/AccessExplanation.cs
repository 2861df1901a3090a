using BoxPortal.AppUsers;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Shell;

namespace BoxPortal.Access;

/// <summary>Why somebody does not see a folder, or not as they should: the first link that is broken. There are no others.</summary>
public enum AccessReason
{
    /// <summary>The person acts as no app user that we may act as.</summary>
    NotMapped,

    /// <summary>The app user may not act.</summary>
    Suspended,

    /// <summary>Groups have the folder, but the person is in none of them.</summary>
    NotMember,

    /// <summary>Nobody was given the folder: no group, and not the person.</summary>
    NoSuchFolder,

    /// <summary>What was given waits to be accepted, or was declined.</summary>
    Pending,

    /// <summary>Given, but so that it is not listed.</summary>
    AccessOnly,

    /// <summary>What was given has ended.</summary>
    Ended,

    /// <summary>A higher role on the folder does not count beside the lower one of a folder above.</summary>
    RoleDropped,

    /// <summary>The role would allow more than the scopes of the portal's tokens.</summary>
    TokenScope,

    /// <summary>Box does not let our application do what it must.</summary>
    AppScope,

    /// <summary>A change is so new that Box does not show it everywhere yet.</summary>
    Spreading,

    /// <summary>Box shows it; the person's open page was listed before the change.</summary>
    CachedList,
}

/// <summary>The first broken link, with what to do about it.</summary>
/// <param name="Reason">Which.</param>
/// <param name="Words">What is so.</param>
/// <param name="Repair">What helps.</param>
/// <param name="Places">Where to do it; none where there is nothing to do, or it is done in Box.</param>
public sealed record BrokenLink(AccessReason Reason, Sentence Words, Sentence Repair, params IReadOnlyList<RepairPlace> Places)
{
    /// <summary>The cause that was written down, or Box's own words, where <see cref="Words"/> lead up to them: in English.</summary>
    public string? Cause { get; init; }
}

/// <summary>Where something can be repaired.</summary>
/// <param name="Words">What to do there.</param>
/// <param name="Address">The page of the portal.</param>
public sealed record RepairPlace(Sentence Words, string Address);

/// <summary>One way to the folder, with what would be left without it.</summary>
/// <param name="Path">The way.</param>
/// <param name="MemberSince">Since when the person is in the group, where it leads through one and Box said so.</param>
/// <param name="Sources">By the portal's account, why the person is in that group; oldest first, none where it knows of none.</param>
/// <param name="WithoutIt">What the person could do in the folder without it.</param>
public sealed record ExplainedPath(AccessPath Path, DateTimeOffset? MemberSince, IReadOnlyList<ExplainedSource> Sources, FolderAccess WithoutIt);

/// <summary>Why somebody is in a group, and where to see what gave it.</summary>
/// <param name="Source">Who or what gave it, why, and since when.</param>
/// <param name="Words">The reason in words; of a rule of the directory's sync, what it says.</param>
/// <param name="Given">The change set that did, or the rules of the directory's sync; <c>null</c> where nothing here did.</param>
public sealed record ExplainedSource(MembershipSource Source, Sentence Words, RepairPlace? Given);

/// <summary>What Box itself says when asked as the app user.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Agrees">Whether it says what the chain says; <c>null</c> where it could not be asked.</param>
/// <param name="Words">What it says, and which side to believe.</param>
/// <param name="Refusal">Box's refusal, where it could not be asked.</param>
public sealed record AccessProof(DateTimeOffset At, bool? Agrees, Sentence Words, BoxApiException? Refusal = null);

/// <summary>Why a person sees a folder, or does not.</summary>
/// <param name="Mapping">The person.</param>
/// <param name="MappedBy">Who mapped them; <c>null</c> where the record does not say.</param>
/// <param name="MappedAt">When.</param>
/// <param name="AppUser">The app user as Box has it, if there is one.</param>
/// <param name="Folder">The folder.</param>
/// <param name="Trail">The folders above it, from the top.</param>
/// <param name="Paths">All ways there, nearest first; also those that lead nowhere now.</param>
/// <param name="Access">What they add up to.</param>
/// <param name="Scopes">The scopes of the person's tokens.</param>
/// <param name="Buttons">What the Explorer offers there.</param>
/// <param name="Broken">The first broken link; <c>null</c> where the chain holds.</param>
/// <param name="Proof">What Box says.</param>
/// <param name="Gaps">What could not be read.</param>
public sealed record AccessExplanation(
    AppUserMapping Mapping,
    string? MappedBy,
    DateTimeOffset? MappedAt,
    BoxUser? AppUser,
    AccessFolder Folder,
    IReadOnlyList<AccessFolder> Trail,
    IReadOnlyList<ExplainedPath> Paths,
    FolderAccess Access,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<string> Buttons,
    BrokenLink? Broken,
    AccessProof Proof,
    IReadOnlyList<Sentence> Gaps)
{
    /// <summary>Whether the person finds the folder in their files now.</summary>
    public bool IsSeen => Access.Exists && Broken?.Reason is null or AccessReason.RoleDropped or AccessReason.TokenScope or AccessReason.CachedList;

    /// <summary>What the person would have without one way, in a sentence; <c>null</c> of what is theirs, and where they see nothing now that they could lose.</summary>
    public Sentence? WithoutIt(ExplainedPath way) => !IsSeen || way.Path is AccessPath.Ownership or { Fault: not null }
        ? null
        : (way.Path is AccessPath.ThroughGroup, way.WithoutIt.Exists) switch
        {
            (true, true) => new Sentence("Without this membership they would still have {0}, as {1}.", Folder.Name, way.WithoutIt.Said),
            (true, false) => new Sentence("Without this membership they would not see {0} any more; of other folders this says nothing.", Folder.Name),
            (false, true) => new Sentence("Without it they would still have {0}, as {1}.", Folder.Name, way.WithoutIt.Said),
            (false, false) => new Sentence("Without it they would not see {0} any more; of other folders this says nothing.", Folder.Name),
        };
}

/// <summary>What came of asking. Every case is ordinary; faults are exceptions.</summary>
public abstract record AccessResult
{
    private AccessResult() { }

    /// <summary>It is explained.</summary>
    public sealed record Explained(AccessExplanation Explanation) : AccessResult;

    /// <summary>Who can see a folder.</summary>
    public sealed record Listed(FolderAudience Audience) : AccessResult;

    /// <summary>Whoever asks may not.</summary>
    public sealed record NotAllowed : AccessResult;

    /// <summary>The portal does not know the person.</summary>
    public sealed record NoSuchPerson : AccessResult;

    /// <summary>Box has no such folder, or does not show it to the service account.</summary>
    public sealed record NoSuchFolder : AccessResult;

    /// <summary>Box refused or did not answer.</summary>
    public sealed record BoxRefused(BoxApiException Refusal) : AccessResult;
}

/// <summary>Who can see a folder, to individuals.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Trail">The folders above it, from the top.</param>
/// <param name="People">Everybody whom Box gives it, by name; last those who cannot use it now.</param>
/// <param name="Account">The portal's own account, which is nobody; <c>null</c> where it has no access.</param>
/// <param name="Gaps">What could not be read.</param>
/// <param name="At">When Box was asked, UTC.</param>
public sealed record FolderAudience(
    AccessFolder Folder, IReadOnlyList<AccessFolder> Trail, IReadOnlyList<FolderReader> People, FolderReader? Account, IReadOnlyList<Sentence> Gaps, DateTimeOffset At)
{
    /// <summary>How many of them are suspended.</summary>
    public int Suspended => People.Count(one => one.IsSuspended);

    /// <summary>The page of that number, from 1, or the nearest there is.</summary>
    public AudiencePage Page(int number)
    {
        number = Math.Clamp(number, 1, Math.Max(1, (People.Count + AudiencePage.Size - 1) / AudiencePage.Size));
        return new AudiencePage(Folder, Trail, [.. People.Skip((number - 1) * AudiencePage.Size).Take(AudiencePage.Size)], number, People.Count, Suspended, Account, Gaps, At);
    }
}

/// <summary>A page of those who can see a folder: all that a circuit keeps of them.</summary>
/// <param name="Folder">The folder.</param>
/// <param name="Trail">The folders above it, from the top.</param>
/// <param name="People">Those on this page.</param>
/// <param name="Number">Which page, from 1.</param>
/// <param name="Total">How many people there are on all pages.</param>
/// <param name="Suspended">How many of them are suspended; they are on the last pages.</param>
/// <param name="Account">The portal's own account; <c>null</c> where it has no access.</param>
/// <param name="Gaps">What could not be read.</param>
/// <param name="At">When Box was asked, UTC.</param>
public sealed record AudiencePage(
    AccessFolder Folder, IReadOnlyList<AccessFolder> Trail, IReadOnlyList<FolderReader> People, int Number, int Total, int Suspended, FolderReader? Account, IReadOnlyList<Sentence> Gaps, DateTimeOffset At)
{
    /// <summary>How many people a page shows.</summary>
    public const int Size = 50;

    /// <summary>What <see cref="Account"/> is called.</summary>
    public const string AccountWords = "the portal's own account";
}

/// <summary>Somebody who can see a folder.</summary>
/// <param name="AppUserId">Box's ID of the user.</param>
/// <param name="Name">Their name, as Box has it.</param>
/// <param name="Access">What they may do there.</param>
/// <param name="Paths">By which ways.</param>
public sealed record FolderReader(string AppUserId, string Name, FolderAccess Access, IReadOnlyList<AccessPath> Paths)
{
    /// <summary>Whether they see it only once they are reactivated: they are suspended, or their app user is inactive in Box.</summary>
    public bool IsSuspended { get; init; }
}

/// <summary>Some of the folders in a folder.</summary>
/// <param name="Trail">The folder with those above it, from the top.</param>
/// <param name="Folders">The first by name.</param>
/// <param name="Total">How many there are.</param>
public sealed record FolderLevel(IReadOnlyList<BoxReference> Trail, IReadOnlyList<BoxItem> Folders, int Total);
