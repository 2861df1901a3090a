using BoxPortal.Sandbox;
using BoxPortal.Sandbox.Tests.OpenApi;

namespace BoxPortal.Tests.Groups;

/// <summary>Some of them; the benchmarks try a thousand.</summary>
public sealed class RandomCompanyTests
{
    [Fact]
    public async Task What_the_map_says_Box_says_and_what_a_rehearsal_tells_comes_true()
    {
        var sandbox = SandboxServer.Build(new SandboxOptions { Urls = "http://127.0.0.1:0", Controls = true }, AnswerRecorder.Listen);

        await RandomCompany.TryAsync(50, sandbox, PortalHost.Cancellation);

        await AnswerRecorder.EndAsync(sandbox);
    }
}
