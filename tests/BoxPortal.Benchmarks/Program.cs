using BoxPortal.Benchmarks;

Console.WriteLine($"{"",-34} {"CPU each",10} {"floor",10} {"ratio",6} {"target",7} {"allocated",10}");
await ColdMint.RunAsync();
await PortalRequests.RunAsync();
await PeopleAtScale.RunAsync();
