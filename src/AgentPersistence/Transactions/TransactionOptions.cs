using System.ComponentModel.DataAnnotations;

namespace AgentPersistence.Transactions;

/// <summary>Defaults for the transaction journal.</summary>
public sealed class TransactionOptions
{
    /// <summary>The default of <see cref="RollbackLease"/>.</summary>
    public static readonly TimeSpan DefaultRollbackLease = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a compensation holds its transaction without being renewed when <see cref="RollbackSettings.Lease"/> does not say.
    /// </summary>
    /// <remarks>
    /// From 1 millisecond to 7 days. A shorter one lets another process take over sooner after a crash; a longer one survives a longer
    /// outage of the database.
    /// </remarks>
    /// <value>1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "7.00:00:00")]
    public TimeSpan RollbackLease { get; set; } = DefaultRollbackLease;
}
