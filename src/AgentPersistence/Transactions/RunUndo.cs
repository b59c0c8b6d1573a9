namespace AgentPersistence.Transactions;

/// <summary>What became of the steps of a run that was to be undone. Two are equal when their members are, in order.</summary>
public sealed record RunUndo
{
    /// <summary>The run.</summary>
    public string RunId { get; init; } = "";

    /// <summary>The transactions that are rolled back by this call, or were by another's meanwhile: the last begun first.</summary>
    public IReadOnlyList<Guid> Undone { get; init; } = [];

    /// <summary>
    /// The transactions that are not, the last begun first: the one that failed, then those that were not tried. Empty when the whole run
    /// is undone.
    /// </summary>
    public IReadOnlyList<Guid> Remaining { get; init; } = [];

    /// <summary>
    /// What stopped it at the first of <see cref="Remaining"/>: the compensation's own exception, <see cref="RollbackInFlightException"/>,
    /// <see cref="LeaseLostException"/> or another. Null when the whole run is undone.
    /// </summary>
    public Exception? Failure { get; init; }

    /// <summary>Whether nothing of the run remains to be undone.</summary>
    public bool IsComplete => Failure is null && Remaining.Count == 0;

    /// <inheritdoc/>
    public bool Equals(RunUndo? other) =>
        other is not null && RunId == other.RunId && Equals(Failure, other.Failure)
        && Undone.SequenceEqual(other.Undone) && Remaining.SequenceEqual(other.Remaining);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(RunId);
        foreach (var id in Undone.Concat(Remaining))
        {
            hash.Add(id);
        }

        return hash.ToHashCode();
    }
}
