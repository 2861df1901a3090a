using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace BoxPortal.Box.Tests.Configuration;

public sealed class BoxOptionsTests
{
    private const string Anywhere = "https://box.example";

    [Fact]
    public async Task A_good_config_starts()
    {
        await using var client = Client();

        await client.StartAsync();
    }

    [Fact]
    public async Task A_good_config_file_starts()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, AppConfigs.Good().ToJsonString(), TestContext.Current.CancellationToken);
        await using var client = Client(("Box:ConfigJson", null), ("Box:ConfigFile", file));

        await client.StartAsync();

        File.Delete(file);
    }

    [Fact]
    public async Task The_key_is_opened_once()
    {
        await using var client = Client();

        await client.StartAsync();

        Assert.Same(
            client.Get<IOptions<BoxOptions>>().Value.App.Key, client.Get<IOptionsMonitor<BoxOptions>>().CurrentValue.App.Key);
    }

    [Fact]
    public async Task No_config_at_all_says_where_to_get_one()
    {
        var faults = await FaultsAsync(("Box:ConfigJson", null));

        Assert.Contains("Box:ConfigFile is not set", Assert.Single(faults), StringComparison.Ordinal);
        Assert.Contains("developer console", faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_configs_are_one_too_many()
    {
        var faults = await FaultsAsync(("Box:ConfigFile", "box.json"));

        Assert.Contains("both set", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_file_is_named_by_its_full_path()
    {
        var faults = await FaultsAsync(("Box:ConfigJson", null), ("Box:ConfigFile", "no-such-box.json"));

        Assert.Contains($"Box:ConfigFile: there is no file '{Path.GetFullPath("no-such-box.json")}'", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_in_place_of_the_file_is_a_fault()
    {
        var faults = await FaultsAsync(("Box:ConfigJson", null), ("Box:ConfigFile", Path.GetTempPath()));

        Assert.Contains("Box:ConfigFile", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{")]
    [InlineData("<html>")]
    [InlineData("{\"a\":1}}")]
    public async Task What_is_not_JSON_is_said_to_be_none(string text)
    {
        var faults = await FaultsAsync(("Box:ConfigJson", text));

        Assert.Contains("Box:ConfigJson is not JSON (line 1)", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("boxAppSettings.clientID")]
    [InlineData("boxAppSettings.clientSecret")]
    [InlineData("boxAppSettings.appAuth.publicKeyID")]
    [InlineData("boxAppSettings.appAuth.privateKey")]
    [InlineData("boxAppSettings.appAuth.passphrase")]
    [InlineData("enterpriseID")]
    public async Task Each_missing_field_is_named(string path)
    {
        foreach (var config in new[] { AppConfigs.With(path, null), AppConfigs.With(path, ""), AppConfigs.With(path, true) })
        {
            var faults = await FaultsAsync(("Box:ConfigJson", config));

            Assert.StartsWith($"Box:ConfigJson: {path} is missing", Assert.Single(faults), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task Every_fault_is_reported_at_once(string config)
    {
        var faults = await FaultsAsync(
            ("Box:ConfigJson", config), ("Box:ApiBaseAddress", "http://box.example"), ("Box:UploadBaseAddress", "nowhere"));

        Assert.Equal(8, faults.Count);
    }

    [Fact]
    public async Task Client_credentials_need_no_key()
    {
        await using var client = Client(
            ("Box:Authentication", "ClientCredentials"), ("Box:ConfigJson", AppConfigs.With("boxAppSettings.appAuth", null)));

        await client.StartAsync();
    }

    [Fact]
    public async Task Client_credentials_need_the_secret()
    {
        var faults = await FaultsAsync(
            ("Box:Authentication", "ClientCredentials"), ("Box:ConfigJson", AppConfigs.With("boxAppSettings.clientSecret", null)));

        Assert.Contains("clientSecret is missing", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_authentication_is_named()
    {
        var faults = await FaultsAsync(("Box:Authentication", "Magic"));

        Assert.Contains("Box:Authentication", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("acme")]
    public async Task An_enterprise_that_is_none_is_named(string id)
    {
        var faults = await FaultsAsync(("Box:ConfigJson", AppConfigs.With("enterpriseID", id)));

        Assert.Contains("enterpriseID is not an enterprise's", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_enterprise_id_without_quotes_will_do()
    {
        await using var client = Client(("Box:ConfigJson", AppConfigs.With("enterpriseID", 1234567)));

        await client.StartAsync();
    }

    [Fact]
    public async Task A_wrong_passphrase_is_named_and_not_shown()
    {
        const string Wrong = "not-the-passphrase-5150";

        var faults = await FaultsAsync(("Box:ConfigJson", AppConfigs.With("boxAppSettings.appAuth.passphrase", Wrong)));

        Assert.Contains("appAuth.passphrase does not open the private key", Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain(Wrong, faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_traditional_key_is_recognised_and_its_conversion_told()
    {
        var plain = AppConfigs.Key.ExportRSAPrivateKeyPem();
        var encrypted = plain.Replace("KEY-----\n", "KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: DES-EDE3-CBC,0123456789ABCDEF\n\n", StringComparison.Ordinal);

        foreach (var key in new[] { plain, encrypted })
        {
            var faults = await FaultsAsync(("Box:ConfigJson", AppConfigs.With("boxAppSettings.appAuth.privateKey", key)));

            Assert.Contains("appAuth.privateKey is in the traditional form (BEGIN RSA PRIVATE KEY)", Assert.Single(faults), StringComparison.Ordinal);
            Assert.Contains("openssl pkcs8 -topk8", faults[0], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_unencrypted_key_is_refused_and_its_encryption_told()
    {
        var faults = await FaultsAsync(
            ("Box:ConfigJson", AppConfigs.With("boxAppSettings.appAuth.privateKey", AppConfigs.Key.ExportPkcs8PrivateKeyPem())));

        Assert.Contains("appAuth.privateKey is not encrypted", Assert.Single(faults), StringComparison.Ordinal);
        Assert.Contains("openssl pkcs8 -topk8", faults[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_no_private_RSA_key_is_named()
    {
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var tooSmall = RSA.Create(1024);
        (string Key, string Words)[] cases =
        [
            (AppConfigs.Key.ExportSubjectPublicKeyInfoPem(), "holds a PUBLIC KEY"),
            ("MIIE6TAbBgkqhkiG9w0BBQMwDgQI", "is not PEM"),
            (AppConfigs.EncryptedKey.Replace("\n", "\\n", StringComparison.Ordinal), "is not PEM"),
            (AppConfigs.Encrypt(curve), "does not open the private key, or that is no RSA key"),
            (AppConfigs.Encrypt(tooSmall), "has 1024 bits"),
        ];

        foreach (var (key, words) in cases)
        {
            var faults = await FaultsAsync(("Box:ConfigJson", AppConfigs.With("boxAppSettings.appAuth.privateKey", key)));

            Assert.Contains(words, Assert.Single(faults), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://api.box.com")]
    [InlineData("ftp://api.box.com")]
    [InlineData("api.box.com")]
    [InlineData("https://api.box.com/2.0")]
    [InlineData("https://somebody@api.box.com")]
    [InlineData("http://")]
    public async Task A_bad_base_address_is_named(string address)
    {
        var faults = await FaultsAsync(("Box:ApiBaseAddress", address));

        Assert.Contains("Box:ApiBaseAddress", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("59")]
    [InlineData("1001")]
    [InlineData("plenty")]
    public async Task A_number_of_calls_that_Box_does_not_allow_is_named(string callsPerMinute)
    {
        var faults = await FaultsAsync(("Box:CallsPerMinute", callsPerMinute));

        Assert.Contains("Box:CallsPerMinute", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("60")]
    [InlineData("1000")]
    public async Task Any_number_of_calls_that_Box_allows_will_do(string callsPerMinute)
    {
        await using var client = Client(("Box:CallsPerMinute", callsPerMinute));

        await client.StartAsync();
    }

    [Fact]
    public async Task Printing_the_options_shows_nothing()
    {
        await using var client = Client();

        var options = client.Get<IOptions<BoxOptions>>().Value;

        Secrets.AssertAbsent([$"{options} {options.App} {options.App.Key}"]);
    }

    private static BoxClient Client(params (string Key, string? Value)[] settings) => new(new Uri(Anywhere), null, settings);

    private static async Task<IReadOnlyList<string>> FaultsAsync(params (string Key, string? Value)[] settings)
    {
        await using var client = Client(settings);

        var thrown = await Assert.ThrowsAsync<OptionsValidationException>(client.StartAsync);

        Secrets.AssertAbsent([thrown.ToString()]);
        return [.. thrown.Failures];
    }
}
