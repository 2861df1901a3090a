namespace BoxPortal.Box.Http;

/// <summary>What Box knows by an ID. An answer without one is no answer.</summary>
internal interface IBoxResource
{
    /// <summary>Box's ID: digits, but a string all the same.</summary>
    string Id { get; }
}
