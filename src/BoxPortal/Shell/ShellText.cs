namespace BoxPortal.Shell;

/// <summary>Names the words of the shell: <c>ShellText.resx</c> in English, one file beside it for each other language.</summary>
internal sealed class ShellText;
