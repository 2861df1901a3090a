using BoxPortal.Shell;

namespace BoxPortal.Jobs;

/// <summary>What came of a step that somebody took with a job. Every case is ordinary; faults are exceptions.</summary>
public abstract record JobResult
{
    private JobResult() { }

    /// <summary>It stands as asked, with its record.</summary>
    public sealed record Done(Job Job) : JobResult;

    /// <summary>The actor's role does not allow it; recorded.</summary>
    public sealed record NotAllowed : JobResult;

    /// <summary>The job does not stand so that this could be done, for the reason given in words.</summary>
    public sealed record NotNow(Sentence Why) : JobResult
    {
        /// <summary>The reason in English.</summary>
        public string Reason => Why.ToString();
    }

    /// <summary>What speaks against it, for administrators; <c>null</c> where it is done.</summary>
    public Sentence? Said => this switch
    {
        NotAllowed => "Your role does not allow it. The attempt is in the record.",
        NotNow notNow => notNow.Why,
        _ => null,
    };

    /// <summary>The same in English.</summary>
    public string? Objection => Said?.ToString();
}
