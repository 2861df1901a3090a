using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Box.Tests.Http;

public sealed class CallBudgetTests
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    /// <summary>Who comes, after how long, who of those waiting gives up, and how long Box wants to be left alone.</summary>
    private static readonly Gen<(int WaitInMs, int People, int Jobs, int GiveUp, int RestInSeconds)[]> s_days = Gen.Select(
        Gen.Frequency((3, Gen.Int[0, 200]), (6, Gen.Int[0, 2_000]), (1, Gen.Int[0, 70_000])),
        Gen.Frequency((10, Gen.Const(0)), (10, Gen.Int[0, 30]), (1, Gen.Int[0, 600])),
        Gen.Frequency((10, Gen.Const(0)), (10, Gen.Int[0, 30]), (1, Gen.Int[0, 600])),
        Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[0, 20])),
        Gen.Frequency((20, Gen.Const(0)), (1, Gen.Int[1, 400]))).Array[1, 100];

    [Fact]
    public void No_minute_ever_holds_more_than_the_setting_and_the_order_is_kept_whatever_comes_when() =>
        Gen.Select(Gen.Int[60, 1000], s_days).Sample((callsPerMinute, day) =>
        {
            using var crowd = new Crowd(callsPerMinute);
            foreach (var (waitInMs, people, jobs, giveUp, restInSeconds) in day)
            {
                crowd.Come(people, jobs);
                crowd.GiveUp(giveUp);
                crowd.Rest(TimeSpan.FromSeconds(restInSeconds));
                crowd.Let(TimeSpan.FromMilliseconds(waitInMs));
            }

            Assert.InRange(crowd.MostInAMinute, 0, callsPerMinute);
            Assert.Empty(crowd.OutOfTurn);
        }, iter: 200);

    [Theory]
    [InlineData(60)]
    [InlineData(900)]
    [InlineData(1000)]
    public void Jobs_alone_get_four_fifths_of_a_minutes_calls(int callsPerMinute)
    {
        using var crowd = new Crowd(callsPerMinute);
        crowd.Come(jobs: callsPerMinute * 5);
        crowd.Let(s_minute, inStepsOf: TimeSpan.FromMilliseconds(100)); // what was saved up is spent

        var before = crowd.Passed(jobs: true);
        crowd.Let(s_minute, inStepsOf: TimeSpan.FromMilliseconds(100));

        Assert.InRange(crowd.Passed(jobs: true) - before, callsPerMinute * 79 / 100, callsPerMinute * 80 / 100);
    }

    [Fact]
    public void People_do_not_wait_for_jobs_that_run_flat_out()
    {
        using var crowd = new Crowd();
        crowd.Come(jobs: 5_000);

        for (var second = 0; second < 240; second++)
        {
            crowd.Let(TimeSpan.FromSeconds(1), inStepsOf: TimeSpan.FromMilliseconds(50));
            crowd.Come(people: 3);
        }

        Assert.Equal(720, crowd.Passed(jobs: false));
        Assert.Equal(TimeSpan.Zero, crowd.LongestWaitOfPeople);
        Assert.InRange(crowd.Passed(jobs: true), 240 * (12 - 3) - 100, 240 * (12 - 3) + 100);
    }

    [Fact]
    public void A_rush_of_people_finds_what_jobs_have_left_and_the_last_of_it_comes_evenly()
    {
        using var crowd = new Crowd();
        crowd.Come(jobs: 5_000);
        crowd.Let(s_minute, inStepsOf: TimeSpan.FromMilliseconds(100));
        var jobs = crowd.Passed(jobs: true);

        crowd.Come(people: 160);
        var atOnce = crowd.Passed(jobs: false);
        crowd.Let(TimeSpan.FromSeconds(1), inStepsOf: TimeSpan.FromMilliseconds(10));

        Assert.InRange(atOnce, 150, 152);
        Assert.Equal(160, crowd.Passed(jobs: false));
        Assert.InRange(crowd.LongestWaitOfPeople.TotalMilliseconds, 1, 1_000);
        Assert.Equal(jobs, crowd.Passed(jobs: true));
    }

    [Fact]
    public void A_portal_starts_with_half_of_what_may_go_at_once()
    {
        using var crowd = new Crowd();

        crowd.Come(people: 100);

        Assert.Equal(90, crowd.Passed(jobs: false));
    }

    [Fact]
    public void Who_gives_up_holds_up_nobody_and_spends_nothing()
    {
        using var crowd = new Crowd(callsPerMinute: 60); // six at the start, then one in 1.25 seconds
        crowd.Come(people: 10);

        crowd.GiveUp(3);
        crowd.Let(TimeSpan.FromSeconds(1.3));

        Assert.Equal(7, crowd.Passed(jobs: false));
        Assert.Equal(0, crowd.Waiting);
    }

    [Fact]
    public async Task Who_has_given_up_before_does_not_even_wait()
    {
        using var budget = Budget(FakeTime.Clock());
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();

        var gone = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => budget.PassAsync(stopped.Token));

        Assert.Equal(stopped.Token, gone.CancellationToken);
    }

    [Fact]
    public void Jobs_rest_for_as_long_as_Box_asks_and_people_go_on()
    {
        using var crowd = new Crowd();
        crowd.Let(s_minute);
        crowd.Rest(TimeSpan.FromSeconds(100));
        crowd.Rest(TimeSpan.FromSeconds(3)); // an earlier wish that came late

        crowd.Come(people: 5, jobs: 5);
        crowd.Let(TimeSpan.FromSeconds(99.9));
        Assert.Equal((5, 0), (crowd.Passed(jobs: false), crowd.Passed(jobs: true)));

        crowd.Let(TimeSpan.FromSeconds(0.2));
        Assert.Equal(5, crowd.Passed(jobs: true));
    }

    [Fact]
    public void A_wish_that_cannot_be_meant_stops_jobs_for_minutes_and_not_for_ever()
    {
        using var crowd = new Crowd();
        crowd.Let(s_minute);
        crowd.Rest(TimeSpan.MaxValue);

        crowd.Come(jobs: 1);
        crowd.Let(CallBudget.LongestRest + TimeSpan.FromSeconds(1));

        Assert.Equal(1, crowd.Passed(jobs: true));
    }

    [Fact]
    public async Task What_is_called_and_begun_within_the_scope_is_a_jobs_and_nothing_else()
    {
        using var budget = Budget(FakeTime.Clock());
        Task<bool> begun;

        using (budget.ForJobs())
        {
            Assert.True(budget.IsForJobs);
            begun = Task.Run(async () =>
            {
                await Task.Yield();
                return budget.IsForJobs;
            }, TestContext.Current.CancellationToken);
            using (budget.ForJobs())
            {
                Assert.True(budget.IsForJobs);
            }

            Assert.True(budget.IsForJobs);
            await JobOfItsOwnAsync();
        }

        Assert.False(budget.IsForJobs);
        Assert.True(await begun);
        await JobOfItsOwnAsync();
        Assert.False(budget.IsForJobs);

        async Task JobOfItsOwnAsync()
        {
            using var job = budget.ForJobs();
            await Task.Yield();
            Assert.True(budget.IsForJobs);
        }
    }

    [Fact]
    public void Waiting_is_no_work()
    {
        using var crowd = new Crowd();
        crowd.Come(jobs: 500);
        crowd.Let(TimeSpan.FromSeconds(30), inStepsOf: TimeSpan.FromMilliseconds(1));
        var (looks, passed) = (crowd.LooksAtTheClock, crowd.Passed(jobs: true));

        crowd.Let(TimeSpan.FromSeconds(10), inStepsOf: TimeSpan.FromMilliseconds(1));
        Assert.Equal(120, crowd.Passed(jobs: true) - passed, tolerance: 1);
        Assert.Equal(120, crowd.LooksAtTheClock - looks, tolerance: 1); // once for each that passes, however many wait

        crowd.GiveUp(500);
        crowd.Let(TimeSpan.FromSeconds(1));
        looks = crowd.LooksAtTheClock;
        crowd.Let(TimeSpan.FromHours(1), inStepsOf: TimeSpan.FromSeconds(1));
        Assert.Equal(looks, crowd.LooksAtTheClock);
    }

    private static CallBudget Budget(TimeProvider clock, int callsPerMinute = 900) =>
        new(Options.Create(new BoxOptions { CallsPerMinute = callsPerMinute }), clock, NullLogger<CallBudget>.Instance);

    /// <summary>
    /// People and jobs before a budget, in a time that passes when the test says so. All of it happens on the test's own thread,
    /// in turns, so that after each step everybody stands where they will stand.
    /// </summary>
    private sealed class Crowd : SynchronizationContext, IDisposable
    {
        private readonly CountingClock _clock = new();
        private readonly CallBudget _budget;
        private readonly SynchronizationContext? _before = Current;
        private readonly Queue<(SendOrPostCallback Act, object? State)> _turns = [];
        private readonly SortedDictionary<int, CancellationTokenSource> _waiting = [];
        private readonly List<Pass> _passes = [];
        private readonly long _start;
        private int _numbers;
        private int _peopleWaiting;
        private TimeSpan _restUntil;

        public Crowd(int callsPerMinute = 900)
        {
            _start = _clock.GetTimestamp();
            _budget = Budget(_clock, callsPerMinute);
            SetSynchronizationContext(this);
        }

        public int Waiting => _waiting.Count;

        public TimeSpan LongestWaitOfPeople { get; private set; }

        public int LooksAtTheClock => _clock.Looks;

        /// <summary>The most calls between one and those not later than a minute after it.</summary>
        public int MostInAMinute
        {
            get
            {
                var (most, first) = (0, 0);
                for (var last = 0; last < _passes.Count; last++)
                {
                    while (_passes[last].At - _passes[first].At > s_minute)
                    {
                        first++;
                    }

                    most = Math.Max(most, last - first + 1);
                }

                return most;
            }
        }

        /// <summary>Those who passed before somebody who had come earlier, and jobs that passed while people waited or Box wanted a rest.</summary>
        public IEnumerable<Pass> OutOfTurn => _passes
            .GroupBy(pass => pass.IsJob)
            .SelectMany(line => line.Zip(line.Skip(1)).Where(pair => pair.First.Number > pair.Second.Number).Select(pair => pair.First))
            .Concat(_passes.Where(pass => pass.IsJob && (pass.PeopleWaiting > 0 || pass.IsInRest)));

        private TimeSpan Now => TimeSpan.FromTicks(_clock.Now - _start);

        public int Passed(bool jobs) => _passes.Count(pass => pass.IsJob == jobs);

        public void Come(int people = 0, int jobs = 0)
        {
            for (var count = 0; count < people + jobs; count++)
            {
                _ = PassAsync(isJob: count >= people, ++_numbers);
            }
        }

        /// <summary>The last <paramref name="count"/> who came go away again.</summary>
        public void GiveUp(int count)
        {
            foreach (var patience in _waiting.Values.TakeLast(count).ToArray())
            {
                patience.Cancel();
            }

            TakeTurns();
        }

        public void Rest(TimeSpan wait)
        {
            if (wait > TimeSpan.Zero)
            {
                _budget.RestJobs(wait);
                var until = Now + (wait < CallBudget.LongestRest ? wait : CallBudget.LongestRest);
                _restUntil = until > _restUntil ? until : _restUntil;
            }
        }

        public void Let(TimeSpan pass, TimeSpan? inStepsOf = null)
        {
            var step = inStepsOf ?? pass;
            for (var until = Now + pass; Now < until;)
            {
                _clock.Advance(step);
                TakeTurns();
            }
        }

        public override void Post(SendOrPostCallback d, object? state) => _turns.Enqueue((d, state));

        public void Dispose()
        {
            SetSynchronizationContext(_before);
            _budget.Dispose();
        }

        private async Task PassAsync(bool isJob, int number)
        {
            using var scope = isJob ? _budget.ForJobs() : null;
            using var patience = new CancellationTokenSource();
            var came = Now;
            _waiting.Add(number, patience);
            _peopleWaiting += isJob ? 0 : 1;
            try
            {
                await _budget.PassAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _peopleWaiting -= isJob ? 0 : 1;
                return;
            }
            finally
            {
                _waiting.Remove(number);
            }

            _passes.Add(new(Now, isJob, number, _peopleWaiting, IsInRest: Now < _restUntil));
            if (!isJob)
            {
                _peopleWaiting--;
                LongestWaitOfPeople = Now - came > LongestWaitOfPeople ? Now - came : LongestWaitOfPeople;
            }
        }

        private void TakeTurns()
        {
            while (_turns.TryDequeue(out var turn))
            {
                turn.Act(turn.State);
            }
        }
    }

    private sealed record Pass(TimeSpan At, bool IsJob, int Number, int PeopleWaiting, bool IsInRest);

    private sealed class CountingClock : FakeTimeProvider
    {
        public int Looks { get; private set; }

        public long Now => base.GetTimestamp();

        public override long GetTimestamp()
        {
            Looks++;
            return base.GetTimestamp();
        }
    }
}
