using System.Globalization;
using System.Threading.RateLimiting;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.RateLimiting;

namespace BoxPortal.Explorer;

/// <summary>
/// How much the pages of one employee may ask for, on all their devices together: Box's call budget, room in the record and
/// connections are everybody's. Far above what pages ask by themselves.
/// </summary>
/// <param name="TokensAtOnce">Asks for a token; a fifth of them comes back each minute.</param>
/// <param name="ExplanationsAtOnce">Asks why nothing is listed, each of which costs several calls of Box; a fifth of them comes back each minute.</param>
/// <param name="Streams">Streams open at the same time.</param>
public sealed record ExplorerLimits(int TokensAtOnce = 300, int ExplanationsAtOnce = 30, int Streams = 20)
{
    internal const string ForTokens = nameof(TokensAtOnce);
    internal const string ForExplanations = nameof(ExplanationsAtOnce);
    internal const string ForStreams = nameof(Streams);

    /// <summary>Where the limiter does not know when there is room again: a stream ends when its page does.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(10);

    internal void Apply(RateLimiterOptions limiter)
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = (rejected, _) =>
        {
            var pause = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : s_pause;
            rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            return ValueTask.CompletedTask;
        };
        limiter.AddPolicy(ForTokens, context => PartitionOf(context, employee => Refilled(employee, TokensAtOnce)));
        limiter.AddPolicy(ForExplanations, context => PartitionOf(context, employee => Refilled(employee, ExplanationsAtOnce)));
        limiter.AddPolicy(ForStreams, context => PartitionOf(context, employee =>
            RateLimitPartition.GetConcurrencyLimiter(employee, _ => new() { PermitLimit = Streams })));
    }

    /// <summary>What a page elsewhere sends is refused anyway, and must not use up anything of the employee's.</summary>
    private static RateLimitPartition<EmployeeId> PartitionOf(HttpContext context, Func<EmployeeId, RateLimitPartition<EmployeeId>> limit) =>
        context.Request.IsFromElsewhere() ? RateLimitPartition.GetNoLimiter(default(EmployeeId)) : limit(Employee.From(context.User).Id);

    private static RateLimitPartition<EmployeeId> Refilled(EmployeeId employee, int atOnce) =>
        RateLimitPartition.GetTokenBucketLimiter(employee, _ => new()
        {
            TokenLimit = atOnce,
            TokensPerPeriod = 1,
            ReplenishmentPeriod = TimeSpan.FromMinutes(5) / atOnce,
        });
}
