namespace AgentPersistence.Conversations.Storage;

/// <summary>How messages reach their thread: in a commit shared with other callers, or inside one transaction.</summary>
internal interface IMessageAppender
{
    /// <summary>Waits until the rows are stored as far as this way can (durable, or part of the transaction), or refused.</summary>
    Task AppendAsync(MessageAppend append, CancellationToken cancellationToken);
}
