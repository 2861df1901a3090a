namespace BoxPortal.Sandbox;

/// <summary>
/// Who and what is in the enterprise when it starts: Larkfield's people as app users, its groups, its folders, and who may
/// do what in them. Always the same, with the same ids; only the dates are reckoned back from now.
/// </summary>
public static class Seed
{
    /// <summary>The group most people are in, and the only one of the apprentice, who may only view.</summary>
    public const string Everyone = "Everyone at Larkfield";

    private const string NotMapped = "noah.lindqvist";
    private const string InNoGroup = "ingrid.solberg";
    private const string InOneGroup = "tomas.herrera";
    private const string Suspended = "viktor.dragan";

    private static readonly (string Name, string Description, string Members)[] s_groups =
    [
        (Everyone, "All of us", "*"),
        ("Leadership", "The four directors", "department"),
        ("Engineering", "Design, firmware, calibration", "department"),
        ("Production", "Workshop, stores, purchasing", "department"),
        ("Sales", "Sales, tenders, marketing", "department"),
        ("Customer Care", "Support, repairs, manuals", "department"),
        ("Finance", "Accounts, payroll, audit", "department"),
        ("People & Culture", "People, safety, facilities", "department"),
        ("IT", "Systems and service desk", "department"),
        ("Project Heron", "The tide gauge that goes up in a morning", "maya.okafor lukasz.zielinski pavel.dvorak bjorn.gunnarsson oluwaseun.bello fatima.elidrissi daniel.kim ana.jovanovic"),
        ("Project Kittiwake", "Forty sensors for the Douro", "joaquin.ibanez tariq.haddad zoe.papadaki aoife.brennan nomvula.dlamini"),
        ("Tender team", "Whoever writes an offer", "sorcha.oneill maya.okafor marek.kowal tariq.haddad gareth.lloyd"),
    ];

    // Projects itself is nobody's: its members come in from below. Folders under another of the list show that roles add up.
    private static readonly (string Folder, string Group, string Role)[] s_collaborations =
    [
        ("Company", Everyone, "viewer"),
        ("Company", "People & Culture", "editor"),
        ("Company/Brand", "Sales", "editor"),
        ("Board", "Leadership", "editor"),
        ("Engineering", "Engineering", "editor"),
        ("Engineering", "Leadership", "viewer"),
        ("Engineering", "Production", "previewer"),
        ("Projects/Heron", "Project Heron", "editor"),
        ("Projects/Heron", "Leadership", "viewer"),
        ("Projects/Heron/Field trial", "Sales", "viewer"),
        ("Projects/Kittiwake", "Project Kittiwake", "co-owner"),
        ("Projects/Kittiwake", "Customer Care", "previewer"),
        ("Production", "Production", "editor"),
        ("Production", "Customer Care", "viewer"),
        ("Sales", "Sales", "editor"),
        ("Sales", "Leadership", "viewer"),
        ("Sales/Tenders", "Tender team", "co-owner"),
        ("Customer Care", "Customer Care", "editor"),
        ("Customer Care", "Sales", "viewer"),
        ("Customer Care/Manuals", "Engineering", "viewer uploader"),
        ("Finance", "Finance", "editor"),
        ("Finance", "Leadership", "viewer"),
        ("Expense claims", "Finance", "editor"),
        ("Expense claims", "Engineering", "uploader"),
        ("Expense claims", "Sales", "uploader"),
        ("Expense claims", "Production", "previewer uploader"),
        ("People & Culture", "People & Culture", "editor"),
        ("IT", "IT", "editor"),
    ];

