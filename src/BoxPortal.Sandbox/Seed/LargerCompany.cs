using System.Text;

namespace BoxPortal.Sandbox;

/// <summary>
/// Larkfield grown to thousands: the ordinary company, and around it people, groups and folders by the same rules at any
/// size. A tenth as many groups as people; the largest holds three fifths of them (12,000 of 20,000).
/// </summary>
internal static class LargerCompany
{
    /// <summary>Adds all that is beyond the ordinary company.</summary>
    /// <returns>Everybody, the ordinary company first.</returns>
    public static IReadOnlyList<Person> Plant(Enterprise enterprise, int people, DateTimeOffset now)
    {
        var random = new Random(people); // the same for the same size
        var everybody = Everybody(people, random);
        var groups = PlantGroups(enterprise, people / 10, random, now);

        for (var i = Directory.People.Count; i < people; i++)
        {
            var fate = random.Next(100);
            if (fate == 0)
            {
                continue; // not mapped yet
            }

            var user = Seed.PlantUser(enterprise, everybody[i], now);
            user.Status = fate <= 2 ? "inactive" : "active";
            Join(user, groups.Regions[groups.Regions[0].Memberships.Count < people * 3 / 5 ? 0 : 1 + (i % (groups.Regions.Count - 1))]);
            Join(user, groups.Sites[random.Next(groups.Sites.Count)]);
            for (var rooms = random.Next(4); rooms > 0; rooms--)
            {
                Join(user, groups.Rooms[random.Next(groups.Rooms.Count)]);
            }
        }
        return everybody;

        void Join(User user, Group group)
        {
            if (!user.Memberships.Any(membership => membership.Group == group))
            {
                enterprise.AddMembership(user, group, at: user.CreatedAt);
            }
        }
    }

    private static List<Person> Everybody(int count, Random random)
    {
        List<Person> everybody = [.. Directory.People];
        var taken = everybody.Select(person => person.UserName).ToHashSet();
        var directoryGroups = Directory.People.ToLookup(person => person.Department, person => person.DirectoryGroups.Take(2).ToArray());
        for (var i = 0; everybody.Count < count; i++)
        {
            // Walks through all pairs of names before any comes twice.
            var first = s_firstNames[i % s_firstNames.Length];
            var last = s_lastNames[((i / s_firstNames.Length) + (i * 5)) % s_lastNames.Length];
            var colleague = Directory.People[random.Next(Directory.People.Count)];
            var userName = $"{Plain(first)}.{Plain(last)}@{Directory.Domain}";
            for (var number = 2; !taken.Add(userName); number++)
            {
                userName = $"{Plain(first)}.{Plain(last)}{number}@{Directory.Domain}";
            }

            everybody.Add(new Person(
                Directory.IdOf("person", userName), $"{first} {last}", userName, colleague.JobTitle, colleague.Department,
                [], directoryGroups[colleague.Department].First(), null));
        }
        return everybody;
    }

    private static (List<Group> Regions, List<Group> Sites, List<Group> Rooms) PlantGroups(
        Enterprise enterprise, int count, Random random, DateTimeOffset now)
    {
        var root = enterprise.ServiceAccount.Root;
        var left = count - enterprise.Groups.Count;
        var regions = Plant("Regions", s_regions.Select(region => $"Everyone in {region}"), "viewer");
        var sites = Plant("Sites", from site in s_sites from department in s_departments select $"{site} {department}", "editor");
        var rooms = Plant("Project rooms", from bird in s_birds from site in s_sites select $"Project {bird} {site}", null);
        return (regions, sites, rooms);

        List<Group> Plant(string folderName, IEnumerable<string> names, string? role)
        {
            var parent = enterprise.AddFolder(root, folderName, null, now.AddDays(-950));
            List<Group> groups = [];
            foreach (var name in names.Take(Math.Max(1, left)))
            {
                var created = now.AddDays(-Seed.DaysOf(name, 100, 900));
                var group = enterprise.AddGroup(name, at: created);
                var folder = enterprise.AddFolder(parent, name, null, created);
                enterprise.AddFile(folder, "Read me.md", Encoding.UTF8.GetBytes($"# {name}\n\nFiles of *{name}*. Ask its lead before you delete anything.\n"), null, created);
                enterprise.AddCollaboration(folder, group, role ?? s_roles[random.Next(s_roles.Length)], at: created);
                groups.Add(group);
                left--;
            }
            return groups;
        }
    }

    /// <summary>As a sign-in name is written: <c>Łucja Öström-Nagy</c> becomes <c>lucja.ostrom-nagy</c>.</summary>
    private static string Plain(string name)
    {
        var plain = new StringBuilder();
        foreach (var letter in name.Normalize(NormalizationForm.FormD))
        {
            _ = letter switch
            {
                'ł' or 'Ł' => plain.Append('l'),
                'ø' or 'Ø' => plain.Append('o'),
                'đ' or 'Đ' or 'ð' or 'Ð' => plain.Append('d'),
                'ß' => plain.Append("ss"),
                'æ' or 'Æ' => plain.Append("ae"),
                'þ' or 'Þ' => plain.Append("th"),
                'ı' => plain.Append('i'),
                _ when char.IsAsciiLetterOrDigit(letter) || letter == '-' => plain.Append(char.ToLowerInvariant(letter)),
                _ => plain,
            };
        }
        return plain.ToString();
    }

