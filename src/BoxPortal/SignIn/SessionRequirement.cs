using Microsoft.AspNetCore.Authorization;

namespace BoxPortal.SignIn;

/// <summary>Wants a live session that has one of these roles at this moment; with none named, any live session.</summary>
internal sealed class SessionRequirement(params string[] anyOf) : IAuthorizationRequirement
{
    private readonly string[] _anyOf = anyOf;

    /// <summary>Asks <see cref="Sessions"/> each time, since a circuit's principal is as old as the circuit.</summary>
    internal sealed class Handler(Sessions sessions) : AuthorizationHandler<SessionRequirement>
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, SessionRequirement requirement)
        {
            if (sessions.Find(context.User) is { } session && (requirement._anyOf.Length == 0 || requirement._anyOf.Intersect(session.Roles).Any()))
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }
}
