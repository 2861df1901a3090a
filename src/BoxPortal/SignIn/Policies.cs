using Microsoft.AspNetCore.Authorization;

namespace BoxPortal.SignIn;

/// <summary>Who may do what, by the directory's app roles.</summary>
public static class Policies
{
    /// <summary>May change mappings.</summary>
    public const string Administrator = nameof(Administrator);

    /// <summary>May see who is who: administrators, help desk and auditors.</summary>
    public const string ReadPeople = nameof(ReadPeople);

    /// <summary>May read the audit record: administrators and auditors.</summary>
    public const string ReadRecord = nameof(ReadRecord);

    /// <summary>Values of the <c>roles</c> claim, as the app registration defines them.</summary>
    public static class Roles
    {
        /// <summary>Everything.</summary>
        public const string Administrator = nameof(Administrator);

        /// <summary>Sees people, changes nothing.</summary>
        public const string HelpDesk = nameof(HelpDesk);

        /// <summary>Sees people and the record, changes nothing.</summary>
        public const string Auditor = nameof(Auditor);
    }

    internal static void Add(AuthorizationBuilder builder) => builder
        .AddPolicy(Administrator, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.Administrator))
        .AddPolicy(ReadPeople, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.Administrator, Roles.HelpDesk, Roles.Auditor))
        .AddPolicy(ReadRecord, policy => policy.RequireAuthenticatedUser().RequireRole(Roles.Administrator, Roles.Auditor));
}
