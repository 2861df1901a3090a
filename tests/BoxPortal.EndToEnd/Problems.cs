using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace BoxPortal.EndToEnd;

/// <summary>Everything that went wrong in one person's browser and that no test foresaw: errors in the console, of scripts, of requests, against the CSP.</summary>
public sealed class Problems
{
    /// <summary>Runs in every page before its own scripts. The policy's violations go to the console, where errors are looked for.</summary>
    private const string TellViolations = """
        addEventListener("securitypolicyviolation", event => console.error(
            `CSP ${event.effectiveDirective} blocked ${event.blockedURI} of ${event.sourceFile} in ${location.pathname}`));
        """;

    private readonly ConcurrentQueue<string> _seen = [];
    private readonly ConcurrentBag<string> _foreseen = [];

    private Problems()
    {
    }

    public static async Task<Problems> WatchAsync(IBrowserContext context)
    {
        var problems = new Problems();
        await context.AddInitScriptAsync(TellViolations);
        context.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                problems._seen.Enqueue($"{message.Text} at {message.Location}");
            }
        };
        context.WebError += (_, error) => problems._seen.Enqueue($"script: {error.Error}");
        context.RequestFailed += (_, request) =>
        {
            // What is on its way when somebody leaves a page, and a navigation that turns into a download, counts as aborted.
            if (request.Failure != "net::ERR_ABORTED")
            {
                problems._seen.Enqueue($"request: {request.Method} {request.Url} {request.Failure}");
            }
        };
        return problems;
    }

    /// <summary>From now on and for what is past, anything that contains <paramref name="words"/> belongs to the test. Violations of the policy never do.</summary>
    public void Foresee(params string[] words) => Array.ForEach(words, _foreseen.Add);

    /// <summary>What nobody foresaw.</summary>
    public IReadOnlyList<string> Unforeseen =>
        [.. _seen.Where(problem => problem.StartsWith("CSP ", StringComparison.Ordinal) || !_foreseen.Any(problem.Contains))];
}
