using System.Collections.Concurrent;
using BoxPortal.Sandbox;
using BoxPortal.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.EndToEnd;

/// <summary>A portal and a sandbox of the test's own, and the people who come to it.</summary>
public abstract class PortalTest(Chromium chromium) : IAsyncLifetime
{
    private readonly ConcurrentBag<Visitor> _visitors = [];
    private readonly SandboxClock _portalClock = new();

    protected PortalHost Host { get; private set; } = null!;

    protected Enterprise Enterprise => Host.Enterprise;

    /// <summary>Tokens that Box has made for somebody's Explorer since the start, newest last.</summary>
    protected IReadOnlyList<SeenRequest> Mints => [.. Host.Requests.Where(request => request is { GrantType: "urn:ietf:params:oauth:grant-type:token-exchange", IssuedFingerprint: not null })];

    public async ValueTask InitializeAsync() => Host = await PortalHost.StartRecoveredAsync(clock: _portalClock);

    /// <summary>Somebody with a browser of their own, not signed in yet.</summary>
    protected async Task<Visitor> ArriveAsync(Person person, Uri? portal = null, string language = "en-GB", string zone = "Europe/Lisbon")
    {
        var visitor = await Visitor.ArriveAsync(chromium.Browser, portal ?? Host.Address, person, language, zone);
        _visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Somebody with their Explorer before them.</summary>
    protected async Task<Visitor> ArriveAtExplorerAsync(Person person)
    {
        var visitor = await ArriveAsync(person);
        await visitor.SignInAsync();
        await visitor.Explorer.ExpectStateAsync("ready");
        return visitor;
    }

    /// <summary>Time passes for portal and Box.</summary>
    protected void Pass(TimeSpan time)
    {
        _portalClock.Advance(time);
        Host.Sandbox.Services.GetRequiredService<SandboxClock>().Advance(time);
    }

    /// <summary>Box refuses what somebody's pages hold, though they do not know.</summary>
    protected void RevokeTokensOf(Person person)
    {
        foreach (var token in Enterprise.Tokens.Values.Where(token => token.UserId == Host.AppUserOf(person).Id).ToList())
        {
            Enterprise.Revoke(token.Value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        var problems = _visitors.SelectMany(visitor => visitor.Problems.Unforeseen).ToList();
        foreach (var visitor in _visitors)
        {
            await visitor.DisposeAsync(isFine: problems.Count == 0 && TestContext.Current.TestState?.Result != TestResult.Failed);
        }

        await Host.DisposeAsync();
        Assert.True(problems.Count == 0, $"Browsers had problems:\n{string.Join('\n', problems)}");
    }
}
