using BoxPortal.Graph;
using BoxPortal.Imports;
using BoxPortal.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Imports;

public sealed class DirectoryImportTests
{
    [Fact]
    public async Task The_directory_is_read_like_a_file_and_whoever_is_mapped_stays_so()
    {
        await using var portal = await PortalHost.StartRecoveredAsync().WithAdministratorAsync();
        var drafted = await portal.Drafts().DraftAsync(
            await portal.SessionOfAsync(People.Administrator), DirectorySource.Open(portal.Services.GetRequiredService<GraphDirectory>(), "new"), PortalHost.Cancellation);
        var jobId = Assert.IsType<JobResult.Done>(drafted).Job.Id;
        await portal.UntilCheckedAsync(jobId);

        Assert.IsType<JobResult.Done>(await portal.ConfirmAsync(jobId));
        await portal.UntilEndedAsync(jobId);

        // Noah is the only one of the company whom Box does not know.
        var change = Assert.Single(await portal.ChangesAsync(jobId));
        Assert.Equal(People.Newcomer.ObjectId, change.ObjectId);
        Assert.Equal(portal.AppUserOf(People.Newcomer).Id, (await portal.MappingAsync(People.Newcomer.Id()))!.AppUserId);
    }

    [Theory]
    [InlineData("truncate")]
    [InlineData("html")]
    [InlineData("empty")]
    public async Task A_directory_that_answers_with_half_a_list_begins_nothing(string mode)
    {
        await using var portal = await PortalHost.StartRecoveredAsync().WithAdministratorAsync();
        await portal.SpoilAsync(new { path = "/v1.0/users", mode, times = 100 });

        await Assert.ThrowsAsync<GraphException>(async () => await portal.Drafts().DraftAsync(
            await portal.SessionOfAsync(People.Administrator), DirectorySource.Open(portal.Services.GetRequiredService<GraphDirectory>(), "new"), PortalHost.Cancellation));

        Assert.Empty(await portal.ReadAsync(db => Task.FromResult(db.Set<Job>().ToList())));
    }
}
