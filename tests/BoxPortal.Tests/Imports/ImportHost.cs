using System.Text;
using BoxPortal.AppUsers;
using BoxPortal.Imports;
using BoxPortal.Jobs;
using BoxPortal.Sandbox;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace BoxPortal.Tests.Imports;

/// <summary>A portal in which an administrator has signed in and imports.</summary>
public static class ImportHost
{
    /// <summary>Only a test that fails waits so long; a loaded machine makes others slow, not wrong.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static ImportDrafts Drafts(this PortalHost portal) => portal.Services.GetRequiredService<ImportDrafts>();

    public static JobSteps Steps(this PortalHost portal) => portal.Services.GetRequiredService<JobSteps>();

    /// <summary>Whoever imports must have signed in: the portal asks its own table whether they still are an administrator.</summary>
    public static async Task<PortalHost> WithAdministratorAsync(this Task<PortalHost> starting)
    {
        var portal = await starting;
        await portal.MeetAsync(People.Administrator);
        return portal;
    }

    /// <summary>As if they had signed in.</summary>
    public static Task MeetAsync(this PortalHost portal, Person person) =>
        portal.Services.GetRequiredService<AppUserDirectory>().RecordSignInAsync(person.AsEmployee(), PortalHost.Cancellation);

    /// <summary>Has the portal see what a test has planted in Box.</summary>
    public static async Task ReadBoxAsync(this PortalHost portal)
    {
        var known = portal.Services.GetRequiredService<KnownAppUsers>();
        await known.FirstReading; // who asks while Box is read gets that reading, which may have begun too early for the test
        await known.RefreshAsync(TimeSpan.Zero, PortalHost.Cancellation);
    }

    /// <summary>Somebody whom the portal does not know.</summary>
    public static Person NewPerson(int number) => People.Newcomer with
    {
        ObjectId = Guid.NewGuid(),
        Name = $"Łucja Importée {number}",
        UserName = $"import.{number}.{Guid.NewGuid():N}@larkfield.example",
    };

    /// <summary>Hands a file in and waits until every line is checked.</summary>
    public static Task<long> PreviewAsync(this PortalHost portal, params string[] lines) => portal.PreviewAsync(Encoding.UTF8.GetBytes(string.Join('\n', lines)));

    /// <summary>As <see cref="PreviewAsync(PortalHost, string[])"/>, for a file of any bytes.</summary>
    public static async Task<long> PreviewAsync(this PortalHost portal, byte[] file)
    {
        var source = Assert.IsType<CsvFile.Readable>(CsvFile.Open("people.csv", file)).Source;
        var drafted = await portal.Drafts().DraftAsync(await portal.SessionOfAsync(People.Administrator), source, PortalHost.Cancellation);
        var jobId = Assert.IsType<JobResult.Done>(drafted).Job.Id;
        await portal.UntilCheckedAsync(jobId);
        return jobId;
    }

    public static Task UntilCheckedAsync(this PortalHost portal, long jobId) => PassingTime.UntilAsync(
        async () => (await portal.ReadAsync(db => db.Set<Import>().SingleAsync(import => import.JobId == jobId))).CheckedAt is not null, Patience);

    /// <summary>Confirms what the preview shows now.</summary>
    public static async Task<JobResult> ConfirmAsync(this PortalHost portal, long jobId, bool alsoRemap = false, string reason = "Monday's list") =>
        await portal.Drafts().ConfirmAsync(await portal.SessionOfAsync(People.Administrator), jobId, new ImportConfirmation(reason, alsoRemap,
            (await portal.ReadAsync(db => db.Set<Import>().SingleAsync(import => import.JobId == jobId))).CheckedAt ?? default), PortalHost.Cancellation);

    public static async Task<Job> UntilAsync(this PortalHost portal, long jobId, Func<Job, bool> isSo)
    {
        var job = await portal.JobAsync(jobId);
        await PassingTime.UntilAsync(async () => isSo(job = await portal.JobAsync(jobId)), Patience);
        return job;
    }

    public static Task<Job> UntilEndedAsync(this PortalHost portal, long jobId) => portal.UntilAsync(jobId, job => job.EndedAt is not null);

    public static Task<Job> JobAsync(this PortalHost portal, long jobId) => portal.ReadAsync(db => db.Set<Job>().AsNoTracking().SingleAsync(job => job.Id == jobId));

    public static Task<List<ImportLine>> LinesAsync(this PortalHost portal, long jobId) =>
        portal.ReadAsync(db => db.Set<ImportLine>().AsNoTracking().Where(line => line.JobId == jobId).OrderBy(line => line.Line).ToListAsync());

    public static Task<List<AppUserChange>> ChangesAsync(this PortalHost portal, long jobId) =>
        portal.ReadAsync(db => db.Set<AppUserChange>().AsNoTracking().Where(change => change.JobId == jobId).OrderBy(change => change.Line).ToListAsync());

    public static Task<AppUserMapping?> MappingAsync(this PortalHost portal, EmployeeId employee) =>
        portal.Services.GetRequiredService<AppUserDirectory>().FindAsync(employee, PortalHost.Cancellation);

    public static async Task<T> ReadAsync<T>(this PortalHost portal, Func<PortalDb, Task<T>> read)
    {
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(PortalHost.Cancellation);
        return await read(db);
    }
}
