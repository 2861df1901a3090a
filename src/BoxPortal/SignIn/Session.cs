using System.Diagnostics.CodeAnalysis;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BoxPortal.SignIn;

/// <summary>One person's stay, from a sign-in to its end. Its row lives as long as it does; the record tells of its end.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Without timer and wait handle a cancellation source holds nothing that is not memory.")]
public sealed class Session
{
    private readonly CancellationTokenSource _end = new();
    private long _activeAtTicks;

    /// <summary>SHA-256 of the session's id, in hex. The id itself is in the person's cookie and nowhere else.</summary>
    public required string Key { get; init; }

    /// <summary>The person's directory tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The person's object ID.</summary>
    public required Guid ObjectId { get; init; }

    /// <summary>The person's name at the sign-in.</summary>
    public required string Name { get; init; }

    /// <summary>The sign-in name.</summary>
    public required string UserName { get; init; }

    /// <summary>The app roles that the session has.</summary>
    public required IReadOnlyList<string> Roles { get; set; }

    /// <summary>When the person signed in, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the person last did something, UTC; what an open page asks by itself does not count.</summary>
    public required DateTimeOffset ActiveAt
    {
        get => new(Volatile.Read(ref _activeAtTicks), TimeSpan.Zero);
        set => Volatile.Write(ref _activeAtTicks, value.UtcTicks);
    }

    /// <summary>Whose session this is.</summary>
    public EmployeeId EmployeeId => new(TenantId, ObjectId);

    /// <summary>The first 16 hex digits of <see cref="Key"/>: tells sessions apart in pages and logs.</summary>
    public string Fingerprint => Key[..16];

    /// <summary>Cancelled at the moment the session ends, for whatever stays open as long as it.</summary>
    public CancellationToken Ended => _end.Token;

    internal Task EndAsync() => _end.CancelAsync();

    internal sealed class Table : IEntityTypeConfiguration<Session>
    {
        public void Configure(EntityTypeBuilder<Session> builder)
        {
            builder.ToTable("Sessions");
            builder.HasKey(session => session.Key);
            builder.Property(session => session.Key).HasMaxLength(64);
            builder.Property(session => session.Name).HasMaxLength(256);
            builder.Property(session => session.UserName).HasMaxLength(256);
            builder.Ignore(session => session.EmployeeId);
            builder.Ignore(session => session.Fingerprint);
            builder.Ignore(session => session.Ended);
        }
    }
}
