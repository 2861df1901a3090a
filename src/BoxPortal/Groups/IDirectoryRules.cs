using BoxPortal.Jobs;
using BoxPortal.Storage;

namespace BoxPortal.Groups;

/// <summary>What groups ask of the directory's sync, which itself is built on them.</summary>
public interface IDirectoryRules
{
    /// <summary>What each rule says, by the source that it is; see <see cref="MembershipSource.OfRule"/>.</summary>
    Task<IReadOnlyDictionary<string, string>> WordsAsync(PortalDb db, CancellationToken cancellationToken);

    /// <summary>
    /// Notes of the rules that a rehearsed run follows that they are followed now, in the transaction that confirms it; or, where a
    /// second administrator must agree, what would come of them, and the same again when they do.
    /// </summary>
    Task FollowAsync(PortalDb db, Job job);
}
