using System.Security.Cryptography;
using System.Text;

namespace BoxPortal.Sandbox;

/// <summary>Somebody the identity provider can sign in. Whether Box knows them is another matter: see the seed.</summary>
/// <param name="ObjectId">Entra's object id, claim <c>oid</c>.</param>
/// <param name="Name">As people write it, accents and all.</param>
/// <param name="UserName">Sign-in name and mail address in one, ASCII.</param>
/// <param name="JobTitle">Shown on the sign-in page.</param>
/// <param name="Department">Groups the sign-in page.</param>
/// <param name="AppRoles">Those values of claim <c>roles</c> that are assigned to them and not to a group: <c>Administrator</c>, <c>HelpDesk</c>, <c>Auditor</c>.</param>
/// <param name="DirectoryGroups">Claim <c>groups</c>: Entra's security groups, which are not Box's groups.</param>
/// <param name="SignInNote">Why one would sign in as this person; those with a note stand first on the sign-in page.</param>
public sealed record Person(
    Guid ObjectId,
    string Name,
    string UserName,
    string JobTitle,
    string Department,
    IReadOnlyList<string> AppRoles,
    IReadOnlyList<Guid> DirectoryGroups,
    string? SignInNote)
{
    /// <summary>Entra's <c>accountEnabled</c>: whether this person may sign in anywhere.</summary>
    public bool AccountEnabled { get; init; } = true;

    /// <summary>What Box keeps as <c>external_app_user_id</c> of this person's app user.</summary>
    public string ExternalAppUserId => $"{ObjectId:D}@{Directory.TenantId}";
}

/// <summary>A security group of the directory. Who is in it, the people say.</summary>
public sealed record DirectoryGroup(Guid Id, string Name)
{
    /// <summary>Values of app roles that are assigned to the group, and so to everybody in it.</summary>
    public IReadOnlyList<string> AppRoles { get; init; } = [];
}

/// <summary>An app role that the portal's registration defines.</summary>
/// <param name="Id">What assignments name it by.</param>
/// <param name="Value">What claim <c>roles</c> names it by.</param>
public sealed record AppRole(Guid Id, string Value);

/// <summary>Larkfield Instruments, makers of tide gauges and river sensors: everybody its identity provider knows.</summary>
public sealed class Directory
{
    public const string Company = "Larkfield Instruments";
    public const string Domain = "larkfield.example";

    /// <summary>Entra's directory (tenant) id.</summary>
    public const string TenantId = "5b1e7c3a-0f4d-4c8e-9a26-7d3f1b6c2e90";

    /// <summary>The portal's registration at the identity provider.</summary>
    public const string ClientId = "c4d2a9f6-38b7-4e15-8c60-2f9b5e7a1d43";

    /// <summary>Opens nothing but a sandbox, so it may stand here; begins like every secret of the sandbox, so that scans find it.</summary>
    public const string ClientSecret = "sbxLarkfieldSignInSecret0000000000000000001";

    /// <summary>The fifty or so of the ordinary seed, whatever a running sandbox has been reseeded with.</summary>
    public static IReadOnlyList<Person> People { get; } = [.. ReadRoster()];

    /// <summary>The groups of the ordinary seed, in the order they come up.</summary>
    public static IReadOnlyList<DirectoryGroup> SeedGroups { get; } =
    [
        .. People.Select(person => person.Department).Distinct().Prepend("Everyone").Concat(Enumerable.Range(1, Rooms).Select(room => $"Room {room}"))
            .Select(name => new DirectoryGroup(IdOf("directory group", name), name)),
    ];

    /// <summary>The app roles that the portal's registration defines.</summary>
    public static IReadOnlyList<AppRole> AppRoles { get; } =
        [.. new[] { "Administrator", "HelpDesk", "Auditor" }.Select(value => new AppRole(IdOf("app role", value), value))];

    private volatile Roll _roll = new(People, SeedGroups);

    /// <summary>Everybody who can sign in to this sandbox now.</summary>
    public IReadOnlyList<Person> Everyone => _roll.Everyone;

