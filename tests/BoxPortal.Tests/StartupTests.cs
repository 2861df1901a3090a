using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using BoxPortal.Sandbox;
using BoxPortal.Sandbox.Tests.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace BoxPortal.Tests;

public sealed class StartupTests(StartupTests.Sandbox sandbox) : IClassFixture<StartupTests.Sandbox>
{
    private const string App = "boxAppSettings";

    /// <summary>A setting that is wrong, and what the refusal says of it.</summary>
    public static TheoryData<string, string?, string> Faults => new()
    {
        { "Box:ConfigJson", "", "Box:ConfigFile is not set: download" },
        { "Box:ConfigJson", "{", "Box:ConfigJson is not JSON" },
        { "Box:ConfigFile", "nowhere.json", "Box:ConfigFile and Box:ConfigJson are both set: remove one" },
        { "Box:Authentication", "Magic", "Box:Authentication" },
        { "Box:ApiBaseAddress", "http://api.box.com", "Box:ApiBaseAddress must be an address" },
        { "Box:ApiBaseAddress", "nonsense", "Box:ApiBaseAddress" },
        { "AzureAd:Instance", "nonsense", "AzureAd:Instance must be an https address" },
        { "AzureAd:Instance", "http://login.example/", "AzureAd:Instance must be an https address" },
        { "AzureAd:TenantId", "common", "AzureAd:TenantId must be your directory's tenant ID" },
        { "AzureAd:TenantId", "", "AzureAd:TenantId must be your directory's tenant ID" },
        { "AzureAd:ClientId", "", "AzureAd:ClientId is missing" },
        { "AzureAd:ClientSecret", "", "AzureAd:ClientSecret is missing. Create" },
        { "Graph:Enabled", "perhaps", "Graph:Enabled must be true or false" },
        { "Graph:BaseAddress", "", "Graph:BaseAddress must be an https address" },
        { "Graph:BaseAddress", "nonsense", "Graph:BaseAddress must be an https address" },
        { "Graph:BaseAddress", "http://graph.example", "Graph:BaseAddress must be an https address" },
        { "Graph:BaseAddress", "https://graph.microsoft.com/v1.0", "Graph:BaseAddress must be an https address" },
        { "AppUsers:Newcomers", "Sometimes", "AppUsers:Newcomers must be Off, Ask or Automatic" },
        { "AppUsers:Newcomers", "7", "AppUsers:Newcomers must be Off, Ask or Automatic" },
        { "AppUsers:SpaceInBytes", "-2", "AppUsers:SpaceInBytes must be" },
        { "AppUsers:SpaceInBytes", "lots", "AppUsers:SpaceInBytes" },
        { "AppUsers:Language", "", "AppUsers:Language must be" },
        { "Explorer:Scopes:Everyone:0", "item_everything", "Explorer:Scopes:Everyone has the unknown scope 'item_everything'" },
        { "Explorer:Scopes:HelpDesk:0", "item_preview", "Explorer:Scopes:HelpDesk lacks base_explorer" },
        { "Storage:DataFolder", "/proc/nowhere", "Storage:DataFolder cannot be written" },
        { "Company:Name", "", "Company:Name must be" },
        { "Sessions:Lifetime", "12", "Sessions:Lifetime must be" },
        { "Sessions:Lifetime", "00:01:00", "Sessions:Lifetime must be" },
        { "Sessions:Lifetime", "forever", "Sessions:Lifetime must be" },
    };

