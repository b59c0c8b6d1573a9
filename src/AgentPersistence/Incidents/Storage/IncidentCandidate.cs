using AgentPersistence.Internal.Execution;

namespace AgentPersistence.Incidents.Storage;

/// <summary>What a search reads of an incident to rank it.</summary>
/// <param name="Key">Its number: a later one was recorded later.</param>
/// <param name="Id">Its id.</param>
/// <param name="Terms">Its <see cref="IncidentTerms"/>, with one blank between two.</param>
/// <param name="Length">Their <see cref="IncidentTerms.Length"/>.</param>
internal sealed record IncidentCandidate(long Key, Guid Id, string Terms, long Length)
{
    /// <summary>How many columns <see cref="Read"/> reads: what is selected behind them starts there.</summary>
    public const int Columns = 4;

    public static IncidentCandidate Read(StoreReader row) => new(row.Number(0), row.Id(1), row.Text(2), row.Number(3));
}
