namespace AgentPersistence.Internal.GroupCommit;

/// <summary>Appends rows with client-made ids, and optionally one unique key and one parent.</summary>
internal interface IRowAppender<TRow>
    where TRow : class
{
    /// <summary>
    /// Returns when the rows are durable, or part of the transaction, or refused (<see cref="RowAppend{TRow}.Refusal"/>): all or none.
    /// Cancelling withdraws them as long as their commit has not begun.
    /// </summary>
    Task AppendAsync(RowAppend<TRow> append, CancellationToken cancellationToken);
}
