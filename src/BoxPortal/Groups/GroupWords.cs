using System.Globalization;
using BoxPortal.Box;
using BoxPortal.Shell;
using Microsoft.Extensions.Localization;

namespace BoxPortal.Groups;

/// <summary>How groups and what is done to them are worded.</summary>
public static class GroupWords
{
    /// <summary>
    /// A role in a folder by Box's own name, where it stands alone; in a sentence it is <see cref="CollaborationRoles.Word"/>. In English, which is the key
    /// of the other languages, as with all that is worded here.
    /// </summary>
    public static string Name(CollaborationRole role) => $"{char.ToUpperInvariant(role.Word()[0])}{role.Word()[1..]}";

    /// <summary>What a role in a folder lets people do.</summary>
    public static string Explanation(CollaborationRole role) => role switch
    {
        CollaborationRole.Owner => "Everything.",
        CollaborationRole.CoOwner => "Everything but giving the folder away.",
        CollaborationRole.Editor => "Read, upload, edit, rename and delete.",
        CollaborationRole.ViewerUploader => "Read, download, upload and edit; no renaming, no deleting.",
        CollaborationRole.PreviewerUploader => "Look and upload; no downloading.",
        CollaborationRole.Viewer => "Read and download.",
        CollaborationRole.Previewer => "Look; no downloading.",
        _ => "See names and upload.",
    };

    /// <summary>Why somebody is in a group.</summary>
    /// <param name="source">See <see cref="MembershipSource.Source"/>.</param>
    /// <param name="rules">What the rules say; see <see cref="IDirectoryRules.WordsAsync"/>.</param>
    public static Sentence OfSource(string source, IReadOnlyDictionary<string, string> rules) => source switch
    {
        MembershipSource.Hand => "by hand",
        MembershipSource.Owner => "by the group's owner",
        MembershipSource.InBox => "from before, in Box",
        _ when source.StartsWith(MembershipSource.DirectoryPrefix, StringComparison.Ordinal) => new Sentence("by the directory ({0})", rules.TryGetValue(source, out var rule) ? rule : new Sentence("a rule that is gone")),
        _ => source,
    };

    /// <summary>What a member is in a group.</summary>
    public static string Name(GroupRole role) => role == GroupRole.Admin ? "Manager in Box" : "Member";

    /// <summary>What it means to be that in a group.</summary>
    public static string Explanation(GroupRole role) => role == GroupRole.Admin ? "Has what the group brings, and may say in Box who is in it." : "Has what the group brings.";

    /// <summary>The first of these, and how many more there are.</summary>
    internal static string Named(this IStringLocalizer<GroupsText> text, IReadOnlyCollection<string> names, int most)
    {
        var first = string.Join(", ", names.Take(most));
        return names.Count > most ? text["NamesAndMore", first, Languages.Number(names.Count - most)] : first;
    }

    /// <summary>See <see cref="GroupPerson.Mark"/>.</summary>
    internal static string Mark(this IStringLocalizer<GroupsText> text, GroupPerson person) => person.Address.Length > 0 ? person.Address : text["Mark", person.AppUserId];

    /// <summary>So many people.</summary>
    public static string People(int count) => count == 1 ? "1 person" : $"{Number(count)} people";

    /// <summary>So many changes.</summary>
    public static string Changes(int count) => count == 1 ? "1 change" : $"{Number(count)} changes";

    /// <summary>A number as it is read.</summary>
    public static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>What Box said instead of doing it, for administrators.</summary>
    public static Sentence OfRefusal(BoxApiException refusal) => refusal switch
    {
        { IsTransient: true } => "Box does not answer now. Nothing was changed; try again in a moment.",
        { RequestId: { } id } => new Sentence("Box refused: {0} (request {1})", refusal.Message, id),
        _ => new Sentence("Box refused: {0}", refusal.Message),
    };

    /// <summary>What a change is to do.</summary>
    public static Sentence Sentence(GroupChange change)
    {
        var (group, member, folder) = (change.GroupName.Isolated(), change.MemberName?.Isolated() ?? "", change.FolderName?.Isolated() ?? "");
        return change.Act switch
        {
            GroupAct.CreateGroup => new Sentence("Make the group {0}.", change.Name?.Isolated() ?? ""),
            GroupAct.DescribeGroup when change.Name is { } name && name != change.GroupName => new Sentence("Rename {0} to {1}.", group, name.Isolated()),
            GroupAct.DescribeGroup => new Sentence("Describe {0} anew.", group),
            GroupAct.DeleteGroup => new Sentence("Delete the group {0}.", group),
            GroupAct.AddMember => new Sentence("Add {0} to {1}.", member, group),
            GroupAct.ChangeMemberRole when change.MemberRole == GroupRole.Admin => new Sentence("Make {0} manager in Box of {1}.", member, group),
            GroupAct.ChangeMemberRole => new Sentence("Make {0} no more than a member of {1}.", member, group),
            GroupAct.RemoveMember => new Sentence("Remove {0} from {1}.", member, group),
            GroupAct.AddFolder => new Sentence("Give {0} access to {1} as {2}.", group, folder, (Sentence)change.FolderRole!.Value.Word()),
            GroupAct.ChangeFolderRole => new Sentence("Change {0} to {1} in {2}.", group, (Sentence)change.FolderRole!.Value.Word(), folder),
            _ => new Sentence("Take {0} away from {1}.", folder, group),
        };
    }

    /// <summary>What was so and what is to be so, for the record.</summary>
    public static (string? Before, string? After) BeforeAndAfter(GroupChange change) => change.Act switch
    {
        GroupAct.CreateGroup => (null, change.Name),
        GroupAct.DescribeGroup => (change.Former, change.Name ?? change.Description),
        GroupAct.DeleteGroup => (change.GroupName, null),
        GroupAct.AddMember or GroupAct.ChangeMemberRole or GroupAct.RemoveMember =>
            (change.FormerMemberRole is { } role ? $"{Name(role)} of {change.GroupName}" : null,
            change.Act == GroupAct.RemoveMember ? null : $"{Name(change.MemberRole ?? GroupRole.Member)} of {change.GroupName}"),
        _ => (change.FormerFolderRole is { } folderRole ? $"{Name(folderRole)} of {change.FolderName}" : null,
            change.Act == GroupAct.RemoveFolder ? null : $"{Name(change.FolderRole!.Value)} of {change.FolderName}"),
    };
}
