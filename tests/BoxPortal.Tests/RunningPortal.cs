namespace BoxPortal.Tests;

/// <summary>One portal for all tests of a class, with everybody found in Box.</summary>
public sealed class RunningPortal : IAsyncLifetime
{
    public PortalHost Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Portal = await PortalHost.StartRecoveredAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}
