using System.Security.Cryptography;

namespace BoxPortal.Sandbox;

/// <summary>A file with all its versions.</summary>
public sealed class BoxFile : Item
{
    internal BoxFile() { }

    public List<FileVersion> Versions { get; } = [];

    public FileVersion Current => Versions[^1];

    public DateTimeOffset ContentCreatedAt { get; init; }
    public DateTimeOffset ContentModifiedAt { get; set; }

    /// <summary>What follows the last dot, in lower case; empty where there is none.</summary>
    public string Extension => Path.GetExtension(Name).TrimStart('.').ToLowerInvariant();
}

/// <summary>What a file held at one time.</summary>
public sealed class FileVersion
{
    internal FileVersion(byte[] content)
    {
        Content = content;
#pragma warning disable CA5350 // Box names and checks contents by SHA-1.
        Sha1 = Convert.ToHexStringLower(SHA1.HashData(content));
#pragma warning restore CA5350
    }

    public required string Id { get; init; }

    /// <summary>Who brought it.</summary>
    public required User CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The bytes. Shared, never written to.</summary>
    public byte[] Content { get; }

    /// <summary>Lower-case hex.</summary>
    public string Sha1 { get; }
}
