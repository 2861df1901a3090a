// Box's official SDK against the sandbox. Reads { "api", "config" } from standard input, where config is the app's JSON
// config as text; writes one JSON object of what it saw to standard output.
import { strict as assert } from "node:assert";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { BoxCcgAuth, BoxClient, BoxJwtAuth, CcgConfig, JwtConfig } from "box-node-sdk";
import { BaseUrls } from "box-node-sdk/networking/baseUrls";
import { NetworkSession } from "box-node-sdk/networking/network";

const { api, config } = JSON.parse(await text(process.stdin));
const settings = JSON.parse(config);
// Passed to every call of the auth objects too: without it they go to api.box.com.
const networkSession = new NetworkSession({ baseUrls: new BaseUrls({ baseUrl: api, uploadUrl: `${api}/api`, oauth2Url: `${api}/oauth2` }) });
const clientFor = (auth) => new BoxClient({ auth, networkSession });
const refusal = async (call) => {
    try {
        await call();
    } catch (error) {
        return { status: error.responseInfo?.statusCode, code: error.responseInfo?.code?.replaceAll('"', "") };
    }
    assert.fail("That should have been refused");
};
const saw = {};

// The service account, by JWT.
const auth = new BoxJwtAuth({ config: JwtConfig.fromConfigJsonString(config) });
const service = clientFor(auth);
saw.enterprise = (await service.users.getUserMe()).login;

// Users.
const externalId = "sdk@1";
const user = await service.users.createUser({ name: "Sdk Person", isPlatformAccessOnly: true, externalAppUserId: externalId });
const found = await service.users.getUsers({ externalAppUserId: externalId, fields: ["id", "external_app_user_id"] });
saw.foundUser = found.entries.length === 1 && found.entries[0].id === user.id;
await service.users.updateUserById(user.id, { requestBody: { name: "Sdk Renamed" } });
saw.renamedUser = (await service.users.getUserById(user.id)).name;

// Groups, memberships, collaborations.
const group = await service.groups.createGroup({ name: "Sdk Group" });
saw.sameGroup = await refusal(() => service.groups.createGroup({ name: "Sdk Group" }));
const membership = await service.memberships.createGroupMembership({ user: { id: user.id }, group: { id: group.id } });
saw.members = (await service.memberships.getGroupMemberships(group.id)).totalCount;
const folder = await service.folders.createFolder({ name: "Sdk Folder", parent: { id: "0" } });
const collaboration = await service.userCollaborations.createCollaboration({
    item: { type: "folder", id: folder.id }, accessibleBy: { type: "group", id: group.id }, role: "editor",
});
saw.collaboration = [collaboration.status, collaboration.role];
saw.ofGroup = (await service.listCollaborations.getGroupCollaborations(group.id)).totalCount;
saw.ofFolder = (await service.listCollaborations.getFolderCollaborations(folder.id)).entries.map((entry) => entry.accessibleBy.name);
const managing = await service.memberships.updateGroupMembershipById(membership.id, { requestBody: { role: "admin" } });
const ofUser = await service.memberships.getUserMemberships(user.id);
saw.role = [managing.role, (await service.memberships.getGroupMembershipById(membership.id)).role, ofUser.entries.map((entry) => entry.group.name)];
await service.userCollaborations.updateCollaborationById(collaboration.id, { requestBody: { role: "co-owner" } });
saw.newRole = (await service.userCollaborations.getCollaborationById(collaboration.id)).role;
await service.groups.updateGroupById(group.id, { requestBody: { description: "For the SDK" } });
saw.group = [(await service.groups.getGroupById(group.id, { queryParams: { fields: ["description"] } })).description, (await service.groups.getGroups({ filterTerm: "Sdk" })).totalCount];

// The app user, by JWT: their root.
const userAuth = auth.withUserSubject(user.id);
const person = clientFor(userAuth);
saw.me = (await person.users.getUserMe()).id === user.id;
saw.root = (await person.folders.getFolderItems("0")).entries.map((entry) => entry.name);

