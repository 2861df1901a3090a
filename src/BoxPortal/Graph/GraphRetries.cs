using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace BoxPortal.Graph;

/// <summary>
/// How often and how long Graph and the token endpoint are asked. An administrator waits for many pages, so that a page may take
/// longer than a call to Box may. All we ask may be asked twice.
/// </summary>
internal static class GraphRetries
{
    public const string Name = "Graph";

    /// <summary>The longest <c>Retry-After</c> that is sat out. A longer one is refused at once, with that time.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan WholeCall = TimeSpan.FromMinutes(2);
    public static readonly TimeSpan OneTry = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddGraphRetries(this IServiceCollection services) =>
        services.AddResiliencePipeline(Name, (builder, context) =>
        {
            builder.TimeProvider = context.ServiceProvider.GetRequiredService<TimeProvider>();
            builder
                .AddTimeout(WholeCall)
                .AddRetry(new RetryStrategyOptions
                {
                    MaxRetryAttempts = 6,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = TimeSpan.FromMilliseconds(250),
                    MaxDelay = TimeSpan.FromSeconds(5),
                    ShouldHandle = args => ValueTask.FromResult(MayTryAgain(args.Outcome.Exception)),
                    DelayGenerator = args => ValueTask.FromResult((args.Outcome.Exception as GraphException)?.RetryAfter),
                })
                .AddTimeout(OneTry);
        });

    private static bool MayTryAgain(Exception? fault) => fault switch
    {
        GraphException { RetryAfter: { } wait } when wait > LongestWait => false,
        GraphException { IsTransient: true } or TimeoutRejectedException => true,
        _ => false,
    };
}
