namespace AgentPersistence.Providers;

/// <summary>What a piece of work needs of its connection.</summary>
internal enum WorkKind
{
    /// <summary>One statement that reads.</summary>
    Read,

    /// <summary>Several statements that read one snapshot.</summary>
    Snapshot,

    /// <summary>One command that writes; it is atomic by itself.</summary>
    Write,

    /// <summary>Several commands that are stored together or not at all.</summary>
    Transaction,

    /// <summary>The same, but the caller decides when it ends.</summary>
    OpenTransaction,
}