    private static readonly string[] s_roles = ["editor", "editor", "editor", "viewer", "viewer uploader", "previewer uploader", "co-owner"];
    private static readonly string[] s_regions = ["Europe", "the Americas", "Asia and the Pacific", "Africa", "the Middle East"];
    private static readonly string[] s_departments = ["Engineering", "Production", "Sales", "Customer Care", "Finance", "People & Culture", "IT", "Facilities"];

    private static readonly string[] s_sites = Words("""
        Falmouth Gdynia Lisbon Aarhus Bergen Brest Cádiz Cuxhaven Galway Genoa Göteborg Hamburg Kotka Marseille Oostende
        Piraeus Porto Rijeka Rotterdam Tallinn Trieste Valparaíso Veracruz Halifax Baltimore Santos Callao Montevideo
        Durban Mombasa Dakar Tema Muscat Haifa Kobe Busan Penang Chennai Hobart Dunedin
        """);

    private static readonly string[] s_birds = Words("""
        Avocet Bittern Cormorant Curlew Dipper Dotterel Dunlin Eider Fulmar Gannet Godwit Goosander Grebe Guillemot Ibis
        Kingfisher Knot Lapwing Merganser Moorhen Osprey Oystercatcher Pelican Petrel Phalarope Pintail Plover Pochard Puffin
        Razorbill Redshank Ruff Sanderling Scaup Scoter Shag Shearwater Shelduck Shoveler Skua Smew Spoonbill Stilt Stint
        Teal Tern Turnstone Whimbrel Wigeon Yellowlegs
        """);

    private static readonly string[] s_firstNames = Words("""
        Abena Adèle Ahmet Aiko Ainhoa Aleksandra Alejandro Amara Amina Anaïs Anders Aneta Ángela Anouk Arjun Astrid Ayşe Beata
        Bilal Bogdan Brigid Carlos Cécile Chiara Chinedu Dagmar Damián Deepa Dmitri Dorothea Eemeli Eleni Émile Emre Enzo Esra
        Farid Femke Filip Fiona François Frida Gabriela Giorgos Giulia Grzegorz Gül Gustavo Hana Hassan Hedda Henrik Hugo
        Ikram Ilse Inês Irena Ivan Jakub Jasper Jelena Jin João Jürgen Kaito Karim Katarína Kofi Lars Leticia Linnéa Lucía
        Łucja Mads Magdaléna Mahmoud Małgorzata Manon Márton Mateo Matthias Mehdi Mikkel Milan Mina Miriam Nadia Naoko Nikolai
        Nils Noor Olga Olivier Omar Paolo Pedro Petra Piotr Priyanka Rachel Rania Renée Ricardo Róisín Rūta Sakura Salma Sanjay
        Sergei Signe Søren Stefania Sven Tadeusz Tamar Teresa Thandiwe Théo Tove Ulla Vasil Věra Wanjiru Wei Xavier Yara Ying
        Yuki Zainab Zeynep Zofia
        """);

    private static readonly string[] s_lastNames = Words("""
        Abdi Ackermann Adebayo Åkesson Alvarez Andersson Antonelli Aoki Arnason Asante Aydın Bakker Balogun Banerjee Baptista
        Barros Bauer Becker Beneš Bengtsson Berg Bianchi Björk Blanchard Bosch Botha Boyle Brandt Bruun Çelik Carvalho Castillo
        Černý Chen Choi Christensen Chukwu Cohen Costa Cruz Dahl Das Dekker Demir Desai Diallo Dimitrov Đorđević Doyle Dumitru
        Eriksen Esposito Eze Faure Fernández Ferreira Fischer Fontaine Fraser Fujita Gallagher García Georgiou Ghosh Giménez
        Gonçalves Gupta Hansen Haruna Hegedűs Hernández Hoffmann Holm Horvat Hughes Ibrahim Iglesias Ionescu Ivanov Jansen Jensen
        Jiménez Johansson Kamau Kaplan Kaya Keller Khalil Kiss Klein Kovács Kowalczyk Krüger Kumar Kuznetsov Lambert Larsen Laurent
        Lefort Lehtonen Li López Lund Mäkinen Malik Mancini Marković Martins Mensah Meyer Mohamed Moreau Mwangi Naidoo Nakamura
        Ndlovu Nielsen Nilsson Novák Nowak Núñez O’Connor Öberg Okeke Oliveira Olsen Øvergaard Pálsson Papadopoulos Patel Pavlović
        Pereira Petrov Popović Quinn Rahman Ramos Reddy Ricci Rodríguez Romero Roux Ruiz Saito Sánchez Santos Sato Schneider
        Schröder Shah Šimek Singh Şahin Sokolov Sørensen Suzuki Svoboda Szabó Takahashi Tamm Thomsen Toivonen Torres Traoré Tuğrul
        Urbán Väisänen Vargas Vasquez Vega Vermeulen Virtanen Visser Vlahović Vogel Wagner Walsh Wang Weber Wiśniewski Wong Yamada
        Yıldız Yılmaz Zając Zhang Zimmermann
        """);

    private static string[] Words(string text) => text.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
}
