using System.ComponentModel.DataAnnotations;

namespace AgentPersistence.Jobs;

/// <summary>How a worker of this process runs one handler.</summary>
public sealed class JobHandlerOptions
{
    /// <summary>The default of <see cref="Concurrency"/>.</summary>
    public const int DefaultConcurrency = 8;

    /// <summary>The default of <see cref="PollInterval"/>.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(1);

    /// <summary>How many jobs it runs at once.</summary>
    /// <remarks>From 1 to 1,000.</remarks>
    /// <value>8.</value>
    [Range(1, 1_000)]
    public int Concurrency { get; set; } = DefaultConcurrency;

    /// <summary>How many jobs it claims beyond those that it runs, so that short ones need not wait for the next claim.</summary>
    /// <remarks>
    /// From 0 to 1,000. A process that dies uses up an attempt of every job it holds, also of those it had not begun: keep it 0 where
    /// <see cref="NewJob.MaxAttempts"/> is 1.
    /// </remarks>
    /// <value>0.</value>
    [Range(0, 1_000)]
    public int Prefetch { get; set; }

    /// <summary>How long a job is held without a heartbeat, which is sent every third of it.</summary>
    /// <remarks>From 100 milliseconds to 7 days.</remarks>
    /// <value>The default is null: the configured <see cref="JobOptions.Lease"/>.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "7.00:00:00")]
    public TimeSpan? Lease { get; set; }

    /// <summary>About how often it asks for due jobs while none is found and nobody tells of new ones.</summary>
    /// <remarks>From 10 milliseconds to 1 day. A job whose time comes, or whose retry is due, starts that much late at most.</remarks>
    /// <value>1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00")]
    public TimeSpan PollInterval { get; set; } = DefaultPollInterval;

    /// <summary>The name that its claims bear. Not blank, at most 255 characters, no control characters, well-formed UTF-16.</summary>
    /// <value>The default is null: the machine's name, the process' id and the handler's type.</value>
    public string? WorkerName { get; set; }
}
