namespace BoxPortal.Sandbox;

/// <summary>What people at Larkfield have written and drawn: the tree under <c>Seed/Files</c> in the source, as it stands there.</summary>
internal static class CompanyFiles
{
    private const string Prefix = "Files/";

    // Read once: every sandbox of a process shares the bytes, which nobody writes to.
    private static readonly Lazy<IReadOnlyList<(string Path, byte[] Content)>> s_all = new(Read);

    /// <summary>Every file with its path, e.g. <c>Company/Policies/Remote work.md</c>, in the order of the paths.</summary>
    public static IReadOnlyList<(string Path, byte[] Content)> All => s_all.Value;

    private static List<(string Path, byte[] Content)> Read()
    {
        var assembly = typeof(CompanyFiles).Assembly;
        List<(string Path, byte[] Content)> files = [];
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var resource = assembly.GetManifestResourceStream(name)!;
            var content = new byte[resource.Length];
            resource.ReadExactly(content);
            files.Add((name[Prefix.Length..], content));
        }
        return files;
    }
}