// Upload, list, download, new version, delete.
const uploaded = await person.uploads.uploadFile({
    attributes: { name: "Hello.txt", parent: { id: folder.id } }, file: Readable.from([Buffer.from("Hello from the SDK")]),
});
const file = uploaded.entries[0];
saw.uploaded = [file.name, file.size];
saw.sameName = await refusal(() => person.uploads.uploadFile({
    attributes: { name: "hello.TXT", parent: { id: folder.id } }, file: Readable.from([Buffer.from("x")]),
}));
saw.downloaded = await text(await person.downloads.downloadFile(file.id));
saw.check = [
    (await person.uploads.preflightFileUploadCheck({ name: "Other.txt", size: 5, parent: { id: folder.id } })).uploadUrl.startsWith(api),
    await refusal(() => person.uploads.preflightFileUploadCheck({ name: "Hello.txt", size: 5, parent: { id: folder.id } })),
];
saw.address = await (await fetch(await person.downloads.getDownloadFileUrl(file.id))).text();
const version = await person.uploads.uploadFileVersion(file.id, { attributes: { name: "Hello.txt" }, file: Readable.from([Buffer.from("Hello again")]) });
saw.version = [version.entries[0].etag, await text(await person.downloads.downloadFile(file.id))];

// Versions, copies, links, search, archives, trash.
const versions = await person.fileVersions.getFileVersions(file.id);
await person.fileVersions.promoteFileVersion(file.id, { requestBody: { id: versions.entries[0].id, type: "file_version" } });
saw.versions = [versions.totalCount, await text(await person.downloads.downloadFile(file.id))];
const below = await person.folders.createFolder({ name: "Below", parent: { id: folder.id } });
const copy = await person.files.copyFile(file.id, { parent: { id: below.id }, name: "Copy.txt" });
const folderCopy = await person.folders.copyFolder(below.id, { parent: { id: folder.id }, name: "Below, copied" });
saw.copied = [copy.name, (await person.folders.getFolderItems(folderCopy.id)).entries.map((entry) => entry.name)];
const linked = await person.sharedLinksFiles.addShareLinkToFile(file.id, { sharedLink: { access: "company", permissions: { canDownload: true } } }, { fields: "shared_link" });
const opened = await person.sharedLinksFiles.findFileForSharedLink({}, { boxapi: `shared_link=${linked.sharedLink.url}` });
saw.linked = [linked.sharedLink.access, opened.id === file.id];
const changed = await person.sharedLinksFiles.updateSharedLinkOnFile(file.id, { sharedLink: { access: "collaborators" } }, { fields: "shared_link" });
await person.sharedLinksFiles.removeSharedLinkFromFile(file.id, { sharedLink: null }, { fields: "shared_link" });
saw.unlinked = [changed.sharedLink.access, (await person.sharedLinksFiles.getSharedLinkForFile(file.id, { fields: "shared_link" })).sharedLink ?? null];
const linkedFolder = await person.sharedLinksFolders.addShareLinkToFolder(below.id, { sharedLink: { access: "open", password: "Tide!" } }, { fields: "shared_link" });
saw.linkedFolder = (await person.sharedLinksFolders.findFolderForSharedLink({}, { boxapi: `shared_link=${linkedFolder.sharedLink.url}&shared_link_password=Tide!` })).id === below.id;
saw.found = (await person.search.searchForContent({ query: "copy", ancestorFolderIds: [folder.id] })).entries.map((entry) => entry.name);
saw.recent = (await person.recentItems.getRecentItems()).entries[0].item.name;
const zip = await person.zipDownloads.createZipDownload({ items: [{ type: "folder", id: below.id }], downloadFileName: "Below" });
const zipped = Buffer.from(await new Response(Readable.toWeb(await person.zipDownloads.getZipDownloadContent(zip.downloadUrl))).arrayBuffer());
saw.zip = [zipped.subarray(0, 2).toString(), (await person.zipDownloads.getZipDownloadStatus(zip.statusUrl)).state];
await person.files.deleteFileById(copy.id);
saw.trash = (await person.trashedItems.getTrashedItems()).entries.map((entry) => entry.name);
saw.restored = (await person.trashedFiles.restoreFileFromTrash(copy.id)).name;
await person.trashedFiles.getTrashedFileById(copy.id).catch((error) => saw.notTrashed = error.responseInfo.statusCode);

