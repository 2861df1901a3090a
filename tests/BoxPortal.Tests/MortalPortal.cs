using System.Data.Common;
using BoxPortal.AppUsers;
using BoxPortal.Audit;
using BoxPortal.Box;
using BoxPortal.Groups;
using BoxPortal.Imports;
using BoxPortal.Jobs;
using BoxPortal.SignIn;
using BoxPortal.Storage;
using BoxPortal.Sync;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;
using Quartz;

namespace BoxPortal.Tests;

/// <summary>
/// The portal's services, without its web server, that die at a marked point: before or after a call to Box, a statement that
/// writes, a commit. From then on nothing of it runs on, no <c>finally</c> either; what was not committed is lost, as when a process is killed.
/// Like a killed process it cleans nothing up, so there is nothing to dispose.
/// </summary>
public sealed class MortalPortal
{
    private readonly ServiceProvider _services;
    private readonly Death _death;

    private MortalPortal(ServiceProvider services, Death death) => (_services, _death) = (services, death);

    public AppUserChanges Changes => _services.GetRequiredService<AppUserChanges>();

    public AppUserDirectory Directory => _services.GetRequiredService<AppUserDirectory>();

    public IServiceProvider Services => _services;

    /// <summary>Ends when it has died.</summary>
    public Task Died => _death.Came;

    /// <summary>The points it has passed, of which each might have been its last.</summary>
    public int PointsPassed => _death.Passed;

    /// <summary>Starts one that dies at the <paramref name="lastPoint"/>th point it comes to.</summary>
    public static async Task<MortalPortal> StartAsync(IReadOnlyDictionary<string, string> settings, string dataFolder, int lastPoint)
    {
        var death = new Death(lastPoint);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value))
            .AddInMemoryCollection([new("Storage:DataFolder", dataFolder)]).Build();
        var environment = WebApplication.CreateEmptyBuilder(new() { EnvironmentName = Environments.Development }).Environment;
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration);
        services.AddSingleton<IHostEnvironment>(environment);
        services.AddSingleton<IHostApplicationLifetime, ApplicationLifetime>();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddSingleton(TimeProvider.System);
        services.AddStorage();
        services.AddSignIn(configuration, environment);
        services.AddBox();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<CallBudget>(provider, new Haste()));
        services.AddAudit();
        services.AddAppUsers();
        services.AddJobs();
        services.AddImports();
        services.AddGroups();
        services.AddSync();
        services.AddHttpClient("Box").AddHttpMessageHandler(() => new CallPoints(death));
        services.ConfigureDbContext<PortalDb>(db => db.AddInterceptors(new StatementPoints(death), new CommitPoints(death)));
        var provider = services.BuildServiceProvider();
        var portal = new MortalPortal(provider, death);
        await using var db = await provider.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync();
        await db.Database.MigrateAsync();
        death.Arm();
        return portal;
    }

    /// <summary>Begins to work on jobs, on those first that a former portal left.</summary>
    public async Task StartJobsAsync()
    {
        await (await FindSchedulerAsync()).Start();
        var takingUp = _services.GetServices<IHostedService>().OfType<BackgroundService>().Single(service => service.GetType().DeclaringType == typeof(JobsSetup));
        await takingUp.StartAsync(CancellationToken.None);
        await takingUp.ExecuteTask!;
    }

    /// <summary>Whether no job is being worked on.</summary>
    public async Task<bool> IsIdleAsync() => (await (await FindSchedulerAsync()).QueryFireInstances(new FireInstanceQuery())).Items.Count == 0;

    /// <summary>Works on no job any more. Nobody waits for one that has died: Quartz gives its job seconds to come to an end.</summary>
    public async Task StopJobsAsync()
    {
        var stopping = (await FindSchedulerAsync()).Shutdown().AsTask();
        if (!Died.IsCompleted)
        {
            await stopping;
        }
    }

    /// <summary>Does <paramref name="work"/>, or as much of it as there is life for.</summary>
    /// <returns>Whether it came to its end.</returns>
    public async Task<bool> LiveThroughAsync(Func<MortalPortal, Task> work)
    {
        var done = Task.Run(() => work(this));
        if (await Task.WhenAny(done, Died) == done && !Died.IsCompleted)
        {
            await done;
            return true;
        }

        return false;
    }

    private ValueTask<IScheduler> FindSchedulerAsync() => _services.GetRequiredService<ISchedulerFactory>().GetScheduler();

    /// <summary>When it dies, and what comes to a point afterwards never leaves it.</summary>
    private sealed class Death(int lastPoint)
    {
        private readonly TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _passed;
        private bool _armed;

        public Task Came => _came.Task;

        public int Passed => _passed;

        public void Arm() => _armed = true;

        public async Task PassAsync(DbConnection? connection)
        {
            if (_armed && Interlocked.Increment(ref _passed) >= lastPoint)
            {
                if (connection is not null)
                {
                    await connection.CloseAsync(); // what was not committed goes
                }

                _came.TrySetResult();
                await new TaskCompletionSource().Task;
            }
        }
    }

    private sealed class CallPoints(Death death) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await death.PassAsync(connection: null);
            var answer = await base.SendAsync(request, cancellationToken);
            await death.PassAsync(connection: null);
            return answer;
        }
    }

    private sealed class StatementPoints(Death death) : DbCommandInterceptor
    {
        public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            await PassAsync(command);
            return result;
        }

        public override async ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            await PassAsync(command);
            return result;
        }

        public override async ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            await PassAsync(command);
            return result;
        }

        public override async ValueTask<int> NonQueryExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            await PassAsync(command);
            return result;
        }

        /// <summary>Only what writes: a death between two readings is no other than one before them.</summary>
        private Task PassAsync(DbCommand command) =>
            command.CommandText.StartsWith("SELECT", StringComparison.OrdinalIgnoreCase) ? Task.CompletedTask : death.PassAsync(command.Connection);
    }

    private sealed class CommitPoints(Death death) : DbTransactionInterceptor
    {
        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            await death.PassAsync(transaction.Connection);
            return result;
        }

        public override Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
            death.PassAsync(eventData.Context?.Database.GetDbConnection());
    }
}
