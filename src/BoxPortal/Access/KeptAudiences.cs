namespace BoxPortal.Access;

/// <summary>
/// Who sees a folder, as Box said at one moment, kept for those who leaf through it or take it away: pages that each asked anew
/// would not belong together, and a circuit that kept it would be as large as the company.
/// </summary>
public sealed class KeptAudiences(TimeProvider clock)
{
    /// <summary>How long an answer is kept.</summary>
    public static readonly TimeSpan For = TimeSpan.FromMinutes(10);

    /// <summary>How many people all answers together may have, but for the last; some 300 bytes each.</summary>
    public const int MostPeople = 50_000;

    private readonly Lock _gate = new();
    private readonly Queue<FolderAudience> _kept = [];

    /// <summary>Keeps an answer, and lets old ones go.</summary>
    public void Keep(FolderAudience audience)
    {
        lock (_gate)
        {
            _kept.Enqueue(audience);
            while (_kept.Count > 1 && (IsOld(_kept.Peek()) || _kept.Sum(kept => kept.People.Count) > MostPeople))
            {
                _kept.Dequeue();
            }
        }
    }

    /// <summary>What was said of the folder at that moment; <c>null</c> where it is not kept any more.</summary>
    public FolderAudience? Find(string folderId, DateTimeOffset at)
    {
        lock (_gate)
        {
            return _kept.FirstOrDefault(kept => kept.Folder.Id == folderId && kept.At == at && !IsOld(kept));
        }
    }

    private bool IsOld(FolderAudience audience) => clock.GetUtcNow() - audience.At > For;
}