    /// <summary>Fills an enterprise that was just cleared, and the directory with it.</summary>
    /// <param name="enterprise">Box.</param>
    /// <param name="directory">The identity provider.</param>
    /// <param name="clock">Its now is the last day of this past.</param>
    /// <param name="people">How large the company is to be; <c>null</c>, or less than there are, for the ordinary one.</param>
    public static void Plant(Enterprise enterprise, Directory directory, TimeProvider clock, int? people = null)
    {
        var now = clock.GetUtcNow();
        now = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)); // Box keeps whole seconds
        lock (enterprise.Gate)
        {
            var users = PlantUsers(enterprise, now);
            PlantGroups(enterprise, users, now);
            PlantFiles(enterprise, now);
            PlantCollaborations(enterprise, users, now);
            directory.Replace(people > Directory.People.Count ? LargerCompany.Plant(enterprise, people.Value, now) : Directory.People);
            enterprise.Events.Clear(); // all that was long ago
        }
    }

    /// <summary>Days that a name stands for, so that dates differ but never change.</summary>
    internal static int DaysOf(string name, int from, int to) => from + (NumberOf(name) % (to - from));

    internal static int NumberOf(string name) => BitConverter.ToInt32(Directory.IdOf("number", name).ToByteArray()) & int.MaxValue;

    internal static User PlantUser(Enterprise enterprise, Person person, DateTimeOffset now)
    {
        var user = enterprise.AddAppUser(person.Name, person.ExternalAppUserId, now.AddDays(-DaysOf(person.UserName, 200, 900)));
        user.JobTitle = person.JobTitle;
        return user;
    }

    private static Dictionary<string, User> PlantUsers(Enterprise enterprise, DateTimeOffset now)
    {
        Dictionary<string, User> users = [];
        foreach (var person in Directory.People.Where(person => NameOf(person) != NotMapped))
        {
            users.Add(NameOf(person), PlantUser(enterprise, person, now));
        }
        users[Suspended].Status = "inactive";
        return users;
    }

    private static void PlantGroups(Enterprise enterprise, Dictionary<string, User> users, DateTimeOffset now)
    {
        foreach (var (name, description, members) in s_groups)
        {
            var group = enterprise.AddGroup(name, description, now.AddDays(-DaysOf(name, 900, 1000)));
            foreach (var person in Directory.People.Where(IsMember))
            {
                var user = users[NameOf(person)];
                enterprise.AddMembership(user, group, IsHead(person) ? "admin" : "member", user.CreatedAt);
            }

            bool IsMember(Person person) => NameOf(person) is not (NotMapped or InNoGroup) && members switch
            {
                "*" => true,
                "department" => person.Department == name && NameOf(person) != InOneGroup,
                _ => members.Split(' ').Contains(NameOf(person)),
            };
            bool IsHead(Person person) => name != Everyone && (person.JobTitle.StartsWith("Head", StringComparison.Ordinal) || members.StartsWith(NameOf(person), StringComparison.Ordinal));
        }
    }

    private static void PlantFiles(Enterprise enterprise, DateTimeOffset now)
    {
        foreach (var (path, content) in CompanyFiles.All)
        {
            var names = path.Split('/');
            var folder = enterprise.ServiceAccount.Root;
            for (var depth = 0; depth < names.Length - 1; depth++)
            {
                folder = (Folder?)folder.Child(names[depth])
                    ?? enterprise.AddFolder(folder, names[depth], null, now.AddDays(-DaysOf(names[depth], 700, 900)));
            }

            var authors = AuthorsOf(enterprise, path);
            var created = AtWork(now, path, DaysOf(path, 40, 600));
            var file = enterprise.AddFile(folder, names[^1], content, authors[NumberOf(path) % authors.Count], created);
            file.ModifiedBy = authors[NumberOf("again " + path) % authors.Count];
            file.ModifiedAt = file.ContentModifiedAt = AtWork(now, "again " + path, DaysOf("again " + path, 2, 39));
            foreach (var above in file.SelfAndAncestors().OfType<Folder>().Where(above => above.ModifiedAt < file.ModifiedAt))
            {
                (above.ModifiedAt, above.ModifiedBy) = (file.ModifiedAt, file.ModifiedBy);
            }
        }
    }

    private static void PlantCollaborations(Enterprise enterprise, Dictionary<string, User> users, DateTimeOffset now)
    {
        foreach (var (path, group, role) in s_collaborations)
        {
            enterprise.AddCollaboration(FolderAt(enterprise, path), enterprise.GroupsByName[group], role, at: now.AddDays(-DaysOf(path + group, 500, 690)));
        }

        // One person alone, and one who reaches a folder without seeing it in All Files.
        enterprise.AddCollaboration(FolderAt(enterprise, "Company/Buildings"), users["gwen.achterberg"], "editor", at: now.AddDays(-310));
        enterprise.AddCollaboration(FolderAt(enterprise, "Production/Safety"), users["kirsten.moller"], "editor", isAccessOnly: true, at: now.AddDays(-120));
    }

    private static Folder FolderAt(Enterprise enterprise, string path) =>
        path.Split('/').Aggregate(enterprise.ServiceAccount.Root, (folder, name) => (Folder)folder.Child(name)!);

    /// <summary>Who may write there: the editors of the nearest folder that has any.</summary>
    private static List<User> AuthorsOf(Enterprise enterprise, string path) =>
        s_collaborations
            .Where(collaboration => collaboration.Role is "editor" or "co-owner" && path.StartsWith(collaboration.Folder + "/", StringComparison.Ordinal))
            .MaxBy(collaboration => collaboration.Folder.Length) is { Group: { } group }
            ? [.. enterprise.GroupsByName[group].Memberships.Select(membership => membership.User)]
            : throw new InvalidOperationException($"Nobody may have written {path}.");

    /// <summary>Some days ago between eight and six, which is in the past whatever the time is now.</summary>
    private static DateTimeOffset AtWork(DateTimeOffset now, string name, int daysAgo) =>
        new DateTimeOffset(now.Date, TimeSpan.Zero).AddDays(-daysAgo).AddHours(8).AddSeconds(NumberOf("time " + name) % 36_000);

    private static string NameOf(Person person) => person.UserName[..^(Directory.Domain.Length + 1)];
}
