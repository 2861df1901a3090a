using BoxPortal.Sandbox;

var host = WebApplication.CreateBuilder(args);
var options = new SandboxOptions { Controls = host.Environment.IsDevelopment() };
host.Configuration.GetSection(SandboxOptions.Section).Bind(options);

await using var sandbox = SandboxServer.Build(options);
await sandbox.RunAsync();
