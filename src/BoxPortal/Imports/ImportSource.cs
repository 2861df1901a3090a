namespace BoxPortal.Imports;

/// <summary>Where an import's lines come from: a file, or anything else that can tell them one after the other.</summary>
/// <param name="Title">What people call it, e.g. the file's name.</param>
/// <param name="Description">How it was read, in words for administrators.</param>
/// <param name="Lines">Its lines, in their order.</param>
public sealed record ImportSource(string Title, string Description, IAsyncEnumerable<RawLine> Lines)
{
    /// <summary>More than this is refused: whoever has more has more than one import.</summary>
    public const int MostLines = 50_000;
}

/// <summary>A line as its source gives it: nothing of it is trusted yet.</summary>
/// <param name="Number">Where it begins, from 1.</param>
/// <param name="ObjectId">The person's object ID, or empty.</param>
/// <param name="Mail">The person's mail address or sign-in name, or empty.</param>
/// <param name="Name">The person's name, or empty.</param>
/// <param name="AppUser">A Box ID, <c>new</c>, or empty.</param>
/// <param name="Reason">Why, or empty.</param>
public sealed record RawLine(int Number, string ObjectId, string Mail, string Name, string AppUser, string Reason)
{
    /// <summary>What is wrong with the line as a whole, in words for administrators.</summary>
    public string? Fault { get; init; }
}
