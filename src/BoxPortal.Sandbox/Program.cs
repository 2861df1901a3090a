using BoxPortal.Sandbox;
using Microsoft.AspNetCore.Connections;
using Directory = BoxPortal.Sandbox.Directory;

var host = WebApplication.CreateBuilder(args);
var options = new SandboxOptions { Controls = host.Environment.IsDevelopment() };
host.Configuration.GetSection(SandboxOptions.Section).Bind(options);

await using var sandbox = SandboxServer.Build(options);
try
{
    await sandbox.StartAsync();
}
catch (IOException fault) when (fault.InnerException is AddressInUseException)
{
    Console.Error.WriteLine($"The sandbox cannot listen: {fault.Message} End the other program, or choose another address with --{SandboxOptions.Section}:{nameof(SandboxOptions.Urls)}=http://localhost:5181.");
    return 1;
}

var address = sandbox.Urls.First();
Console.WriteLine($"""

    Sandbox   {address}   Box and the sign-in page, pretended; all is forgotten at the end

    A portal works against it with these settings, and with Box:ConfigFile, whose content is at
    {(options.Controls ? $"{address}/_sandbox/config.json" : "/_sandbox/config.json, in the Development environment")}

      AzureAd:Instance       {address}/
      AzureAd:TenantId       {Directory.TenantId}
      AzureAd:ClientId       {Directory.ClientId}
      AzureAd:ClientSecret   {Directory.ClientSecret}
      Box:ApiBaseAddress     {address}
      Box:UploadBaseAddress  {address}

    Its sign-in page lists everybody at {Directory.Company}; no password is asked for. Ctrl+C ends it.

    """);
await sandbox.WaitForShutdownAsync();
return 0;
