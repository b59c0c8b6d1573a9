namespace AgentPersistence.Knowledge;

/// <summary>
/// Which documents an assistant can draw on, one row a file. The content itself is elsewhere. When a call returns, what it wrote is
/// durable; bound to a transaction, it is durable when that commits.
/// </summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(NewKnowledgeDocument.FileId)</c>). The text of JSON members is taken
/// before the first await.
/// </remarks>
public interface IKnowledgeRegistry
{
    /// <summary>
    /// Registers a document, or registers it anew where its file id is known: everything but its id is replaced. Of concurrent callers
    /// the last one wins; repeating a call is harmless.
    /// </summary>
    /// <param name="document">The document, whole.</param>
    /// <param name="cancellationToken">Cancels the call; the document may be stored all the same.</param>
    /// <returns>The document as stored.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="document"/> breaks its documented rule.</exception>
    Task<KnowledgeDocument> RegisterAsync(NewKnowledgeDocument document, CancellationToken cancellationToken = default);

    /// <summary>Reads one document.</summary>
    /// <param name="fileId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The document, or null if there is none.</returns>
    /// <exception cref="ArgumentException"><paramref name="fileId"/> breaks a rule above.</exception>
    Task<KnowledgeDocument?> FindAsync(string fileId, CancellationToken cancellationToken = default);

    /// <summary>Reads one page of documents, the newest ingestion first, then by id.</summary>
    /// <param name="query">Which documents.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>
    /// The page; shorter than <see cref="KnowledgeQuery.Limit"/> only when nothing follows. A document that is registered anew meanwhile
    /// moves to the front.
    /// </returns>
    /// <exception cref="ArgumentException">A member of <paramref name="query"/> breaks its documented rule.</exception>
    Task<IReadOnlyList<KnowledgeDocument>> QueryAsync(KnowledgeQuery query, CancellationToken cancellationToken = default);

    /// <summary>Removes a document from the registry; its content is not touched.</summary>
    /// <param name="fileId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call; the document may be removed all the same.</param>
    /// <returns>Whether there was one; true also where the answer was lost and it is gone.</returns>
    /// <exception cref="ArgumentException"><paramref name="fileId"/> breaks a rule above.</exception>
    Task<bool> RemoveAsync(string fileId, CancellationToken cancellationToken = default);
}
