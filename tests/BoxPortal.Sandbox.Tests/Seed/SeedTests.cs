using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;

namespace BoxPortal.Sandbox.Tests;

public sealed class SeedTests
{
    private readonly SandboxClock _clock = new();
    private readonly Directory _directory = new();
    private readonly Enterprise _enterprise;

    public SeedTests()
    {
        _enterprise = new Enterprise(new SandboxOptions(), _clock);
        Seed.Plant(_enterprise, _directory, _clock);
    }

    [Fact]
    public void About_fifty_people_have_twelve_groups()
    {
        Assert.InRange(_directory.Everyone.Count, 45, 55);
        Assert.Equal(12, _enterprise.Groups.Count);
        Assert.All(_enterprise.Groups.Values, group => Assert.NotEmpty(group.Memberships));
    }

    [Theory]
    [InlineData("maya.okafor", new[] { "Engineering", "Everyone at Larkfield", "Project Heron", "Tender team" })]
    [InlineData("tomas.herrera", new[] { "Everyone at Larkfield" })]
    [InlineData("ingrid.solberg", new string[0])]
    public void Those_who_stand_out_are_in_the_groups_their_notes_say(string userName, string[] groups)
    {
        Assert.Equal(groups, UserOf(userName)!.Memberships.Select(membership => membership.Group.Name).Order());
    }

    [Fact]
    public void The_apprentice_may_view_and_no_more()
    {
        var roles = UserOf("tomas.herrera")!.Memberships.SelectMany(membership => membership.Group.Collaborations).Select(collaboration => collaboration.RoleName);

        Assert.Equal(["viewer"], roles);
    }

    [Fact]
    public void The_newcomer_is_unknown_to_Box()
    {
        Assert.Null(UserOf("noah.lindqvist"));
    }

    [Fact]
    public void One_is_suspended_and_all_others_are_active()
    {
        Assert.Equal([UserOf("viktor.dragan")], _enterprise.Users.Values.Where(user => user.Status != "active"));
    }

    [Fact]
    public void Everybody_else_in_the_directory_has_an_app_user_under_their_external_id()
    {
        foreach (var person in Directory.People.Except([Directory.Named("noah.lindqvist")]))
        {
            var user = _enterprise.UsersByExternalId[$"{person.ObjectId}@{Directory.TenantId}"];
            Assert.Equal(person.Name, user.Name);
            Assert.True(user.IsPlatformAccessOnly);
        }
    }

    [Fact]
    public void Everything_belongs_to_the_service_account()
    {
        Assert.All(_enterprise.Files.Values, file => Assert.Same(_enterprise.ServiceAccount, file.Owner));
        Assert.All(_enterprise.Users.Values.Except([_enterprise.ServiceAccount]), user => Assert.Empty(user.Root.Children));
    }

    [Fact]
    public void Nothing_was_made_in_the_future_nor_changed_before_it_was_made()
    {
        var now = _clock.GetUtcNow();
        foreach (var item in _enterprise.Files.Values.Concat<Item>(_enterprise.Folders.Values))
        {
            Assert.InRange(item.ModifiedAt, item.CreatedAt, now);
            Assert.True(item.Parent!.ModifiedAt >= item.ModifiedAt || item.Parent.IsRoot, item.Name);
        }
        Assert.All(_enterprise.Memberships.Values, membership => Assert.True(membership.CreatedAt < now));
        Assert.All(_enterprise.Collaborations.Values, collaboration => Assert.True(collaboration.CreatedAt < now));
    }

    [Fact]
    public void Planting_again_gives_everything_the_same_id()
    {
        var before = Ids();
        _enterprise.Clear();

        Seed.Plant(_enterprise, _directory, _clock);

        Assert.Equal(before, Ids());

        List<string> Ids() =>
        [
            .. _enterprise.Users.Values.Select(user => user.Id + user.Name),
            .. _enterprise.Groups.Values.Select(group => group.Id + group.Name),
            .. _enterprise.Memberships.Values.Select(membership => membership.Id + membership.User.Id + membership.Group.Id),
            .. _enterprise.Collaborations.Values.Select(collaboration => collaboration.Id + collaboration.Item.Id + collaboration.RoleName),
            .. _enterprise.Files.Values.Select(file => file.Id + file.Name + file.ModifiedBy!.Name),
        ];
    }

    [Fact]
    public void Folders_lie_several_levels_deep()
    {
        Assert.Contains(_enterprise.Files.Values, file => file.SelfAndAncestors().Count() >= 5);
    }

    /// <summary>That office programs, browsers and viewers open them was seen by eye; this guards the bytes against the tools in between.</summary>
    [Fact]
    public void Files_are_what_their_names_say()
    {
        foreach (var file in _enterprise.Files.Values)
        {
            var content = file.Current.Content;
            switch (file.Extension)
            {
                case "pdf":
                    Assert.StartsWith("%PDF-1.", Encoding.Latin1.GetString(content));
                    Assert.EndsWith("%%EOF", Encoding.Latin1.GetString(content).TrimEnd());
                    break;
                case "png":
                    Assert.Equal<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a], content[..8]);
                    break;
                case "jpg":
                    Assert.Equal<byte>([0xff, 0xd8, 0xff], content[..3]);
                    Assert.Equal<byte>([0xff, 0xd9], content[^2..]);
                    break;
                case "docx" or "xlsx" or "pptx":
                    using (var package = new ZipArchive(new MemoryStream(content)))
                    {
                        Assert.NotNull(package.GetEntry("[Content_Types].xml"));
                        foreach (var part in package.Entries.Where(part => part.Name.EndsWith(".xml", StringComparison.Ordinal)))
                        {
                            using var xml = part.Open();
                            Assert.NotNull(XDocument.Load(xml).Root);
                        }
                    }
                    break;
                case "json":
                    Assert.Equal(JsonValueKind.Object, JsonElement.Parse(content).ValueKind);
                    break;
                case "svg":
                    Assert.Equal("svg", XDocument.Parse(Encoding.UTF8.GetString(content)).Root!.Name.LocalName);
                    break;
                case "txt" or "md" or "csv" or "log":
                    Assert.NotEmpty(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content));
                    break;
                default:
                    Assert.Fail($"What is {file.Name}?");
                    break;
            }
        }
    }

    private User? UserOf(string userName) => _enterprise.UsersByExternalId.GetValueOrDefault(Directory.Named(userName).ExternalAppUserId);
}
