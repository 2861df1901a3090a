using System.Security.Cryptography;
using System.Text.Json;

namespace BoxPortal.Box.Configuration;

/// <summary>
/// The Box application we act as, from the JSON its developer console offers for download:
/// <code>
/// {"boxAppSettings":{"clientID","clientSecret","appAuth":{"publicKeyID","privateKey","passphrase"}},"enterpriseID"}
/// </code>
/// A class and not a record, so that printing it reveals nothing.
/// </summary>
internal sealed class BoxApp
{
    public static BoxApp Nothing { get; } = new();

    public string ClientId { get; private init; } = "";
    public string ClientSecret { get; private init; } = "";
    public string EnterpriseId { get; private init; } = "";
    public string PublicKeyId { get; private init; } = "";

    /// <summary>The key that signs assertions, opened; <c>null</c> for the Client Credentials Grant.</summary>
    public RSA? Key { get; private init; }

    /// <summary>What is wrong, each with its setting and repair; empty for an app that can be used.</summary>
    public IReadOnlyList<string> Faults { get; private init; } = [];

    /// <summary>Reads the app config that <paramref name="options"/> name and opens its key. Faults are listed, not thrown.</summary>
    public static BoxApp Read(BoxOptions options)
    {
        var (source, text, fault) = Find(options);
        if (fault is not null)
        {
            return new() { Faults = [fault] };
        }

        try
        {
            using var document = JsonDocument.Parse(text);
            return Read(new AppConfig(source, document.RootElement), options.Authentication);
        }
        catch (JsonException notJson)
        {
            // Not the parser's own words: they quote what they stumbled over.
            return new()
            {
                Faults = [$"{source} is not JSON (line {notJson.LineNumber + 1}): use the file exactly as Box's developer console gave it."],
            };
        }
    }

    private static BoxApp Read(AppConfig config, BoxAuthentication authentication)
    {
        var isJwt = authentication == BoxAuthentication.Jwt;
        return new()
        {
            ClientId = config.Text("boxAppSettings.clientID"),
            ClientSecret = config.Text("boxAppSettings.clientSecret"),
            EnterpriseId = config.EnterpriseId(),
            PublicKeyId = isJwt ? config.Text("boxAppSettings.appAuth.publicKeyID") : "",
            Key = isJwt ? config.Key("boxAppSettings.appAuth.privateKey", "boxAppSettings.appAuth.passphrase") : null,
            Faults = config.Faults,
        };
    }

    private static (string Source, string Text, string? Fault) Find(BoxOptions options)
    {
        const string FileKey = $"{BoxOptions.Section}:{nameof(BoxOptions.ConfigFile)}";
        const string JsonKey = $"{BoxOptions.Section}:{nameof(BoxOptions.ConfigJson)}";

        switch (options)
        {
            case { ConfigFile.Length: > 0, ConfigJson.Length: > 0 }:
                return ("", "", $"{FileKey} and {JsonKey} are both set: remove one of them.");
            case { ConfigJson: { Length: > 0 } json }:
                return (JsonKey, json, null);
            case { ConfigFile: { Length: > 0 } file }:
                try
                {
                    return ($"{FileKey} ('{file}')", File.ReadAllText(file), null);
                }
                catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
                {
                    var path = Path.GetFullPath(file.Replace("\0", "", StringComparison.Ordinal));
                    return ("", "", File.Exists(path)
                        ? $"{FileKey}: '{path}' cannot be read: let the portal's account read it."
                        : $"{FileKey}: there is no file '{path}': correct the path.");
                }

            default:
                return ("", "", $"{FileKey} is not set: download the app's JSON config in Box's developer console "
                    + $"(Configuration, Add and Manage Public Keys) and put its path here, or its text into {JsonKey}.");
        }
    }
}
