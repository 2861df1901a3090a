using BoxPortal.Box;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Options;
using Microsoft.Identity.Web;

namespace BoxPortal.AppUsers;

/// <summary>
/// At each start reads Box's app users once and records the mapping of every one whose external ID names an employee
/// without one: so a lost database comes back, and people already in Box need not wait. Decisions of administrators stay.
/// </summary>
internal sealed partial class AppUserRecovery(
    BoxUsers users, AppUserDirectory directory, IOptionsMonitor<MicrosoftIdentityOptions> signIn, TimeProvider clock, ILogger<AppUserRecovery> logger)
    : BackgroundService
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                Log.Recovered(logger, await RecoverAsync(stoppingToken));
                return;
            }
            catch (BoxApiException refusal)
            {
                Log.BoxRefused(logger, s_pause, refusal);
                await Task.Delay(s_pause, clock, stoppingToken);
            }
        }
    }

    private async Task<int> RecoverAsync(CancellationToken cancellationToken)
    {
        var tenantId = Guid.Parse(signIn.Get(OpenIdConnectDefaults.AuthenticationScheme).TenantId!);
        var recovered = 0;
        await foreach (var user in users.ListAsync(filterTerm: null, cancellationToken))
        {
            if (user.IsPlatformAccessOnly
                && EmployeeId.FromExternalAppUserId(user.ExternalAppUserId) is { } employee && employee.TenantId == tenantId
                && await directory.RecoverAsync(user, employee, cancellationToken))
            {
                recovered++;
            }
        }

        return recovered;
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Recorded {Count} mappings found in Box by external ID")]
        public static partial void Recovered(ILogger logger, int count);

        [LoggerMessage(2, LogLevel.Warning, "Box could not be asked for its app users; trying again in {Pause}")]
        public static partial void BoxRefused(ILogger logger, TimeSpan pause, Exception exception);
    }
}
