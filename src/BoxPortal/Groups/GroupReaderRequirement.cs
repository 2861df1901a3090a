using Microsoft.AspNetCore.Authorization;

namespace BoxPortal.Groups;

/// <summary>Wants somebody who sees some group, at this moment.</summary>
internal sealed class GroupReaderRequirement : IAuthorizationRequirement
{
    /// <summary>Asks the database each time: ownership may end while a page is open.</summary>
    /// <param name="services">For <see cref="GroupRights"/>, which ask for authorization themselves.</param>
    internal sealed class Handler(IServiceProvider services) : AuthorizationHandler<GroupReaderRequirement>
    {
        protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, GroupReaderRequirement requirement)
        {
            if (await services.GetRequiredService<GroupRights>().SightAsync(context.User, CancellationToken.None) is { SeesAll: true } or { Owned.Count: > 0 })
            {
                context.Succeed(requirement);
            }
        }
    }
}
