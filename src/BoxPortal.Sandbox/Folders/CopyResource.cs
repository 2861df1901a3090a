using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace BoxPortal.Sandbox;

/// <summary>Box's <c>/files/{id}/copy</c> and <c>/folders/{id}/copy</c>. Whoever copies must be allowed to take the content along. Source: Box API reference, "Copy file", "Copy folder".</summary>
internal static class CopyResource
{
    public static void MapCopies(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/files/{id}/copy", CopyFile);
        routes.MapPost("/folders/{id}/copy", CopyFolder);
    }

    private static Results<Created<JsonObject>, BoxError> CopyFile(string id, Wanted wanted, Caller caller, Enterprise enterprise, string? fields)
    {
        if (caller.OpenFile(id, Rights.Download, out var file) is { } refusal)
        {
            return refusal;
        }
        if (FindPlace(file, wanted, caller, out var into, out var name) is { } noPlace)
        {
            return noPlace;
        }
        if ((wanted.Version is null ? file.Current : file.Versions.Find(each => each.Id == wanted.Version)) is not { } version)
        {
            return BoxError.NotFound("file_version", wanted.Version!);
        }
        enterprise.Happened("COPY", Enterprise.OfItem(file));
        return TypedResults.Created((string?)null, FileResource.Shape.WriteStandard(enterprise.AddFile(into, name, version.Content, caller.User), caller, fields));
    }

    private static Results<Created<JsonObject>, BoxError> CopyFolder(string id, Wanted wanted, Caller caller, Enterprise enterprise, string? fields)
    {
        if (id == Folder.RootId)
        {
            return BoxError.Of(StatusCodes.Status500InternalServerError); // as Box has it
        }
        if (caller.OpenFolder(id, Rights.Download, out var folder) is { } refusal)
        {
            return refusal;
        }
        if (FindPlace(folder, wanted, caller, out var into, out var name) is { } noPlace)
        {
            return noPlace;
        }
        if (into.SelfAndAncestors().Contains(folder))
        {
            return new BoxError(400, "cyclical_folder_structure", "Folder copy creates cyclical folder structure");
        }
        enterprise.Happened("COPY", Enterprise.OfItem(folder));
        return TypedResults.Created((string?)null, FolderResource.Shape.WriteStandard((Folder)enterprise.Copy(folder, into, name, caller.User), caller, fields));
    }

    private static BoxError? FindPlace(Item item, Wanted wanted, Caller caller, out Folder into, out string name)
    {
        (into, name) = (null!, wanted.Name ?? item.Name);
        if (wanted.Parent?.Id is not { } parentId)
        {
            return BoxError.Missing("parent.id");
        }
        return caller.OpenFolder(parentId, Rights.Upload, out into)
            ?? ItemResource.NameFault(name)
            ?? (into.Child(name) is { } taken ? ItemResource.NameInUse(taken, caller, forFile: item is BoxFile) : null);
    }

    internal sealed record Wanted(Reference? Parent, string? Name, string? Version);
}
