using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace BoxPortal.Box.Http;

/// <summary>
/// How often and how long Box is asked. Nine tries end right in 99.8 % of calls while every second one fails, and cost no more
/// calls than needed. What Box refused (429) may always be tried again; what it may have done, only where twice is as good as once.
/// </summary>
internal static class BoxRetries
{
    /// <summary>The pipeline around a call with all its tries.</summary>
    public const string Calls = "Box calls";

    /// <summary>The pipeline around each try. Between the two a try waits for its turn, which is nothing that Box failed to do.</summary>
    public const string Tries = "Box tries";

    public static readonly ResiliencePropertyKey<bool> IsRepeatable = new(nameof(IsRepeatable));

    /// <summary>Nobody is waiting: the call may take its time, and sits out what Box wishes.</summary>
    public static readonly ResiliencePropertyKey<bool> IsForJobs = new(nameof(IsForJobs));

    /// <summary>
    /// The longest <c>Retry-After</c> that is sat out; of a 429 jobs sit out <see cref="CallBudget.LongestRest"/>, and of anything else they wait by themselves, and say so.
    /// A longer one is refused at once, with that time.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan WholeCall = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan OneTry = TimeSpan.FromSeconds(10);

    public static IServiceCollection AddBoxRetries(this IServiceCollection services) => services
        .AddResiliencePipeline(Calls, (builder, context) =>
        {
            builder.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            builder
                .AddTimeout(new TimeoutStrategyOptions
                {
                    TimeoutGenerator = args => ValueTask.FromResult(IsJob(args.Context) ? Timeout.InfiniteTimeSpan : WholeCall),
                })
                .AddRetry(new RetryStrategyOptions
                {
                    MaxRetryAttempts = 8,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = TimeSpan.FromMilliseconds(100),
                    MaxDelay = TimeSpan.FromSeconds(2),
                    ShouldHandle = args => ValueTask.FromResult(MayTryAgain(args.Outcome.Exception, args.Context)),
                    DelayGenerator = args => ValueTask.FromResult((args.Outcome.Exception as BoxApiException)?.RetryAfter),
                });
        })
        .AddResiliencePipeline(Tries, (builder, context) =>
        {
            builder.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            builder
                // Only for a Box that is as good as gone: at every second call failing, retries still get through.
                .AddCircuitBreaker(new CircuitBreakerStrategyOptions
                {
                    FailureRatio = 0.9,
                    MinimumThroughput = 50,
                    SamplingDuration = TimeSpan.FromSeconds(30),
                    BreakDuration = TimeSpan.FromSeconds(5),
                    ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception
                        is TimeoutRejectedException
                        or BoxApiException { IsTransient: true, Status: not HttpStatusCode.TooManyRequests }),
                })
                .AddTimeout(OneTry);
        });

    private static bool MayTryAgain(Exception? fault, ResilienceContext context) => fault switch
    {
        BoxApiException { RetryAfter: { } wait, Status: var status } when wait > (IsJob(context) && status == HttpStatusCode.TooManyRequests ? CallBudget.LongestRest : LongestWait) => false,
        BoxApiException { Status: HttpStatusCode.TooManyRequests } => true,
        BoxApiException { IsTransient: true } or TimeoutRejectedException => context.Properties.GetValue(IsRepeatable, false),
        _ => false,
    };

    private static bool IsJob(ResilienceContext context) => context.Properties.GetValue(IsForJobs, false);
}
