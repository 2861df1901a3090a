using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BoxPortal.Box;

/// <summary>
/// The service account's calls: Box allows one user about 1,000 a minute, and everything the portal administers is asked by this
/// one. People come first, jobs after. A token bucket: a fifth of a minute's calls may go at once and the others come evenly, so
/// that no minute, whenever it begins, holds more than <see cref="BoxOptions.CallsPerMinute"/>. Jobs leave most of that fifth alone,
/// so people find it there; they wait only when it is gone. Source: Box's guide "Rate limits".
/// </summary>
/// <remarks>One portal's only: portals that share a service account divide what Box allows.</remarks>
public sealed partial class CallBudget : IDisposable
{
    /// <summary>The longest that one of Box's wishes stops jobs. Should it have meant more, it says so again.</summary>
    internal static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    private readonly TimeProvider _clock;
    private readonly ILogger<CallBudget> _logger;
    private readonly ITimer _alarm;
    private readonly AsyncLocal<bool> _isForJobs = new();

    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _people = [];
    private readonly LinkedList<TaskCompletionSource> _jobs = [];

    // What is saved up is counted in time: a call costs as much of it as passes until the next one may be made.
    private readonly TimeSpan _price;
    private readonly TimeSpan _mostCredit;
    private readonly TimeSpan _jobsLeave;
    private readonly long _bornAt;
    private TimeSpan _credit;
    private TimeSpan _countedAt;
    private TimeSpan _jobsRestUntil;

    /// <summary>A budget half full: what a portal before this one spent is forgotten, and Box may still be counting it.</summary>
    /// <param name="options">How many calls a minute.</param>
    /// <param name="clock">Our clock; only the time that passes counts.</param>
    /// <param name="logger">Tells when Box found the calls too many.</param>
    public CallBudget(IOptions<BoxOptions> options, TimeProvider clock, ILogger<CallBudget> logger)
    {
        (_clock, _logger) = (clock, logger);
        var atOnce = options.Value.CallsPerMinute / 5;
        var evenly = options.Value.CallsPerMinute - atOnce;
        _price = new((TimeSpan.TicksPerMinute + evenly - 1) / evenly);
        _mostCredit = _price * atOnce;
        _jobsLeave = _price * (atOnce * 5 / 6);
        _credit = _mostCredit / 2;
        _bornAt = clock.GetTimestamp();
        _alarm = clock.CreateTimer(_ => Serve(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether a job is calling.</summary>
    internal bool IsForJobs => _isForJobs.Value;

    /// <summary>How many wait for their turn.</summary>
    internal int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _people.Count + _jobs.Count;
            }
        }
    }

    /// <summary>
    /// Until the result is disposed of, the calls that are made and begun here are a job's: they wait while people are at it, for
    /// as long as it takes. Tell people of what a job did outside of it, or what they look up then is taken for the job's as well.
    /// </summary>
    public IDisposable ForJobs() => new JobScope(_isForJobs);

    /// <inheritdoc/>
    public void Dispose() => _alarm.Dispose();

    /// <summary>Waits until one call may be made, in the order they came.</summary>
    /// <param name="cancellationToken">Gives up the place in the line.</param>
    internal async Task PassAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var line = IsForJobs ? _jobs : _people;
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            place = line.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            Serve();
        }

        using var leaving = cancellationToken.UnsafeRegister((_, token) => Leave(place, token), null);
        await place.Value.Task;
    }

    /// <summary>Box found the service account's calls too many: somebody else acts as it too. Jobs stop until it has had its way.</summary>
    /// <param name="wait">Box's wish; above <see cref="LongestRest"/> it is taken for that.</param>
    internal void RestJobs(TimeSpan wait)
    {
        var rest = wait < LongestRest ? wait : LongestRest;
        lock (_gate)
        {
            var now = _clock.GetElapsedTime(_bornAt);
            if (now >= _jobsRestUntil)
            {
                Log.JobsRest(_logger, rest);
            }

            _jobsRestUntil = _jobsRestUntil < now + rest ? now + rest : _jobsRestUntil;
        }
    }

    private void Leave(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // Whoever has just been let pass is in no line any more.
            if (place.List is { } line)
            {
                line.Remove(place);
                place.Value.SetCanceled(cancellationToken);
            }
        }
    }

    /// <summary>Lets pass whoever may, and sets the alarm for the next.</summary>
    private void Serve()
    {
        lock (_gate)
        {
            var now = _clock.GetElapsedTime(_bornAt);
            var saved = _credit + (now - _countedAt);
            _credit = saved < _mostCredit ? saved : _mostCredit;
            _countedAt = now;

            // Jobs need more credit than people: while people wait, no job passes.
            Serve(_people, leave: TimeSpan.Zero);
            if (now >= _jobsRestUntil)
            {
                Serve(_jobs, _jobsLeave);
            }

            if (_people.Count > 0)
            {
                WakeIn(_price - _credit);
            }
            else if (_jobs.Count > 0)
            {
                var (credited, rested) = (_price + _jobsLeave - _credit, _jobsRestUntil - now);
                WakeIn(credited > rested ? credited : rested);
            }
        }
    }

    private void Serve(LinkedList<TaskCompletionSource> line, TimeSpan leave)
    {
        for (; line.First is { } first && _credit >= _price + leave; _credit -= _price)
        {
            line.RemoveFirst();
            first.Value.SetResult();
        }
    }

    // Timers cut fractions of a millisecond off, and would ring too early.
    private void WakeIn(TimeSpan wait) => _alarm.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);

    private sealed class JobScope : IDisposable
    {
        private readonly AsyncLocal<bool> _isForJobs;
        private readonly bool _before;

        public JobScope(AsyncLocal<bool> isForJobs)
        {
            (_isForJobs, _before) = (isForJobs, isForJobs.Value);
            isForJobs.Value = true;
        }

        public void Dispose() => _isForJobs.Value = _before;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Box finds the service account's calls too many; jobs rest for {Rest}. Does another program act as it?")]
        public static partial void JobsRest(ILogger logger, TimeSpan rest);
    }
}