    /// <summary>Every group there is now.</summary>
    public IReadOnlyList<DirectoryGroup> Groups => _roll.Groups;

    public Person? Find(Guid objectId) => _roll.ById.GetValueOrDefault(objectId);

    /// <summary>The app roles that somebody has now, by themselves or by a group.</summary>
    public IReadOnlyList<string> RolesOf(Person person) =>
        [.. person.AppRoles.Union(Groups.Where(group => person.DirectoryGroups.Contains(group.Id)).SelectMany(group => group.AppRoles))];

    /// <summary>Makes <paramref name="everyone"/> the people who can sign in.</summary>
    /// <param name="everyone">From now on.</param>
    /// <param name="groups">The groups from now on; as they are where not given.</param>
    public void Replace(IReadOnlyList<Person> everyone, IReadOnlyList<DirectoryGroup>? groups = null) => _roll = new Roll(everyone, groups ?? _roll.Groups);

    /// <summary>The group of the ordinary seed with this name.</summary>
    public static DirectoryGroup GroupNamed(string name) => SeedGroups.Single(group => group.Name == name);

    /// <summary>The one person of the ordinary seed with this sign-in name, given without its domain.</summary>
    public static Person Named(string userName) => People.Single(person => person.UserName == $"{userName}@{Domain}");

