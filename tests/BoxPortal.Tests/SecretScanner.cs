using System.Buffers;
using System.IO.Compression;
using System.Text;

namespace BoxPortal.Tests;

/// <summary>Looks for secrets in anything written, in each form in which a program might have written them.</summary>
internal sealed class SecretScanner
{
    /// <summary>Enough of a secret that finding it is no chance: its whole length where it is short.</summary>
    private const int Telling = 24;

    private readonly Dictionary<string, string> _names = [];
    private readonly List<byte[]> _needles = [];
    private SearchValues<string>? _texts;

    /// <summary>Adds a text that must be found nowhere.</summary>
    public void Add(string name, string secret)
    {
        foreach (var form in FormsOf(Encoding.UTF8.GetBytes(secret)).Concat([secret, Uri.EscapeDataString(secret), secret.Replace("\n", "\\n", StringComparison.Ordinal)]))
        {
            Remember(name, form);
        }
    }

    /// <summary>Adds bytes that must be found nowhere, in whatever writing.</summary>
    public void Add(string name, byte[] secret)
    {
        foreach (var form in FormsOf(secret))
        {
            Remember(name, form);
        }

        _needles.Add(secret);
        _names[Convert.ToHexString(secret)] = name;
    }

    /// <summary>The names of all secrets found.</summary>
    public IReadOnlySet<string> Find(string text)
    {
        var found = new HashSet<string>();
        _texts ??= SearchValues.Create([.. _names.Keys], StringComparison.Ordinal);
        if (text.AsSpan().ContainsAny(_texts))
        {
            found.UnionWith(_names.Where(name => text.Contains(name.Key, StringComparison.Ordinal)).Select(name => name.Value));
        }

        return found;
    }

    /// <summary>As for text, in every encoding that fits, and unpacked where it is packed.</summary>
    public IReadOnlySet<string> Find(byte[] bytes)
    {
        var found = new HashSet<string>(Find(Encoding.Latin1.GetString(bytes)));
        // UTF-16 may begin at an odd byte, as it does between other things in a file.
        foreach (var encoding in new[] { Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            found.UnionWith(Find(encoding.GetString(bytes)));
            found.UnionWith(Find(encoding.GetString(bytes.AsSpan(Math.Min(1, bytes.Length)))));
        }

        found.UnionWith(_needles.Where(needle => bytes.AsSpan().IndexOf(needle) >= 0).Select(needle => _names[Convert.ToHexString(needle)]));
        if (Unpack(bytes) is { } unpacked)
        {
            found.UnionWith(Find(unpacked));
        }

        return found;
    }

    private void Remember(string name, string form) => _names[form] = name;

    /// <summary>Base64 of the same bytes looks different by where in a longer text they stand; only the middle is certain.</summary>
    private static IEnumerable<string> FormsOf(byte[] secret)
    {
        yield return Convert.ToHexString(secret);
        yield return Convert.ToHexStringLower(secret);
        for (var shift = 0; shift < 3; shift++)
        {
            var whole = Convert.ToBase64String([.. new byte[shift], .. secret]);
            var certain = whole[4..].TrimEnd('=');
            certain = certain[..(certain.Length / 4 * 4 - 4)];
            if (certain.Length >= Telling)
            {
                yield return certain;
                yield return certain.Replace('+', '-').Replace('/', '_');
                yield return certain.Replace("+", "\\u002B", StringComparison.Ordinal);
                yield return Uri.EscapeDataString(certain);
            }
        }
    }

    private static byte[]? Unpack(byte[] bytes)
    {
        try
        {
            using var unpacked = new MemoryStream();
            using Stream stream = bytes switch
            {
                [0x1f, 0x8b, ..] => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
                [0x78, 0x01 or 0x9c or 0xda, ..] => new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress),
                _ => Stream.Null,
            };
            stream.CopyTo(unpacked);
            return unpacked.Length > 0 ? unpacked.ToArray() : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
