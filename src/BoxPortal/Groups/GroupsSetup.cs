using BoxPortal.Jobs;
using BoxPortal.SignIn;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace BoxPortal.Groups;

/// <summary>Sets up groups, and what is done to them.</summary>
public static class GroupsSetup
{
    /// <summary>Registers change sets and what carries them out.</summary>
    public static IServiceCollection AddGroups(this IServiceCollection services)
    {
        services.AddOptions<GroupsOptions>().BindConfiguration(GroupsOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<GroupsOptions>, GroupsOptionsValidator>();
        services.AddSingleton<GroupRights>();
        services.AddSingleton<GroupsOfBox>();
        services.AddSingleton<AccessReader>();
        services.AddSingleton<ChangeSets>();
        services.AddSingleton<GroupList>();
        services.AddSingleton<GroupSizes>();
        services.AddSingleton<GroupKeeping>();
        services.AddSingleton<GroupPeople>();
        services.AddSingleton<KeptGroups>();
        services.AddSingleton<GroupMembers>();
        services.AddSingleton<Rehearsals>();
        services.AddSingleton<IJobWork, GroupChanges>();
        services.AddSingleton<IAuthorizationHandler, GroupReaderRequirement.Handler>();
        services.AddAuthorizationBuilder().AddPolicy(Policies.ReadGroups, policy => policy.AddRequirements(new GroupReaderRequirement()));
        return services;
    }
}
