using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;

namespace BoxPortal.Box.Tests;

/// <summary>
/// Everything that must never be written, and the words of every exception of this run, caught or not.
/// A <see cref="BoxClient"/> searches both these and its own log when it is done.
/// </summary>
internal static class Secrets
{
    private static readonly ConcurrentDictionary<string, bool> s_exceptions = [];
    private static readonly ConcurrentQueue<string> s_secrets =
        new([AppConfigs.ClientSecret, AppConfigs.Passphrase, .. AppConfigs.EncryptedKey.Split('\n').Where(line => line.Length > 20 && line[0] != '-')]);

    /// <summary>A token that will be looked for.</summary>
    public static string NewToken()
    {
        var token = $"canned-token-{Guid.NewGuid():N}";
        s_secrets.Enqueue(token);
        return token;
    }

    public static IReadOnlyCollection<string> Exceptions => [.. s_exceptions.Keys];

    /// <summary>Finds none of the secrets in <paramref name="written"/>, in clear or packed as base64.</summary>
    public static void AssertAbsent(IEnumerable<string> written)
    {
        string[] forms = [.. s_secrets.SelectMany(secret => (string[])[secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret))[..^4]])];
        var text = string.Join('\n', written);
        Assert.All(forms, form => Assert.DoesNotContain(form, text, StringComparison.Ordinal));
    }

    [ModuleInitializer]
    internal static void Listen() => AppDomain.CurrentDomain.FirstChanceException += (_, thrown) =>
    {
        // Xunit's own failures quote what they compared.
        if (thrown.Exception is not Xunit.Sdk.IAssertionException)
        {
            s_exceptions.TryAdd(thrown.Exception.Message, true);
        }
    };
}
