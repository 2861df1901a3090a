using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.Events;

public sealed class EventTests : IAsyncLifetime
{
    private RunningSandbox _sandbox = null!;
    private string _service = "";

    private Enterprise Enterprise => _sandbox.Enterprise;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await RunningSandbox.StartAsync();
        Enterprise.Clear();
        _service = await _sandbox.TokenAsync(Enterprise.ServiceAccount);
    }

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

    [Theory]
    [InlineData("admin_logs")]
    [InlineData("admin_logs_streaming")]
    public async Task What_happens_is_told_in_order_with_who_did_it(string stream)
    {
        var ida = Enterprise.AddAppUser("Ida", null);
        var (group, folder) = (Enterprise.AddGroup("Divers"), Enterprise.AddFolder(Enterprise.ServiceAccount.Root, "Dives"));
        var collaboration = Enterprise.AddCollaboration(folder, group, "editor");
        var membership = Enterprise.AddMembership(ida, group);
        var file = Enterprise.AddFile(folder, "a.txt", [1]);
        var token = await _sandbox.TokenAsync(ida);
        (await _sandbox.GetAsync($"/2.0/files/{file.Id}/content", token)).Dispose();
        (await _sandbox.SendAsync(HttpMethod.Put, $"/2.0/files/{file.Id}", token, new { name = "b.txt", shared_link = new { } })).Dispose();
        (await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/files/{file.Id}", token)).Dispose();
        (await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/group_memberships/{membership.Id}", _service)).Dispose();
        (await _sandbox.SendAsync(HttpMethod.Delete, $"/2.0/collaborations/{collaboration.Id}", _service)).Dispose();

        var first = await ReadAsync($"stream_type={stream}&limit=5");
        var rest = await ReadAsync($"stream_type={stream}&stream_position={first["next_stream_position"]}");
        var end = await ReadAsync($"stream_type={stream}&stream_position={rest["next_stream_position"]}");
        var now = await ReadAsync($"stream_type={stream}&stream_position=now");

        Assert.Equal(["NEW_USER", "GROUP_CREATION", "GROUP_ADD_ITEM", "GROUP_ADD_USER", "UPLOAD"], Types(first));
        Assert.Equal(["DOWNLOAD", "SHARE", "RENAME", "DELETE", "GROUP_REMOVE_USER", "GROUP_REMOVE_ITEM"], Types(rest));
        Assert.Equal((0, (string?)end["next_stream_position"]), ((int)end["chunk_size"]!, (string?)now["next_stream_position"]));
        Assert.Equal((ida.Id, file.Id), ((string?)rest["entries"]![3]!["created_by"]!["id"], (string?)rest["entries"]![3]!["source"]!["item_id"]));
        Assert.Equal(group.Id, (string?)first["entries"]![3]!["additional_details"]!["group_id"]);
    }

    [Fact]
    public async Task Of_the_past_one_asks_by_kind_and_date()
    {
        Enterprise.AddGroup("Divers");
        _sandbox.Clock.Advance(TimeSpan.FromDays(20));
        _service = await _sandbox.TokenAsync(Enterprise.ServiceAccount);
        Enterprise.AddAppUser("Ida", null);
        var yesterday = Uri.EscapeDataString((_sandbox.Clock.GetUtcNow() - TimeSpan.FromDays(1)).ToString("O"));

        Assert.Equal(["GROUP_CREATION", "NEW_USER"], Types(await ReadAsync("stream_type=admin_logs")));
        Assert.Equal(["NEW_USER"], Types(await ReadAsync("stream_type=admin_logs_streaming")));
        Assert.Equal(["GROUP_CREATION"], Types(await ReadAsync("stream_type=admin_logs&event_type=GROUP_CREATION,UPLOAD")));
        Assert.Equal(["NEW_USER"], Types(await ReadAsync($"stream_type=admin_logs&created_after={yesterday}")));
        Assert.Equal(["GROUP_CREATION"], Types(await ReadAsync($"stream_type=admin_logs&created_before={yesterday}")));
    }

    [Fact]
    public async Task Events_are_the_administrators_and_of_the_enterprise()
    {
        var token = await _sandbox.TokenAsync(Enterprise.AddAppUser("Ida", null));

        using var user = await _sandbox.GetAsync("/2.0/events?stream_type=admin_logs", token);
        using var own = await _sandbox.GetAsync("/2.0/events?stream_type=all", _service);
        using var nonsense = await _sandbox.GetAsync("/2.0/events?stream_type=admin_logs&stream_position=then", _service);

        Assert.Equal((403, 400, 400), ((int)user.StatusCode, (int)own.StatusCode, (int)nonsense.StatusCode));
    }

    private Task<JsonObject> ReadAsync(string query) => _sandbox.ReadAsync($"/2.0/events?{query}", _service);

    private static IEnumerable<string> Types(JsonObject chunk) => chunk["entries"]!.AsArray().Select(entry => (string)entry!["event_type"]!);
}
