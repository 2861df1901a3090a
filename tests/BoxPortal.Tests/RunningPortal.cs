namespace BoxPortal.Tests;

/// <summary>One portal for all tests of a class, with everybody found in Box.</summary>
public sealed class RunningPortal : IAsyncLifetime
{
    public PortalHost Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Portal = await PortalHost.StartRecoveredAsync();

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}

/// <summary>As <see cref="RunningPortal"/>, for tests that ask for more than anybody may.</summary>
public sealed class UnlimitedPortal : IAsyncLifetime
{
    public PortalHost Portal { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Portal = await PortalHost.StartRecoveredAsync(limits: PortalHost.NoLimits);

    public ValueTask DisposeAsync() => Portal.DisposeAsync();
}
