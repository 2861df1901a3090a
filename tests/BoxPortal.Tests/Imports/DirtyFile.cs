using System.Text;
using BoxPortal.Imports;
using BoxPortal.Sandbox;

namespace BoxPortal.Tests.Imports;

/// <summary>500 lines: 470 clean, 10 unknown, 8 double, 5 mapped elsewhere, 4 of bad encoding, 3 formulas.</summary>
/// <param name="Bytes">The file.</param>
/// <param name="Expected">The verdict that each line must get.</param>
/// <param name="Clean">Whom the clean lines are about, and the app user that each names; <c>null</c> where a new one is asked for.</param>
internal sealed record DirtyFile(byte[] Bytes, IReadOnlyDictionary<int, LineVerdict> Expected, IReadOnlyList<(Person Person, string? AppUserId)> Clean)
{
    /// <summary>How many of the clean lines ask for a new app user.</summary>
    public const int New = 100;

    /// <summary>Puts everybody into portal and Box whom the file needs there.</summary>
    public static async Task<DirtyFile> PlantAsync(PortalHost portal)
    {
        var random = new Random(500);
        var clean = new List<string>();
        var people = new List<(Person Person, string? AppUserId)>();
        for (var number = 1; number <= 470; number++)
        {
            var person = ImportHost.NewPerson(number);
            var appUser = number <= New ? "new" : portal.Enterprise.AddAppUser($"Planted {number}", null).Id;
            people.Add((person, number <= New ? null : appUser));
            if (number > 400)
            {
                await portal.MeetAsync(person);
            }

            clean.Add(number > 400 ? $";{person.UserName.ToUpperInvariant()};;{appUser};" : $"{person.ObjectId};;\"{person.Name}; née \"\"X\"\"\";{appUser};\"HR\n{number}\"");
        }

        Person[] elsewhere = [People.Maya, People.Tomas, .. new[] { "mei.tanaka", "chidi.eze", "elin.bergstrom" }.Select(BoxPortal.Sandbox.Directory.Named)];
        var lines = clean.Select((text, index) => (Text: Encoding.UTF8.GetBytes(text), Verdict: index < New ? LineVerdict.Create : LineVerdict.Map))
            .Concat(Enumerable.Range(1, 10).Select(number => (Encoding.UTF8.GetBytes($";nobody{number}@larkfield.example;;new;"), LineVerdict.UnknownPerson)))
            .Concat(elsewhere.Select(person => (Encoding.UTF8.GetBytes($"{person.ObjectId};;;{portal.Enterprise.AddAppUser($"Other {person.Name}", null).Id};"), LineVerdict.Change)))
            .Concat(Enumerable.Range(1, 4).Select(number => (Encoding.Latin1.GetBytes($"{Guid.NewGuid()};;M\xfcller {number};new;"), LineVerdict.BadEncoding)))
            .Concat(new[] { "=cmd|' /C calc'!A0", "@SUM(1;1)", "+1+1" }.Select(formula => (Encoding.UTF8.GetBytes($"{Guid.NewGuid()};;\"{formula}\";new;"), LineVerdict.Formula)))
            .OrderBy(_ => random.Next()).ToList();
        // Doubles come after what they repeat.
        lines.AddRange(clean.Where((_, index) => index % 59 == 0).Take(8).Select(text => (Encoding.UTF8.GetBytes(text), LineVerdict.Double)));

        using var bytes = new MemoryStream();
        var expected = new Dictionary<int, LineVerdict>();
        var line = 2;
        bytes.Write("object_id;mail;name;app_user;reason\r\n"u8);
        foreach (var (text, verdict) in lines)
        {
            expected.Add(line, verdict);
            bytes.Write(text);
            bytes.Write("\r\n"u8);
            line += 1 + text.Count(letter => letter == '\n');
        }

        await portal.ReadBoxAsync();
        return new DirtyFile(bytes.ToArray(), expected, people);
    }
}
