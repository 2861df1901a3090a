namespace BoxPortal.Box;

/// <summary>Whether Box is there and knows us.</summary>
/// <param name="users">Asks who we are.</param>
public sealed class BoxHealth(BoxUsers users)
{
    /// <summary>Asks Box who we are, with a real token. Takes up to half a minute of retries: give a shorter limit by <paramref name="cancellationToken"/>.</summary>
    /// <param name="cancellationToken">Abandons the question.</param>
    public async Task<BoxReachability> CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var serviceAccount = await users.GetMeAsync(cancellationToken);
            return new BoxReachability.Reachable(serviceAccount.Id);
        }
        catch (BoxApiException fault)
        {
            return fault.IsTransient ? new BoxReachability.Unreachable(fault) : new BoxReachability.Refused(fault);
        }
    }
}
