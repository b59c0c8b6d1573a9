namespace AgentPersistence.Conversations.Storage;

/// <summary>What one caller wants appended to one thread, all or none, and what became of it.</summary>
internal sealed class MessageAppend(Guid threadId, IReadOnlyList<ChatMessageEntity> rows)
{
    public Guid ThreadId => threadId;

    public IReadOnlyList<ChatMessageEntity> Rows => rows;

    /// <summary>About how many bytes the rows send to the database.</summary>
    public int Size { get; } = rows.Sum(MessageRows.Size);

    /// <summary>One message for each row, in order; set by the append, unless it is held or refused.</summary>
    public ChatMessage[] Messages { get; } = new ChatMessage[rows.Count];

    /// <summary>Whether somebody's transaction holds the thread, so that nothing was stored yet.</summary>
    public bool IsHeld { get; set; }

    /// <summary>Why nothing of this was stored, where trying again is of no use; null otherwise.</summary>
    public AgentPersistenceException? Refusal { get; set; }

    /// <summary>Whether an earlier attempt may have stored the rows although its answer was lost.</summary>
    public bool MayBeStored { get; private set; }

    /// <summary>Forgets what an attempt before this one has found.</summary>
    public void Begin(bool isRepeat)
    {
        MayBeStored |= isRepeat;
        IsHeld = false;
        Refusal = null;
    }

    /// <summary>Says that a row is stored: as this one, or as the earlier one that it repeats.</summary>
    public void Answer(int index, ChatMessageEntity stored) =>
        Messages[index] = MessageRows.Record(stored, alreadyStored: stored.Id != rows[index].Id);
}
