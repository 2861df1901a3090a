using System.Data.Common;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;

namespace BoxPortal.Storage;

/// <summary>Sets up the database and the data-protection keys in <see cref="StorageOptions.DataFolder"/>.</summary>
public static class StorageSetup
{
    /// <summary>Registers <see cref="PortalDb"/>'s factory and keeps data-protection keys beside the database.</summary>
    public static IServiceCollection AddStorage(this IServiceCollection services)
    {
        services.AddOptions<StorageOptions>().BindConfiguration(StorageOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>();
        services.AddSingleton<IValidateOptions<StorageOptions>, DataFolderValidator>();
        services.AddDbContextFactory<PortalDb>((provider, db) => db
            .UseSqlite(PrivateDatabase(Path.Combine(DataFolder(provider), "boxportal.db")))
            .AddInterceptors(new DurableWrites()));
        services.AddHostedService<Migration>();
        services.AddDataProtection().SetApplicationName("BoxPortal");
        // The keys lie as open as the database beside them, in a folder for the portal's account alone: no news at every first start.
        services.AddLogging(logging => logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error));
        services.AddOptions<KeyManagementOptions>()
            .Configure<IServiceProvider>((keys, provider) => keys.XmlRepository =
                new FileSystemXmlRepository(
                    PrivateFolder(Path.Combine(DataFolder(provider), "keys")), provider.GetRequiredService<ILoggerFactory>()));
        return services;
    }

    /// <summary>The folder's full path; made where it is missing.</summary>
    internal static string DataFolder(IHostEnvironment environment, StorageOptions options) =>
        PrivateFolder(Path.Combine(environment.ContentRootPath, options.DataFolder)).FullName;

    private static string DataFolder(IServiceProvider services) =>
        DataFolder(services.GetRequiredService<IHostEnvironment>(), services.GetRequiredService<IOptions<StorageOptions>>().Value);

    /// <summary>On Unix the folder is the portal's alone from its first moment; elsewhere it inherits its parent's rights.</summary>
    private static DirectoryInfo PrivateFolder(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>The same for the database, in whoever's folder it lies; SQLite gives the rights of the database to the files beside it.</summary>
    /// <returns>The way to it.</returns>
    private static string PrivateDatabase(string path)
    {
        var connectionString = new SqliteConnectionStringBuilder { DataSource = path, ForeignKeys = true, DefaultTimeout = 5 }.ToString();
        if (!OperatingSystem.IsWindows() && !File.Exists(path))
        {
            new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
            // EF Core looks into what exists through a read-only connection, on which a journal cannot be chosen any more.
            using var connection = new SqliteConnection(connectionString);
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = DurableWrites.Pragmas;
            command.ExecuteNonQuery();
        }

        return connectionString;
    }

    /// <summary>An acknowledged change survives power loss; readers never wait for the writer.</summary>
    private sealed class DurableWrites : DbConnectionInterceptor
    {
        public const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;";

        public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
        {
            using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            command.ExecuteNonQuery();
        }

        public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = Pragmas;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>Brings the database up to date before anything else starts.</summary>
    private sealed class Migration(IDbContextFactory<PortalDb> databases) : IHostedLifecycleService
    {
        public async Task StartingAsync(CancellationToken cancellationToken)
        {
            await using var db = await databases.CreateDbContextAsync(cancellationToken);
            await db.Database.MigrateAsync(cancellationToken);
        }

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>What <c>dotnet ef migrations add</c> asks for the model; no database is opened.</summary>
    internal sealed class DesignTime : IDesignTimeDbContextFactory<PortalDb>
    {
        public PortalDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PortalDb>().UseSqlite().Options);
    }
}