// Renamed, moved, pictured.
await person.files.updateFileById(copy.id, { requestBody: { name: "Renamed.txt", description: "Of the SDK", parent: { id: folderCopy.id } } });
saw.moved = (await person.folders.getFolderItems(folderCopy.id, { queryParams: { usemarker: true } })).entries.map((entry) => entry.name);
saw.renamed = (await person.folders.updateFolderById(folderCopy.id, { requestBody: { name: "Renamed" } })).name;
const picture = (await person.uploads.uploadFile({ attributes: { name: "Picture.png", parent: { id: folderCopy.id } }, file: Readable.from([Buffer.from("png")]) })).entries[0];
const pictured = await person.files.getFileById(picture.id, { queryParams: { fields: ["representations"] }, headers: { xRepHints: "[png?dimensions=1024x1024]" } });
saw.pictured = pictured.representations.entries.map((entry) => [entry.representation, entry.status.state]);

// Through the trash and back.
await person.folders.deleteFolderById(below.id);
const thrown = await person.trashedFolders.getTrashedFolderById(below.id);
saw.folderRestored = [thrown.itemStatus, (await person.trashedFolders.restoreFolderFromTrash(below.id)).itemStatus];
await person.folders.deleteFolderById(below.id, { queryParams: { recursive: true } });
await person.trashedFolders.deleteTrashedFolderById(below.id);
await person.folders.deleteFolderById(folderCopy.id, { queryParams: { recursive: true } });

// A file of one's own to share.
const own = (await service.uploads.uploadFile({ attributes: { name: "Own.txt", parent: { id: folder.id } }, file: Readable.from([Buffer.from("Own")]) })).entries[0];
await service.userCollaborations.createCollaboration({ item: { type: "file", id: own.id }, accessibleBy: { type: "user", id: user.id }, role: "viewer" });
saw.ofFile = (await service.listCollaborations.getFileCollaborations(own.id)).entries.map((entry) => entry.accessibleBy.name);
await service.files.deleteFileById(own.id);

// In parts.
const size = 25_000_000;
const large = await person.chunkedUploads.uploadBigFile(Readable.from([Buffer.alloc(size, 7)]), "Large.bin", size, folder.id);
saw.large = [large.name, large.size];
await person.files.deleteFileById(large.id);

// What the enterprise's log says of it.
const events = await service.events.getEvents({ streamType: "admin_logs", limit: 500 });
saw.events = ["NEW_USER", "GROUP_CREATION", "COPY", "SHARE", "DELETE", "UNDELETE"].every((type) => events.entries.some((event) => event.eventType === type));

saw.stream = (await service.events.getEvents({ streamType: "admin_logs_streaming", streamPosition: "0", limit: 1 })).chunkSize;

// Downscoped: sees, but does not delete.
const narrow = await userAuth.downscopeToken(["base_explorer", "item_preview"], undefined, undefined, networkSession);
const narrowHeaders = { Authorization: `Bearer ${narrow.accessToken}` };
saw.narrowSees = (await fetch(`${api}/2.0/folders/${folder.id}`, { headers: narrowHeaders })).status;
saw.narrowDeletes = (await fetch(`${api}/2.0/files/${file.id}`, { method: "DELETE", headers: narrowHeaders })).status;
const tied = await userAuth.downscopeToken(["base_explorer"], `https://api.box.com/2.0/folders/${folder.id}`, undefined, networkSession);
saw.tiedTo = tied.restrictedTo.map((entry) => entry.object.id === folder.id);
await person.files.deleteFileById(file.id);
saw.left = (await person.folders.getFolderItems(folder.id)).totalCount;

// Client Credentials do as well.
const ccg = new BoxCcgAuth({
    config: new CcgConfig({ clientId: settings.boxAppSettings.clientID, clientSecret: settings.boxAppSettings.clientSecret, enterpriseId: settings.enterpriseID }),
});
saw.ccg = (await clientFor(ccg).users.getUserMe()).login === saw.enterprise;
saw.ccgUser = (await clientFor(ccg.withUserSubject(user.id)).users.getUserMe()).id === user.id;

// And back again.
await service.memberships.deleteGroupMembershipById(membership.id);
saw.rootAfterLeaving = (await person.folders.getFolderItems("0")).entries.length;
await service.userCollaborations.deleteCollaborationById(collaboration.id);
await service.groups.deleteGroupById(group.id);
await service.folders.deleteFolderById(folder.id, { queryParams: { recursive: true } });
await service.users.deleteUserById(user.id);
saw.gone = await refusal(() => service.users.getUserById(user.id));
await auth.revokeToken(networkSession);

console.log(JSON.stringify(saw));
