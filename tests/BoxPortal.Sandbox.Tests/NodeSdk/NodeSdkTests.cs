using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BoxPortal.Sandbox.Tests.NodeSdk;

/// <summary>Box's official SDK for Node finds in the sandbox what it expects of Box.</summary>
public sealed class NodeSdkTests
{
    [Fact]
    public async Task The_official_SDK_does_all_that_the_portal_needs()
    {
        await using var sandbox = await RunningSandbox.StartAsync();

        var saw = await RunAsync(sandbox);

        JsonObject expected = new()
        {
            ["enterprise"] = sandbox.Enterprise.ServiceAccount.Login,
            ["foundUser"] = true,
            ["renamedUser"] = "Sdk Renamed",
            ["sameGroup"] = new JsonObject { ["status"] = 409, ["code"] = "conflict" },
            ["members"] = 1,
            ["collaboration"] = new JsonArray("accepted", "editor"),
            ["ofGroup"] = 1,
            ["ofFolder"] = new JsonArray("Sdk Group"),
            ["role"] = new JsonArray("admin", "admin", new JsonArray("Sdk Group")),
            ["newRole"] = "co-owner",
            ["group"] = new JsonArray("For the SDK", 1),
            ["me"] = true,
            ["root"] = new JsonArray("Sdk Folder"),
            ["uploaded"] = new JsonArray("Hello.txt", 18),
            ["sameName"] = new JsonObject { ["status"] = 409, ["code"] = "item_name_in_use" },
            ["downloaded"] = "Hello from the SDK",
            ["check"] = new JsonArray(true, new JsonObject { ["status"] = 409, ["code"] = "item_name_in_use" }),
            ["address"] = "Hello from the SDK",
            ["version"] = new JsonArray("1", "Hello again"),
            ["versions"] = new JsonArray(1, "Hello from the SDK"),
            ["copied"] = new JsonArray("Copy.txt", new JsonArray("Copy.txt")),
            ["linked"] = new JsonArray("company", true),
            ["unlinked"] = new JsonArray("collaborators", null),
            ["linkedFolder"] = true,
            ["found"] = new JsonArray("Copy.txt", "Copy.txt"),
            ["recent"] = "Hello.txt",
            ["zip"] = new JsonArray("PK", "succeeded"),
            ["trash"] = new JsonArray("Copy.txt"),
            ["restored"] = "Copy.txt",
            ["notTrashed"] = 404,
            ["moved"] = new JsonArray("Renamed.txt", "Copy.txt"),
            ["renamed"] = "Renamed",
            ["pictured"] = new JsonArray(new JsonArray("png", "success")),
            ["folderRestored"] = new JsonArray("trashed", "active"),
            ["ofFile"] = new JsonArray("Sdk Renamed"),
            ["large"] = new JsonArray("Large.bin", 25_000_000),
            ["events"] = true,
            ["stream"] = 1,
            ["narrowSees"] = 200,
            ["narrowDeletes"] = 403,
            ["tiedTo"] = new JsonArray(true),
            ["left"] = 0,
            ["ccg"] = true,
            ["ccgUser"] = true,
            ["rootAfterLeaving"] = 0,
            ["gone"] = new JsonObject { ["status"] = 404, ["code"] = "not_found" },
        };
        Assert.Equal(expected.ToJsonString(), saw);
    }

    // Beside this file, where npm installs.
    private static string SourceFolder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;

    private static async Task<string> RunAsync(RunningSandbox sandbox)
    {
        var config = await sandbox.Http.GetStringAsync("/_sandbox/config.json", TestContext.Current.CancellationToken);
        using var node = Process.Start(new ProcessStartInfo("node", ["run.mjs"])
        {
            WorkingDirectory = SourceFolder(),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(new { api = sandbox.Http.BaseAddress!.ToString().TrimEnd('/'), config }));
        node.StandardInput.Close();
        var output = node.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await node.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await node.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(node.ExitCode == 0, errors);
        return (await output).Trim();
    }
}
