using System.Collections.Concurrent;

namespace BoxPortal.Box.Tests.Folders;

public sealed class BoxFoldersTests
{
    [Fact]
    public async Task A_folder_names_its_parent_and_owner()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(
            200,
            """
            {"type":"folder","id":"20","etag":"1","name":"Bids","parent":{"type":"folder","id":"0","name":"All Files"},
             "owned_by":{"type":"user","id":"1","name":"BoxPortal","login":"a@b"}}
            """));
        await using var client = new BoxClient(box.Address);

        var folder = await client.Get<BoxFolders>().GetAsync("20", TestContext.Current.CancellationToken);

        Assert.Equal(new BoxFolder("20", "Bids", new("0", "folder", "All Files"), new("1", "user", "BoxPortal", "a@b")), folder);
    }

    [Fact]
    public async Task A_root_is_listed_as_whoever_it_belongs_to()
    {
        var subjects = new ConcurrentDictionary<string, string>();
        await using var box = await CannedBox.StartAsync((request, context) =>
        {
            if (request.IsForToken)
            {
                var token = Secrets.NewToken();
                subjects[$"Bearer {token}"] = request.Form["box_subject_id"];
                return context.TokenAsync(token);
            }

            return context.JsonAsync(
                200, $$"""{"entries":[{"type":"folder","id":"1","name":"of {{subjects[request.Authorization]}}"},{"type":"web_link","id":"2","name":"b"}]}""");
        });
        await using var client = new BoxClient(box.Address, null, ("Box:Authentication", "ClientCredentials"));
        var folders = client.Get<BoxFolders>();

        var own = await folders.ListItemsAsync("0", new BoxSubject.AppUser("7"), TestContext.Current.CancellationToken)
            .ToArrayAsync(TestContext.Current.CancellationToken);
        var ours = await folders.ListItemsAsync("0", subject: null, TestContext.Current.CancellationToken)
            .ToArrayAsync(TestContext.Current.CancellationToken);

        Assert.Equal([new BoxItem("1", "folder", "of 7"), new BoxItem("2", "web_link", "b")], own);
        Assert.Equal($"of {AppConfigs.EnterpriseId}", ours[0].Name);
    }

    [Fact]
    public async Task What_an_app_user_owns_is_told_from_what_others_gave_it()
    {
        await using var box = await CannedBox.StartWithTokensAsync((_, context) => context.JsonAsync(
            200,
            """
            {"entries":[
             {"type":"folder","id":"1","etag":"0","name":"Of the company","owned_by":{"type":"user","id":"1","name":"BoxPortal"},"has_collaborations":true},
             {"type":"folder","id":"2","etag":"0","name":"Shared","owned_by":{"type":"user","id":"7","name":"Ada","login":"a@b"},"has_collaborations":true},
             {"type":"file","id":"3","etag":"0","name":"Own","owned_by":{"type":"user","id":"7","name":"Ada","login":"a@b"},"has_collaborations":false}]}
            """));
        await using var client = new BoxClient(box.Address);

        var owned = await client.Get<BoxFolders>().ListOwnedAsync("0", new BoxSubject.AppUser("7"), TestContext.Current.CancellationToken)
            .ToArrayAsync(TestContext.Current.CancellationToken);

        var ada = new BoxReference("7", "user", "Ada", "a@b");
        Assert.Equal([new BoxItem("2", "folder", "Shared", ada, true), new BoxItem("3", "file", "Own", ada, false)], owned);
    }
}
