namespace AgentPersistence.Conversations;

/// <summary>
/// Conversations: threads, their messages in a gap-free order, and what belongs to a message. When a call returns, what it wrote is
/// durable; bound to a transaction, it is durable when that commits.
/// </summary>
/// <remarks>
/// Bad input throws <see cref="ArgumentException"/> before anything is written; its <see cref="ArgumentException.ParamName"/> is the
/// argument or, for a member of a record, that member (<c>nameof(NewMessage.PlatformMessageId)</c>). The text of JSON members is taken
/// before the first await. A write whose answer is lost is repeated safely: it is never stored twice.
/// </remarks>
public interface IConversationStore
{
    /// <summary>Returns the thread of a chat, created if there is none. Of several callers, across processes, one creates it.</summary>
    /// <param name="platform">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="chatId">The platform's id of the chat, under the same rules.</param>
    /// <param name="cancellationToken">Cancels the call; the thread may be created all the same.</param>
    /// <returns>The thread.</returns>
    /// <exception cref="ArgumentException">An argument breaks a rule above.</exception>
    Task<ChatThread> GetOrCreateThreadAsync(string platform, string chatId, CancellationToken cancellationToken = default);

    /// <summary>Reads one thread.</summary>
    /// <param name="threadId">The thread's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The thread, or null if there is none.</returns>
    Task<ChatThread?> FindThreadAsync(Guid threadId, CancellationToken cancellationToken = default);

    /// <summary>Reads the thread of a chat.</summary>
    /// <param name="platform">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="chatId">The platform's id of the chat, under the same rules.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The thread, or null if there is none.</returns>
    /// <exception cref="ArgumentException">An argument breaks a rule above.</exception>
    Task<ChatThread?> FindThreadAsync(string platform, string chatId, CancellationToken cancellationToken = default);

    /// <summary>Notes that something happens in a thread: sets <see cref="ChatThread.UpdatedAt"/>. Appending does that too.</summary>
    /// <param name="threadId">The thread's id.</param>
    /// <param name="cancellationToken">Cancels the call; the thread may be touched all the same.</param>
    /// <returns>The thread as touched.</returns>
    /// <exception cref="ChatThreadNotFoundException">There is no such thread.</exception>
    Task<ChatThread> TouchThreadAsync(Guid threadId, CancellationToken cancellationToken = default);

