namespace BoxPortal.Sandbox;

/// <summary>A large file on its way, part by part.</summary>
internal sealed class UploadSession
{
    /// <summary>Every part but the last has this size.</summary>
    public const int PartSizeInBytes = 8 << 20;

    private readonly SortedDictionary<long, UploadPart> _parts = [];

    public required string Id { get; init; }

    /// <summary>Whose it is; nobody else's token opens it.</summary>
    public required User User { get; init; }

    /// <summary>Of which file it will be a version; <c>null</c> for a new one.</summary>
    public BoxFile? File { get; init; }

    /// <summary>Where the new file will lie.</summary>
    public Folder? Folder { get; init; }

    public required string Name { get; init; }

    /// <summary>The whole file, as far as it has come.</summary>
    public required byte[] Content { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public IReadOnlyCollection<UploadPart> Parts => _parts.Values;

    public int TotalParts => (Content.Length + PartSizeInBytes - 1) / PartSizeInBytes;

    public bool IsWhole => _parts.Count == TotalParts;

    /// <summary>Whether a part can stand there: at a multiple of the part size, and as long as a part is.</summary>
    public bool Fits(long from, long to, long total) =>
        total == Content.Length && from % PartSizeInBytes == 0 && from < total && to + 1 == Math.Min(from + PartSizeInBytes, total);

    public bool Has(long offset) => _parts.ContainsKey(offset);

    public UploadPart Add(long offset, byte[] content, string sha1)
    {
        content.CopyTo(Content, offset);
        UploadPart part = new($"{Id[..4]}{offset / PartSizeInBytes:X4}", offset, content.Length, sha1);
        _parts.Add(offset, part);
        return part;
    }
}

/// <param name="Id">Eight upper-case hex digits.</param>
/// <param name="Offset">Where in the file it begins.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha1">Lower-case hex.</param>
internal sealed record UploadPart(string Id, long Offset, int Size, string Sha1);