    /// <summary>A fault in Box's app config, made by changing a good one.</summary>
    public static TheoryData<string, string> AppFaults => new()
    {
        { "no key", "appAuth.privateKey is missing" },
        { "no passphrase", "appAuth.passphrase is missing" },
        { "wrong passphrase", "appAuth.passphrase does not open the private key" },
        { "traditional key", "appAuth.privateKey is in the traditional form (BEGIN RSA PRIVATE KEY): convert it" },
        { "open key", "appAuth.privateKey is not encrypted" },
        { "no key ID", "appAuth.publicKeyID is missing" },
        { "no secret", "clientSecret is missing" },
        { "no enterprise", "enterpriseID is not an enterprise's" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_wrong_setting_stops_the_start_by_its_name_with_its_repair(string key, string? value, string expected)
    {
        var settings = await sandbox.SettingsAsync();
        settings[key] = value!;

        var refusal = Assert.Throws<OptionsValidationException>(() => Build(settings));

        Assert.Contains(refusal.Failures, failure => failure.Contains(expected, StringComparison.Ordinal));
        AssertKeepsSecrets(settings, string.Join('\n', refusal.Failures) + refusal);
    }

    [Theory]
    [MemberData(nameof(AppFaults))]
    public async Task A_wrong_app_config_stops_the_start_by_its_field_with_its_repair(string fault, string expected)
    {
        var settings = await sandbox.SettingsAsync();
        var good = settings["Box:ConfigJson"];
        var config = JsonNode.Parse(good)!;
        var auth = config[App]!["appAuth"]!.AsObject();
        using var key = RSA.Create();
        key.ImportFromEncryptedPem(auth["privateKey"]!.GetValue<string>(), auth["passphrase"]!.GetValue<string>());
        switch (fault)
        {
            case "no key": auth.Remove("privateKey"); break;
            case "no passphrase": auth["passphrase"] = ""; break;
            case "wrong passphrase": auth["passphrase"] = "sbxWrongPassphrase00000000000"; break;
            case "traditional key": auth["privateKey"] = $"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n{Convert.ToBase64String(key.ExportRSAPrivateKey())}\n-----END RSA PRIVATE KEY-----"; break;
            case "open key": auth["privateKey"] = key.ExportPkcs8PrivateKeyPem(); break;
            case "no key ID": auth["publicKeyID"] = null; break;
            case "no secret": config[App]!.AsObject().Remove("clientSecret"); break;
            case "no enterprise": config["enterpriseID"] = "0"; break;
        }

        settings["Box:ConfigJson"] = config.ToJsonString();
        var refusal = Assert.Throws<OptionsValidationException>(() => Build(settings));

        Assert.Contains(refusal.Failures, failure => failure.StartsWith("Box:ConfigJson", StringComparison.Ordinal) && failure.Contains(expected, StringComparison.Ordinal));
        AssertKeepsSecrets(settings, string.Join('\n', refusal.Failures) + refusal);
        settings["Box:ConfigJson"] = good;
        AssertKeepsSecrets(settings, string.Join('\n', refusal.Failures) + refusal);
    }

    [Fact]
    public async Task Every_fault_is_reported_at_once()
    {
        var settings = await sandbox.SettingsAsync();
        foreach (var (key, value) in new[] { ("Box:ConfigJson", ""), ("AzureAd:TenantId", "common"), ("AzureAd:ClientSecret", ""), ("AppUsers:Newcomers", "Sometimes"), ("Explorer:Scopes:Everyone:0", "x") })
        {
            settings[key] = value;
        }

        var refusal = Assert.Throws<OptionsValidationException>(() => Build(settings));

        Assert.All(
            new[] { "Box:ConfigFile", "AzureAd:TenantId", "AzureAd:ClientSecret", "AppUsers:Newcomers", "Explorer:Scopes:Everyone" },
            key => Assert.Contains(refusal.Failures, failure => failure.Contains(key, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task From_the_command_line_the_faults_are_printed_plainly_and_the_start_fails()
    {
        var settings = await sandbox.SettingsAsync();
        settings["AzureAd:TenantId"] = "common";
        settings["AppUsers:Newcomers"] = "Sometimes";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "BoxPortal.dll"));
        foreach (var argument in Arguments(settings))
        {
            start.ArgumentList.Add(argument);
        }

        using var portal = Process.Start(start)!;
        var (error, output) = (await portal.StandardError.ReadToEndAsync(PortalHost.Cancellation), await portal.StandardOutput.ReadToEndAsync(PortalHost.Cancellation));
        await portal.WaitForExitAsync(PortalHost.Cancellation);

        Assert.Equal(1, portal.ExitCode);
        Assert.Equal("", output);
        var lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal("BoxPortal cannot start with these settings:", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("- AzureAd:TenantId", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("AppUsers:Newcomers", StringComparison.Ordinal));
        AssertKeepsSecrets(settings, error);
    }

    [Fact]
    public async Task In_production_a_provider_and_a_directory_on_http_are_refused_even_on_this_machine()
    {
        var settings = await sandbox.SettingsAsync();
        settings["environment"] = "Production";

        var refusal = Assert.Throws<OptionsValidationException>(() => Build(settings));

        Assert.Contains(refusal.Failures, failure => failure.StartsWith("AzureAd:Instance must be an https address", StringComparison.Ordinal));
        Assert.Contains(refusal.Failures, failure => failure.StartsWith("Graph:BaseAddress must be an https address", StringComparison.Ordinal));
    }

    [Fact]
    public async Task With_Box_out_of_reach_the_portal_starts_serves_and_says_what_is_wrong()
    {
        var clock = PassingTime.StoppedClock();
        await using var portal = await PortalHost.StartAsync(new Dictionary<string, string> { ["Box:ApiBaseAddress"] = "http://127.0.0.1:1" }, clock);
        using var browser = portal.NewBrowser();

        var live = await AskAsync("/health/live");
        var ready = await AskAsync("/health/ready");
        var box = await AskAsync("/health/box");

        Assert.Equal((HttpStatusCode.OK, "Healthy"), (live.Status, live.Answer.GetProperty("status").GetString()));
        Assert.Equal((HttpStatusCode.OK, "Healthy"), (ready.Status, ready.Answer.GetProperty("status").GetString()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy"), (box.Status, box.Answer.GetProperty("status").GetString()));
        Assert.Contains("Box:ApiBaseAddress", box.Answer.GetProperty("checks").GetProperty("box").GetProperty("description").GetString(), StringComparison.Ordinal);
        using var employee = await portal.SignInAsync(People.Maya);
        Assert.Equal(HttpStatusCode.OK, (await employee.GetAsync("/")).StatusCode);

        async Task<(HttpStatusCode Status, JsonElement Answer)> AskAsync(string path)
        {
            using var answer = await clock.PassUntilAsync(browser.GetAsync(path));
            return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(PortalHost.Cancellation));
        }
    }

    [Fact]
    public async Task Where_Box_refuses_the_app_health_says_whom_to_ask()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        portal.Enterprise.App.Authorised = false;
        portal.Enterprise.Revoke(portal.Enterprise.Tokens.Values.Single(token => token.UserId == portal.Enterprise.ServiceAccount.Id).Value);
        using var browser = portal.NewBrowser();

        using var answer = await browser.GetAsync("/health/box");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync(PortalHost.Cancellation);
        Assert.Contains("authorized in Box", body, StringComparison.Ordinal);
        Assert.DoesNotContain("sbx", body, StringComparison.Ordinal);
    }

    private static WebApplication Build(IReadOnlyDictionary<string, string> settings) => Program.Build([.. Arguments(settings)]);

    private static IEnumerable<string> Arguments(IReadOnlyDictionary<string, string> settings) => settings.Select(setting => $"--{setting.Key}={setting.Value}");

    private static void AssertKeepsSecrets(Dictionary<string, string> settings, string written)
    {
        Assert.DoesNotContain("sbx", written.Replace("sbxkey01", "", StringComparison.Ordinal), StringComparison.Ordinal);
        if (settings["Box:ConfigJson"].Length > 10)
        {
            var key = JsonNode.Parse(settings["Box:ConfigJson"])?[App]?["appAuth"]?["privateKey"]?.GetValue<string>() ?? "";
            Assert.All(key.Split('\n').Where(line => line.Length >= 60 && !line.Contains(' ', StringComparison.Ordinal)), line => Assert.DoesNotContain(line, written, StringComparison.Ordinal));
        }
    }

    public sealed class Sandbox : IAsyncLifetime
    {
        private readonly WebApplication _server = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true }, AnswerRecorder.Listen);
        private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("boxportal-test-").FullName;

        /// <summary>Settings a developer's portal would start with.</summary>
        public async Task<Dictionary<string, string>> SettingsAsync()
        {
            var settings = await PortalHost.SettingsForAsync(new Uri(_server.Urls.First()));
            settings["environment"] = "Development";
            settings["Storage:DataFolder"] = _folder;
            return settings;
        }

        public async ValueTask InitializeAsync() => await _server.StartAsync(PortalHost.Cancellation);

        public async ValueTask DisposeAsync()
        {
            System.IO.Directory.Delete(_folder, recursive: true);
            await AnswerRecorder.EndAsync(_server);
        }
    }
}
