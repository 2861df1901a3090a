using System.Text.Json.Serialization;
using BoxPortal.Box.Http;

namespace BoxPortal.Box;

/// <summary>A user's or a group's access to a folder or file.</summary>
/// <param name="Id">Box's ID of the collaboration.</param>
/// <param name="Role">What may be done.</param>
/// <param name="Status"><c>accepted</c> at once for groups; <c>pending</c> or <c>rejected</c> only for invited users.</param>
/// <param name="AccessibleBy">Who; <c>null</c> while somebody invited by mail is not known to Box yet.</param>
/// <param name="Item">To what; <c>null</c> while the invitation is pending.</param>
/// <param name="IsAccessOnly">Accessible, but not listed in the person's root.</param>
/// <param name="ExpiresAt">When it ends by itself, UTC.</param>
/// <param name="CreatedAt">Since when, UTC.</param>
public sealed record Collaboration(
    string Id,
    CollaborationRole Role,
    string Status,
    BoxReference? AccessibleBy = null,
    BoxReference? Item = null,
    bool? IsAccessOnly = null,
    DateTimeOffset? ExpiresAt = null,
    DateTimeOffset? CreatedAt = null) : IBoxResource;

/// <summary>What a collaborator may do, from most to least. Source: Box's "Collaborator permission levels".</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CollaborationRole>))]
public enum CollaborationRole
{
    /// <summary>Everything; there is one, and it is the service account.</summary>
    [JsonStringEnumMemberName("owner")]
    Owner,

    /// <summary>Everything but giving it away.</summary>
    [JsonStringEnumMemberName("co-owner")]
    CoOwner,

    /// <summary>Read, upload, edit, rename, delete, invite.</summary>
    [JsonStringEnumMemberName("editor")]
    Editor,

    /// <summary>Read, download, upload and edit, without renaming or deleting.</summary>
    [JsonStringEnumMemberName("viewer uploader")]
    ViewerUploader,

    /// <summary>Preview and upload, without downloading.</summary>
    [JsonStringEnumMemberName("previewer uploader")]
    PreviewerUploader,

    /// <summary>Read and download.</summary>
    [JsonStringEnumMemberName("viewer")]
    Viewer,

    /// <summary>Preview, without downloading.</summary>
    [JsonStringEnumMemberName("previewer")]
    Previewer,

    /// <summary>See names and upload.</summary>
    [JsonStringEnumMemberName("uploader")]
    Uploader,
}

/// <summary>What a collaboration is made or changed with.</summary>
internal sealed record CollaborationBody(CollaborationRole Role, BoxReference? Item, BoxReference? AccessibleBy);
