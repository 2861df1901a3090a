using System.Net;
using System.Reflection;
using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.SignIn;

/// <summary>A circuit is its session's and nobody else's, and ends with it.</summary>
public sealed class CircuitTests(RunningPortal host) : IClassFixture<RunningPortal>
{
    private Sessions Sessions => host.Portal.Services.GetRequiredService<Sessions>();

    [Theory]
    [InlineData(true, "kenji.watanabe")] // somebody else
    [InlineData(true, "priya.raman")] // the same person in another browser
    [InlineData(false, "kenji.watanabe")]
    [InlineData(false, "priya.raman")]
    public async Task A_circuit_is_handed_to_no_other_session(bool isConnected, string userName)
    {
        using var owner = await host.Portal.SignInAsync(People.Administrator);
        await using var first = await CircuitClient.ConnectAsync(owner);
        var id = await first.StartCircuitAsync("/people");
        await first.ExpectAsync("People");
        using var other = await host.Portal.SignInAsync(BoxPortal.Sandbox.Directory.Named(userName));
        await using var thief = await CircuitClient.ConnectAsync(other);
        if (!isConnected)
        {
            await first.DisposeAsync();
        }

        Assert.False(await thief.ConnectCircuitAsync(id));
        Assert.Null(await thief.ResumeCircuitAsync(id));
        using var end = await other.PostAsync("/_blazor/disconnect", new() { ["circuitId"] = id });
        Assert.Equal(HttpStatusCode.NotFound, end.StatusCode);

        await using var again = await CircuitClient.ConnectAsync(owner);
        Assert.True(await again.ConnectCircuitAsync(id));
        await again.GoToAsync("/record");
        await again.ExpectAsync("Who did what");
    }

    [Fact]
    public async Task A_session_ends_its_own_circuit()
    {
        using var owner = await host.Portal.SignInAsync(People.Administrator);
        await using var page = await CircuitClient.ConnectAsync(owner);
        var id = await page.StartCircuitAsync("/people");

        using var end = await owner.PostAsync("/_blazor/disconnect", new() { ["circuitId"] = id });

        Assert.Equal(HttpStatusCode.OK, end.StatusCode);
        await using var again = await CircuitClient.ConnectAsync(owner);
        Assert.False(await again.ConnectCircuitAsync(id));
    }

    [Fact]
    public async Task A_circuit_does_what_a_click_asks_while_its_session_lives()
    {
        using var newcomer = await host.Portal.SignInAsync(People.Newcomer);
        using var administrator = await host.Portal.SignInAsync(People.Administrator);
        await using var page = await CircuitClient.ConnectAsync(administrator);
        await page.StartCircuitAsync($"/people?q={Uri.EscapeDataString(People.Newcomer.Name)}");
        await page.ExpectAsync($"Map {People.Newcomer.Name}");

        await page.ActAsync("map", People.Newcomer);

        await page.ExpectAsync("Reason, for the record");
    }

