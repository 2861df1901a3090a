namespace BoxPortal.Sandbox;

/// <summary>Who and what is in the enterprise when it starts.</summary>
public static class Seed
{
    /// <summary>Fills an enterprise with a company of that many people.</summary>
    public static void Plant(Enterprise enterprise, int people)
    {
        for (var person = 1; person <= people; person++)
        {
            enterprise.AddAppUser($"Person {person}", null);
        }
    }

    /// <summary>Fills an enterprise that was just cleared.</summary>
    public static void Plant(Enterprise enterprise)
    {
        var person = enterprise.AddAppUser("Ada Example", null);
        var group = enterprise.AddGroup("Engineering");
        enterprise.AddMembership(person, group);
        var folder = enterprise.AddFolder(enterprise.ServiceAccount.Root, "Engineering");
        enterprise.AddFile(folder, "Welcome.txt", "Welcome.\n"u8.ToArray());
        enterprise.AddCollaboration(folder, group, "editor");
    }
}
