using BoxPortal.Benchmarks;

if (args is [Circuits.Browsers, var address, var path, var words])
{
    await Circuits.BrowseAsync(address, path, words);
    return 0;
}

if (args is ["kills", ..])
{
    return await Kills.RunAsync(deaths: 2_000);
}

(string Name, Func<Task> RunAsync)[] all =
[
    ("mint", ColdMint.RunAsync),
    ("requests", PortalRequests.RunAsync),
    ("people", PeopleAtScale.RunAsync),
    ("circuits", Circuits.RunAsync),
    ("import", ImportAtScale.RunAsync),
    ("access", AccessAtScale.RunAsync),
    ("sync", SyncAtScale.RunAsync),
    ("explorer", ExplorerInBrowser.RunAsync),
];
Measure.Head();
foreach (var (_, runAsync) in all.Where(one => args.Length == 0 || args.Contains(one.Name)))
{
    await runAsync();
}

return 0;
