using Microsoft.AspNetCore.Diagnostics;

namespace BoxPortal.SignIn;

/// <summary>The identity provider does not answer: nobody's mistake in the portal, so told apart from its faults and in one line.</summary>
internal sealed partial class SilentProvider(ILogger<SilentProvider> logger) : IExceptionHandler
{
    /// <summary>What to look at, for administrators.</summary>
    public const string Repair =
        "the identity provider does not answer with its metadata. Check AzureAd:Instance and AzureAd:TenantId, and that this machine may reach the provider.";

    /// <summary>Whether this is a sign-in or sign-out that could not begin. IDX20803 is the library's name for it.</summary>
    public static bool Is(Exception fault) => fault is InvalidOperationException && fault.Message.StartsWith("IDX20803", StringComparison.Ordinal);

    /// <summary>Writes the line; the error page says the rest.</summary>
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (Is(exception))
        {
            Log.NoAnswer(logger, Repair, exception.InnerException?.Message);
        }

        return ValueTask.FromResult(false);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A sign-in could not begin: {Repair} {Fault}")]
        public static partial void NoAnswer(ILogger logger, string repair, string? fault);
    }
}
