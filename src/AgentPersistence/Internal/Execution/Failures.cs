namespace AgentPersistence.Internal.Execution;

/// <summary>What a caller is told when the database cannot do what was asked.</summary>
internal static class Failures
{
    public static AgentPersistenceException NotMigrated(Exception cause) => new(
        "A table of AgentPersistence is missing. Call IAgentDatabase.MigrateAsync() once before using the stores, leave "
        + "MigrateOnStartup on in a host, or apply IAgentDatabase.GenerateMigrationScript().",
        cause);

    public static WriteInDoubtException CommitInDoubt(Exception cause) => new(
        "The connection was lost while committing the transaction: all of it is stored, or nothing is. Read back what it wrote before "
        + "repeating it.",
        cause);

    public static AgentPersistenceException Unavailable(Exception cause, bool mayBeStored, TimeSpan after) => mayBeStored
        ? new WriteInDoubtException(
            $"The database did not answer a write within {after.TotalSeconds:0.#} s: the connection was lost, or another transaction "
            + "holds the row. The write may or may not have been stored: read it back before repeating it. If this caller holds that "
            + "transaction, use the stores of IAgentDatabase.Enlist(transaction) inside it.",
            cause)
        : new AgentPersistenceException(
            $"The database was busy or unreachable for {after.TotalSeconds:0.#} s; nothing was stored. If this caller holds an open "
            + "transaction on the same database, use the stores of IAgentDatabase.Enlist(transaction) inside it.",
            cause);

    public static AgentPersistenceException NotTried(Exception cause) => new(
        "The database was busy or unreachable, and the commit before this one was given up. This one was not tried; nothing was stored.", cause);
}
