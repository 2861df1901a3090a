using System.Globalization;
using Quartz;

namespace BoxPortal.Jobs;

/// <summary>Has Quartz work on a job, now. What there is to do, the work finds in the database: a trigger too many does no harm.</summary>
public sealed class JobTriggers(ISchedulerFactory schedulers)
{
    /// <summary>Starts <typeparamref name="TWork"/> on the job, after whatever of that kind is at work on it already.</summary>
    /// <param name="jobId">Which job.</param>
    /// <param name="cancellationToken">Abandons the request; the next start of the portal finds the job by itself.</param>
    public async Task TriggerAsync<TWork>(long jobId, CancellationToken cancellationToken)
        where TWork : IJob
    {
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        await scheduler.ScheduleJob(
            JobBuilder.Create<TWork>().WithIdentity(jobId.ToString(CultureInfo.InvariantCulture), typeof(TWork).Name).Build(),
            TriggerBuilder.Create(scheduler.TimeProvider).WithIdentity($"{Guid.NewGuid()}").StartNow().Build(),
            ScheduleJobOptions.Replacing,
            cancellationToken);
    }

    /// <summary>The job that the work was triggered for.</summary>
    public static long JobOf(IJobExecutionContext context) => long.Parse(context.JobDetail.Key.Name, CultureInfo.InvariantCulture);
}
