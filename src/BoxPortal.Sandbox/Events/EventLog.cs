using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox;

/// <summary>What happened in the enterprise, oldest first; the oldest go when there are too many.</summary>
internal sealed class EventLog
{
    private const int Capacity = 20_000;
    private readonly Queue<EnterpriseEvent> _events = [];

    /// <summary>The position after the newest.</summary>
    public long End { get; private set; }

    public void Add(string type, DateTimeOffset at, User by, JsonObject source, JsonObject? details)
    {
        _events.Enqueue(new EnterpriseEvent(End++, Guid.NewGuid().ToString(), type, at, by.Id, by.Name, by.Login, source, details));
        if (_events.Count > Capacity)
        {
            _events.Dequeue();
        }
    }

    public IEnumerable<EnterpriseEvent> From(long position) => _events.SkipWhile(happened => happened.Position < position);

    // Positions go on, so that who reads along does not read twice.
    public void Clear() => _events.Clear();
}

/// <summary>One event, with everything as it was then.</summary>
internal sealed record EnterpriseEvent(
    long Position, string Id, string Type, DateTimeOffset At, string ById, string ByName, string ByLogin, JsonObject Source, JsonObject? Details);
