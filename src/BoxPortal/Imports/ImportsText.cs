namespace BoxPortal.Imports;

/// <summary>Names the words of the imports' pages.</summary>
internal sealed class ImportsText;
