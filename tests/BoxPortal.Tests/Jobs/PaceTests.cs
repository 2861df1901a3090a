using BoxPortal.Jobs;
using Microsoft.Extensions.Time.Testing;

namespace BoxPortal.Tests.Jobs;

public sealed class PaceTests
{
    [Fact]
    public void A_page_that_goes_on_to_another_job_begins_to_reckon_anew()
    {
        var clock = new FakeTimeProvider();
        var pace = new Pace(clock);
        pace.Note(315);

        clock.Advance(TimeSpan.FromSeconds(1));
        pace.Note(0);
        var atFirst = pace.Words(315);
        clock.Advance(TimeSpan.FromSeconds(3));
        pace.Note(15);

        Assert.Null(atFirst);
        Assert.Equal("300 a minute, about 1 minute left", pace.Words(300));
    }
}
