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
        { "Box:Authentication", "Magic", "Box:Authentication must be Jwt or ClientCredentials" },
        { "Box:Authentication", "7", "Box:Authentication must be Jwt or ClientCredentials" },
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

        var lines = await FailAsync("BoxPortal.dll", Arguments(settings));

        Assert.Equal(3, lines.Length);
        Assert.Equal("BoxPortal cannot start with these settings:", lines[0]);
        Assert.Contains(lines, line => line.StartsWith("- AzureAd:TenantId", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("AppUsers:Newcomers", StringComparison.Ordinal));
        AssertKeepsSecrets(settings, string.Join('\n', lines));
    }

    [Theory]
    [InlineData("--AppUsers:Newcomers=Bogus", "BoxPortal cannot start with these settings:", "- *AppUsers:Newcomers must be Off, Ask or Automatic*")]
    [InlineData("--portal-url=localhost:5180", "--portal-url (DevHost:PortalUrl) must be an address such as http://localhost:5080.")]
    [InlineData("--sandbox-url=ftp://localhost", "--sandbox-url (DevHost:SandboxUrl) must be an address such as http://localhost:5081.")]
    public async Task The_newcomers_command_prints_a_wrong_setting_as_plainly(string argument, params string[] expected)
    {
        var lines = await FailAsync("BoxPortal.DevHost.dll", [$"--portal-url=http://127.0.0.1:{FreePort()}", $"--sandbox-url=http://127.0.0.1:{FreePort()}", argument]);

        Assert.Equal(expected.Length, lines.Length);
        Assert.All(expected.Zip(lines), line => Assert.True(System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(line.First, line.Second), line.Second));
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
        Assert.Equal((HttpStatusCode.OK, "Degraded"), (ready.Status, ready.Answer.GetProperty("status").GetString()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Degraded"), (box.Status, box.Answer.GetProperty("status").GetString()));
        Assert.All([ready, box], asked => Assert.Contains("Box:ApiBaseAddress", WordsOf(asked.Answer), StringComparison.Ordinal));
        await PassingTime.UntilAsync(async () => WordsOf((await AskAsync("/health/box")).Answer).StartsWith("Box does not answer: ", StringComparison.Ordinal));
        Assert.DoesNotContain("..", WordsOf((await AskAsync("/health/box")).Answer), StringComparison.Ordinal);
        using var employee = await portal.SignInAsync(People.Maya);
        Assert.Equal(HttpStatusCode.OK, (await employee.GetAsync("/")).StatusCode);
        await employee.TakeRefusalAsync(clock.PassUntilAsync(employee.AskForTokenAsync()));
        Assert.DoesNotContain(portal.Logs, line => line.Contains("   at ", StringComparison.Ordinal));
        Assert.Contains(portal.Logs, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("Box gave no whole answer", StringComparison.Ordinal));

        static string WordsOf(JsonElement answer) => answer.GetProperty("checks").GetProperty("box").GetProperty("description").GetString()!;

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

    [Theory]
    [InlineData("*", true)]
    [InlineData("", true)]
    [InlineData("files.example.com;*", true)]
    [InlineData("files.example.com", false)]
    public async Task In_production_a_portal_that_answers_to_any_name_says_so(string allowed, bool warns)
    {
        await using var portal = await PortalHost.StartAsync(
            new Dictionary<string, string> { ["AzureAd:Instance"] = "https://login.microsoftonline.com/", ["Graph:BaseAddress"] = "https://graph.microsoft.com", ["AllowedHosts"] = allowed }, environment: "Production");

        Assert.Equal(warns, portal.Logs.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("AllowedHosts", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_start_and_a_sign_in_without_any_trouble_warn_of_nothing()
    {
        await using var portal = await PortalHost.StartRecoveredAsync();
        using var browser = await portal.SignInAsync(People.Maya);
        await browser.TakeTokenAsync();

        Assert.DoesNotContain(portal.Logs, line => line.StartsWith("Warning", StringComparison.Ordinal) || line.StartsWith("Error", StringComparison.Ordinal));
        Assert.DoesNotContain(portal.Logs, line => line.Contains("IDX1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_portal_keeps_is_for_its_account_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // files inherit their folder's rights
        }

        var folder = System.IO.Directory.CreateTempSubdirectory("boxportal-test-").FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)Convert.ToInt32("755", 8)); // as somebody may have made it
        try
        {
            await using var portal = await PortalHost.StartRecoveredAsync(dataFolder: folder);
            using var browser = await portal.SignInAsync(People.Maya);

            var files = System.IO.Directory.GetFiles(folder, "*", SearchOption.AllDirectories);

            Assert.Superset(new HashSet<string?> { "boxportal.db", "boxportal.db-wal", "boxportal.db-shm" }, files.Select(Path.GetFileName).ToHashSet());
            foreach (var file in files)
            {
                Assert.Equal((file, UnixFileMode.UserRead | UnixFileMode.UserWrite), (file, File.GetUnixFileMode(file)));
            }
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Starts a program that must end by itself with 1 and nothing but complaints.</summary>
    private static async Task<string[]> FailAsync(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, program), .. arguments]) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var (error, output) = (await process.StandardError.ReadToEndAsync(PortalHost.Cancellation), await process.StandardOutput.ReadToEndAsync(PortalHost.Cancellation));
        await process.WaitForExitAsync(PortalHost.Cancellation);

        Assert.Equal((1, ""), (process.ExitCode, output));
        return error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
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
