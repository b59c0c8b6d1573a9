namespace AgentPersistence.Providers;

/// <summary>What an exception of the database's driver says about the work that met it.</summary>
internal enum DatabaseFault
{
    /// <summary>Repeating the work cannot help.</summary>
    Permanent,

    /// <summary>Nothing was stored, and the same work may succeed later: a server that is starting, a serialisation failure.</summary>
    Refused,

    /// <summary>Nothing was stored: somebody else's transaction was in the way for longer than the work would wait.</summary>
    Locked,

    /// <summary>The connection broke: what was sent may have been stored, and its answer lost.</summary>
    ConnectionLost,

    /// <summary>A table is missing: the migrations have not been applied.</summary>
    NotMigrated,
}