    /// <summary>Always the same id for the same name, so that a restart changes nobody.</summary>
    public static Guid IdOf(string kind, string name)
    {
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}:{name}"), hash);
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80); // version 8: made by a rule of one's own
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    private const int Rooms = 230;

    private static IEnumerable<Person> ReadRoster()
    {
        foreach (var line in Roster.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var column = line.Split('|', StringSplitOptions.TrimEntries);
            var userName = $"{column[0]}@{Domain}";
            IReadOnlyList<string> roles = column[4].Length == 0 ? [] : [column[4]];
            List<Guid> groups = [IdOf("directory group", "Everyone"), IdOf("directory group", column[3])];
            if (column[0] == "gwen.achterberg")
            {
                // Every building and meeting room has its own security group: more than Entra puts into a token.
                groups.AddRange(Enumerable.Range(1, Rooms).Select(room => IdOf("directory group", $"Room {room}")));
            }

            yield return new Person(
                IdOf("person", userName), column[1], userName, column[2], column[3], roles, groups,
                column[5].Length == 0 ? null : column[5]);
        }
    }

    private sealed record Roll(IReadOnlyList<Person> Everyone, IReadOnlyList<DirectoryGroup> Groups)
    {
        public IReadOnlyDictionary<Guid, Person> ById { get; } = Everyone.ToDictionary(person => person.ObjectId);
    }

    // user name | name | job title | department | app role | note on the sign-in page
    private const string Roster = """
        maya.okafor     | Maya Okafor            | Project lead, Heron          | Engineering      |               | In several groups: sees project, department and company folders
        tomas.herrera   | Tomás Herrera          | Apprentice                   | Production       |               | In one group, and may only view
        ingrid.solberg  | Ingrid Sølberg         | Freelance photographer       | Sales            |               | In no group yet: has a place in Box, but no folders
        priya.raman     | Priya Raman            | Head of IT                   | IT               | Administrator | Administrator of the portal
        kenji.watanabe  | Kenji Watanabe         | Service desk analyst         | IT               | HelpDesk      | Help desk: sees people, changes nothing
        charlotte.mbeki | Charlotte Mbeki        | Internal auditor             | Finance          | Auditor       | Auditor: reads the record
        noah.lindqvist  | Noah Lindqvist         | Firmware engineer            | Engineering      |               | Started today: not mapped to anybody in Box
        viktor.dragan   | Viktor Drăgan          | Area sales manager           | Sales            |               | Suspended: on leave, inactive in Box
        helen.ashworth  | Helen Ashworth         | Managing director            | Leadership       |               |
        rafael.moreira  | Rafael Moreira         | Technical director           | Leadership       |               |
        agnieszka.wrona | Agnieszka Wrona        | Finance director             | Leadership       |               |
        samuel.adeyemi  | Samuel Adeyemi         | Operations director          | Leadership       |               |
        lukasz.zielinski | Łukasz Zieliński      | Electronics engineer         | Engineering      |               |
        aoife.brennan   | Aoife Ní Bhraonáin     | Principal engineer           | Engineering      |               |
        daniel.kim      | Daniel Kim             | Test engineer                | Engineering      |               |
        lan.nguyen      | Nguyễn Thị Lan         | Acoustics engineer           | Engineering      |               |
        haruka.ito      | 伊藤 遥香 (Haruka Itō)   | Optics engineer              | Engineering      |               |
        bjorn.gunnarsson | Björn Gunnarsson      | Field trials engineer        | Engineering      |               |
        fatima.elidrissi | Fatima El-Idrissi     | Software engineer            | Engineering      |               |
        pavel.dvorak    | Pavel Dvořák           | Mechanical designer          | Engineering      |               |
        zoe.papadaki    | Zoë Papadáki           | Calibration engineer         | Engineering      |               |
        oluwaseun.bello | Oluwaseun Bello        | Firmware engineer            | Engineering      |               |
        martin.grossmann | Martin Großmann       | Production manager           | Production       |               |
        ana.jovanovic   | Ana Jovanović          | Assembly lead                | Production       |               |
        hemi.ngata      | Hemi Ngata             | Warehouse supervisor         | Production       |               |
        yusuf.ozturk    | Yusuf Öztürk           | Precision machinist          | Production       |               |
        camille.lefevre | Camille Lefèvre        | Quality inspector            | Production       |               |
        dilnoza.karimova | Dilnoza Karimova      | Assembly technician          | Production       |               |
        owen.pryce      | Owen Pryce             | Assembly technician          | Production       |               |
        ling.zhao       | Zhao Ling              | Purchaser                    | Production       |               |
        joaquin.ibanez  | Joaquín Ibáñez         | Head of sales                | Sales            |               |
        sorcha.oneill   | Sorcha O’Neill         | Tender manager               | Sales            |               |
        marek.kowal     | Marek Kowal            | Account manager              | Sales            |               |
        amelie.dubois   | Amélie Dubois-Laurent  | Account manager              | Sales            |               |
        tariq.haddad    | Tariq Haddad           | Area sales manager           | Sales            |               |
        jun.park        | Park Jun-ho            | Marketing designer           | Sales            |               |
        beatrice.conti  | Beatrice Conti         | Head of customer care        | Customer Care    |               |
        daniel.kim2     | Daniel Kim             | Support engineer             | Customer Care    |               |
        nomvula.dlamini | Nomvula Dlamini        | Support engineer             | Customer Care    |               |
        istvan.nagy     | István Nagy            | Repair technician            | Customer Care    |               |
        leila.rahimi    | Leila Rahimi           | Technical writer             | Customer Care    |               |
        gareth.lloyd    | Gareth Lloyd           | Financial controller         | Finance          |               |
        sunita.devi     | Sunita Devi            | Accounts payable             | Finance          |               |
        jonas.virtanen  | Jonas Virtanen         | Payroll accountant           | Finance          |               |
        rosa.delgado    | Rosa Delgado Peña      | Head of people               | People & Culture |               |
        emeka.nwosu     | Emeka Nwosu            | Recruiter                    | People & Culture |               |
        kirsten.moller  | Kirsten Møller         | Learning and safety          | People & Culture |               |
        gwen.achterberg | Gwen Achterberg        | Facilities and access        | People & Culture |               |
        andrei.popescu  | Andrei Popescu         | Systems engineer             | IT               | Administrator | Second administrator: agrees where one alone must not
        mei.tanaka      | Mei Tanaka             | Network engineer             | IT               |               |
        chidi.eze       | Chidi Eze              | Service desk analyst         | IT               |               |
        elin.bergstrom  | Elin Bergström         | Data analyst                 | IT               |               |
        """;
}
