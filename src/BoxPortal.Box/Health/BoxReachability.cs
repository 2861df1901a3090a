namespace BoxPortal.Box;

/// <summary>What came of asking Box whether it knows us.</summary>
public abstract record BoxReachability
{
    private BoxReachability() { }

    /// <summary>Box answers and accepts our key.</summary>
    /// <param name="ServiceAccountId">Box's ID of the user we are there.</param>
    public sealed record Reachable(string ServiceAccountId) : BoxReachability;

    /// <summary>Box answers and refuses us: the app is not authorised, its key or secret changed. Waiting does not help.</summary>
    /// <param name="Fault">Box's words.</param>
    public sealed record Refused(BoxApiException Fault) : BoxReachability;

    /// <summary>Box does not answer, or not now.</summary>
    /// <param name="Fault">What came instead.</param>
    public sealed record Unreachable(BoxApiException Fault) : BoxReachability;
}
