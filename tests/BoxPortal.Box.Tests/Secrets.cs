using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text;

namespace BoxPortal.Box.Tests;

/// <summary>
/// Everything that must never be written; and what this run has written besides logs: the words of every exception, caught or
/// not, every trace and every metric. A <see cref="BoxClient"/> searches these and its own log when it is done.
/// </summary>
internal static class Secrets
{
    private const string TokenMark = "canned-token-";
    private static readonly ConcurrentDictionary<string, bool> s_written = [];
    private static readonly MeterListener s_metrics = new();
    private static readonly string[] s_secrets =
        [TokenMark, AppConfigs.ClientSecret, AppConfigs.Passphrase, .. AppConfigs.EncryptedKey.Split('\n').Where(line => line.Length > 20 && line[0] != '-')];

    /// <summary>A token that will be looked for.</summary>
    public static string NewToken() => $"{TokenMark}{Guid.NewGuid():N}";

    public static IReadOnlyCollection<string> Written => [.. s_written.Keys];

    /// <summary>Finds none of the secrets in <paramref name="written"/>, in clear or packed as base64.</summary>
    public static void AssertAbsent(IEnumerable<string> written)
    {
        string[] forms = [.. s_secrets.SelectMany(secret => (string[])[secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..^4]])];
        var text = string.Join('\n', written);
        Assert.All(forms, form => Assert.DoesNotContain(form, text, StringComparison.Ordinal));
    }

    [ModuleInitializer]
    internal static void Listen()
    {
        AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
        {
            // Xunit's own failures quote what they compared.
            if (thrown.Exception is not Xunit.Sdk.IAssertionException)
            {
                s_written.TryAdd(thrown.Exception.Message, true);
            }
        };
        ActivitySource.AddActivityListener(new()
        {
            ShouldListenTo = source => IsOurs(source.Name),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
                s_written.TryAdd($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(one => one.Tags))}", true),
        });
        s_metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument.Meter.Name))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        s_metrics.SetMeasurementEventCallback<double>((instrument, _, tags, _) => s_written.TryAdd($"{instrument.Name} {string.Join(' ', tags.ToArray())}", true));
        s_metrics.SetMeasurementEventCallback<long>((instrument, _, tags, _) => s_written.TryAdd($"{instrument.Name} {string.Join(' ', tags.ToArray())}", true));
        s_metrics.SetMeasurementEventCallback<int>((instrument, _, tags, _) => s_written.TryAdd($"{instrument.Name} {string.Join(' ', tags.ToArray())}", true));
        s_metrics.Start();
    }

    /// <summary>Not what the servers in this process, which are Box here, say of themselves.</summary>
    private static bool IsOurs(string source) =>
        !source.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) && !source.StartsWith("xunit", StringComparison.Ordinal);
}
