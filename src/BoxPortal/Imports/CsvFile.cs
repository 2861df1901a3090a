using System.Text;
using System.Text.Unicode;
using BoxPortal.Shell;
using CsvHelper;

namespace BoxPortal.Imports;

/// <summary>A file that somebody handed in, as far as it can be read.</summary>
public abstract record CsvFile
{
    private const int LargestInMebibytes = 8;

    private CsvFile() { }

    /// <summary>More than this is refused: 20,000 lines are about 2 MiB.</summary>
    public const int LargestInBytes = LargestInMebibytes * 1024 * 1024;

    /// <summary>Told to whoever hands in a larger one.</summary>
    public static readonly Sentence TooLarge = new("The file is larger than {0} MiB. Split it, or leave out columns that are not read.", LargestInMebibytes);

    /// <summary>Every spelling of a column's name that is understood, by what it holds.</summary>
    private static readonly Dictionary<string, Column> s_columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["object_id"] = Column.ObjectId,
        ["mail"] = Column.Mail,
        ["email"] = Column.Mail,
        ["user_name"] = Column.Mail,
        ["upn"] = Column.Mail,
        ["name"] = Column.Name,
        ["app_user"] = Column.AppUser,
        ["reason"] = Column.Reason,
    };

    private enum Column
    {
        ObjectId,
        Mail,
        Name,
        AppUser,
        Reason,
    }

    /// <summary>It has lines. They are read as they are asked for.</summary>
    public sealed record Readable(ImportSource Source) : CsvFile;

    /// <summary>It is no list of people, for the reason given in words.</summary>
    public sealed record Unreadable(Sentence Why) : CsvFile;

    /// <summary>Finds out the encoding, the separator and the columns.</summary>
    /// <param name="title">The file's name.</param>
    /// <param name="bytes">All of it, at most <see cref="LargestInBytes"/>.</param>
    public static CsvFile Open(string title, byte[] bytes)
    {
        var (utf8, encoding) = Decode(bytes);
        var options = new CsvReaderOptions { HasHeader = true };
        using var reader = CsvReader.Create(utf8, options);
        reader.ReadHeader();
        string[] names = [.. reader.Headers.Select(name => name.Trim())];
        var columns = new Dictionary<Column, int>();
        var ignored = new List<string>();
        for (var index = 0; index < names.Length; index++)
        {
            if (!s_columns.TryGetValue(names[index], out var column))
            {
                ignored.Add(LineText.Show(names[index]));
            }
            else if (!columns.TryAdd(column, index))
            {
                return new Unreadable(new("The columns “{0}” and “{1}” hold the same. Leave one of them out.", names[columns[column]], names[index]));
            }
        }

        if (!columns.ContainsKey(Column.AppUser) || !(columns.ContainsKey(Column.ObjectId) || columns.ContainsKey(Column.Mail)))
        {
            return new Unreadable(new(
                "The first line must name the columns: object_id or mail (or both), and app_user; name and reason where you have them. It says: {0}",
                LineText.Show(string.Join(", ", names.Where(name => name.Length > 0)))));
        }

        var description = $"{encoding}, {Word(reader.Separator)} between cells"
            + (ignored.Count == 0 ? "." : $". Not read: {string.Join(", ", ignored.Take(20).Select(name => name.Length == 0 ? "a column without a name" : name))}.");
        return new Readable(new ImportSource(title, description, Read(utf8, reader.Separator, columns, names.Length).ToAsyncEnumerable()));
    }

    private static IEnumerable<RawLine> Read(byte[] utf8, char separator, Dictionary<Column, int> columns, int width)
    {
        var isUnclosed = false;
        using var reader = CsvReader.Create(utf8, new CsvReaderOptions
        {
            TrackLineNumbers = true,
            OnMalformedRecord = malformed => isUnclosed = malformed.Reason == CsvMalformedReason.UnterminatedQuote,
        });
        while (reader.Read())
        {
            var swallowed = isUnclosed ? reader.RawRecord.Count((byte)'\n') : 0;
            yield return new RawLine((int)reader.LineNumber, Cell(Column.ObjectId), Cell(Column.Mail), Cell(Column.Name), Cell(Column.AppUser), Cell(Column.Reason))
            {
                Fault = isUnclosed ? $"A quotation mark is opened here and never closed: {swallowed} lines below were not read."
                    : reader.FieldCount > width ? $"It has {reader.FieldCount} cells, and the first line names {width}: is a {Word(separator)} missing its quotation marks?"
                    : null,
            };
        }

        string Cell(Column column) => columns.TryGetValue(column, out var index) ? reader.GetString(index) : "";
    }

    private static string Word(char separator) => separator switch
    {
        ',' => "comma",
        ';' => "semicolon",
        '\t' => "tab",
        _ => $"{separator}",
    };

    /// <summary>The text as UTF-8, with U+FFFD for every byte that is no text, and what it was written in.</summary>
    private static (byte[] Utf8, string Encoding) Decode(byte[] bytes) => bytes switch
    {
        [0xef, 0xbb, 0xbf, .. var rest] => (Clean(rest), "UTF-8 with byte order mark"),
        [0xff, 0xfe, .. var rest] => (Encoding.UTF8.GetBytes(Encoding.Unicode.GetString(rest)), "UTF-16"),
        [0xfe, 0xff, .. var rest] => (Encoding.UTF8.GetBytes(Encoding.BigEndianUnicode.GetString(rest)), "UTF-16, big-endian"),
        _ when Utf8.IsValid(bytes) => (bytes, "UTF-8"),
        _ when IsRatherWindows(bytes) => (FromWindows(bytes), "Windows-1252, since the file is not UTF-8: look at names with accents"),
        _ => (Clean(bytes), "UTF-8"),
    };

    private static byte[] Clean(byte[] bytes) => Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));

    /// <summary>By what most of the lines with more than ASCII can be.</summary>
    private static bool IsRatherWindows(ReadOnlySpan<byte> bytes)
    {
        var balance = 0;
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range];
            balance += Ascii.IsValid(line) ? 0 : Utf8.IsValid(line) ? 1 : -1;
        }

        return balance < 0;
    }

    /// <summary>A line that is good UTF-8 came from another file than those around it; read as Windows-1252 it would be gibberish.</summary>
    private static byte[] FromWindows(ReadOnlySpan<byte> bytes)
    {
        var windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
        var beyondAscii = Encoding.GetEncoding("us-ascii", EncoderFallback.ReplacementFallback, new DecoderReplacementFallback("\ufffd"));
        var text = new StringBuilder(bytes.Length);
        foreach (var range in bytes.Split((byte)'\n'))
        {
            var line = bytes[range];
            text.Append(!Ascii.IsValid(line) && Utf8.IsValid(line) ? beyondAscii.GetString(line) : windows.GetString(line)).Append('\n');
        }

        return Encoding.UTF8.GetBytes(text.ToString(0, text.Length - 1));
    }
}
