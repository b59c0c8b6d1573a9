using AgentPersistence.Conversations.Storage;
using AgentPersistence.Internal.Execution;
using AgentPersistence.Internal.Sql;

namespace AgentPersistence.Providers.Sqlite;

internal sealed partial class SqliteDialect
{
    // Differs because BEGIN IMMEDIATE has locked everything: every thread is free.
    public override SqlStatement LockFreeThreads => LockThreads;

    // Differs because a second statement costs no round trip: there is nothing to gain.
    public override bool AppendsMessagesAtOnce => false;

    protected override string HeadLock => "";

    public override Task<List<ThreadHead>?> AppendMessagesAsync(
        UnitOfWork unit, IReadOnlyList<ChatMessageEntity> rows, CancellationToken cancellationToken) =>
        Task.FromResult<List<ThreadHead>?>(null);

    // Differs because the wait for the file is bounded already, and nothing else is waited for.
    public override Task BoundLockWaitAsync(UnitOfWork unit, CancellationToken cancellationToken) => Task.CompletedTask;

    public override bool IsLockTimeout(Exception exception) => false;

    protected override string KeepFromDeletion(string table) => "";

    protected override string Pairs(string parameter) => $"(SELECT value ->> 0 AS owner, value ->> 1 AS value FROM json_each({parameter}))";
}
