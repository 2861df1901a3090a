using System.Net.NetworkInformation;
using System.Text;
using BoxPortal.Sandbox;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using Directory = BoxPortal.Sandbox.Directory;

// One command for a newcomer: the sandbox and the portal in one process, and nothing else.
const string Command = "dotnet run --project src/BoxPortal.DevHost --";

var settings = new ConfigurationBuilder()
    .AddEnvironmentVariables()
    .AddCommandLine(args, new Dictionary<string, string> { ["--portal-url"] = "DevHost:PortalUrl", ["--sandbox-url"] = "DevHost:SandboxUrl" })
    .Build();
var portalUrl = AddressFrom("DevHost:PortalUrl", "--portal-url", "http://localhost:5080");
var sandboxUrl = AddressFrom("DevHost:SandboxUrl", "--sandbox-url", "http://localhost:5081");
if (portalUrl is null || sandboxUrl is null)
{
    return 1;
}

if (Taken(portalUrl, "portal", "--portal-url") | Taken(sandboxUrl, "sandbox", "--sandbox-url"))
{
    return 1;
}

await using var sandbox = SandboxServer.Build(
    new SandboxOptions
    {
        Urls = sandboxUrl,
        PortalOrigins = [portalUrl],
        Controls = true,
        CallsPerMinute = 1000,
        UploadsPerMinute = 240,
        SearchesPerMinute = 60,
        SearchesPerSecond = 6,
    });
await sandbox.StartAsync();

// The sandbox forgets everything when it ends, so what the portal remembered of it would be about nobody.
var dataFolder = System.IO.Directory.CreateTempSubdirectory("boxportal-");
try
{
    // Settings as on a command line, but handed over in the process: no other user of the machine sees the secrets.
    using var http = new HttpClient();
    await using var portal = BoxPortal.Program.Build(
    [
        "--environment=Development",
        $"--urls={portalUrl}",
        $"--Company:Name={Directory.Company}",
        $"--AzureAd:Instance={sandboxUrl}/",
        $"--AzureAd:TenantId={Directory.TenantId}",
        $"--AzureAd:ClientId={Directory.ClientId}",
        $"--AzureAd:ClientSecret={Directory.ClientSecret}",
        $"--Box:ConfigJson={await http.GetStringAsync($"{sandboxUrl}/_sandbox/config.json")}",
        $"--Box:ApiBaseAddress={sandboxUrl}",
        $"--Box:UploadBaseAddress={sandboxUrl}",
        "--Graph:Enabled=true",
        $"--Graph:BaseAddress={sandboxUrl}",
        "--AppUsers:Newcomers=Ask",
        "--Explorer:Preview=Local", // Box's own comes from a CDN
        $"--Storage:DataFolder={dataFolder.FullName}",
        "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Warning", // what it would say is said below
        .. args,
    ]);
    await portal.StartAsync();
    SayWhereToGo();
    await portal.WaitForShutdownAsync();
}
catch (OptionsValidationException faults)
{
    Console.Error.WriteLine(BoxPortal.Program.Words(faults));
    return 1;
}
finally
{
    SqliteConnection.ClearAllPools(); // Windows deletes no file that is open
    dataFolder.Delete(recursive: true);
}
return 0;

string? AddressFrom(string key, string option, string otherwise)
{
    if (Uri.TryCreate(settings[key] ?? otherwise, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps))
    {
        return address.GetLeftPart(UriPartial.Authority);
    }

    Console.Error.WriteLine($"{option} ({key}) must be an address such as {otherwise}.");
    return null;
}

static bool Taken(string address, string what, string option)
{
    var port = new Uri(address).Port;
    if (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().All(listener => listener.Port != port))
    {
        return false;
    }

    Console.Error.WriteLine($"Port {port}, where the {what} would listen, is taken. End the other program, or choose another port:");
    Console.Error.WriteLine($"  {Command} {option} http://localhost:{port + 100}");
    return true;
}

void SayWhereToGo()
{
    Console.OutputEncoding = Encoding.UTF8;
    Console.WriteLine($"""

        Open      {portalUrl}
        Sandbox   {sandboxUrl}   Box and the sign-in page, pretended; all is forgotten at the end

        Sign in as
        """);
    foreach (var person in Directory.People.Where(person => person.SignInNote is not null))
    {
        Console.WriteLine($"  {person.Name,-16}  {person.SignInNote}");
    }

    Console.WriteLine($"""

        or as anybody else at {Directory.Company}. Ctrl+C ends both.

        """);
}
