using BoxPortal.Sandbox;

await using var sandbox = SandboxServer.Build(args);
await sandbox.RunAsync();