    /// <summary>Deletes a thread with its messages and their artifacts.</summary>
    /// <param name="threadId">The thread's id.</param>
    /// <param name="cancellationToken">Cancels the call; the thread may be deleted all the same.</param>
    /// <returns>Whether there was one.</returns>
    Task<bool> DeleteThreadAsync(Guid threadId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends one message. Concurrent calls share commits. A platform message id that the thread has already, with the same role, text,
    /// author and payload, stores nothing.
    /// </summary>
    /// <param name="threadId">The thread's id.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Withdraws the message if its commit has not begun.</param>
    /// <returns>The message as stored, by this call or before (<see cref="ChatMessage.AlreadyStored"/>).</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="message"/> breaks its documented rule.</exception>
    /// <exception cref="ChatThreadNotFoundException">There is no such thread.</exception>
    /// <exception cref="MessageConflictException">The platform message id is stored with another content.</exception>
    Task<ChatMessage> AppendAsync(Guid threadId, NewMessage message, CancellationToken cancellationToken = default);

    /// <summary>Appends many messages: all or none, with consecutive sequences in the order given.</summary>
    /// <param name="threadId">The thread's id.</param>
    /// <param name="messages">The messages; an empty list appends nothing, not even to a thread that is not there.</param>
    /// <param name="cancellationToken">Withdraws the messages if their commit has not begun.</param>
    /// <returns>One message for each, in order. One whose platform message id is stored already takes no sequence.</returns>
    /// <exception cref="ArgumentException">A member of a message breaks its documented rule; none is appended.</exception>
    /// <exception cref="ChatThreadNotFoundException">There is no such thread.</exception>
    /// <exception cref="MessageConflictException">
    /// A platform message id is stored, or given twice, with another content; none is appended.
    /// </exception>
    Task<IReadOnlyList<ChatMessage>> AppendAsync(
        Guid threadId, IReadOnlyList<NewMessage> messages, CancellationToken cancellationToken = default);

    /// <summary>Reads the newest messages of a thread, the oldest of them first.</summary>
    /// <param name="threadId">The thread's id.</param>
    /// <param name="limit">How many to read at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The messages; empty if there are none, or no such thread.</returns>
    /// <exception cref="ArgumentException"><paramref name="limit"/> is out of range.</exception>
    Task<IReadOnlyList<ChatMessage>> GetRecentMessagesAsync(
        Guid threadId, int limit = 30, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads on in a thread: the messages that follow a sequence, in order. Whoever goes on from the last sequence it has seen misses
    /// none, however many write meanwhile.
    /// </summary>
    /// <param name="threadId">The thread's id.</param>
    /// <param name="afterSequence">The last sequence that is known; 0 starts at the beginning.</param>
    /// <param name="limit">How many to read at most: 1 to 10,000.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The messages; empty if none follows, or there is no such thread.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="afterSequence"/> is negative, or <paramref name="limit"/> out of range.
    /// </exception>
    Task<IReadOnlyList<ChatMessage>> ReadMessagesAsync(
        Guid threadId, long afterSequence = 0, int limit = 100, CancellationToken cancellationToken = default);

    /// <summary>Reads one message.</summary>
    /// <param name="messageId">The message's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The message, or null if there is none.</returns>
    Task<ChatMessage?> FindMessageAsync(Guid messageId, CancellationToken cancellationToken = default);

    /// <summary>Reads the message that has a platform's id in a thread.</summary>
    /// <param name="threadId">The thread's id.</param>
    /// <param name="platformMessageId">Not blank, at most 255 characters, no control characters, well-formed UTF-16.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The message, or null if there is none.</returns>
    /// <exception cref="ArgumentException"><paramref name="platformMessageId"/> breaks a rule above.</exception>
    Task<ChatMessage?> FindMessageAsync(Guid threadId, string platformMessageId, CancellationToken cancellationToken = default);

    /// <summary>Adds an artifact to a message.</summary>
    /// <param name="messageId">The message's id.</param>
    /// <param name="artifact">The artifact.</param>
    /// <param name="cancellationToken">Cancels the call; the artifact may be added all the same.</param>
    /// <returns>The artifact as stored.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="artifact"/> breaks its documented rule.</exception>
    /// <exception cref="ChatMessageNotFoundException">There is no such message.</exception>
    Task<MessageArtifact> AddArtifactAsync(Guid messageId, NewArtifact artifact, CancellationToken cancellationToken = default);

    /// <summary>Reads the artifacts of a message, in the order of their ids, which is that of their making.</summary>
    /// <param name="messageId">The message's id.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>All of them; empty if there are none, or no such message.</returns>
    Task<IReadOnlyList<MessageArtifact>> GetArtifactsAsync(Guid messageId, CancellationToken cancellationToken = default);

    /// <summary>Sets what is given in an artifact and keeps the rest. The last caller wins.</summary>
    /// <param name="artifactId">The artifact's id.</param>
    /// <param name="update">What to set.</param>
    /// <param name="cancellationToken">Cancels the call; the update may be stored all the same.</param>
    /// <returns>The artifact as stored.</returns>
    /// <exception cref="ArgumentException">A member of <paramref name="update"/> breaks its documented rule.</exception>
    /// <exception cref="MessageArtifactNotFoundException">There is no such artifact.</exception>
    Task<MessageArtifact> UpdateArtifactAsync(Guid artifactId, ArtifactUpdate update, CancellationToken cancellationToken = default);
}
