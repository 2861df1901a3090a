namespace BoxPortal.Tests;

/// <summary>A clock by which jobs need not wait until there are calls of Box to spare: each portal's would, for seconds.</summary>
internal sealed class Haste : TimeProvider
{
    private readonly long _start = System.GetTimestamp();

    public override long GetTimestamp() => (System.GetTimestamp() - _start) * 1_000_000;
}