    [Theory]
    [InlineData("sign-out")]
    [InlineData("lost role")]
    [InlineData("suspension")]
    [InlineData("another person in the same browser")]
    public async Task A_circuit_ends_with_its_session_and_nothing_sent_afterwards_has_an_effect(string end)
    {
        var person = BoxPortal.Sandbox.Directory.Named("ingrid.solberg");
        using var newcomer = await host.Portal.SignInAsync(People.Newcomer);
        host.Portal.SetRoles(person, Policies.Roles.Administrator);
        using var administrator = await host.Portal.SignInAsync(person);
        await using var page = await CircuitClient.ConnectAsync(administrator);
        var id = await page.StartCircuitAsync($"/people?q={Uri.EscapeDataString(People.Newcomer.Name)}");
        await page.ExpectAsync($"Map {People.Newcomer.Name}");

        switch (end)
        {
            case "sign-out":
                await administrator.PostAsync("/authentication/logout", new() { ["__RequestVerificationToken"] = await administrator.ReadAntiforgeryAsync() });
                break;
            case "lost role":
                host.Portal.SetRoles(person);
                (await host.Portal.SignInAsync(person)).Dispose();
                break;
            case "suspension":
                await Sessions.EndAllOfAsync(person.Id(), "Suspended by a test.");
                break;
            default:
                await administrator.SignInAsync(People.Maya);
                break;
        }

        await page.WaitForEndAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => page.ActAsync("map", People.Newcomer));
        if (end == "another person in the same browser")
        {
            await using var other = await CircuitClient.ConnectAsync(administrator);
            Assert.False(await other.ConnectCircuitAsync(id));
            return;
        }

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => CircuitClient.ConnectAsync(administrator));
        Assert.Contains("401", refused.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Between the moment at which a session is over and the one at which the portal gets to closing its connections.</summary>
    [Fact]
    public async Task What_is_sent_on_a_connection_that_has_outlived_its_session_has_no_effect_and_ends_it()
    {
        var clock = new SandboxClock();
        await using var portal = await PortalHost.StartRecoveredAsync(clock: clock);
        using var newcomer = await portal.SignInAsync(People.Newcomer);
        using var administrator = await portal.SignInAsync(People.Administrator);
        await using var page = await CircuitClient.ConnectAsync(administrator);
        await page.StartCircuitAsync($"/people?q={Uri.EscapeDataString(People.Newcomer.Name)}");
        await page.ExpectAsync($"Map {People.Newcomer.Name}");

        clock.Advance(TimeSpan.FromHours(13));
        try
        {
            await page.ActAsync("map", People.Newcomer);
        }
        catch (InvalidOperationException)
        {
            // the portal was the faster this time: the connection is closed already
        }

        Assert.DoesNotContain(await page.WaitForEndAsync(), drawn => drawn.Contains("Reason, for the record", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_role_that_a_page_was_drawn_without_is_not_had_by_going_to_another_page_in_its_circuit()
    {
        using var helpDesk = await host.Portal.SignInAsync(People.HelpDesk);
        await using var page = await CircuitClient.ConnectAsync(helpDesk);
        await page.StartCircuitAsync("/people");
        await page.ExpectAsync("People");

        await page.GoToAsync("/record");

        await page.ExpectAsync("This page is not for your role");
    }

    [Fact]
    public async Task Circuits_are_reached_over_web_sockets_alone()
    {
        using var administrator = await host.Portal.SignInAsync(People.Administrator);

        using var negotiation = await administrator.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1"));
        var offered = await negotiation.Content.ReadAsStringAsync(PortalHost.Cancellation);
        var token = System.Text.Json.JsonDocument.Parse(offered).RootElement.GetProperty("connectionToken").GetString();
        using var poll = await administrator.GetAsync($"/_blazor?id={token}");
        using var message = await administrator.SendAsync(new HttpRequestMessage(HttpMethod.Post, $"/_blazor?id={token}"));

        Assert.DoesNotContain("LongPolling", offered, StringComparison.Ordinal);
        Assert.DoesNotContain("ServerSentEvents", offered, StringComparison.Ordinal);
        Assert.Contains("WebSockets", offered, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (poll.StatusCode, message.StatusCode));
    }

    /// <summary>A new version of the framework may bring a way to a circuit that <see cref="CircuitGuard"/> does not know.</summary>
    [Fact]
    public void The_framework_offers_no_other_ways_to_a_circuit_than_those_guarded()
    {
        var hub = Assembly.Load("Microsoft.AspNetCore.Components.Server").GetType("Microsoft.AspNetCore.Components.Server.ComponentHub", throwOnError: true)!;

        var methods = hub.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Select(method => $"{method.Name}({string.Join(", ", method.GetParameters().Select(parameter => parameter.Name))})");

        Assert.Equal(
            [
                "BeginInvokeDotNetFromJS(callId, assemblyName, methodIdentifier, dotNetObjectId, argsJson)", "ConnectCircuit(circuitIdSecret)",
                "EndInvokeJSFromDotNet(asyncHandle, succeeded, arguments)", "OnDisconnectedAsync(exception)", "OnLocationChanged(uri, state, intercepted)",
                "OnLocationChanging(callId, uri, state, intercepted)", "OnRenderCompleted(renderId, errorMessageOrNull)", "PauseCircuit()",
                "ReceiveByteArray(id, data)", "ReceiveJSDataChunk(streamId, chunkId, chunk, error)",
                "ResumeCircuit(circuitIdSecret, baseUri, uri, rootComponents, applicationState)", "SendDotNetStreamToJS(streamId)",
                "StartCircuit(baseUri, uri, serializedComponentRecords, applicationState)", "UpdateRootComponents(serializedComponentOperations, applicationState)",
            ],
            methods.Order(StringComparer.Ordinal));
    }
}
