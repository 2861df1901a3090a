namespace BoxPortal.Explorer;

/// <summary>Names the words of the employee's page: <c>ExplorerText.resx</c> in English, one file beside it for each other language.</summary>
internal sealed class ExplorerText;
