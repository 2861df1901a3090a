namespace BoxPortal.Groups;

/// <summary>Names that others give, in sentences of ours.</summary>
internal static class OutsideNames
{
    private const char Isolate = '\u2068';
    private const char EndIsolate = '\u2069';

    /// <summary>
    /// The name so that signs in it which turn the direction of writing, e.g. U+202E, end with it and do not turn the rest of the
    /// sentence. A name without such signs stays as it is. Source: Unicode Standard Annex 9, "Explicit Directional Isolates".
    /// </summary>
    public static string Isolated(this string name) =>
        name.Any(Turns) ? $"{Isolate}{string.Concat(name.Where(sign => sign is < '\u2066' or > EndIsolate))}{EndIsolate}" : name;

    private static bool Turns(char sign) => sign is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= EndIsolate);
}
