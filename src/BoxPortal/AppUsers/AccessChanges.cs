using System.Collections.Concurrent;
using System.Threading.Channels;
using BoxPortal.SignIn;

namespace BoxPortal.AppUsers;

/// <summary>Tells open pages, within this process, whose access has just changed. Says that, never what: readers look for themselves.</summary>
public sealed class AccessChanges
{
    private readonly ConcurrentDictionary<Subscription, byte> _everyone = [];
    private readonly ConcurrentDictionary<EmployeeId, ConcurrentDictionary<Subscription, byte>> _byEmployee = [];

    /// <summary>Wakes whoever watches this employee. To be called after the change is committed.</summary>
    public void Publish(EmployeeId employee)
    {
        foreach (var subscription in _everyone.Keys)
        {
            subscription.Wake();
        }

        if (_byEmployee.TryGetValue(employee, out var subscriptions))
        {
            foreach (var subscription in subscriptions.Keys)
            {
                subscription.Wake();
            }
        }
    }

    /// <summary>Watches one employee, or everybody with <c>null</c>, from this call on. Dispose to stop.</summary>
    public Subscription Subscribe(EmployeeId? employee)
    {
        var subscription = new Subscription(this, employee);
        var subscriptions = employee is { } id ? _byEmployee.GetOrAdd(id, _ => []) : _everyone;
        subscriptions.TryAdd(subscription, 0);
        return subscription;
    }

    /// <summary>One watcher. Wakes that come while it looks are one.</summary>
    public sealed class Subscription(AccessChanges changes, EmployeeId? employee) : IDisposable
    {
        private readonly Channel<byte> _wakes = Channel.CreateBounded<byte>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        /// <summary>Waits for the next change, for at most <paramref name="patience"/>.</summary>
        /// <returns>Whether something has changed.</returns>
        public async ValueTask<bool> WaitAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
        {
            try
            {
                await _wakes.Reader.WaitToReadAsync(cancellationToken).AsTask().WaitAsync(patience, clock, cancellationToken);
            }
            catch (TimeoutException)
            {
                return false;
            }

            return _wakes.Reader.TryRead(out _);
        }

        internal void Wake() => _wakes.Writer.TryWrite(0);

        /// <inheritdoc />
        public void Dispose()
        {
            var subscriptions = employee is { } id ? changes._byEmployee.GetValueOrDefault(id) : changes._everyone;
            subscriptions?.TryRemove(this, out _);
            _wakes.Writer.TryComplete();
        }
    }
}
