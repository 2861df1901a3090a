using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace BoxPortal.SignIn;

/// <summary>Tells components when the session ends: pages go at once, even those of a circuit that nobody is connected to any more.</summary>
internal sealed class SessionState(Sessions sessions) : ServerAuthenticationStateProvider, IHostEnvironmentAuthenticationStateProvider, IDisposable
{
    private CancellationTokenRegistration _end;

    /// <summary>Called with each connection to the circuit.</summary>
    void IHostEnvironmentAuthenticationStateProvider.SetAuthenticationState(Task<AuthenticationState> authenticationStateTask)
    {
        SetAuthenticationState(authenticationStateTask);
        _ = FollowAsync(authenticationStateTask);
    }

    /// <inheritdoc />
    public void Dispose() => _end.Dispose();

    private async Task FollowAsync(Task<AuthenticationState> state)
    {
        var user = (await state).User;
        await _end.DisposeAsync();
        if (user.Identity?.IsAuthenticated == true)
        {
            _end = (sessions.Find(user)?.Ended ?? new CancellationToken(canceled: true))
                .Register(() => SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal()))));
        }
    }
}
