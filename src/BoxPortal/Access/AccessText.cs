namespace BoxPortal.Access;

/// <summary>Names the words of the access page: its questions, its answers, and why each is so.</summary>
internal sealed class AccessText;
