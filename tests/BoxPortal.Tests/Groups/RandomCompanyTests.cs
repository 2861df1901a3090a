using BoxPortal.Sandbox.Tests.OpenApi;

namespace BoxPortal.Tests.Groups;

/// <summary>Some of them; the benchmarks try a thousand.</summary>
public sealed class RandomCompanyTests
{
    [Fact]
    public Task What_the_map_says_Box_says_and_what_a_rehearsal_tells_comes_true() =>
        RandomCompany.TryAsync(50, AnswerRecorder.Listen, PortalHost.Cancellation);
}
