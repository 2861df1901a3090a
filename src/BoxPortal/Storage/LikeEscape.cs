namespace BoxPortal.Storage;

/// <summary>Makes people's search words literal inside a SQL <c>LIKE</c> pattern.</summary>
internal static class LikeEscape
{
    public const string Character = "\\";

    public static string Escape(string text) => text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_");
}
