using AgentPersistence.Internal.GroupCommit;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Sessions.Storage;

/// <summary>One caller's save of a session, checked, and what became of it.</summary>
internal sealed class SessionSave(string id, string? state, string? intent, long? expectedVersion, Guid writeId) : SharedWrite
{
    private const int FixedSize = 256;

    public static readonly BulkInsert<SessionSave> Columns = new(
        typeof(SessionEntity),
        [
            new("session", StoredType.Text, s => s.Id),
            new("given_state", StoredType.Json, s => s.State),
            new("given_intent", StoredType.Text, s => s.Intent),
            new("expected", StoredType.Number, s => s.ExpectedVersion),
            new("given_write", StoredType.Id, s => s.WriteId),
        ]);

    public string Id => id;

    public string? State => state;

    public string? Intent => intent;

    public long? ExpectedVersion => expectedVersion;

    public Guid WriteId => writeId;

    public override string Row => id;

    public override int Size => FixedSize + (state?.Length ?? 0);

    /// <summary>The session as a shared commit has stored it; null where that left it alone.</summary>
    public AgentSession? Saved { get; set; }
}
